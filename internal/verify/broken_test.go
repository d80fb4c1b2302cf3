// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// change is what a service does otherwise than the contract says: it may change
// an answer, and returns its body.
type change func(a *told) any

// brokenRun runs against a service with a change, and fails a test in which
// that passes, or leaves a key without naming it.
func brokenRun(t *testing.T, name string, change change) *Report {
	t.Helper()
	var report *Report
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		others := server.Keys()
		options := everything(t, server)
		options.Transport = altered(server, change)
		var err error
		report, err = Run(t.Context(), options)
		if err == nil && !report.Failed() && report.Stopped == "" {
			t.Errorf("%s: the service passed", name)
		}
		var left *owned.LeftError
		errors.As(err, &left)
		for _, key := range server.Keys() {
			ours := !slices.ContainsFunc(others, func(other simulator.Key) bool { return other.ID == key.ID })
			if ours && (left == nil || !slices.ContainsFunc(left.Left, func(l owned.Left) bool { return strings.HasPrefix(key.Name, l.Name) })) {
				t.Errorf("%s: %s is left, and the error is %v", name, key.Name, err)
			}
		}
	})
	return report
}

// alter changes an answer.
func alter(response *http.Response, change change) {
	raw, _ := io.ReadAll(response.Body)
	a := &told{method: response.Request.Method, path: kindOf(response.Request.URL.Path), status: response.StatusCode}
	isJSON := json.Unmarshal(raw, &a.body) == nil
	switch body := change(a).(type) {
	case []byte:
		raw = body
	default:
		if isJSON {
			raw, _ = json.Marshal(body)
		}
	}
	response.StatusCode = a.status
	response.Body = io.NopCloser(bytes.NewReader(raw))
	response.ContentLength = int64(len(raw))
}

// kindOf has {id} for the id.
func kindOf(path string) string {
	if id, found := strings.CutPrefix(path, "/project-keys/"); found {
		id, _, _ = strings.Cut(id, "/")
		return strings.Replace(path, id, "{id}", 1)
	}
	return path
}

// inKeys changes the keys in answers to reads and updates, and in lists.
func inKeys(do func(key map[string]any)) change {
	return func(a *told) any {
		if key, ok := a.body.(map[string]any); ok && a.path == "/project-keys/{id}" && a.method != "DELETE" && a.status < 300 {
			do(key)
		}
		if a.isList() {
			for _, row := range a.rows() {
				do(row)
			}
		}
		return a.body
	}
}

// set gives a member of keys a value, where they have it.
func set(member string, value any) change {
	return inKeys(func(key map[string]any) {
		if _, there := key[member]; there {
			key[member] = value
		}
	})
}

// reshow shows what was sent in another form.
func reshow(member string, sent, shown any) change {
	return inKeys(func(key map[string]any) {
		if key[member] == sent {
			key[member] = shown
		}
	})
}

func inBody(method, path string, do func(body map[string]any)) change {
	return func(a *told) any {
		if body, ok := a.body.(map[string]any); ok && a.method == method && a.path == path && a.status < 300 {
			do(body)
		}
		return a.body
	}
}

