// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// checkedGETs are what a preflight asks for.
var checkedGETs = []string{"/auth/whoami", "/auth/roles", "/project-keys"}

func gets(s *simulator.Server) []string {
	var paths []string
	for _, request := range s.Requests() {
		if request.Method == http.MethodGet {
			paths = append(paths, request.Path)
		}
	}
	return paths
}

// withUser is the configuration of a key for Kafka.
func withUser(name, username any) values { return values{"name": name, "kafka": kafkaUser(username)} }

// TestPreflight_ThreeRequestsForManyKeys plans as many keys at once as
// Terraform does.
func TestPreflight_ThreeRequestsForManyKeys(t *testing.T) {
	many := 300
	if testing.Short() {
		many = 30
	}
	for name, test := range map[string]struct {
		preflight bool
		want      int
	}{"with preflight": {true, len(checkedGETs)}, "without": {false, 0}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				p := connect(t, s, values{"preflight": test.preflight})
				work := make(chan simulator.Key, many)
				for range cap(work) {
					work <- seedOrders(s)
				}
				close(work)
				var workers sync.WaitGroup
				for range 10 {
					workers.Go(func() {
						for key := range work {
							tells(t, p.plan(stateOf(key), orders(values{"description": "changed"}), nil).said)
						}
					})
				}
				workers.Wait()
				if got := gets(s); len(got) != test.want {
					t.Errorf("%d requests: %q", len(got), got)
				}
			})
		})
	}
}

// TestPreflight_NoRequestNeeded has plans of which the service has nothing to say: one
// without a change, one that fails anyway, and one that comes after a change was made.
func TestPreflight_NoRequestNeeded(t *testing.T) {
	s := simulator.New(simulator.Config{})
	p := checking(t, s)
	tells(t, p.plan(stateOf(seedOrders(s)), orders(nil), nil).said)
	tells(t, p.plan(nil, values{"name": "orders", "kafka": values{"username": "orders"}}, nil).said, "Kafka password missing")
	if got := gets(s); len(got) != 0 {
		t.Errorf("%q was asked for", got)
	}
	tells(t, p.carryOut(nil, withUser("orders", "orders"), connect(t, s).plan(nil, withUser("orders", "orders"), nil)).said)
	s.ResetRequests()
	tells(t, p.plan(nil, withUser("orders", "orders"), nil).said)
	if got := gets(s); len(got) != 0 {
		t.Errorf("after a change %q was asked for", got)
	}
}

// TestPreflight_UnansweredSkipped has each request, and all of them, fail in
// every way that says nothing of the plan. Each is sent once, however it fails.
func TestPreflight_UnansweredSkipped(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"403":                  {Status: 403, Body: `{"detail": "Forbidden"}`},
		"429 and a long pause": {Status: 429, Header: http.Header{"Retry-After": {"3600"}}},
		"500":                  {Status: 500},
		"502":                  {Status: 502, Body: simulator.GatewayPage(502)},
		"503 and a long pause": {Status: 503, Header: http.Header{"Retry-After": {"3600"}}},
		"a page with a 200":    {Status: 200, Body: simulator.GatewayPage(200)},
		"null":                 {Status: 200, Body: "null"},
		"an empty list":        {Status: 200, Body: "[]"},
		"no answer":            {Delay: time.Hour},
		"a broken connection":  {Drop: simulator.DropBefore},
	} {
		for _, path := range append([]string{"/*/*"}, checkedGETs...) {
			t.Run(name+" of "+path, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := simulator.New(simulator.Config{})
					p := checking(t, s)
					fault.Method, fault.Path, fault.Times = http.MethodGet, path, -1
					s.Inject(fault)
					start := time.Now()
					for i := range 3 {
						tells(t, p.plan(nil, orders(values{"kafka": kafkaUser(fmt.Sprint("orders-", i))}), nil).said)
					}
					if took := time.Since(start); took > 5*time.Second {
						t.Errorf("the plan took %v", took)
					}
					if got := gets(s); len(got) > len(checkedGETs) {
						t.Errorf("%d requests: %q", len(got), got)
					}
				})
			})
		}
	}
}

