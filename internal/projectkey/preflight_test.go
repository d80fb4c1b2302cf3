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

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

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

// TestPreflight_ThreeRequestsForManyKeys plans as many keys at once as
// Terraform does.
func TestPreflight_ThreeRequestsForManyKeys(t *testing.T) {
	many := 300
	if testing.Short() {
		many = 30
	}
	for name, test := range map[string]struct {
		start func(testing.TB, *simulator.Server) *protocol
		want  int
	}{"with preflight": {checking, len(checkedGETs)}, "without": {reading, 0}} {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			p := test.start(t, s)
			work := make(chan simulator.Key, many)
			for i := range cap(work) {
				work <- s.Seed(simulator.Key{Name: fmt.Sprintf("orders-%d", i), RoleIDs: []string{simulator.RoleAdmin}})
			}
			close(work)
			var workers sync.WaitGroup
			for range 10 {
				workers.Go(func() {
					for key := range work {
						if said := toldBy(p.plan(p.stateOf(key), described(key, "changed"), nil).Diagnostics); said != "" {
							t.Errorf("%s: %s", name, said)
						}
					}
				})
			}
			workers.Wait()
			if got := gets(s); len(got) != test.want {
				t.Errorf("%s: %d requests: %q", name, len(got), got)
			}
		})
	}
}

func TestPreflight_NoRequestWithoutChanges(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := checking(t, s)
	unchanged := described(key, "")
	delete(unchanged, "description")
	p.check(nil, p.plan(p.stateOf(key), unchanged, nil).Diagnostics)
	if got := gets(s); len(got) != 0 {
		t.Errorf("requests: %q", got)
	}
}

// TestPreflight_UnansweredSkipped has each request, and all of them, fail in
// every way that says nothing of the plan. Each is sent once, however it fails.
func TestPreflight_UnansweredSkipped(t *testing.T) {
	ways := map[string]simulator.Fault{
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
	}
	for name, fault := range ways {
		for _, path := range append([]string{"/*/*"}, checkedGETs...) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				p := checking(t, s)
				fault.Method, fault.Path, fault.Times = http.MethodGet, path, -1
				s.Inject(fault)
				start := time.Now()
				for i := range 3 {
					p.check(nil, p.plan(nil, values{
						"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin)), "kafka": p.kafka(stringOf(fmt.Sprint("orders-", i))),
					}, nil).Diagnostics)
				}
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("%s of %s: the plan took %v", name, path, took)
				}
				if got := gets(s); len(got) > len(checkedGETs) {
					t.Errorf("%s of %s: %d requests: %q", name, path, len(got), got)
				}
			})
		}
	}
}

