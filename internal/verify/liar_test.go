// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// told is an answer that a service is about to give.
type told struct {
	method, path string // {id} stands for an id
	status       int
	body         any // a decoded JSON value; bytes are sent as they are
}

// lie changes an answer that it fits, and says whether it does.
type lie func(l *liar, a *told) bool

// liar is a service that lies in one answer, or in all of a kind.
type liar struct {
	service http.RoundTripper
	lie     lie
	at      int // which of the answers that the lie fits, from 1; 0 for all
	fitted  int
	struck  bool

	// of is set where a lie is about keys of others. It is told when the run has
	// asked for its first key.
	of    *simulator.Server
	older simulator.Key // was there before the run
	later simulator.Key // was made while it ran
	name  string        // of the last key that the run asked for
}

// lie has the service of a world lie.
func (w *world) lie(lie lie) *liar {
	l := &liar{service: w.options.Transport, lie: lie}
	w.options.Transport = l
	return l
}

func (l *liar) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == "POST" && r.URL.Path == "/project-keys" && l.of != nil {
		l.created(r)
	}
	response, err := l.service.RoundTrip(r)
	if err != nil || l.of != nil && l.name == "" || l.struck && l.at > 0 {
		return response, err
	}
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	a := &told{method: r.Method, path: kindOf(r.URL.Path), status: response.StatusCode}
	_ = json.Unmarshal(raw, &a.body)
	if l.lie(l, a) {
		if l.fitted++; l.at == 0 || l.fitted == l.at {
			l.struck = true
			var isRaw bool
			if raw, isRaw = a.body.([]byte); !isRaw {
				raw, _ = json.Marshal(a.body)
			}
			response.StatusCode = a.status
		}
	}
	response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return response, nil
}

// created notes the name of a key to be, and has somebody else make one.
func (l *liar) created(r *http.Request) {
	var sent struct{ Name string }
	_ = json.Unmarshal(peek(r), &sent)
	l.name = sent.Name
	if l.later.ID == "" {
		l.later = l.of.Seed(simulator.Key{Name: "made meanwhile", RoleIDs: []string{simulator.RoleReadOnly}})
	}
}

// peek returns the body of a request, and leaves it to be read once more.
func peek(r *http.Request) []byte {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			panic(err)
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body
}

// kindOf has {id} for the id.
func kindOf(path string) string {
	if id, found := strings.CutPrefix(path, "/project-keys/"); found {
		id, _, _ = strings.Cut(id, "/")
		return strings.Replace(path, id, "{id}", 1)
	}
	return path
}

// where are objects of an answer, as lies are about some.
type where func(l *liar, a *told) []map[string]any

// body is that of an answer that is no refusal.
func body(method, path string) where {
	return func(_ *liar, a *told) []map[string]any {
		if object, ok := a.body.(map[string]any); ok && a.method == method && a.path == path && a.status < 300 {
			return []map[string]any{object}
		}
		return nil
	}
}

var (
	inToken = body("POST", "/auth/access-token")
	inFile  = body("POST", "/project-keys")
	inRead  = body("GET", "/project-keys/{id}")
	inPatch = body("PATCH", "/project-keys/{id}")
)

func inRows(_ *liar, a *told) []map[string]any {
	list, _ := a.body.([]any)
	if a.method != "GET" || a.path != "/project-keys" || a.status >= 300 {
		return nil
	}
	rows := make([]map[string]any, len(list))
	for i, row := range list {
		rows[i], _ = row.(map[string]any)
	}
	return rows
}

// inOwn are the rows of the key that the run asked for last, inOthers the rest.
func inOwn(l *liar, a *told) []map[string]any    { return rowsOf(l, a, true) }
func inOthers(l *liar, a *told) []map[string]any { return rowsOf(l, a, false) }

func rowsOf(l *liar, a *told, own bool) []map[string]any {
	rows := []map[string]any{}
	for _, row := range inRows(l, a) {
		if (row["name"] == l.name) == own {
			rows = append(rows, row)
		}
	}
	return rows
}

// inKeys are the keys in answers to reads and updates, and in lists.
func inKeys(l *liar, a *told) []map[string]any {
	return append(append(inRead(l, a), inPatch(l, a)...), inRows(l, a)...)
}

// change changes objects.
func change(where where, do func(object map[string]any)) lie {
	return func(l *liar, a *told) bool {
		objects := where(l, a)
		for _, object := range objects {
			do(object)
		}
		return len(objects) > 0
	}
}

// value is what a lie puts in place of the truth.
type value func(l *liar, truth any) any

// set gives a member a value.
func set(where where, member string, value value) lie {
	return func(l *liar, a *told) bool {
		return change(where, func(object map[string]any) { object[member] = value(l, object[member]) })(l, a)
	}
}

// list answers a list with another value.
func list(value func(l *liar, a *told) any) lie {
	return func(l *liar, a *told) bool {
		fits := a.method == "GET" && a.path == "/project-keys" && a.status < 300
		if fits {
			a.body = value(l, a)
		}
		return fits
	}
}

// code answers requests about keys with another code, and body if there is one: all
// of them where was is 0.
func code(method string, was, is int, body any) lie {
	return func(_ *liar, a *told) bool {
		fits := strings.HasPrefix(a.method, method) && strings.HasPrefix(a.path, "/project-keys") && (a.status == was || was == 0 && a.status != is)
		if fits {
			if a.status = is; body != nil {
				a.body = body
			}
		}
		return fits
	}
}
