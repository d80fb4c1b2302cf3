// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const (
	otherProject = "0ther0000000000000000001"
	keysName     = "streamkap_project_keys"
	mcpName      = "streamkap_mcp_config"
)

// withOtherProject is a tenant with a second project.
var withOtherProject = simulator.Config{Projects: []simulator.Project{{ServiceID: otherProject, ClientID: "another", Secret: "another-not-real"}}}

// readDialects are services that tell the same in other words.
var readDialects = map[string]simulator.Dialect{
	"as documented": {},
	"in other words": {
		ACLName: "topic_name", ACLOrder: "shuffled", ACLResource: "absent-when-topic",
		WhitelistForm: "spaced", RoleOrder: "shuffled", EmptyValues: "both", ExtraFields: "some",
		Token: "snake", PermissionRoles: "null",
	},
}

func TestDataSource_InvalidArgumentsRefusedWithoutARequest(t *testing.T) {
	const either, noID = "Exactly one of these attributes must be configured: [id,name]", "Not the id of a project key"
	for name, test := range map[string]struct {
		source    string
		arguments values
		says      string
	}{
		"neither id nor name":     {typeName, nil, either},
		"both id and name":        {typeName, values{"id": "a", "name": "b"}, either},
		"an empty id":             {typeName, values{"id": ""}, noID},
		"an id that no key has":   {typeName, values{"id": "../roles"}, noID},
		"an empty name":           {typeName, values{"name": ""}, "length must be at least 1"},
		"an empty id for a scope": {mcpName, values{"project_key_id": ""}, noID},
		"no duration":             {keysName, values{"unused_for": "90d"}, `"90d" is not a duration such as 2160h`},
		"no length":               {keysName, values{"unused_for": "0h"}, "has to be longer than zero"},
		"no regular expression":   {keysName, values{"name_regex": "orders("}, "missing closing )"},
		"no status":               {keysName, values{"status": "Activ"}, `No project key has the status "Activ". A key is Active, Creating, Failed, Deleting or Delete Failed.`},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			_, said := connect(t, s).data(test.source, test.arguments)
			tells(t, said, test.says)
			if made := s.Requests(); len(made) != 0 {
				t.Errorf("%d requests are made", len(made))
			}
		})
	}
}

// TestDataSource_UnknownArgumentsAccepted has arguments that only an apply knows.
// Terraform reads such a data source then.
func TestDataSource_UnknownArgumentsAccepted(t *testing.T) {
	p := connect(t, simulator.New(simulator.Config{}))
	for name, arguments := range map[string]values{
		typeName + " by id": {"id": unknown}, typeName + " by name": {"name": unknown}, mcpName: {"project_key_id": unknown},
		keysName: {"name_regex": unknown, "status": unknown, "service_id": unknown, "unused_for": unknown},
	} {
		source, _, _ := strings.Cut(name, " ")
		validated, err := p.server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
			TypeName: source, Config: p.encode(p.schemas.DataSourceSchemas[source].ValueType(), arguments),
		})
		if p.check(err, nil); len(validated.Diagnostics) > 0 {
			t.Errorf("%s: %s", name, toldBy(validated.Diagnostics))
		}
	}
}

// TestDataSource_FailureSaysWhatCouldNotBeRead reads from a tenant with a key named
// orders, and with two that have one name.
func TestDataSource_FailureSaysWhatCouldNotBeRead(t *testing.T) {
	refused := func(path string) simulator.Fault { return simulator.Fault{Method: "GET", Path: path, Status: 403} }
	const permission = "the permission to read Project Keys"
	for name, test := range map[string]struct {
		source    string
		arguments values
		fault     simulator.Fault
		says      []string
	}{
		"no key of the id": {source: typeName, arguments: values{"id": "nobody"}, says: []string{`There is no project key with the id "nobody"`}},
		"a refusal":        {source: typeName, arguments: values{"id": "some-id"}, fault: refused("/project-keys/*"), says: []string{"Could not read project key some-id.", permission}},
		"no key of the name": {
			source: typeName, arguments: values{"name": "order"}, says: []string{"No such project key", simulator.DefaultServiceID, `no project key named "order"`},
		},
		"two keys of the name": {source: typeName, arguments: values{"name": "twin"}, says: []string{
			"Several project keys match", "There are 2 project keys", "\n  - project key \"twin\" (id older, status active, created at 1970-01-01T00:00:00", "\n  - project key \"twin\" (id newer",
		}},
		"credentials of no project": {
			source: typeName, arguments: values{"name": "orders"},
			fault: simulator.Fault{Method: "GET", Path: "/auth/whoami", Status: 200, Body: `{"tenant_id": "t", "service_id": null, "sub": "s", "token_type": "tenant"}`},
			says:  []string{"does not say which project the credentials belong to"},
		},
		"a refusal to say the project": {
			source: typeName, arguments: values{"name": "orders"}, fault: refused("/auth/whoami"),
			says: []string{`Could not find project key "orders", because the project of the provider's credentials could not be read.`, permission},
		},
		"a refused list for a name": {
			source: typeName, arguments: values{"name": "orders"}, fault: refused("/project-keys"), says: []string{"Could not list the project keys.", permission},
		},
		"a refused list":      {source: keysName, fault: refused("/project-keys"), says: []string{"Could not list the project keys.", permission}},
		"no key with a scope": {source: mcpName, arguments: values{"project_key_id": "nobody"}, says: []string{"No such project key"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := service(test.fault)
			s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders"})
			s.Seed(simulator.Key{ID: "newer", Name: "twin", KafkaUsername: "twin-1"})
			s.Seed(simulator.Key{ID: "older", Name: "twin", KafkaUsername: "twin-2", CreatedAt: time.Unix(0, 0)})
			_, said := connect(t, s).data(test.source, test.arguments)
			if tells(t, said, test.says...); strings.Contains(said, "state rm") {
				t.Errorf("no data source is in a state to remove it from: %s", said)
			}
		})
	}
}