// TestPreflight_OtherRequestsNotDelayed has the service ask the preflight to wait, and
// refreshes a key after it.
func TestPreflight_OtherRequestsNotDelayed(t *testing.T) {
	for _, status := range []int{429, 502, 503} {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
			p := checking(t, s)
			for _, path := range checkedGETs {
				s.Inject(simulator.Fault{Method: http.MethodGet, Path: path, Status: status, Header: http.Header{"Retry-After": {"300"}}})
			}
			start := time.Now()
			p.check(nil, p.plan(nil, values{"name": stringOf("payments"), "role_ids": setOf(stringOf(simulator.RoleAdmin))}, nil).Diagnostics)
			if _, said := p.readBack(p.stateOf(key)); said != "" {
				t.Errorf("%d: %s", status, said)
			}
			if took := time.Since(start); took > time.Second {
				t.Errorf("%d: a plan and a refresh took %v", status, took)
			}
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
				p := checking(t, s)
				fault.Method, fault.Path, fault.Times = http.MethodPost, "/auth/access-token", -1
				s.Inject(fault)
				start := time.Now()
				p.check(nil, p.plan(nil, values{"name": stringOf("orders"), "role_ids": setOf(stringOf("none"))}, nil).Diagnostics)
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
	p := checking(t, s)
	p.check(nil, p.plan(nil, values{"name": stringOf("orders"), "kafka": p.kafka(stringOf("orders-consumer"))}, nil).Diagnostics)
}

func TestPreflight_UnknownValuesSkipped(t *testing.T) {
	s := simulator.New(simulator.Config{})
	s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders-consumer"})
	// What is not known is empty here, and so are these.
	s.Seed(simulator.Key{Name: " ", RoleIDs: []string{simulator.RoleAdmin}})
	p := checking(t, s)
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	kind, _ := p.schemas.ResourceSchemas[typeName].ValueType().(tftypes.Object)
	for name, config := range map[string]values{
		"texts":  {"name": unknown, "role_ids": setOf(unknown, stringOf(simulator.RoleAdmin)), "kafka": p.kafka(unknown)},
		"blocks": {"name": unknown, "role_ids": tftypes.NewValue(kind.AttributeTypes["role_ids"], tftypes.UnknownValue), "kafka": tftypes.NewValue(kind.AttributeTypes["kafka"], tftypes.UnknownValue)},
	} {
		if said := toldBy(p.plan(nil, config, nil).Diagnostics); said != "" && !strings.HasPrefix(said, "WARNING: Block is not known yet") {
			t.Errorf("%s: %s", name, said)
		}
	}
}

// TestPreflight_NothingWrongNothingSaid are keys that look like being in
// the way of a new one and are not.
func TestPreflight_NothingWrongNothingSaid(t *testing.T) {
	for name, other := range map[string]simulator.Key{
		"of another project":       {ServiceID: otherProject, Name: "orders", KafkaUsername: "orders-consumer"},
		"on its way out":           {Name: "orders", KafkaUsername: "orders-consumer", Status: simulator.StatusDeleting},
		"whose username is longer": {Name: "orders of the shop", KafkaUsername: "orders-consumer-2"},
		"in other letters":         {Name: "Orders", KafkaUsername: "ORDERS-CONSUMER"},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			s.Seed(other)
			p := checking(t, s)
			// Role ids are UUIDs, whose case makes no difference.
			config := values{"name": stringOf("orders"), "role_ids": setOf(stringOf(strings.ToUpper(simulator.RoleAdmin))), "kafka": p.kafka(stringOf("orders-consumer"))}
			if said := toldBy(p.plan(nil, config, nil).Diagnostics); said != "" {
				t.Error(said)
			}
		})
	}
}

// TestPreflight_RoleThatStaysIsNotChecked changes something else of a key whose
// role is gone: the role is not sent.
func TestPreflight_RoleThatStaysIsNotChecked(t *testing.T) {
	for name, test := range map[string]struct {
		roles tftypes.Value
		says  string
	}{
		"the same roles": {setOf(stringOf(simulator.RoleAdmin)), ""},
		"one more role":  {setOf(stringOf(simulator.RoleAdmin), stringOf(simulator.RoleReadOnly)), `no role with the id "` + simulator.RoleAdmin},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{Roles: simulator.DefaultRoles()[1:]})
			key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
			config := described(key, "changed")
			config["role_ids"] = test.roles
			said := toldBy(checking(t, s).plan(checking(t, s).stateOf(key), config, nil).Diagnostics)
			if !strings.Contains(said, test.says) || (said == "") != (test.says == "") {
				t.Error(said)
			}
		})
	}
}