// breakages are ways in which a service can break the contract, and the rows
// that say so.
var breakages = map[string]struct {
	change change
	row    string
}{
	"a key is created with 202": {func(a *told) any {
		if a.isCreate() {
			a.status = 202
		}
		return a.body
	}, "create-code"},
	"a deletion is answered 207": {func(a *told) any {
		if a.method == "DELETE" && a.status < 300 {
			a.status = 207
		}
		return a.body
	}, "delete-answer"},
	"a key that is gone is answered 410": {func(a *told) any {
		if a.status == 404 {
			a.status = 410
			return map[string]any{"detail": "not found any more"}
		}
		return a.body
	}, "gone"},
	"an unknown status":      {set("status", "hibernating"), "create-timing"},
	"mixed statuses":         {set("status", "aCTIVE"), "status"},
	"both spellings":         {inBody("POST", "/auth/access-token", func(body map[string]any) { body["access_token"] = body["accessToken"] }), "token"},
	"a rule with two names":  {inKeys(func(key map[string]any) { twice(key) }), "acl-name"},
	"rules that are others":  {set("kafka_acls", []any{map[string]any{"name": "x", "resource": "TOPIC"}}), "acl-order"},
	"addresses of others":    {set("whitelist_ips", "10.0.0.1,10.0.0.2,10.0.0.3"), "whitelist-form"},
	"a profile of its own":   {set("tool_profile", "chatty"), "default-scope"},
	"no description":         {set("description", "something else"), "description"},
	"roles by permissions":   {set("roles", "none"), "permission-roles"},
	"credentials of nothing": {inKeys(func(key map[string]any) { key["new_kafka_credentials"] = nil }), "new-credentials"},
	"a list that grows":      {set("blocked_tools", []any{"a", "b"}), "list-in-patch"},
	"a missing member":       {inKeys(func(key map[string]any) { delete(key, "allowed_tools") }), "empty-values"},
}

func twice(key map[string]any) {
	rules, _ := key["kafka_acls"].([]any)
	for _, rule := range rules {
		if rule, ok := rule.(map[string]any); ok {
			rule["topic_name"] = rule["name"]
		}
	}
}

func TestRun_NamesTheRowThatIsBroken(t *testing.T) {
	for name, breakage := range breakages {
		t.Run(name, func(t *testing.T) {
			if row := brokenRun(t, name, breakage.change).row(t, breakage.row); row.Variant != Other || row.Detail == "" {
				t.Errorf("%+v", row)
			}
		})
	}
}

// TestRun_AllowsWhatTheContractAllows has services that a reader of the contract
// finds in order.
func TestRun_AllowsWhatTheContractAllows(t *testing.T) {
	for name, test := range map[string]struct {
		change       change
		row, variant string
	}{
		"addresses in any order":     {reshow("whitelist_ips", sentAddresses(), "192.0.2.3/32,192.0.2.2,192.0.2.1"), "whitelist-form", "reordered"},
		"spaces and another order":   {reshow("whitelist_ips", sentAddresses(), "192.0.2.1, 192.0.2.2, 192.0.2.3/32"), "whitelist-form", "reordered"},
		"a description without tags": {reshow("description", describedAs, "  bold & 1 < 2  "), "description", "html-removed"},
		"and trimmed":                {reshow("description", describedAs, "bold & 1 < 2"), "description", "html-removed"},
		"and escaped":                {reshow("description", describedAs, "bold &amp; 1 &lt; 2"), "description", "html-removed"},
		"rules in an order of its own": {inKeys(func(key map[string]any) {
			if rules, ok := key["kafka_acls"].([]any); ok && len(rules) > 1 {
				rules[0], rules[1] = rules[1], rules[0]
			}
		}), "acl-order", "shuffled"},
		"roles in an order of its own": {inKeys(func(key map[string]any) {
			if roles, ok := key["roles"].([]any); ok && len(roles) == 3 {
				roles[1], roles[2] = roles[2], roles[1]
			}
		}), "role-order", "shuffled"},
		"no resource for a topic": {inKeys(func(key map[string]any) {
			rules, _ := key["kafka_acls"].([]any)
			for _, rule := range rules {
				if rule := rule.(map[string]any); rule["resource"] == "TOPIC" {
					rule["resource"] = nil
				}
			}
		}), "acl-resource", "absent-when-topic"},
		"a lifetime in no spelling": {inBody("POST", "/auth/access-token", func(body map[string]any) {
			body["access_token"] = body["accessToken"]
			delete(body, "accessToken")
			delete(body, "expiresIn")
		}), "token", "no-lifetime"},
		"texts that are empty in other forms": {inKeys(func(key map[string]any) {
			if key["kafka_username"] == nil {
				key["kafka_username"] = ""
			}
		}), "empty-values", "empty-string"},
		"Kafka-only keys with no scope": {inKeys(func(key map[string]any) {
			if key["kafka_username"] == nil && key["tool_profile"] == nil && key["allowed_tools"] == nil {
				key["tool_profile"] = "full"
			}
		}), "default-scope", "full"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := seeded(simulator.Config{})
				options := everything(t, server)
				options.Transport = altered(server, test.change)
				report, err := Run(t.Context(), options)
				if err != nil || report.Failed() || report.Stopped != "" {
					t.Errorf("%v, %+v", err, report)
				}
				if row := report.row(t, test.row); row.Variant != test.variant {
					t.Errorf("%+v", row)
				}
			})
		})
	}
}

