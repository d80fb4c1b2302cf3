// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// readDialects are services that tell the same in other words.
var readDialects = map[string]simulator.Dialect{
	"as documented": {},
	"in other words": {
		ACLName: simulator.ACLNameTopicName, ACLOrder: simulator.ACLOrderShuffled, ACLResource: simulator.ACLResourceAbsentWhenTopic,
		WhitelistForm: simulator.WhitelistSpaced, RoleOrder: simulator.RoleOrderShuffled, EmptyValues: simulator.EmptyBoth, ExtraFields: simulator.ExtraSome,
		Token: simulator.TokenSnake, PermissionRoles: simulator.PermissionRolesNull,
	},
}

func seedFullKey(s *acctest.Service) simulator.Key {
	return s.Seed(simulator.Key{
		Name:          "orders",
		Description:   "Reads the orders",
		CreatedBy:     "someone",
		CreatedAt:     time.Date(2026, time.March, 26, 15, 21, 16, 354052000, time.UTC),
		LastUsedAt:    time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC),
		RoleIDs:       []string{simulator.RoleReadOnly, simulator.RoleAdmin},
		APIClientID:   "client-of-orders",
		KafkaUsername: "orders-consumer",
		ACLs: []simulator.ACL{
			{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"},
			{Name: "orders", Resource: "GROUP", Operation: "READ", PatternType: "LITERAL"},
		},
		WhitelistIPs:   []string{"10.0.0.0/8", "192.168.1.10"},
		SchemaRegistry: true,
		ToolProfile:    "agent-operator",
		AllowedTools:   []string{"b", "a"},
		BlockedTools:   []string{"streamkap_delete_pipeline"},
	})
}

func textsAre(items ...string) []knownvalue.Check {
	checks := make([]knownvalue.Check, len(items))
	for i, item := range items {
		checks[i] = knownvalue.StringExact(item)
	}
	return checks
}

func objectIs(attributes map[string]any) knownvalue.Check {
	checks := make(map[string]knownvalue.Check, len(attributes))
	for name, value := range attributes {
		switch value := value.(type) {
		case nil:
			checks[name] = knownvalue.Null()
		case string:
			checks[name] = knownvalue.StringExact(value)
		case knownvalue.Check:
			checks[name] = value
		}
	}
	return knownvalue.ObjectExact(checks)
}

func roleObject(id, key, name string, description any, permissions ...string) knownvalue.Check {
	return objectIs(map[string]any{"id": id, "key": key, "name": name, "description": description, "permissions": knownvalue.SetExact(textsAre(permissions...))})
}

// valuesAre checks attributes of one address; nil stands for null.
func valuesAre(address string, attributes map[string]any) []statecheck.StateCheck {
	var checks []statecheck.StateCheck
	for name, value := range attributes {
		var check knownvalue.Check
		switch value := value.(type) {
		case nil:
			check = knownvalue.Null()
		case string:
			check = knownvalue.StringExact(value)
		case knownvalue.Check:
			check = value
		}
		checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(name), check))
	}
	return checks
}

// configAs is a configuration in which the provider uses other credentials.
func configAs(s *acctest.Service, clientID, secret, body string) string {
	return strings.NewReplacer(simulator.DefaultSecret, secret, simulator.DefaultClientID, clientID).Replace(s.Config(body))
}

// noSecrets fails where a state holds anything that the service has issued.
type noSecrets struct{ service *acctest.Service }

func (c noSecrets) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	state, err := json.Marshal(req.State)
	if err != nil {
		resp.Error = err
		return
	}
	for _, secret := range c.service.Secrets() {
		if strings.Contains(string(state), secret) {
			resp.Error = fmt.Errorf("the state holds the secret %q", secret)
		}
	}
}

