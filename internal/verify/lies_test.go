// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// told is an answer that a dishonest service is about to give. Its body is a
// decoded JSON value.
type told struct {
	method string
	path   string // without the base URL
	status int
	body   any
}

func (a *told) isCreate() bool {
	return a.method == "POST" && a.path == "/project-keys" && a.status < 300
}

func (a *told) isList() bool { return a.method == "GET" && a.path == "/project-keys" && a.status < 300 }

func (a *told) isRead() bool {
	return a.method == "GET" && strings.HasPrefix(a.path, "/project-keys/") && a.status < 300
}

func (a *told) rows() []map[string]any {
	list, _ := a.body.([]any)
	rows := make([]map[string]any, len(list))
	for i, row := range list {
		rows[i], _ = row.(map[string]any)
	}
	return rows
}

// liar is a service that lies in one answer, or in all of a kind.
type liar struct {
	server *simulator.Server
	older  simulator.Key // a key of others that was there before the run
	later  simulator.Key // one that was made while it ran
	name   string        // of the last key that the run asked for
	lie    lie
	at     int // which of the answers that the lie fits, from 1; 0 for all
	fitted int
	struck bool
}

// lie changes an answer that it fits, and says whether it does.
type lie func(l *liar, a *told) bool

func (l *liar) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method == "POST" && r.URL.Path == "/project-keys" {
		l.created(r)
	}
	response, err := l.server.RoundTripper().RoundTrip(r)
	if err != nil || l.name == "" || l.struck && l.at > 0 {
		return response, err
	}
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	a := &told{method: r.Method, path: r.URL.Path, status: response.StatusCode}
	_ = json.Unmarshal(raw, &a.body)
	if l.lie(l, a) {
		if l.fitted++; l.at == 0 || l.fitted == l.at {
			l.struck = true
			raw, _ = json.Marshal(a.body)
			response.StatusCode = a.status
		}
	}
	response.Body = io.NopCloser(bytes.NewReader(raw))
	response.ContentLength = int64(len(raw))
	return response, nil
}

// created notes the name of a key to be, and has somebody else make one.
func (l *liar) created(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var sent struct{ Name string }
	_ = json.Unmarshal(body, &sent)
	l.name = sent.Name
	if l.later.ID == "" {
		l.later = l.server.Seed(simulator.Key{Name: "made meanwhile", RoleIDs: []string{simulator.RoleReadOnly}})
	}
}

// inFile, inRead and inRows are lies about single members.
func inFile(member string, value func(l *liar, truth any) any) lie {
	return func(l *liar, a *told) bool {
		file, ok := a.body.(map[string]any)
		if ok = ok && a.isCreate(); ok {
			file[member] = value(l, file[member])
		}
		return ok
	}
}

func inRead(member string, value func(l *liar, truth any) any) lie {
	return func(l *liar, a *told) bool {
		key, ok := a.body.(map[string]any)
		if ok = ok && a.isRead() && !strings.HasSuffix(a.path, "mcp-config"); ok {
			key[member] = value(l, key[member])
		}
		return ok
	}
}

func inRows(own bool, member string, value func(l *liar, truth any) any) lie {
	return func(l *liar, a *told) bool {
		fits := false
		for _, row := range a.rows() {
			if a.isList() && (row["name"] == l.name) == own {
				row[member], fits = value(l, row[member]), true
			}
		}
		return fits
	}
}

func always(value any) func(*liar, any) any { return func(*liar, any) any { return value } }
func olderID(l *liar, _ any) any            { return l.older.ID }
func laterID(l *liar, _ any) any            { return l.later.ID }
func ownName(l *liar, _ any) any            { return l.name }
func olderName(l *liar, _ any) any          { return l.older.Name }
func suffixed(id func(*liar, any) any, suffix string) func(*liar, any) any {
	return func(l *liar, truth any) any { text, _ := id(l, truth).(string); return text + suffix }
}
func truth(_ *liar, truth any) any { return truth }
func ago(d time.Duration) func(*liar, any) any {
	return func(*liar, any) any { return time.Now().Add(-d).UTC().Format(time.RFC3339) }
}

