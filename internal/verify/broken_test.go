// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// brokenRun runs against a service that does otherwise than the contract says,
// and fails a test in which that passes, or leaves a key without naming it.
func brokenRun(t *testing.T, name string, breakage lie) (report *Report, broke bool) {
	t.Helper()
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		l := w.lie(breakage)
		var err error
		report, err = Run(t.Context(), w.options)
		if broke = l.struck; err == nil && !report.Failed() && report.Stopped == "" {
			t.Errorf("%s: the service passed", name)
		}
		var left *owned.LeftError
		errors.As(err, &left)
		for _, key := range w.server.Keys()[len(w.before):] {
			if left == nil || !slices.ContainsFunc(left.Left, func(l owned.Left) bool { return strings.HasPrefix(key.Name, l.Name) }) {
				t.Errorf("%s: %s is left, and the error is %v", name, key.Name, err)
			}
		}
	})
	return report, broke
}

// shown gives a member of keys another value, where they have it.
func shown(member string, value any) lie {
	return change(inKeys, func(key map[string]any) {
		if _, there := key[member]; there {
			key[member] = value
		}
	})
}

// reshown shows what was sent in another form.
func reshown(member string, sent, shown any) lie {
	return change(inKeys, func(key map[string]any) {
		if key[member] == sent {
			key[member] = shown
		}
	})
}

// inRules are the rules of keys.
func inRules(l *liar, a *told) (rules []map[string]any) {
	for _, key := range inKeys(l, a) {
		list, _ := key["kafka_acls"].([]any)
		for _, rule := range list {
			rules = append(rules, rule.(map[string]any))
		}
	}
	return rules
}

// swapped has two of a list's items, of so many, change places.
func swapped(member string, one, other int, fits func(n int) bool) lie {
	return change(inKeys, func(key map[string]any) {
		if list, ok := key[member].([]any); ok && fits(len(list)) {
			list[one], list[other] = list[other], list[one]
		}
	})
}

func TestRun_NamesTheRowThatIsBroken(t *testing.T) {
	for name, test := range map[string]struct {
		breakage lie
		row      string
	}{
		"a key is created with 202":          {code("POST", 200, 202, nil), "create-code"},
		"a deletion is answered 207":         {code("DELETE", 200, 207, nil), "delete-answer"},
		"a key that is gone is answered 410": {code("", 404, 410, map[string]any{"detail": "not found any more"}), "gone"},
		"an unknown status":                  {shown("status", "hibernating"), "create-timing"},
		"mixed statuses":                     {shown("status", "aCTIVE"), "status"},
		"both spellings":                     {change(inToken, func(token map[string]any) { token["access_token"] = token["accessToken"] }), "token"},
		"a rule with two names":              {change(inRules, func(rule map[string]any) { rule["topic_name"] = rule["name"] }), "acl-name"},
		"rules that are others":              {shown("kafka_acls", []any{map[string]any{"name": "x", "resource": "TOPIC"}}), "acl-order"},
		"addresses of others":                {shown("whitelist_ips", "10.0.0.1,10.0.0.2,10.0.0.3"), "whitelist-form"},
		"a profile of its own":               {shown("tool_profile", "chatty"), "default-scope"},
		"no description":                     {shown("description", "something else"), "description"},
		"roles by permissions":               {shown("roles", "none"), "permission-roles"},
		"credentials of nothing":             {change(inKeys, func(key map[string]any) { key["new_kafka_credentials"] = nil }), "new-credentials"},
		"a list that grows":                  {shown("blocked_tools", []any{"a", "b"}), "list-in-patch"},
		"a missing member":                   {change(inKeys, func(key map[string]any) { delete(key, "allowed_tools") }), "empty-values"},
	} {
		t.Run(name, func(t *testing.T) {
			report, _ := brokenRun(t, name, test.breakage)
			if row := report.row(t, test.row); row.Variant != Other || row.Detail == "" {
				t.Errorf("%+v", row)
			}
		})
	}
}