func altered(server *simulator.Server, change change) http.RoundTripper {
	return transport(func(r *http.Request) (*http.Response, error) {
		response, err := server.RoundTripper().RoundTrip(r)
		if err == nil {
			alter(response, change)
		}
		return response, err
	})
}

// TestRun_AnEmptyListMayBeAValueOfItsOwn has a service where null clears, an
// empty list is stored as it is, and an empty text is ignored.
func TestRun_AnEmptyListMayBeAValueOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{Dialect: simulator.Dialect{Clearing: simulator.NullClears}})
		options := everything(t, server)
		options.Transport = transport(func(r *http.Request) (*http.Response, error) {
			if body, _ := io.ReadAll(peek(r)); string(body) == `{"description":""}` {
				r.Body = io.NopCloser(strings.NewReader(`{"description":"described"}`))
			}
			return server.RoundTripper().RoundTrip(r)
		})
		report, err := Run(t.Context(), options)
		if row := report.row(t, "clearing"); err != nil || row.Variant != "null-clears" || row.Detail != "besides null-only" || report.Failed() {
			t.Errorf("%v, %+v", err, row)
		}
	})
}

// numbers are ids that are numbers, beyond what a float can hold.
type numbers struct {
	service http.RoundTripper
	ids     []string
}

func (n *numbers) number(i int) string { return fmt.Sprint(9007199254740993 + int64(2*i)) }

func (n *numbers) RoundTrip(r *http.Request) (*http.Response, error) {
	body, _ := io.ReadAll(peek(r))
	for i, id := range n.ids {
		body = bytes.ReplaceAll(body, []byte(n.number(i)), []byte(id))
		r.URL.Path = strings.ReplaceAll(r.URL.Path, n.number(i), id)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	response, err := n.service.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	raw, _ := io.ReadAll(response.Body)
	text := anID.ReplaceAllStringFunc(string(raw), func(member string) string {
		parts := anID.FindStringSubmatch(member)
		i := slices.Index(n.ids, parts[2])
		if i < 0 {
			i = len(n.ids)
			n.ids = append(n.ids, parts[2])
		}
		return parts[1] + n.number(i)
	})
	response.Body = io.NopCloser(strings.NewReader(text))
	return response, nil
}

var anID = regexp.MustCompile(`("(?:id|project_key_id)": ?)"([0-9a-f-]{36})"`)

func TestRun_IDsMayBeNumbers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		before := server.Keys()
		options := everything(t, server)
		options.Roles, options.Permissions = nil, nil
		options.Transport = &numbers{service: server.RoundTripper()}
		report, err := Run(t.Context(), options)
		if err != nil || report.Stopped != "" {
			t.Errorf("%v, %+v", err, report)
		}
		untouched(t, server, before)
	})
}

// TestOddAnswersAreNoCrash has each kind of request answered with what it never
// is answered with.
func TestOddAnswersAreNoCrash(t *testing.T) {
	page := []byte(simulator.GatewayPage(502))
	for _, path := range []string{"/auth/access-token", "/auth/whoami", "/auth/roles", "/project-keys", "/project-keys/{id}"} {
		for _, method := range []string{"GET", "POST", "PATCH"} {
			for _, odd := range []any{page, []byte{}, []byte("{"), []byte("null"), []byte("[]"), []byte(`""`), []byte("[[], null, 7]"), []byte(`{"detail": {"detail": []}}`)} {
				met := false
				change := func(a *told) any {
					if a.method == method && a.path == path && a.status < 300 {
						met = true
						return odd
					}
					return a.body
				}
				if path == "/project-keys" && method == "GET" && fmt.Sprintf("%s", odd) == "[]" {
					continue // a list without any key is one
				}
				if asked(method, path) {
					brokenRun(t, fmt.Sprintf("%s %s answered %q", method, path, odd), change)
					if !met {
						t.Errorf("there was no %s %s", method, path)
					}
				}
			}
		}
	}
}