// list answers a list with another.
func list(change func(l *liar, rows []map[string]any) any) lie {
	return func(l *liar, a *told) bool {
		if a.isList() {
			a.body = change(l, a.rows())
		}
		return a.isList()
	}
}

func answered(method string, status int, body any) lie {
	return func(_ *liar, a *told) bool {
		fits := a.method == method && strings.HasPrefix(a.path, "/project-keys") && a.status != status
		if fits {
			a.status, a.body = status, body
		}
		return fits
	}
}

const nobody = "6f0e2c7a-0000-4000-8000-000000000000"

// lies are about ids, names, times and lists.
var lies = map[string]lie{
	"created: the id of an older key":          inFile("project_key_id", olderID),
	"created: the id of a later key":           inFile("project_key_id", laterID),
	"created: an older key with a fragment":    inFile("project_key_id", suffixed(olderID, "#x")),
	"created: an older key with a query":       inFile("project_key_id", suffixed(olderID, "?x")),
	"created: an older key with a slash":       inFile("project_key_id", suffixed(olderID, "/")),
	"created: a later key with a fragment":     inFile("project_key_id", suffixed(laterID, "#x")),
	"created: a later key with a query":        inFile("project_key_id", suffixed(laterID, "?x")),
	"created: a later key with a dot segment":  inFile("project_key_id", suffixed(laterID, "/.")),
	"created: a later key by way of another":   inFile("project_key_id", func(l *liar, _ any) any { return "x/../" + l.later.ID }),
	"created: a later key, escaped":            inFile("project_key_id", suffixed(laterID, "%23x")),
	"created: a later key after a space":       inFile("project_key_id", func(l *liar, _ any) any { return " " + l.later.ID }),
	"created: a later key before a line":       inFile("project_key_id", suffixed(laterID, "\n")),
	"created: the own id with a fragment":      inFile("project_key_id", suffixed(truth, "#x")),
	"created: the id of nobody":                inFile("project_key_id", always(nobody)),
	"created: no id":                           inFile("project_key_id", always("")),
	"created: an id of dots":                   inFile("project_key_id", always("..")),
	"created: null for an id":                  inFile("project_key_id", always(nil)),
	"created: a list for an id":                inFile("project_key_id", func(l *liar, _ any) any { return []any{l.later.ID} }),
	"created: a number for an id":              inFile("project_key_id", always(7)),
	"created: long ago":                        inFile("created_at", ago(24*time.Hour)),
	"created: refused":                         answered("POST", 422, map[string]any{"detail": "no"}),
	"created: conflict":                        answered("POST", 409, map[string]any{"detail": "already exists"}),
	"created: failed":                          answered("POST", 500, nil),
	"created: an empty file":                   answered("POST", 201, map[string]any{}),
	"read: the id of an older key":             inRead("id", olderID),
	"read: the id of a later key":              inRead("id", laterID),
	"read: no id":                              inRead("id", always(nil)),
	"read: the name of an older key":           inRead("name", olderName),
	"read: no name":                            inRead("name", always(nil)),
	"read: a longer name":                      inRead("name", suffixed(truth, "x")),
	"read: the beginning of the name":          inRead("name", func(l *liar, _ any) any { return l.name[:20] }),
	"read: made yesterday":                     inRead("created_at", ago(24*time.Hour)),
	"read: made an hour ago":                   inRead("created_at", ago(time.Hour)),
	"read: made tomorrow":                      inRead("created_at", ago(-24*time.Hour)),
	"read: made at no time":                    inRead("created_at", always(nil)),
	"read: made at an odd time":                inRead("created_at", always("yesterday")),
	"read: of another project":                 inRead("service_id", always("65e94bbe0000000000000002")),
	"read: deleting":                           inRead("status", always("deleting")),
	"read: not deleted":                        inRead("status", always("delete_failed")),
	"read: active":                             inRead("status", always("active")),
	"read: gone":                               answered("GET", 404, map[string]any{"detail": "not found"}),
	"read: forbidden":                          answered("GET", 403, map[string]any{"detail": "no"}),
	"read: failed":                             answered("GET", 502, nil),
	"read: an older key instead":               func(l *liar, a *told) bool { return instead(l, a, l.older) },
	"read: a later key instead":                func(l *liar, a *told) bool { return instead(l, a, l.later) },
	"list: empty":                              list(func(*liar, []map[string]any) any { return []any{} }),
	"list: null":                               list(func(*liar, []map[string]any) any { return nil }),
	"list: an object":                          list(func(*liar, []map[string]any) any { return map[string]any{"items": []any{}} }),
	"list: without the own key":                list(others),
	"list: the own key twice":                  list(func(_ *liar, rows []map[string]any) any { return append(rows, rows...) }),
	"list: the own key with an older id":       inRows(true, "id", olderID),
	"list: the own key with a later id":        inRows(true, "id", laterID),
	"list: the own key with a later id and ?":  inRows(true, "id", suffixed(laterID, "?x")),
	"list: the own key without an id":          inRows(true, "id", always("")),
	"list: the own key with another name":      inRows(true, "name", olderName),
	"list: the own key made yesterday":         inRows(true, "created_at", ago(24*time.Hour)),
	"list: the own key in another project":     inRows(true, "service_id", always("65e94bbe0000000000000002")),
	"list: others with the own name":           inRows(false, "name", ownName),
	"list: others with the own name, made now": both(inRows(false, "created_at", ago(0)), inRows(false, "name", ownName)),
	"list: others with an older id":            inRows(false, "id", olderID),
	"list: others without an id":               inRows(false, "id", always(nil)),
	"list: others of no project":               inRows(false, "service_id", always("")),
	"changed: the id of a later key":           patched("id", laterID),
	"changed: the name of an older key":        patched("name", olderName),
	"changed: failed":                          answered("PATCH", 500, nil),
	"changed: gone":                            answered("PATCH", 404, map[string]any{"detail": "not found"}),
	"deleted: failed":                          answered("DELETE", 500, nil),
	"deleted: gone":                            answered("DELETE", 404, map[string]any{"detail": "not found"}),
	"deleted: refused":                         answered("DELETE", 400, map[string]any{"detail": "no"}),
}