func TestDataSourceKey_NameMatchesExactlyInOwnProject(t *testing.T) {
	s := simulator.New(withOtherProject)
	key := s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders"})
	s.Seed(simulator.Key{Name: "Orders", KafkaUsername: "other-orders"})
	s.Seed(simulator.Key{Name: "orders", KafkaUsername: "their-orders", ServiceID: otherProject})
	read, said := connect(t, s).data(typeName, values{"name": "orders"})
	if tells(t, said); read["id"] != key.ID {
		t.Errorf("it is the key %v", read["id"])
	}
}

// TestDataSource_NamesFoundHoweverTheyAreStored has a service that stores text
// decomposed. Terraform composes all text, so that no configuration could have the
// same.
func TestDataSource_NamesFoundHoweverTheyAreStored(t *testing.T) {
	const stored, written = "Pru\u0308fer", "Pr\u00fcfer"
	s := simulator.New(simulator.Config{Roles: []simulator.Role{{ID: "r", Key: "k" + stored, Name: stored}}})
	seeded := s.Seed(simulator.Key{ID: "k", Name: stored, RoleIDs: []string{"r"}, BlockedTools: []string{stored}, Description: stored})
	p := connect(t, s)
	for name, test := range map[string]struct {
		source    string
		arguments values
		id        string
	}{
		"a role by its key":  {"streamkap_role", values{"key": "k" + written}, "r"},
		"a role by its name": {"streamkap_role", values{"name": written}, "r"},
		"a key by its name":  {typeName, values{"name": written}, seeded.ID},
	} {
		t.Run(name, func(t *testing.T) {
			read, said := p.data(test.source, test.arguments)
			if tells(t, said); read["id"] != test.id || read["name"] != written {
				t.Errorf("found is %v", read)
			}
		})
	}
	for _, pattern := range []string{"^" + written + "$", "^Pr.fer$"} {
		t.Run("keys by "+pattern, func(t *testing.T) {
			if ids := p.listed(p.list(values{"name_regex": pattern}, false, 100)); !slices.Equal(ids, []string{seeded.ID}) {
				t.Errorf("listed are %v", ids)
			}
		})
	}
}

// TestDataSourceKey_MissingPartsNull reads keys of every kind: what a key has not is
// null, and not empty.
func TestDataSourceKey_MissingPartsNull(t *testing.T) {
	admin := []string{simulator.RoleAdmin}
	for name, test := range map[string]struct {
		key       simulator.Key
		answer    string
		has, none []string
	}{
		"for the API":     {simulator.Key{RoleIDs: admin}, "", []string{"api", "roles", "created_by", "token_ttl_seconds"}, []string{"kafka", "mcp"}},
		"for Kafka":       {simulator.Key{KafkaUsername: "orders", ToolProfile: "read-only"}, "", []string{"kafka"}, []string{"api", "mcp"}},
		"for agents":      {simulator.Key{RoleIDs: admin, ToolProfile: "read-only"}, "", []string{"api", "mcp"}, []string{"kafka"}},
		"not restricted":  {simulator.Key{RoleIDs: admin, ToolProfile: "full"}, "", []string{"api"}, []string{"kafka", "mcp"}},
		"of nobody":       {simulator.Key{RoleIDs: admin}, `{"created_by_user": null}`, nil, []string{"created_by"}},
		"of an empty one": {simulator.Key{RoleIDs: admin}, `{"created_by_user": {"id": "", "name": null}}`, nil, []string{"created_by"}},
		"of no lifetime":  {simulator.Key{RoleIDs: admin}, `{"token_ttl_seconds": null}`, nil, []string{"token_ttl_seconds"}},
		"not described":   {simulator.Key{RoleIDs: admin}, `{"description": ""}`, nil, []string{"description"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			if test.answer != "" {
				s.Inject(simulator.Fault{Method: "GET", Path: "/project-keys/*", Set: test.answer})
			}
			test.key.Name = "orders"
			read, said := connect(t, s).data(typeName, values{"id": s.Seed(test.key).ID})
			tells(t, said)
			for _, attribute := range test.has {
				if read[attribute] == nil {
					t.Errorf("%s is null", attribute)
				}
			}
			for _, attribute := range test.none {
				if read[attribute] != nil {
					t.Errorf("%s is %v", attribute, read[attribute])
				}
			}
		})
	}
}