// TestPreflight_OtherRequestsNotDelayed has the service ask the preflight to wait, and
// refreshes a key after it.
func TestPreflight_OtherRequestsNotDelayed(t *testing.T) {
	for _, status := range []int{429, 502, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				key := seedOrders(s)
				p := checking(t, s)
				for _, path := range checkedGETs {
					s.Inject(simulator.Fault{Method: http.MethodGet, Path: path, Status: status, Header: http.Header{"Retry-After": {"300"}}})
				}
				start := time.Now()
				tells(t, p.plan(nil, orders(nil), nil).said)
				tells(t, p.read(stateOf(key), nil).said)
				if took := time.Since(start); took > time.Second {
					t.Errorf("a plan and a refresh took %v", took)
				}
			})
		})
	}
}

// TestPreflight_WaitsFiveSecondsForAToken has no token to be had in time.
func TestPreflight_WaitsFiveSecondsForAToken(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"no answer": {Delay: time.Hour}, "429": {Status: 429, Header: http.Header{"Retry-After": {"300"}}}, "503": {Status: 503, Header: http.Header{"Retry-After": {"300"}}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				fault.Method, fault.Path, fault.Times = http.MethodPost, "/auth/access-token", -1
				s.Inject(fault)
				start := time.Now()
				tells(t, checking(t, s).plan(nil, orders(values{"role_ids": []any{"none"}}), nil).said)
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("the plan took %v", took)
				}
				time.Sleep(2 * time.Hour) // until the exchange has ended
			})
		})
	}
}