func both(one, other lie) lie {
	return func(l *liar, a *told) bool { fits := one(l, a); return other(l, a) && fits }
}

func patched(member string, value func(*liar, any) any) lie {
	return func(l *liar, a *told) bool {
		key, ok := a.body.(map[string]any)
		if ok = ok && a.method == "PATCH" && a.status < 300; ok {
			key[member] = value(l, key[member])
		}
		return ok
	}
}

func instead(l *liar, a *told, key simulator.Key) bool {
	body, ok := a.body.(map[string]any)
	if ok = ok && a.isRead(); ok {
		body["id"], body["name"], body["service_id"] = key.ID, key.Name, key.ServiceID
		body["created_at"] = key.CreatedAt.Format(time.RFC3339)
	}
	return ok
}

func others(l *liar, rows []map[string]any) any {
	rest := []any{}
	for _, row := range rows {
		if row["name"] != l.name {
			rest = append(rest, row)
		}
	}
	return rest
}

// honest fails a test in which a key of others was touched, or one of the run
// is left that neither the error nor the journal names.
func (l *liar) honest(t *testing.T, before []simulator.Key, options Options, err error) {
	t.Helper()
	foreign := map[string]simulator.Key{}
	for _, key := range before {
		foreign[key.ID] = key
	}
	foreign[l.later.ID] = l.later
	left := 0
	for _, key := range l.server.Keys() {
		was, known := foreign[key.ID]
		switch {
		case !known:
			left++
		case !reflect.DeepEqual(key, was):
			t.Errorf("a key of others was changed:\n%+v\n%+v", was, key)
		}
		delete(foreign, key.ID)
	}
	delete(foreign, "") // no later key was made
	for _, key := range foreign {
		t.Errorf("a key of others was deleted: %s", key.Name)
	}
	journal, _ := os.ReadFile(options.Journal)
	if l.at == 0 && left > 0 && len(journal) == 0 && strings.HasPrefix(t.Name(), "TestClean_ALieTouchesNoKeyOfOthers/list:") {
		return // every list lacks a key whose id is not known: nobody could tell
	}
	if left > 0 && (err == nil || len(journal) == 0) {
		t.Errorf("%d keys are left, the journal has %d bytes, and the error is %v", left, len(journal), err)
	}
	if len(journal) > 0 {
		options.Transport = l.server.RoundTripper()
		if err := Clean(t.Context(), options); err != nil {
			t.Errorf("it can't be cleaned up after: %v", err)
		}
		if n := len(l.server.Keys()); n > len(before)+1 {
			t.Errorf("%d keys are left after cleaning", n-len(before)-1)
		}
	}
}