func TestDataSourceKey_NoRulesAreAnEmptyList(t *testing.T) {
	s := simulator.New(simulator.Config{})
	read, said := connect(t, s).data(typeName, values{"id": s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders"}).ID})
	tells(t, said)
	if rules, is := under(read, "kafka")["acls"].([]any); !is || len(rules) > 0 {
		t.Errorf("the rules are %v", under(read, "kafka")["acls"])
	}
}

// leavesOf are the texts and numbers in a value by their paths.
func leavesOf(at string, value any, leaves map[string]string) {
	switch value := value.(type) {
	case nil:
	case values:
		for name, member := range value {
			leavesOf(at+"."+name, member, leaves)
		}
	case []any:
		for i, item := range value {
			leavesOf(fmt.Sprintf("%s.%d", at, i), item, leaves)
		}
	default:
		leaves[at] = fmt.Sprint(value)
	}
}

// TestDataSourceKey_EveryValue reads one key from services that show it in other words.
func TestDataSourceKey_EveryValue(t *testing.T) {
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
		t.Run(name, func(t *testing.T) {
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
			read, said := connect(t, s).data(typeName, values{"id": "full"})
			tells(t, said)
			got := map[string]string{}
			leavesOf("", read, got)
			for at, text := range got {
				if slices.Contains(s.Secrets(), text) {
					t.Errorf("%s is a secret", at)
				}
				// Addresses and masked secrets are the simulator's to choose.
				if expected, there := want[at]; expected != "" && text != expected || !there && !strings.Contains(at, ".permissions.") {
					t.Errorf("%s is %q, expected %q", at, text, expected)
				}
			}
			for at := range want {
				if got[at] == "" {
					t.Errorf("%s is missing", at)
				}
			}
		})
	}
}

func TestDataSourceKeys_FilteredByEveryArgument(t *testing.T) {
	s := simulator.New(withOtherProject)
	ago := func(days int) time.Time { return time.Now().AddDate(0, 0, -days) }
	for _, key := range []simulator.Key{
		{Name: "orders", KafkaUsername: "orders", CreatedAt: ago(100), LastUsedAt: ago(1)},
		{Name: "orders-unused", RoleIDs: []string{simulator.RoleAdmin}, CreatedAt: ago(200)},
		{Name: "billing", KafkaUsername: "billing", CreatedAt: ago(50), Status: simulator.StatusFailed},
		{Name: "orders-of-others", KafkaUsername: "orders-of-others", CreatedAt: ago(300), LastUsedAt: ago(95), ServiceID: otherProject},
	} {
		s.Seed(key)
	}
	p := connect(t, s)
	for name, test := range map[string]struct {
		arguments values
		want      []string
	}{
		"all, the oldest first": {nil, []string{"orders-of-others", "orders-unused", "orders", "billing"}},
		"by name":               {values{"name_regex": "^orders"}, []string{"orders-of-others", "orders-unused", "orders"}},
		"by status":             {values{"status": "Failed"}, []string{"billing"}},
		"by project":            {values{"service_id": otherProject}, []string{"orders-of-others"}},
		"by use":                {values{"unused_for": "2160h"}, []string{"orders-of-others", "orders-unused"}},
		"by a long use":         {values{"unused_for": "2400h1m"}, []string{"orders-unused"}},
		"by several":            {values{"name_regex": "unused", "unused_for": "1h", "status": "Active"}, []string{"orders-unused"}},
		"none":                  {values{"name_regex": "^$"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			read, said := p.data(keysName, test.arguments)
			tells(t, said)
			var names []string
			rows, _ := read["project_keys"].([]any)
			for _, row := range rows {
				key, _ := row.(values)
				names = append(names, fmt.Sprint(key["name"]))
				if (key["kafka"] == nil) == (key["api"] == nil) {
					t.Errorf("%s has Kafka access %v, and access to the API %v", key["name"], key["kafka"], key["api"])
				}
			}
			if rows == nil || !slices.Equal(names, test.want) {
				t.Errorf("listed are %q, expected %q", names, test.want)
			}
		})
	}
}

func TestDataSourceMCPConfig_EnforcedScope(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: "orders", ToolProfile: "read-only", AllowedTools: []string{"a"}})
	read, said := connect(t, s).data(mcpName, values{"project_key_id": key.ID})
	tells(t, said)
	got := map[string]string{}
	leavesOf("", read, got)
	for attribute, want := range map[string]string{
		".tenant_id": simulator.DefaultTenantID, ".service_id": simulator.DefaultServiceID, ".kafka_username": "orders", ".tool_profile": "read-only",
		".allowed_tools.0": "a", ".blocked_tools.0": "",
	} {
		if got[attribute] != want {
			t.Errorf("%s is %q, expected %q", attribute, got[attribute], want)
		}
	}
}