// TestPreflight_CredentialsOfAnUnknownProjectHaveNoKeys has an answer that does not
// say which project the credentials are of, nor which one a key is of.
func TestPreflight_CredentialsOfAnUnknownProjectHaveNoKeys(t *testing.T) {
	s := simulator.New(simulator.Config{})
	s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders-consumer"})
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/*", Set: `{"service_id": ""}`, Times: -1})
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/auth/whoami", Set: `{"service_id": ""}`, Times: -1})
	tells(t, checking(t, s).plan(nil, withUser("orders", "orders-consumer"), nil).said)
}

// TestPreflight_RefusedCredentialsReportedOnce plans more than one key.
func TestPreflight_RefusedCredentialsReportedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		config    simulator.Config
		arguments values
		says      string
	}{
		"another secret":  {simulator.Config{Secret: "another-secret-not-real"}, nil, simulator.DefaultClientID},
		"another project": {simulator.Config{}, values{"service_id": otherProject}, "Credentials of another project"},
	} {
		t.Run(name, func(t *testing.T) {
			p := connect(t, simulator.New(test.config), values{"preflight": true}, test.arguments)
			first := p.plan(nil, orders(nil), nil)
			if tells(t, first.said, "WARNING: ", test.says); len(first.diagnostics) != 1 {
				t.Errorf("it is not one warning: %s", first.said)
			}
			tells(t, p.plan(nil, orders(nil), nil).said)
		})
	}
}

func TestPreflight_CredentialsOfAnotherProject(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := seedOrders(s)
	prior := with(stateOf(key), values{"service_id": otherProject})
	tells(t, checking(t, s).plan(prior, orders(values{"description": "changed"}), nil).said, "WARNING: Credentials of another project", key.ID)
}

// TestPreflight_KeyInTheWay plans a new key named orders with the Kafka username
// orders-consumer, beside a key that is in its way, or looks so.
func TestPreflight_KeyInTheWay(t *testing.T) {
	const username = "WARNING: Kafka username is taken: The Kafka username \"orders-consumer\" is that of project key \"billing\" (id taken, status %s, " +
		"created at 2026-01-02T03:04:05.000000Z by someone@example.com). It is unique within a project: unless this run deletes or replaces that key"
	holder := func(status string) simulator.Key {
		return simulator.Key{Name: "billing", KafkaUsername: "orders-consumer", Status: status, CreatedAt: time.Date(2026, time.January, 2, 3, 4, 5, 0, time.UTC), CreatedBy: "someone"}
	}
	config := withUser("orders", "orders-consumer")
	for name, test := range map[string]struct {
		other  simulator.Key
		config values
		says   string
	}{
		"its username, active":            {holder("active"), config, fmt.Sprintf(username, "active")},
		"its username, being created":     {holder("creating"), config, fmt.Sprintf(username, "creating")},
		"its username, failed":            {holder("failed"), config, fmt.Sprintf(username, "failed")},
		"its username, not to be deleted": {holder("delete_failed"), config, fmt.Sprintf(username, "delete_failed")},
		"its username, being deleted":     {holder("deleting"), config, ""},
		"its name":                        {simulator.Key{Name: "orders", KafkaUsername: "others"}, config, "WARNING: Name is in use"},
		"both, of another project":        {simulator.Key{ServiceID: otherProject, Name: "orders", KafkaUsername: "orders-consumer"}, config, ""},
		"a longer name and username":      {simulator.Key{Name: "orders of the shop", KafkaUsername: "orders-consumer-2"}, config, ""},
		"both in capitals":                {simulator.Key{Name: "Orders", KafkaUsername: "ORDERS-CONSUMER"}, config, ""},
		"both, in a block not known yet":  {simulator.Key{Name: " ", RoleIDs: []string{simulator.RoleAdmin}}, values{"name": unknown, "kafka": unknown}, "WARNING: Block is not known yet"},
		"both, not known yet":             {simulator.Key{Name: " ", RoleIDs: []string{simulator.RoleAdmin}}, withUser(unknown, unknown), ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			test.other.ID = "taken"
			s.Seed(test.other)
			tells(t, checking(t, s).plan(nil, test.config, nil).said, test.says)
		})
	}
}

// TestPreflight_NameInUseByANewKeyAlone has another key of the name.
func TestPreflight_NameInUseByANewKeyAlone(t *testing.T) {
	s := simulator.New(simulator.Config{})
	prior := stateOf(seedOrders(s))
	seedOrders(s)
	p := checking(t, s)
	tells(t, p.plan(prior, orders(values{"description": "changed"}), nil).said)
	if replaced := p.plan(prior, values{"name": "orders", "permission_ids": []any{"a"}}, nil); !replaced.replaces || strings.Contains(replaced.said, nameInUse) {
		t.Errorf("of a replacement it says %s", replaced.said)
	}
	tells(t, p.plan(nil, values{"name": "orders", "permission_ids": []any{"a"}}, nil).said, nameInUse)
}

func TestPreflight_TenNamesakesNamed(t *testing.T) {
	for count, more := range map[int]string{10: "", 11: "\n  - and 1 more\n", 13: "\n  - and 3 more\n"} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			for range count {
				seedOrders(s)
			}
			said := checking(t, s).plan(nil, values{"name": "orders", "permission_ids": []any{"a"}}, nil).said
			if got := strings.Count(said, "\n  - project key "); got != 10 || !strings.Contains(said, more) || strings.Contains(said, " more\n") != (more != "") {
				t.Errorf("it names %d: %s", got, said)
			}
		})
	}
}

// TestPreflight_Roles plans keys with roles that are there, and with ones that are not.
func TestPreflight_Roles(t *testing.T) {
	roles := []simulator.Role{{ID: "role-1", Name: "First Role"}, {ID: "role-2", Key: "SECOND_ROLE", Name: "Another"}}
	for name, test := range map[string]struct {
		prior, given []any
		says         []string
	}{
		"there":                           {given: []any{"role-1"}},
		"in capitals, as UUIDs can be":    {given: []any{"ROLE-1"}},
		"not known yet":                   {given: []any{unknown, "role-1"}},
		"all not known yet":               {given: []any{unknown}},
		"two that are not":                {given: []any{"none-1", "role-1", unknown, "none-2"}, says: []string{`no role with the id "none-1"`, `no role with the id "none-2"`}},
		"a role that stays and is gone":   {prior: []any{"gone"}, given: []any{"gone"}},
		"one more, beside one that is so": {prior: []any{"gone"}, given: []any{"gone", "role-1"}, says: []string{`no role with the id "gone"`}},
		"a name in place of an id":        {given: []any{"first-role"}, says: []string{`the role "First Role", whose id is role-1.`}},
		"a key in place of an id":         {given: []any{"second role"}, says: []string{`the role "Another", whose id is role-2.`}},
		"the name of one that has a key":  {given: []any{"another"}, says: []string{`the role "Another", whose id is role-2.`}},
		"neither an id nor a name":        {given: []any{"-"}, says: []string{"key \"\", name \"First Role\", id role-1\n  - key \"SECOND_ROLE\", name \"Another\", id role-2"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{Roles: roles})
			var prior values
			if test.prior != nil {
				prior = with(stateOf(seedOrders(s)), values{"role_ids": test.prior})
			}
			planned := checking(t, s).plan(prior, orders(values{"role_ids": test.given, "description": "changed"}), nil)
			if tells(t, planned.said, test.says...); len(planned.diagnostics) != len(test.says) {
				t.Errorf("%d warnings: %s", len(planned.diagnostics), planned.said)
			}
		})
	}
}

// TestPreflight_RoleAroundTheScopeReportedOnce tells it with the change
// that brings the two together, and with no other.
func TestPreflight_RoleAroundTheScopeReportedOnce(t *testing.T) {
	for name, test := range map[string]struct {
		before, after string
		role          string
		want          bool
	}{
		"a scope is added":                {"", "read-only", simulator.RoleAdmin, true},
		"a scope is changed":              {"read-only", "agent-operator", simulator.RoleAdmin, true},
		"something else is changed":       {"read-only", "read-only", simulator.RoleAdmin, false},
		"a scope that restricts nothing":  {"", "full", simulator.RoleAdmin, false},
		"no scope":                        {"", "", simulator.RoleAdmin, false},
		"a role that can only read":       {"", "read-only", simulator.RoleReadOnly, false},
		"a role that the key gets by now": {"read-only", "read-only", simulator.RoleDataAdmin, true},
	} {
		t.Run(name, func(t *testing.T) {
			scoped := func(profile string) values {
				if profile == "" {
					return nil
				}
				return values{"mcp": values{"tool_profile": profile}}
			}
			s := simulator.New(simulator.Config{})
			said := checking(t, s).plan(with(stateOf(seedOrders(s)), scoped(test.before)),
				with(orders(values{"description": "changed", "role_ids": []any{test.role}}), scoped(test.after)), nil).said
			if got := strings.Contains(said, "Role can step around the scope"); got != test.want {
				t.Errorf("told: %v: %q", got, said)
			}
		})
	}
}

// TestPreflight_RolesThatWriteKeys knows them by key or name, in any spelling, and
// by nothing else.
func TestPreflight_RolesThatWriteKeys(t *testing.T) {
	for label, want := range map[string]bool{
		"admin": true, "Data Admin": true, "DATA_ADMIN": true, "data-admin": true, "Read Only": false, "Administrator": false, "topic-admin": false, "": false,
	} {
		for by, role := range map[string]simulator.Role{"key": {ID: "role", Key: label, Name: "Other"}, "name": {ID: "role", Key: "OTHER", Name: label}} {
			t.Run(by+" "+label, func(t *testing.T) {
				role.Permissions = []string{"project-keys:write"}
				p := checking(t, simulator.New(simulator.Config{Roles: []simulator.Role{{ID: "first", Name: "Viewer"}, role}}))
				said := p.plan(nil, orders(values{"role_ids": []any{"first", "role"}, "mcp": values{"tool_profile": "read-only"}}), nil).said
				if got := strings.Count(said, "Role can step around the scope"); got > 1 || (got == 1) != want {
					t.Error(said)
				}
			})
		}
	}
}