// enough fails a test that told too few lies to mean anything.
func enough(t *testing.T, lied, each int) {
	t.Helper()
	t.Logf("%d lies were told", lied)
	if lied < each*len(lies)/stride() {
		t.Errorf("only %d lies were told", lied)
	}
}

func TestRun_ALieTouchesNoKeyOfOthers(t *testing.T) {
	var lied atomic.Int32
	t.Cleanup(func() { enough(t, int(lied.Load()), 10) })
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for at := 0; ; at += stride() {
				struck := false
				synctest.Test(t, func(t *testing.T) {
					server := seeded(slow(t)[0])
					before := server.Keys()
					l := &liar{server: server, older: before[0], lie: lie, at: at}
					options := everything(t, server)
					options.Transport = l
					_, err := Run(t.Context(), options)
					l.honest(t, before, options, err)
					struck = l.struck
				})
				if !struck {
					break
				}
				lied.Add(1)
			}
		})
	}
}

func TestClean_ALieTouchesNoKeyOfOthers(t *testing.T) {
	var lied atomic.Int32
	t.Cleanup(func() { enough(t, int(lied.Load()), 1) })
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, killedAt := range []int{9, 30} { // the first key: asked for, and known
				for at := 0; ; at += stride() {
					struck := false
					synctest.Test(t, func(t *testing.T) {
						server := seeded(slow(t)[0])
						before := server.Keys()
						options := everything(t, server)
						l := &liar{server: server, older: before[0], lie: func(*liar, *told) bool { return false }}
						killWith(t, l, options, killedAt)
						l.lie, l.at = lie, at
						options.Transport = l
						err := Clean(t.Context(), options)
						l.honest(t, before, options, err)
						struck = l.struck
					})
					if !struck {
						break
					}
					lied.Add(1)
				}
			}
		})
	}
}

// killWith is kill for a service that is more than a simulator.
func killWith(t *testing.T, service http.RoundTripper, options Options, n int) {
	t.Helper()
	defer func() { _ = recover() }()
	options.Transport = strike(service, n, false, func() { panic(errKilled) })
	_, _ = Run(t.Context(), options)
}

// TestClean_LeavesOtherFilesAlone has files that people name by mistake.
func TestClean_LeavesOtherFilesAlone(t *testing.T) {
	for name, text := range map[string]string{
		"terraform.tfstate": `{"version": 4, "terraform_version": "1.11.4", "resources": []}`,
		"verify.json":       "{\n  \"format\": 1,\n  \"rows\": []\n}\n",
		"notes.txt":         "no newline at the end",
		"empty":             "",
		"null":              "null\n",
		"lines.jsonl":       "{\"a\": 1}\n{\"b\": 2}\n",
		"long":              strings.Repeat("x", 1<<20),
	} {
		t.Run(name, func(t *testing.T) {
			server := seeded(simulator.Config{})
			options := everything(t, server)
			options.Journal = filepath.Join(t.TempDir(), name)
			if err := os.WriteFile(options.Journal, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			if err := Clean(t.Context(), options); err == nil {
				t.Error("it was taken for a journal")
			}
			if data, err := os.ReadFile(options.Journal); err != nil || string(data) != text {
				t.Errorf("%v: it holds %d bytes", err, len(data))
			}
			if n := len(server.Requests()); n > 0 {
				t.Errorf("%d requests were sent", n)
			}
		})
	}
}