// A reader of the contract finds these in order.
func TestRun_AllowsWhatTheContractAllows(t *testing.T) {
	for name, test := range map[string]struct {
		service      lie
		row, variant string
	}{
		"addresses in any order":       {reshown("whitelist_ips", sentAddresses(), "192.0.2.3/32,192.0.2.2,192.0.2.1"), "whitelist-form", "reordered"},
		"spaces and another order":     {reshown("whitelist_ips", sentAddresses(), "192.0.2.1, 192.0.2.2, 192.0.2.3/32"), "whitelist-form", "reordered"},
		"a description without tags":   {reshown("description", describedAs, "  bold & 1 < 2  "), "description", "html-removed"},
		"and trimmed":                  {reshown("description", describedAs, "bold & 1 < 2"), "description", "html-removed"},
		"and escaped":                  {reshown("description", describedAs, "bold &amp; 1 &lt; 2"), "description", "html-removed"},
		"rules in an order of its own": {swapped("kafka_acls", 0, 1, func(n int) bool { return n > 1 }), "acl-order", "shuffled"},
		"roles in an order of its own": {swapped("roles", 1, 2, func(n int) bool { return n == 3 }), "role-order", "shuffled"},
		"no resource for a topic": {change(inRules, func(rule map[string]any) {
			if rule["resource"] == "TOPIC" {
				rule["resource"] = nil
			}
		}), "acl-resource", "absent-when-topic"},
		"a lifetime in no spelling": {change(inToken, func(token map[string]any) {
			token["access_token"] = token["accessToken"]
			delete(token, "accessToken")
			delete(token, "expiresIn")
		}), "token", "no-lifetime"},
		"texts that are empty in other forms": {reshown("kafka_username", nil, ""), "empty-values", "empty-string"},
		"Kafka-only keys with no scope": {change(inKeys, func(key map[string]any) {
			if key["kafka_username"] == nil && key["tool_profile"] == nil && key["allowed_tools"] == nil {
				key["tool_profile"] = "full"
			}
		}), "default-scope", "full"},
		"members of its own": {change(inKeys, func(key map[string]any) {
			for i := range 3 {
				key[fmt.Sprintf("customer_acme_%d", i)] = map[string]any{"inner": 1}
			}
		}), "extra-fields", "some: 3 names that"},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, simulator.Config{}, func(t *testing.T, w *world) {
				w.lie(test.service)
				report := w.run(t)
				if report.Failed() || report.Stopped != "" || !strings.HasPrefix(report.row(t, test.row).String(), test.variant) {
					t.Errorf("%+v", report)
				}
			})
		})
	}
}

// Null clears, an empty list is stored as it is, and an empty text is ignored.
func TestRun_AnEmptyListMayBeAValueOfItsOwn(t *testing.T) {
	in(t, simulator.Config{Dialect: simulator.Dialect{Clearing: "null-clears"}}, func(t *testing.T, w *world) {
		w.watch(func(r *http.Request) {
			if string(peek(r)) == `{"description":""}` {
				r.Body = io.NopCloser(strings.NewReader(`{"description":"described"}`))
			}
		}, nobody)
		report := w.run(t)
		if row := report.row(t, "clearing"); row.Variant != "null-clears" || row.Detail != "besides null-only" || report.Failed() {
			t.Errorf("%+v", row)
		}
	})
}

// Each kind of request is answered with what it never is answered with.
func TestRun_OddAnswersAreNoCrash(t *testing.T) {
	for _, request := range []string{
		"POST /auth/access-token", "GET /auth/whoami", "GET /auth/roles", "GET /project-keys", "POST /project-keys",
		"GET /project-keys/{id}", "PATCH /project-keys/{id}",
	} {
		for _, odd := range []string{simulator.GatewayPage(502), "", "{", "null", "[]", `""`, "[[], null, 7]", `{"detail": {"detail": []}}`} {
			if request == "GET /project-keys" && odd == "[]" {
				continue // a list without any key is one
			}
			_, met := brokenRun(t, fmt.Sprintf("%s answered %q", request, odd), func(_ *liar, a *told) bool {
				fits := a.method+" "+a.path == request && a.status < 300
				if fits {
					a.body = []byte(odd)
				}
				return fits
			})
			if !met {
				t.Errorf("there was no %s", request)
			}
		}
	}
}

// Each kind of request is struck by each kind of fault.
func TestRun_FaultsLeaveNothingAndMisleadNobody(t *testing.T) {
	requests := []string{
		"POST /auth/access-token", "GET /auth/whoami", "GET /auth/roles", "GET /project-keys", "POST /project-keys",
		"GET /project-keys/*", "PATCH /project-keys/*", "DELETE /project-keys/*",
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
			fault.Method, fault.Path, _ = strings.Cut(request, " ")
			if fault.Skip, fault.Times = 2, 1; !*every {
				faultRun(t, fault)
				continue
			}
			for _, fault.Skip = range []int{0, 2, 5} {
				for _, fault.Times = range []int{1, 3} {
					faultRun(t, fault)
				}
			}
		}
	}
}

func faultRun(t *testing.T, fault simulator.Fault) {
	t.Helper()
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		w.server.Inject(fault)
		report, err := Run(t.Context(), w.options)
		w.untouched(t)
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
