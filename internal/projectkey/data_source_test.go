// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// data reads a data source. It returns its attributes, or what went wrong.
func (p *protocol) data(name string, arguments values) (read values, said string) {
	p.t.Helper()
	schema := p.schemas.DataSourceSchemas[name]
	config := p.object(schema, arguments)
	validated, err := p.server.ValidateDataResourceConfig(p.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
	p.check(err, nil)
	if len(validated.Diagnostics) > 0 {
		return nil, toldBy(validated.Diagnostics)
	}
	answer, err := p.server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
	p.check(err, nil)
	if len(answer.Diagnostics) > 0 {
		return nil, toldBy(answer.Diagnostics)
	}
	return attributesOf(p.t, p.decode(schema.ValueType(), answer.State)), ""
}

func TestDataSource_NameMatchesExactlyInOwnProject(t *testing.T) {
	s := simulator.New(simulator.Config{Projects: []simulator.Project{{ServiceID: otherProject, ClientID: "another", Secret: "another-not-real"}}})
	key := s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders"})
	s.Seed(simulator.Key{Name: "Orders", KafkaUsername: "other-orders"})
	s.Seed(simulator.Key{Name: "orders", KafkaUsername: "their-orders", ServiceID: otherProject})
	twins := []simulator.Key{s.Seed(simulator.Key{Name: "twin", KafkaUsername: "twin-1"}), s.Seed(simulator.Key{Name: "twin", KafkaUsername: "twin-2", CreatedAt: time.Unix(0, 0)})}
	p := reading(t, s)
	if read, said := p.data("streamkap_project_key", values{"name": stringOf("orders")}); said != "" || textOf(t, read, "id") != key.ID {
		t.Errorf("%v %s", read, said)
	}
	for name, says := range map[string][]string{
		"order": {"No such project key", simulator.DefaultServiceID, `no project key named "order"`},
		"twin":  {"Several project keys match", "There are 2 project keys", "\n  - " + twins[1].ID + ", status", "1970-01-01T00:00:00", "\n  - " + twins[0].ID},
		"":      {"string length must be at least 1"},
	} {
		_, said := p.data("streamkap_project_key", values{"name": stringOf(name)})
		for _, text := range says {
			if !strings.Contains(said, text) {
				t.Errorf("%q: %s", name, said)
			}
		}
	}
	s.Inject(simulator.Fault{Method: "GET", Path: "/auth/whoami", Status: 200, Body: `{"tenant_id": "t", "service_id": null, "sub": "s", "token_type": "tenant"}`})
	if _, said := reading(t, s).data("streamkap_project_key", values{"name": stringOf("orders")}); !strings.Contains(said, "does not say which project the credentials belong to") || strings.Contains(said, "state rm") {
		t.Errorf("where the project is not told: %s", said)
	}
	for path, says := range map[string]string{
		"/auth/whoami":  `Could not find project key "orders", because the project of the provider's credentials could not be read.`,
		"/project-keys": "Could not list the project keys.",
	} {
		s.Inject(simulator.Fault{Method: "GET", Path: path, Status: 403})
		if _, said := reading(t, s).data("streamkap_project_key", values{"name": stringOf("orders")}); !strings.Contains(said, says) || !strings.Contains(said, "the permission to read Project Keys") {
			t.Errorf("%s: %s", path, said)
		}
	}
}

func TestDataSource_ReadByID(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := reading(t, s)
	if read, said := p.data("streamkap_project_key", values{"id": stringOf(key.ID)}); said != "" || textOf(t, read, "name") != "orders" {
		t.Errorf("%v %s", read, said)
	}
	for name, test := range map[string]struct {
		arguments values
		says      string
	}{
		"an id that no key has":      {values{"id": stringOf("no-such-key")}, `There is no project key with the id "no-such-key"`},
		"an id that no key can have": {values{"id": stringOf("../roles")}, "id"},
		"both":                       {values{"id": stringOf(key.ID), "name": stringOf("orders")}, "Exactly one of these attributes must be configured"},
		"neither":                    {nil, "Exactly one of these attributes must be configured"},
	} {
		if _, said := p.data("streamkap_project_key", test.arguments); !strings.Contains(said, test.says) {
			t.Errorf("%s: %s", name, said)
		}
	}
	s.Inject(simulator.Fault{Method: "GET", Path: "/project-keys/*", Status: 403, Body: `{"detail": "No."}`})
	if _, said := p.data("streamkap_project_key", values{"id": stringOf(key.ID)}); !strings.Contains(said, "Could not read project key "+key.ID+".") || !strings.Contains(said, "the permission to read Project Keys") {
		t.Error(said)
	}
}

// TestDataSource_AllDetailShown reads keys of every kind: what a key has
// not is null, and not empty.
func TestDataSource_AllDetailShown(t *testing.T) {
	s := simulator.New(simulator.Config{})
	p := reading(t, s)
	for name, test := range map[string]struct {
		key  simulator.Key
		has  []string
		none []string
	}{
		"for the API":    {simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}}, []string{"api", "roles", "created_by", "token_ttl_seconds"}, []string{"kafka", "mcp"}},
		"for Kafka":      {simulator.Key{Name: "orders", KafkaUsername: "orders", ToolProfile: "read-only"}, []string{"kafka"}, []string{"api", "mcp"}},
		"for agents":     {simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, ToolProfile: "read-only"}, []string{"api", "mcp"}, []string{"kafka"}},
		"not restricted": {simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, ToolProfile: "full"}, []string{"api"}, []string{"kafka", "mcp"}},
	} {
		read, said := p.data("streamkap_project_key", values{"id": stringOf(s.Seed(test.key).ID)})
		for _, attribute := range test.has {
			if said != "" || read[attribute].IsNull() {
				t.Errorf("%s: %s is null, %s", name, attribute, said)
			}
		}
		for _, attribute := range test.none {
			if !read[attribute].IsNull() {
				t.Errorf("%s: %s is %s", name, attribute, read[attribute])
			}
		}
	}
	key := s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders-2", ACLs: []simulator.ACL{
		{Name: "b", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}, {Name: "a", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"},
	}})
	for id, want := range map[string][]string{key.ID: {"a", "b"}, s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders-3"}).ID: {}} {
		read, said := p.data("streamkap_project_key", values{"id": stringOf(id)})
		if said != "" {
			t.Fatal(said)
		}
		var rules []tftypes.Value
		if err := attributesOf(t, read["kafka"])["acls"].As(&rules); err != nil || rules == nil {
			t.Fatalf("the rules are %v, %v", rules, err)
		}
		names := []string{}
		for _, rule := range rules {
			names = append(names, textOf(t, attributesOf(t, rule), "name"))
		}
		if !slices.Equal(names, want) {
			t.Errorf("the rules are %q, expected %q", names, want)
		}
	}
}