// TestPreflight_RefusedCredentialsReportedOnce plans more than one key.
func TestPreflight_RefusedCredentialsReportedOnce(t *testing.T) {
	p := checking(t, simulator.New(simulator.Config{Secret: "another-secret-not-real"}))
	config := values{"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin))}
	diagnostics := p.plan(nil, config, nil).Diagnostics
	if len(diagnostics) != 1 || diagnostics[0].Severity != tfprotov6.DiagnosticSeverityWarning || !strings.Contains(toldBy(diagnostics), simulator.DefaultClientID) {
		t.Errorf("%q", toldBy(diagnostics))
	}
	p.check(nil, p.plan(nil, config, nil).Diagnostics)
}

func TestPreflight_CredentialsOfAnotherProject(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := checking(t, s)
	prior := p.stateOf(key)
	prior["service_id"] = stringOf(otherProject)
	if said := toldBy(p.plan(prior, described(key, "changed"), nil).Diagnostics); !strings.Contains(said, "Credentials of another project") || !strings.Contains(said, key.ID) {
		t.Errorf("%q", said)
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
			s := simulator.New(simulator.Config{})
			key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
			p := checking(t, s)
			prior, config := p.stateOf(key), described(key, "changed")
			for values, profile := range map[*values]string{&prior: test.before, &config: test.after} {
				if profile != "" {
					(*values)["mcp"] = p.nested("mcp", map[string]tftypes.Value{"tool_profile": stringOf(profile)})
				}
			}
			config["role_ids"] = setOf(stringOf(test.role))
			said := toldBy(p.plan(prior, config, nil).Diagnostics)
			if got := strings.Contains(said, "Role can step around the scope"); got != test.want {
				t.Errorf("told: %v: %q", got, said)
			}
		})
	}
}

func TestPreflight_TenRolesNamed(t *testing.T) {
	for count, more := range map[int]string{10: "", 11: "\n  - and 1 more", 13: "\n  - and 3 more"} {
		var roles []simulator.Role
		for i := range count {
			roles = append(roles, simulator.Role{ID: fmt.Sprint("role-", i), Key: fmt.Sprint("KEY_", i), Name: fmt.Sprint("Name ", i)})
		}
		p := checking(t, simulator.New(simulator.Config{Roles: roles}))
		said := toldBy(p.plan(nil, values{"name": stringOf("orders"), "role_ids": setOf(stringOf("none of them"))}, nil).Diagnostics)
		if got := strings.Count(said, `, id role-`); got != 10 || !strings.HasSuffix(said, more) || strings.Contains(said, "more") != (more != "") {
			t.Errorf("of %d roles it names %d: %s", count, got, said)
		}
	}
}

// TestPreflight_NameInUse has another key of the name.
func TestPreflight_NameInUse(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := checking(t, s)
	replaced := values{"name": stringOf("orders"), "permission_ids": setOf(stringOf("a"))}
	for name, test := range map[string]struct {
		prior, config values
		told          bool
	}{
		"changed":  {p.stateOf(key), described(key, "changed"), false},
		"replaced": {p.stateOf(key), replaced, false},
		"new":      {nil, replaced, true},
	} {
		if said := toldBy(p.plan(test.prior, test.config, nil).Diagnostics); strings.Contains(said, "Name is in use") != test.told {
			t.Errorf("%s: %s", name, said)
		}
	}
}

func TestPreflight_MissingRoles(t *testing.T) {
	p := checking(t, simulator.New(simulator.Config{}))
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	roles := setOf(stringOf("none-1"), stringOf(simulator.RoleAdmin), unknown, stringOf("none-2"))
	said := toldBy(p.plan(nil, values{"name": stringOf("orders"), "role_ids": roles}, nil).Diagnostics)
	if strings.Count(said, "No such role") != 2 || !strings.Contains(said, `"none-1"`) || !strings.Contains(said, `"none-2"`) {
		t.Error(said)
	}
}

// TestPreflight_NoRequestForARefusedPlanOrAnApply has a plan that fails
// anyway, and one that comes after a change was made.
func TestPreflight_NoRequestForARefusedPlanOrAnApply(t *testing.T) {
	s := simulator.New(simulator.Config{})
	p := checking(t, s)
	config := values{"name": stringOf("orders"), "kafka": p.nested("kafka", values{"username": stringOf("orders")})}
	if said := toldBy(p.plan(nil, config, nil).Diagnostics); !strings.Contains(said, "Kafka password missing") || len(s.Requests()) != 0 {
		t.Errorf("%q was asked for: %s", gets(s), said)
	}
	p = checking(t, s)
	config["kafka"] = p.kafka(stringOf("orders"))
	if _, _, said := p.apply(nil, config); said != "" {
		t.Fatal(said)
	}
	s.ResetRequests()
	p.check(nil, p.plan(nil, config, nil).Diagnostics)
	if got := gets(s); len(got) != 0 {
		t.Errorf("after a change %q was asked for", got)
	}
}