func TestAccProjectKeyDataSourceTellsAllThatCanBeRead(t *testing.T) {
	for name, dialect := range readDialects {
		t.Run(name, func(t *testing.T) {
			s := acctest.StartAsDocumented(t, simulator.Config{Dialect: dialect, TokenLifetime: 2 * time.Hour})
			full := seedFullKey(s)
			expected := map[string]any{
				"id":                full.ID,
				"name":              "orders",
				"description":       "Reads the orders",
				"status":            "active",
				"service_id":        simulator.DefaultServiceID,
				"created_at":        "2026-03-26T15:21:16.354052Z",
				"created_by":        objectIs(map[string]any{"id": "someone", "email": "someone@example.com", "name": "someone"}),
				"last_used_at":      "2026-04-01T00:00:00.000000Z",
				"token_ttl_seconds": knownvalue.Int64Exact(7200),
				"api":               objectIs(map[string]any{"client_id": "client-of-orders", "masked_secret": knownvalue.StringRegexp(regexp.MustCompile(`^\*{8}`))}),
				"roles": knownvalue.ListExact([]knownvalue.Check{
					roleObject(simulator.RoleAdmin, "admin", "Admin", "Everything", simulator.PermissionReadKeys, simulator.PermissionWriteKeys, simulator.PermissionReadRoles, simulator.PermissionTenant),
					roleObject(simulator.RoleReadOnly, "read-only", "Read Only", nil, simulator.PermissionReadKeys, simulator.PermissionReadRoles),
				}),
				"kafka": objectIs(map[string]any{
					"username":      "orders-consumer",
					"whitelist_ips": knownvalue.SetExact(textsAre("10.0.0.0/8", "192.168.1.10")),
					"acls": knownvalue.ListExact([]knownvalue.Check{
						objectIs(map[string]any{"name": "orders", "resource": "GROUP", "operation": "READ", "pattern_type": "LITERAL"}),
						objectIs(map[string]any{"name": "orders.", "resource": "TOPIC", "operation": "READ", "pattern_type": "PREFIXED"}),
					}),
					"proxy_endpoint":        knownvalue.StringRegexp(regexp.MustCompile(`:32400$`)),
					"schema_proxy_endpoint": knownvalue.StringRegexp(regexp.MustCompile(`:32400$`)),
				}),
				"mcp": objectIs(map[string]any{
					"tool_profile":  "agent-operator",
					"allowed_tools": knownvalue.SetExact(textsAre("a", "b")),
					"blocked_tools": knownvalue.SetExact(textsAre("streamkap_delete_pipeline")),
				}),
			}
			scenario(t, resource.TestStep{
				Config: s.Config(`
data "streamkap_project_key" "by_id" {
  id = "` + full.ID + `"
}

data "streamkap_project_key" "by_name" {
  name = "orders"
}
`),
				ConfigStateChecks: append(append(valuesAre("data.streamkap_project_key.by_id", expected),
					valuesAre("data.streamkap_project_key.by_name", expected)...), noSecrets{s}),
			})
		})
	}
}

func TestAccDataSourcesShowTheSameForEveryFormOfEmpty(t *testing.T) {
	for _, empty := range []simulator.EmptyValues{simulator.EmptyNull, simulator.EmptyBoth} {
		t.Run(string(empty), func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{EmptyValues: empty}})
			api := s.Seed(simulator.Key{Name: "api", PermissionIDs: []string{"a"}, CreatedAt: time.Unix(1, 0)})
			kafka := s.Seed(simulator.Key{Name: "kafka", KafkaUsername: "orders", CreatedAt: time.Unix(2, 0)})
			unset := map[string]any{"description": nil, "last_used_at": nil, "roles": knownvalue.ListSizeExact(0), "mcp": nil}
			var checks []statecheck.StateCheck
			checks = append(checks, valuesAre("data.streamkap_project_key.api", unset)...)
			checks = append(checks, valuesAre("data.streamkap_project_key.api", map[string]any{"kafka": nil})...)
			checks = append(checks, valuesAre("data.streamkap_project_key.kafka", unset)...)
			checks = append(checks, valuesAre("data.streamkap_project_key.kafka", map[string]any{
				"api": nil,
				"kafka": knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"whitelist_ips": knownvalue.Null(), "acls": knownvalue.ListSizeExact(0), "schema_proxy_endpoint": knownvalue.Null(),
				}),
			})...)
			checks = append(checks, valuesAre("data.streamkap_mcp_config.api", map[string]any{
				"project_key_id": api.ID, "tenant_id": simulator.DefaultTenantID, "service_id": simulator.DefaultServiceID,
				"kafka_username": nil, "tool_profile": nil, "allowed_tools": nil, "blocked_tools": nil,
			})...)
			row := func(name string) knownvalue.Check {
				return knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"name": knownvalue.StringExact(name), "description": knownvalue.Null(), "last_used_at": knownvalue.Null(),
					"roles": knownvalue.ListSizeExact(0), "mcp": knownvalue.Null(),
				})
			}
			checks = append(checks, valuesAre("data.streamkap_project_keys.all", map[string]any{
				"project_keys": knownvalue.ListExact([]knownvalue.Check{row("api"), row("kafka")}),
			})...)
			scenario(t, resource.TestStep{
				Config: s.Config(`
data "streamkap_project_key" "api" {
  id = "` + api.ID + `"
}

data "streamkap_project_key" "kafka" {
  id = "` + kafka.ID + `"
}

data "streamkap_mcp_config" "api" {
  project_key_id = "` + api.ID + `"
}

data "streamkap_project_keys" "all" {}
`),
				ConfigStateChecks: checks,
			})
		})
	}
}

