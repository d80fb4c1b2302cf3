// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// change is what a service does otherwise than the contract says. It is given
// every answer, decoded, and returns the body to send instead.
type change func(a *answer) any

// brokenRun runs against a service with a change, and fails a test in which
// that passes, or leaves a key without naming it.
func brokenRun(t *testing.T, name string, change change) *Report {
	t.Helper()
	var report *Report
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		others := server.Keys()
		options := everything(t, server)
		options.Transport = transport(func(r *http.Request) (*http.Response, error) {
			response, err := server.RoundTripper().RoundTrip(r)
			if err == nil {
				alter(response, change)
			}
			return response, err
		})
		var err error
		report, err = Run(t.Context(), options)
		if err == nil && !report.Failed() && report.Stopped == "" {
			t.Errorf("%s: the service passed", name)
		}
		var left *LeftError
		errors.As(err, &left)
		for _, key := range server.Keys() {
			ours := !slices.ContainsFunc(others, func(other simulator.Key) bool { return other.ID == key.ID })
			if ours && (left == nil || !slices.ContainsFunc(left.Names, func(name string) bool { return strings.HasPrefix(key.Name, name) })) {
				t.Errorf("%s: %s is left, and the error is %v", name, key.Name, err)
			}
		}
	})
	return report
}

// alter changes an answer.
func alter(response *http.Response, change change) {
	raw, _ := io.ReadAll(response.Body)
	a := &answer{method: response.Request.Method, path: response.Request.URL.Path, status: response.StatusCode, header: response.Header, raw: raw}
	if id, found := strings.CutPrefix(a.path, pathKeys+"/"); found {
		a.path = pathKey
		if strings.HasSuffix(id, "/mcp-config") {
			a.path = pathMCP
		}
	}
	a.decode()
	body := change(a)
	switch body := body.(type) {
	case []byte:
		raw = body
	default:
		if a.body.there {
			raw, _ = json.Marshal(body)
		}
	}
	response.StatusCode = a.status
	response.Body = io.NopCloser(bytes.NewReader(raw))
	response.ContentLength = int64(len(raw))
}

// inEvery changes the objects of a kind in an answer.
func inEvery(kind string, do func(object map[string]any)) change {
	i := slices.IndexFunc(kinds, func(k objectKind) bool { return k.name == kind })
	return func(a *answer) any {
		for _, object := range kinds[i].in(*a) {
			if object.isObject() {
				do(object.any.(map[string]any))
			}
		}
		return a.body.any
	}
}

func TestMissingMembersAreReported(t *testing.T) {
	for _, kind := range kinds {
		members := kind.required
		if kind.name == "key" {
			members = detailMembers
		}
		for _, member := range members {
			brokenRun(t, kind.name+" without "+member, inEvery(kind.name, func(object map[string]any) { delete(object, member) }))
		}
	}
}

func TestMembersOfOtherTypesAreReported(t *testing.T) {
	for _, member := range append(slices.Clone(detailMembers), "new_api_credentials", "new_kafka_credentials") {
		for _, odd := range []any{true, 12.5, []any{1.0}, map[string]any{"odd": "thing"}} {
			if types[member] != nil && types[member](valueOf(odd)) {
				continue
			}
			brokenRun(t, fmt.Sprintf("%s is %v", member, odd), inEvery("key", func(object map[string]any) {
				if _, there := object[member]; there {
					object[member] = odd
				}
			}))
		}
	}
}