// TestDataSource_MissingValuesNull has answers without what others tell.
// leavesOf are the texts and numbers in a value by their paths. Sets are sorted.
func leavesOf(t *testing.T, at string, value tftypes.Value, leaves map[string]string) {
	t.Helper()
	var text string
	var number *big.Float
	var items []tftypes.Value
	var members values
	switch {
	case value.IsNull():
	case value.As(&text) == nil:
		leaves[at] = text
	case value.As(&number) == nil:
		leaves[at] = number.String()
	case value.As(&members) == nil:
		for name, member := range members {
			leavesOf(t, at+"."+name, member, leaves)
		}
	case value.As(&items) == nil:
		if value.Type().Is(tftypes.Set{}) {
			slices.SortFunc(items, func(a, b tftypes.Value) int { return strings.Compare(a.String(), b.String()) })
		}
		for i, item := range items {
			leavesOf(t, fmt.Sprintf("%s.%d", at, i), item, leaves)
		}
	}
}

// TestDataSource_EveryValue reads one key from services that show it in other words.
func TestDataSource_EveryValue(t *testing.T) {
	want := map[string]string{
		".id": "full", ".name": "orders", ".description": "Reads the orders", ".status": "active", ".service_id": simulator.DefaultServiceID,
		".created_at": "2026-03-26T15:21:16.354052Z", ".last_used_at": "2026-04-01T00:00:00.000000Z", ".token_ttl_seconds": "7200",
		".created_by.id": "someone", ".created_by.email": "someone@example.com", ".created_by.name": "someone",
		".api.client_id": "client-of-orders", ".api.masked_secret": "",
		".roles.0.id": simulator.RoleAdmin, ".roles.0.key": "admin", ".roles.0.name": "Admin", ".roles.0.description": "Everything",
		".roles.1.id": simulator.RoleReadOnly, ".roles.1.key": "read-only", ".roles.1.name": "Read Only",
		".kafka.username": "orders-consumer", ".kafka.whitelist_ips.0": "10.0.0.0/8", ".kafka.whitelist_ips.1": "192.168.1.10",
		".kafka.acls.0.name": "orders", ".kafka.acls.0.resource": "GROUP", ".kafka.acls.0.operation": "READ", ".kafka.acls.0.pattern_type": "LITERAL",
		".kafka.acls.1.name": "orders.", ".kafka.acls.1.resource": "TOPIC", ".kafka.acls.1.operation": "READ", ".kafka.acls.1.pattern_type": "PREFIXED",
		".kafka.proxy_endpoint": "", ".kafka.schema_proxy_endpoint": "",
		".mcp.tool_profile": "agent-operator", ".mcp.allowed_tools.0": "a", ".mcp.allowed_tools.1": "b", ".mcp.blocked_tools.0": "streamkap_delete_pipeline",
	}
	for name, dialect := range readDialects {
		s := simulator.New(simulator.Config{Dialect: dialect, TokenLifetime: 2 * time.Hour})
		s.Seed(simulator.Key{
			ID: "full", Name: "orders", Description: "Reads the orders", CreatedBy: "someone",
			CreatedAt:  time.Date(2026, time.March, 26, 15, 21, 16, 354052000, time.UTC),
			LastUsedAt: time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC),
			RoleIDs:    []string{simulator.RoleReadOnly, simulator.RoleAdmin}, APIClientID: "client-of-orders", KafkaUsername: "orders-consumer",
			ACLs: []simulator.ACL{
				{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"},
				{Name: "orders", Resource: "GROUP", Operation: "READ", PatternType: "LITERAL"},
			},
			WhitelistIPs: []string{"10.0.0.0/8", "192.168.1.10"}, SchemaRegistry: true,
			ToolProfile: "agent-operator", AllowedTools: []string{"b", "a"}, BlockedTools: []string{"streamkap_delete_pipeline"},
		})
		read, said := reading(t, s).data("streamkap_project_key", values{"id": stringOf("full")})
		got := map[string]string{}
		for attribute, value := range read {
			leavesOf(t, "."+attribute, value, got)
		}
		for at, text := range got {
			if slices.Contains(s.Secrets(), text) {
				t.Errorf("%s: %s is a secret", name, at)
			}
			// Addresses and masked secrets are the simulator's to choose.
			if expected, there := want[at]; expected != "" && text != expected || !there && !strings.Contains(at, ".permissions.") {
				t.Errorf("%s: %s is %q, expected %q", name, at, text, expected)
			}
		}
		for at := range want {
			if got[at] == "" {
				t.Errorf("%s: %s is missing, %s", name, at, said)
			}
		}
	}
}