func TestAccKafkaOnlyKeyShowsNoScopeInItsDataSource(t *testing.T) {
	s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{DefaultScope: simulator.ScopeFull}})
	s.Seed(simulator.Key{Name: "kafka", KafkaUsername: "orders"})
	scenario(t, resource.TestStep{
		Config:            s.Config("data \"streamkap_project_key\" \"test\" {\nname = \"kafka\"\n}"),
		ConfigStateChecks: valuesAre("data.streamkap_project_key.test", map[string]any{"mcp": nil}),
	})
}

func TestAccProjectKeyDataSourceFindsANameExactlyAndInItsOwnProject(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	wanted := s.Seed(simulator.Key{Name: "orders.v1", RoleIDs: []string{simulator.RoleAdmin}})
	s.Seed(simulator.Key{Name: "orders.v1", ServiceID: "another-project", RoleIDs: []string{simulator.RoleAdmin}})
	for _, similar := range []string{"ordersXv1", "Orders.v1", "orders.v1 ", "my-orders.v1"} {
		s.Seed(simulator.Key{Name: similar, RoleIDs: []string{simulator.RoleAdmin}})
	}
	scenario(t, resource.TestStep{
		Config:            s.Config("data \"streamkap_project_key\" \"test\" {\nname = \"orders.v1\"\n}"),
		ConfigStateChecks: valuesAre("data.streamkap_project_key.test", map[string]any{"id": wanted.ID}),
	})
}

func TestAccProjectKeyDataSourceRefusesAnAmbiguousName(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	first := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, CreatedAt: time.Unix(1, 0)})
	second := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, CreatedAt: time.Unix(2, 0)})
	scenario(t, resource.TestStep{
		Config:      s.Config("data \"streamkap_project_key\" \"test\" {\nname = \"orders\"\n}"),
		ExpectError: regexp.MustCompile(`(?s)Several project keys match.*name = "orders".*` + first.ID + `.*` + second.ID),
	})
}

// unfound are look-ups that fail, and what they are answered.
var unfound = []struct {
	name, body, at, says string
}{
	{"no such name", "data \"streamkap_project_key\" \"test\" {\nname = \"nobody\"\n}", `name = "nobody"`, `has no project key named "nobody"`},
	{"no such id", "data \"streamkap_project_key\" \"test\" {\nid = \"nobody\"\n}", `id = "nobody"`, `There is no project key with the id "nobody"`},
	{"no such id for its scope", "data \"streamkap_mcp_config\" \"test\" {\nproject_key_id = \"nobody\"\n}", `project_key_id = "nobody"`, `There is no project key with the id "nobody"`},
}

func TestAccProjectKeyDataSourceSaysThatThereIsNoSuchKey(t *testing.T) {
	for _, gone := range []simulator.GoneAnswer{simulator.Gone404, simulator.Gone400} {
		for _, lookUp := range unfound {
			t.Run(string(gone)+" "+lookUp.name, func(t *testing.T) {
				s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{Gone: gone}})
				scenario(t, resource.TestStep{Config: s.Config(lookUp.body), ExpectError: pointingAt(lookUp.at, lookUp.says)})
			})
		}
	}
}