func asked(method, path string) bool {
	switch path {
	case "/auth/access-token":
		return method == "POST"
	case "/project-keys":
		return method != "PATCH"
	case "/project-keys/{id}":
		return method != "POST"
	default:
		return method == "GET"
	}
}

// TestFaultsLeaveNothingAndMisleadNobody strikes each kind of request with each
// kind of fault.
func TestFaultsLeaveNothingAndMisleadNobody(t *testing.T) {
	requests := [][2]string{
		{"POST", "/auth/access-token"},
		{"GET", "/auth/whoami"},
		{"GET", "/auth/roles"},
		{"GET", "/project-keys"},
		{"POST", "/project-keys"},
		{"GET", "/project-keys/*"},
		{"PATCH", "/project-keys/*"},
		{"DELETE", "/project-keys/*"},
	}
	faults := []simulator.Fault{
		{Status: 503, Body: simulator.GatewayPage(503)},
		{Status: 504, Processed: true},
		{Status: 429, Header: http.Header{"Retry-After": {"3"}}},
		{Drop: simulator.DropRefused},
		{Drop: simulator.DropBefore},
		{Drop: simulator.DropAfter},
		{Drop: simulator.DropTruncated},
		{Delay: 3 * time.Minute},
		{Status: 401, Body: `{"detail": "expired"}`},
	}
	for i, request := range requests {
		for j, fault := range faults {
			if testing.Short() && (i+j)%3 > 0 {
				continue
			}
			for _, skip := range []int{0, 2, 5} {
				for _, times := range []int{1, 3} {
					if !*every && (skip != 2 || times != 1) {
						continue
					}
					fault.Method, fault.Path, fault.Skip, fault.Times = request[0], request[1], skip, times
					faultRun(t, fault)
				}
			}
		}
	}
}

func faultRun(t *testing.T, fault simulator.Fault) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		keys := server.Keys()
		server.Inject(fault)
		report, err := Run(t.Context(), everything(t, server))
		untouched(t, server, keys)
		if report == nil {
			return // it was not known whose credentials these are
		}
		if err != nil {
			t.Errorf("%+v: %v", fault, err)
		}
		for _, row := range report.Rows {
			if !assumed[row.Row] && row.Variant != NotSeen && row.Variant != Other && row.Variant != variantOf(simulator.Dialect{}, row.Row) {
				t.Errorf("%+v: %s is taken for %s", fault, row.Row, row.Finding)
			}
		}
	})
}

// TestALastingFaultIsNamed has every deletion fail.
func TestALastingFaultIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := simulator.New(simulator.Config{})
		server.Inject(simulator.Fault{Method: "DELETE", Times: -1, Status: 503})
		options := everything(t, server)
		report, err := Run(t.Context(), options)
		var left *owned.LeftError
		if !errors.As(err, &left) || len(server.Keys()) != 1 || len(left.Left) != 1 || left.Left[0].ID != server.Keys()[0].ID {
			t.Fatalf("%v, %d keys", err, len(server.Keys()))
		}
		if !strings.Contains(err.Error(), "-clean "+options.Journal) || report.Left != 1 || report.Stopped == "" {
			t.Errorf("%v, %+v", err, report)
		}
		server.ClearFaults()
		if err := Clean(t.Context(), options); err != nil || len(server.Keys()) > 0 {
			t.Errorf("%v, %d keys", err, len(server.Keys()))
		}
	})
}