// TestPreflight_RoleSuggestedByKeyOrName also has a role without a key, which
// is not meant by a text of separators.
func TestPreflight_RoleSuggestedByKeyOrName(t *testing.T) {
	roles := []simulator.Role{{ID: "role-1", Name: "First Role"}, {ID: "role-2", Key: "SECOND_ROLE", Name: "Another"}}
	for given, want := range map[string]string{
		"first-role":   `the role "First Role", whose id is role-1.`,
		" First Role ": `the role "First Role", whose id is role-1.`,
		"second role":  `the role "Another", whose id is role-2.`,
		"another":      `the role "Another", whose id is role-2.`,
		"-":            "It has these:",
		"third":        "It has these:",
	} {
		p := checking(t, simulator.New(simulator.Config{Roles: roles}))
		said := toldBy(p.plan(nil, values{"name": stringOf("orders"), "role_ids": setOf(stringOf(given))}, nil).Diagnostics)
		if !strings.Contains(said, want) {
			t.Errorf("%q: %s", given, said)
		}
	}
}

// TestPreflight_HolderOfTheUsernameNamed plans the username of keys in any
// state. One that is being deleted is waited for.
func TestPreflight_HolderOfTheUsernameNamed(t *testing.T) {
	for _, status := range []string{simulator.StatusActive, simulator.StatusCreating, simulator.StatusFailed, simulator.StatusDeleteFailed, simulator.StatusDeleting} {
		s := simulator.New(simulator.Config{})
		key := s.Seed(simulator.Key{Name: "billing", KafkaUsername: "orders", Status: status, CreatedAt: time.Now().Add(-49 * time.Hour), CreatedBy: "someone"})
		p := checking(t, s)
		said := toldBy(p.plan(nil, values{"name": stringOf("orders"), "kafka": p.kafka(stringOf("orders"))}, nil).Diagnostics)
		want := fmt.Sprintf(`WARNING: Kafka username is taken: The Kafka username "orders" is that of project key "billing" (id %s, status %s, created 2 days ago by someone@example.com).`, key.ID, status)
		if status == simulator.StatusDeleting {
			want = ""
		}
		if !strings.HasPrefix(said, want) || (said == "") != (want == "") || want != "" && !strings.Contains(said, "unless this run deletes or replaces that key") {
			t.Errorf("%s: %s", status, said)
		}
	}
}

// TestPreflight_RolesThatWriteKeys knows them by key or name, in any spelling, and
// by nothing else.
func TestPreflight_RolesThatWriteKeys(t *testing.T) {
	for label, want := range map[string]bool{
		"admin": true, "Data Admin": true, "DATA_ADMIN": true, "data-admin": true, "Read Only": false, "Administrator": false, "topic-admin": false, "": false,
	} {
		for role, as := range map[string]simulator.Role{"key": {ID: "role", Key: label, Name: "Other"}, "name": {ID: "role", Key: "OTHER", Name: label}} {
			as.Permissions = []string{"project-keys:write"}
			p := checking(t, simulator.New(simulator.Config{Roles: []simulator.Role{{ID: "first", Name: "Viewer"}, as}}))
			said := toldBy(p.plan(nil, values{
				"name": stringOf("orders"), "role_ids": setOf(stringOf("first"), stringOf("role")), "mcp": p.nested("mcp", values{"tool_profile": stringOf("read-only")}),
			}, nil).Diagnostics)
			if got := strings.Count(said, "Role can step around the scope"); got > 1 || (got == 1) != want {
				t.Errorf("%s %q: %s", role, label, said)
			}
		}
	}
}