// breakages are other ways in which a service can break the contract.
var breakages = map[string]change{
	"a key is created with 202": func(a *answer) any {
		if a.method == "POST" && a.path == pathKeys && a.ok() {
			a.status = 202
		}
		return a.body.any
	},
	"a deletion is answered 207": func(a *answer) any {
		if a.method == "DELETE" && a.ok() {
			a.status = 207
		}
		return a.body.any
	},
	"a key that is gone is answered 410": func(a *answer) any {
		if a.status == 404 {
			a.status = 410
			return map[string]any{"detail": "over"}
		}
		return a.body.any
	},
	"an unknown status":       inEvery("key", func(object map[string]any) { object["status"] = "hibernating" }),
	"mixed statuses":          inEvery("key", func(object map[string]any) { object["status"] = "aCTIVE" }),
	"another type of file":    inEvery("file", func(object map[string]any) { object["type"] = "other" }),
	"a status in the file":    inEvery("file", func(object map[string]any) { object["status"] = "active" }),
	"another project":         inEvery("project", func(object map[string]any) { object["service_id"] = "other" }),
	"another protocol":        inEvery("kafka", func(object map[string]any) { object["security_protocol"] = "SASL_PLAINTEXT" }),
	"times without a zone":    inEvery("key", func(object map[string]any) { object["created_at"] = "2026-01-01T00:00:00" }),
	"a name that never moves": inEvery("key", func(object map[string]any) { object["name"] = "constant" }),
	"problems without a loc":  inEvery("problem", func(object map[string]any) { object["loc"] = "body" }),
	"answers without a request id": func(a *answer) any {
		a.header.Del("X-Request-Id")
		return a.body.any
	},
	"the secret in every answer": func() change {
		secret := ""
		return func(a *answer) any {
			if text := a.body.at("api", "client_secret").text(); text != "" {
				secret = text
			}
			if object, ok := a.body.any.(map[string]any); ok && a.path == pathKey {
				object["description"] = secret
			}
			return a.body.any
		}
	}(),
	"roles in an envelope": func(a *answer) any {
		if a.path == "/auth/roles" {
			return map[string]any{"roles": a.body.any}
		}
		return a.body.any
	},
	"keys in an envelope": func(a *answer) any {
		if a.path == pathKeys && a.method == "GET" {
			return map[string]any{"items": a.body.any}
		}
		return a.body.any
	},
	"a wrong token is answered 200": func(a *answer) any {
		if a.status == 401 {
			a.status = 200
		}
		return a.body.any
	},
}

func TestOtherBreachesAreReported(t *testing.T) {
	for name, change := range breakages {
		brokenRun(t, name, change)
	}
}

// TestOddAnswersAreNoCrash has each kind of request answered with what it never
// is answered with.
func TestOddAnswersAreNoCrash(t *testing.T) {
	page := []byte(simulator.GatewayPage(502))
	for _, path := range []string{"/auth/access-token", "/auth/whoami", "/auth/roles", pathKeys, pathKey, pathMCP} {
		for _, method := range []string{"GET", "POST", "PATCH"} {
			for _, odd := range []any{page, []byte{}, []byte("{"), []byte("null"), []byte("[]"), []byte(`""`), []byte("[[], null, 7]"), []byte(`{"detail": {"detail": []}}`)} {
				met := false
				change := func(a *answer) any {
					if a.method == method && a.path == path && a.ok() {
						met = true
						return odd
					}
					return a.body.any
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
	case pathKeys:
		return method != "PATCH"
	case pathKey:
		return method != "POST"
	default:
		return method == "GET"
	}
}

func TestNewMembersAreNamed(t *testing.T) {
	for _, kind := range kinds {
		if !kind.closed {
			continue
		}
		synctest.Test(t, func(t *testing.T) {
			server := seeded(simulator.Config{})
			options := everything(t, server)
			add := inEvery(kind.name, func(object map[string]any) { object["shiny_new"] = "value" })
			options.Transport = transport(func(r *http.Request) (*http.Response, error) {
				response, err := server.RoundTripper().RoundTrip(r)
				alter(response, add)
				return response, err
			})
			report, err := Run(t.Context(), options)
			if err != nil {
				t.Fatal(err)
			}
			if row := report.row(t, "extra-fields"); row.Variant != "some" || row.Detail != "members shiny_new" {
				t.Errorf("%s: %+v", kind.name, row)
			}
		})
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
		{"GET", "/project-keys/*/mcp-config"},
	}
	faults := []simulator.Fault{
		{Status: 503, Body: simulator.GatewayPage(503)},
		{Status: 504, Processed: true},
		{Status: 429, Header: http.Header{"Retry-After": {"3"}}},
		{Drop: simulator.DropRefused},
		{Drop: simulator.DropBefore},
		{Drop: simulator.DropAfter},
		{Drop: simulator.DropTruncated},
		{Delay: 3 * requestTimeout},
		{Status: 401, Body: `{"detail": "expired"}`},
	}
	for _, request := range requests {
		for _, fault := range faults {
			for _, skip := range []int{0, 2, 5} {
				for _, times := range []int{1, 3} {
					if testing.Short() && (skip != 2 || times != 1) {
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
				t.Errorf("%+v: %s is taken for %s", fault, row.Row, Finding{row.Variant, row.Among, row.Detail})
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
		var left *LeftError
		if !errors.As(err, &left) || len(server.Keys()) != 1 || !slices.Equal(left.IDs, []string{server.Keys()[0].ID}) {
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