func TestDataSource_MissingValuesNull(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := reading(t, s)
	for answer, attribute := range map[string]string{
		`{"created_by_user": null}`:                     "created_by",
		`{"created_by_user": {"id": "", "name": null}}`: "created_by",
		`{"token_ttl_seconds": null}`:                   "token_ttl_seconds",
		`{"description": ""}`:                           "description",
	} {
		s.Inject(simulator.Fault{Method: "GET", Path: "/project-keys/*", Set: answer})
		if read, said := p.data("streamkap_project_key", values{"id": stringOf(key.ID)}); said != "" || !read[attribute].IsNull() {
			t.Errorf("%s: %s is %s, %s", answer, attribute, read[attribute], said)
		}
	}
}

func TestDataSourceKeys_FilteredByEveryArgument(t *testing.T) {
	s := simulator.New(simulator.Config{Projects: []simulator.Project{{ServiceID: otherProject, ClientID: "another", Secret: "another-not-real"}}})
	day := 24 * time.Hour
	ago := func(days time.Duration) time.Time { return time.Now().Add(-days * day) }
	for _, key := range []simulator.Key{
		{Name: "orders", KafkaUsername: "orders", CreatedAt: ago(100), LastUsedAt: ago(1)},
		{Name: "orders-unused", RoleIDs: []string{simulator.RoleAdmin}, CreatedAt: ago(200)},
		{Name: "billing", KafkaUsername: "billing", CreatedAt: ago(50), Status: simulator.StatusFailed},
		{Name: "orders-of-others", KafkaUsername: "orders-of-others", CreatedAt: ago(300), LastUsedAt: ago(95), ServiceID: otherProject},
	} {
		s.Seed(key)
	}
	p := reading(t, s)
	for name, test := range map[string]struct {
		arguments values
		want      []string
	}{
		"all, the oldest first": {nil, []string{"orders-of-others", "orders-unused", "orders", "billing"}},
		"by name":               {values{"name_regex": stringOf("^orders")}, []string{"orders-of-others", "orders-unused", "orders"}},
		"by status":             {values{"status": stringOf("Failed")}, []string{"billing"}},
		"by project":            {values{"service_id": stringOf(otherProject)}, []string{"orders-of-others"}},
		"by use":                {values{"unused_for": stringOf("2160h")}, []string{"orders-of-others", "orders-unused"}},
		"by a long use":         {values{"unused_for": stringOf("2400h1m")}, []string{"orders-unused"}},
		"by several":            {values{"name_regex": stringOf("unused"), "unused_for": stringOf("1h"), "status": stringOf("Active")}, []string{"orders-unused"}},
		"none":                  {values{"name_regex": stringOf("^$")}, []string{}},
	} {
		read, said := p.data("streamkap_project_keys", test.arguments)
		if said != "" {
			t.Fatalf("%s: %s", name, said)
		}
		var rows []tftypes.Value
		if err := read["project_keys"].As(&rows); err != nil {
			t.Fatal(err)
		}
		names := []string{}
		for _, row := range rows {
			attributes := attributesOf(t, row)
			names = append(names, textOf(t, attributes, "name"))
			if kafka := attributes["kafka"]; kafka.IsNull() == attributes["api"].IsNull() {
				t.Errorf("%s has Kafka access %s, and access to the API %s", names, kafka, attributes["api"])
			}
		}
		if !slices.Equal(names, test.want) {
			t.Errorf("%s: %q, expected %q", name, names, test.want)
		}
	}
	for arguments, says := range map[*values]string{
		{"name_regex": stringOf("(")}:    "Invalid regular expression",
		{"unused_for": stringOf("90d")}:  "Invalid duration",
		{"unused_for": stringOf("-10h")}: "Invalid duration",
	} {
		if _, said := p.data("streamkap_project_keys", *arguments); !strings.Contains(said, says) {
			t.Errorf("%v: %s", slices.Collect(maps.Keys(*arguments)), said)
		}
	}
	s.Inject(simulator.Fault{Method: "GET", Path: "/project-keys", Status: 403})
	if _, said := p.data("streamkap_project_keys", nil); !strings.Contains(said, "Could not list the project keys.") {
		t.Error(said)
	}
}

func TestDataSourceMCPConfig_EnforcedScope(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: "orders", ToolProfile: "read-only", AllowedTools: []string{"a"}})
	p := reading(t, s)
	read, said := p.data("streamkap_mcp_config", values{"project_key_id": stringOf(key.ID)})
	if said != "" {
		t.Fatal(said)
	}
	for attribute, want := range map[string]string{
		"tenant_id": simulator.DefaultTenantID, "service_id": simulator.DefaultServiceID, "kafka_username": "orders", "tool_profile": "read-only",
	} {
		if got := textOf(t, read, attribute); got != want {
			t.Errorf("%s is %q, expected %q", attribute, got, want)
		}
	}
	if read["allowed_tools"].IsNull() || !read["blocked_tools"].IsNull() {
		t.Errorf("the tools are %s and %s", read["allowed_tools"], read["blocked_tools"])
	}
	if _, said := p.data("streamkap_mcp_config", values{"project_key_id": stringOf("no-such-key")}); !strings.Contains(said, "No such project key") {
		t.Error(said)
	}
}