// misconfigured are arguments of data sources that are refused without a
// request.
var misconfigured = []struct {
	name, body, says string
}{
	{"neither id nor name", `data "streamkap_project_key" "test" {}`, "Exactly one of these attributes must be configured: [id,name]"},
	{"both id and name", "data \"streamkap_project_key\" \"test\" {\nid = \"a\"\nname = \"b\"\n}", "Exactly one of these attributes must be configured: [id,name]"},
	{"empty id", "data \"streamkap_project_key\" \"test\" {\nid = \"\"\n}", "Not the id of a project key"},
	{"empty name", "data \"streamkap_project_key\" \"test\" {\nname = \"\"\n}", "length must be at least 1"},
	{"empty id for its scope", "data \"streamkap_mcp_config\" \"test\" {\nproject_key_id = \"\"\n}", "Not the id of a project key"},
	{"no duration", "data \"streamkap_project_keys\" \"test\" {\nunused_for = \"90d\"\n}", "is no duration such as 2160h"},
	{"no length", "data \"streamkap_project_keys\" \"test\" {\nunused_for = \"0h\"\n}", "has to be longer than none"},
	{"no regular expression", "data \"streamkap_project_keys\" \"test\" {\nname_regex = \"orders(\"\n}", "missing closing )"},
}

func TestAccDataSourcesRefuseWhatCannotBeAtPlan(t *testing.T) {
	for _, refusal := range misconfigured {
		t.Run(refusal.name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			scenario(t, resource.TestStep{Config: s.Config(refusal.body), PlanOnly: true, ExpectError: pointingAt("", refusal.says)})
			if made := s.Requests(); len(made) != 0 {
				t.Errorf("the plan made %d requests", len(made))
			}
		})
	}
}

func TestAccDataSourcesWaitForArgumentsThatAreNotKnownYet(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	wanted := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	scenario(t, resource.TestStep{
		Config: s.Config(`
resource "terraform_data" "later" {
  input = { id = "` + wanted.ID + `", name = "orders" }
}

data "streamkap_project_key" "by_id" {
  id = terraform_data.later.output.id
}

data "streamkap_project_key" "by_name" {
  name = terraform_data.later.output.name
}

data "streamkap_project_keys" "test" {
  name_regex = terraform_data.later.output.name
  status     = terraform_data.later.output.name == "orders" ? "active" : "failed"
}

data "streamkap_mcp_config" "test" {
  project_key_id = terraform_data.later.output.id
}
`),
		ConfigStateChecks: append(
			valuesAre("data.streamkap_project_key.by_name", map[string]any{"id": wanted.ID}),
			valuesAre("data.streamkap_project_keys.test", map[string]any{"project_keys": knownvalue.ListSizeExact(1)})...),
	})
}

func TestAccProjectKeysDataSourceChoosesByEveryArgument(t *testing.T) {
	s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{Status: simulator.StatusTitle}})
	ids := map[string]string{}
	for i, key := range []simulator.Key{
		{Name: "orders-b", Status: simulator.StatusDeleteFailed},
		{Name: "orders-a"},
		{Name: "billing"},
		{Name: "orders-c", ServiceID: "another-project"},
	} {
		// The last one seeded is the oldest.
		key.CreatedAt, key.RoleIDs = time.Unix(int64(100-i), 0), []string{simulator.RoleAdmin}
		ids[key.Name] = s.Seed(key).ID
	}
	chosen := func(names ...string) map[string]any {
		rows := make([]knownvalue.Check, len(names))
		for i, name := range names {
			rows[i] = knownvalue.ObjectPartial(map[string]knownvalue.Check{"id": knownvalue.StringExact(ids[name]), "name": knownvalue.StringExact(name)})
		}
		return map[string]any{"project_keys": knownvalue.ListExact(rows)}
	}
	var checks []statecheck.StateCheck
	for name, expected := range map[string]map[string]any{
		"all":     chosen("orders-c", "billing", "orders-a", "orders-b"),
		"regex":   chosen("orders-c", "orders-a", "orders-b"),
		"status":  chosen("orders-b"),
		"project": chosen("orders-c"),
		"both":    chosen("orders-a"),
		"none":    chosen(),
	} {
		checks = append(checks, valuesAre("data.streamkap_project_keys."+name, expected)...)
	}
	scenario(t, resource.TestStep{
		Config: s.Config(`
data "streamkap_project_keys" "all" {}

data "streamkap_project_keys" "regex" {
  name_regex = "^orders-"
}

data "streamkap_project_keys" "status" {
  status = "delete-failed"
}

data "streamkap_project_keys" "project" {
  service_id = "another-project"
}

data "streamkap_project_keys" "both" {
  name_regex = "orders"
  status     = "ACTIVE"
  service_id = "` + simulator.DefaultServiceID + `"
}

data "streamkap_project_keys" "none" {
  name_regex = "nobody"
}
`),
		ConfigStateChecks: append(checks, noSecrets{s}),
	})
}

func TestAccProjectKeysDataSourceFindsKeysThatNobodyUses(t *testing.T) {
	for _, empty := range []simulator.EmptyValues{simulator.EmptyNull, simulator.EmptyString} {
		t.Run(string(empty), func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{EmptyValues: empty}})
			now := time.Now()
			old, recent := now.Add(-100*24*time.Hour), now.Add(-time.Hour)
			for i, key := range []simulator.Key{
				{Name: "never used", CreatedAt: old},
				{Name: "used long ago", CreatedAt: old.Add(-time.Hour), LastUsedAt: old},
				{Name: "used lately", CreatedAt: old, LastUsedAt: recent},
				{Name: "new", CreatedAt: recent},
			} {
				key.ID, key.RoleIDs = strconv.Itoa(i), []string{simulator.RoleAdmin}
				s.Seed(key)
			}
			row := func(name string, used knownvalue.Check) knownvalue.Check {
				return knownvalue.ObjectPartial(map[string]knownvalue.Check{"name": knownvalue.StringExact(name), "last_used_at": used, "created_by": knownvalue.NotNull()})
			}
			scenario(t, resource.TestStep{
				Config: s.Config("data \"streamkap_project_keys\" \"test\" {\nunused_for = \"2160h\"\n}"),
				ConfigStateChecks: valuesAre("data.streamkap_project_keys.test", map[string]any{"project_keys": knownvalue.ListExact([]knownvalue.Check{
					row("used long ago", knownvalue.NotNull()), row("never used", knownvalue.Null()),
				})}),
			})
		})
	}
}

func TestAccMCPConfigDataSourceTellsTheScope(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	full := seedFullKey(s)
	scenario(t, resource.TestStep{
		Config: s.Config("data \"streamkap_mcp_config\" \"test\" {\nproject_key_id = \"" + full.ID + "\"\n}"),
		ConfigStateChecks: valuesAre("data.streamkap_mcp_config.test", map[string]any{
			"project_key_id": full.ID,
			"tenant_id":      simulator.DefaultTenantID,
			"service_id":     simulator.DefaultServiceID,
			"kafka_username": "orders-consumer",
			"tool_profile":   "agent-operator",
			"allowed_tools":  knownvalue.SetExact(textsAre("a", "b")),
			"blocked_tools":  knownvalue.SetExact(textsAre("streamkap_delete_pipeline")),
		}),
	})
}

func TestAccProjectKeyDataSourceNamesTheMissingPermission(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	s.AddClient("nobody", "not-a-secret")
	var steps []resource.TestStep
	for _, body := range []string{
		"data \"streamkap_project_key\" \"test\" {\nid = \"a\"\n}",
		"data \"streamkap_project_key\" \"test\" {\nname = \"a\"\n}",
		`data "streamkap_project_keys" "test" {}`,
		"data \"streamkap_mcp_config\" \"test\" {\nproject_key_id = \"a\"\n}",
	} {
		steps = append(steps, resource.TestStep{
			Config:      configAs(s, "nobody", "not-a-secret", body),
			ExpectError: pointingAt("", "lack the permission to read Project Keys"),
		})
	}
	scenario(t, steps...)
}
