// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

type object = map[string]any

func aclJSON(name, resource, operation, pattern string) object {
	return object{"topic_name": name, "resource": resource, "operation": operation, "resource_pattern_type": pattern}
}

// inPlace are the changes that one PATCH makes, with nothing in it but what
// changed. Without a patch the change calls nothing.
var inPlace = []struct {
	name   string
	before string
	after  string
	patch  object
	again  object // the PATCH in the other form of clearing
	state  map[string]string
}{
	{
		name:   "name",
		before: key(named, adminRole),
		after:  key(`name = "orders-2"`, adminRole),
		patch:  object{"name": "orders-2"},
	},
	{
		name:   "description added",
		before: key(named, adminRole),
		after:  key(named, adminRole, `description = "new"`),
		patch:  object{"description": "new"},
	},
	{
		name:   "description removed",
		before: key(named, adminRole, `description = "old"`),
		after:  key(named, adminRole),
		patch:  object{"description": ""},
		state:  map[string]string{"description": absent},
	},
	{
		name:   "description from null to empty",
		before: key(named, adminRole),
		after:  key(named, adminRole, `description = ""`),
	},
	{
		name:   "roles",
		before: key(named, adminRole),
		after:  key(named, readRole),
		patch:  object{"role_ids": []string{simulator.RoleReadOnly}},
	},
	{
		name:   "permissions to roles",
		before: key(named, `permission_ids = ["project-keys:read"]`),
		after:  key(named, readRole),
		patch:  object{"role_ids": []string{simulator.RoleReadOnly}},
		state:  map[string]string{"permission_ids.#": absent, "role_ids.#": "1"},
	},
	{
		name:   "API access by role added to a Kafka-only key",
		before: key(named, kafka()),
		after:  key(named, kafka(), adminRole),
		patch:  object{"role_ids": []string{simulator.RoleAdmin}},
	},
	{
		name:   "API access by permission added to a Kafka-only key",
		before: key(named, kafka()),
		after:  key(named, kafka(), `permission_ids = ["project-keys:read"]`),
		patch:  object{"permission_ids": []string{"project-keys:read"}},
	},
	{
		name:   "API access added together with a scope",
		before: key(named, kafka()),
		after:  key(named, kafka(), adminRole, "mcp {\ntool_profile = \"read-only\"\n}"),
		patch:  object{"role_ids": []string{simulator.RoleAdmin}, "tool_profile": "read-only"},
	},
	{
		name:   "Kafka access added to an API-only key",
		before: key(named, adminRole),
		after:  key(named, adminRole, kafka("schema_registry = true", acl("orders", "TOPIC", "READ", "LITERAL"))),
		patch: object{"kafka_config": object{
			"username": "orders-consumer", "password": password, "is_create_schema_registry": true,
			"kafka_acls": []object{aclJSON("orders", "TOPIC", "READ", "LITERAL")},
		}},
		state: map[string]string{"kafka.security_protocol": "SASL_SSL", "kafka.schema_registry": "true"},
	},
	{
		name:   "several values at once",
		before: key(named, adminRole, kafka()),
		after:  key(`name = "orders-2"`, `description = "new"`, adminRole, kafka(`whitelist_ips = ["10.0.0.1"]`)),
		patch:  object{"name": "orders-2", "description": "new", "whitelist_ips": "10.0.0.1"},
	},
	{
		name:   "password in the state",
		before: key(named, kafkaWith(fmt.Sprintf("password = %q", keptPassword))),
		after:  key(named, kafkaWith(fmt.Sprintf("password = %q", otherKeptPassword))),
		patch:  object{"kafka_password": otherKeptPassword},
	},
	{
		name:   "password removed from the configuration",
		before: key(named, kafkaWith(fmt.Sprintf("password = %q", keptPassword))),
		after:  key(named, kafkaWith("")),
		state:  map[string]string{"kafka.password": absent},
	},
	{
		name:   "write-only password by its version",
		before: key(named, kafka()),
		after:  key(named, kafkaWith(fmt.Sprintf("password_wo = %q\npassword_wo_version = 2", otherPassword))),
		patch:  object{"kafka_password": otherPassword},
	},
	{
		name:   "write-only password and version removed",
		before: key(named, kafka()),
		after:  key(named, kafkaWith("")),
		state:  map[string]string{"kafka.password_wo_version": absent},
	},
	{
		name:   "password moved out of the state",
		before: key(named, kafkaWith(fmt.Sprintf("password = %q", keptPassword))),
		after:  key(named, kafkaWith(fmt.Sprintf("password_wo = %q\npassword_wo_version = 1", otherPassword))),
		patch:  object{"kafka_password": otherPassword},
		state:  map[string]string{"kafka.password": absent},
	},
	{
		name:   "password moved into the state",
		before: key(named, kafka()),
		after:  key(named, kafkaWith(fmt.Sprintf("password = %q", otherKeptPassword))),
		patch:  object{"kafka_password": otherKeptPassword},
		state:  map[string]string{"kafka.password": otherKeptPassword, "kafka.password_wo_version": absent},
	},
	{
		name:   "addresses",
		before: key(named, kafka(`whitelist_ips = ["10.0.0.1"]`)),
		after:  key(named, kafka(`whitelist_ips = ["10.0.0.1", "10.0.0.0/24"]`)),
		patch:  object{"whitelist_ips": "10.0.0.0/24,10.0.0.1"},
	},
	{
		name:   "addresses removed",
		before: key(named, kafka(`whitelist_ips = ["10.0.0.1"]`)),
		after:  key(named, kafka()),
		patch:  object{"whitelist_ips": ""},
		state:  map[string]string{"kafka.whitelist_ips.#": absent},
	},
	{
		name:   "a rule added",
		before: key(named, kafka(acl("a", "TOPIC", "READ", "LITERAL"))),
		after:  key(named, kafka(acl("b", "GROUP", "READ", "PREFIXED"), acl("a", "TOPIC", "READ", "LITERAL"))),
		patch:  object{"kafka_acls": []object{aclJSON("b", "GROUP", "READ", "PREFIXED"), aclJSON("a", "TOPIC", "READ", "LITERAL")}},
	},
	{
		name:   "all rules removed",
		before: key(named, kafka(acl("a", "TOPIC", "READ", "LITERAL"))),
		after:  key(named, kafka()),
		patch:  object{"kafka_acls": []object{}},
	},
	{
		name:   "scope added",
		before: key(named, adminRole),
		after:  key(named, adminRole, "mcp {\nallowed_tools = [\"streamkap_delete_pipeline\"]\n}"),
		patch:  object{"allowed_tools": []string{"streamkap_delete_pipeline"}},
	},
	{
		name:   "scope changed",
		before: key(named, adminRole, "mcp {\ntool_profile = \"read-only\"\nblocked_tools = [\"a\", \"b\"]\n}"),
		after:  key(named, adminRole, "mcp {\ntool_profile = \"infra-admin\"\nblocked_tools = [\"b\"]\n}"),
		patch:  object{"tool_profile": "infra-admin", "blocked_tools": []string{"b"}},
	},
	{
		name:   "scope widened to the profile full",
		before: key(named, adminRole, "mcp {\ntool_profile = \"read-only\"\n}"),
		after:  key(named, adminRole, "mcp {\ntool_profile = \"full\"\n}"),
		patch:  object{"tool_profile": "full"},
	},
	{
		name:   "scope removed",
		before: key(named, adminRole, "mcp {\ntool_profile = \"read-only\"\nblocked_tools = [\"a\"]\n}"),
		after:  key(named, adminRole),
		patch:  object{"tool_profile": nil, "blocked_tools": nil},
		again:  object{"tool_profile": "full", "blocked_tools": []string{}},
		state:  map[string]string{"mcp.tool_profile": absent},
	},
	{
		name:   "scope without restriction removed",
		before: key(named, adminRole, "mcp {\ntool_profile = \"full\"\n}"),
		after:  key(named, adminRole),
	},
	{
		name:   "timeouts",
		before: key(named, adminRole),
		after:  key(named, adminRole, "timeouts {\ncreate = \"1h\"\n}"),
	},
}

func TestAccChangeInPlaceSendsOnlyWhatChanged(t *testing.T) {
	for _, change := range inPlace {
		t.Run(change.name, func(t *testing.T) {
			s := acctest.StartAsDocumented(t, simulator.Config{})
			same := sameID()
			var expected []object
			if change.patch != nil {
				expected = []object{change.patch}
			}
			if change.again != nil {
				expected = append(expected, change.again)
			}
			scenario(t,
				withID(same, apply(s, change.before, plancheck.ResourceActionCreate)),
				withID(same, apply(s, change.after, plancheck.ResourceActionUpdate,
					patches(s, expected...), requests(s, "POST"), stateIs(change.state), secretsMatch(s))),
			)
		})
	}
}

// unchanged are configurations that mean the same, so that the second plans
// nothing after the first.
var unchanged = []struct {
	name   string
	before string
	after  string
}{
	{
		name:   "order of rules",
		before: key(named, kafka(acl("a", "TOPIC", "READ", "LITERAL"), acl("b", "GROUP", "READ", "PREFIXED"), acl("c", "TOPIC", "ALL", "PREFIXED"))),
		after:  key(named, kafka(acl("c", "TOPIC", "ALL", "PREFIXED"), acl("a", "TOPIC", "READ", "LITERAL"), acl("b", "GROUP", "READ", "PREFIXED"))),
	},
	{
		name:   "a default of a rule spelled out",
		before: key(named, kafka("acl {\nname = \"a\"\noperation = \"READ\"\n}")),
		after:  key(named, kafka(acl("a", "TOPIC", "READ", "LITERAL"))),
	},
	{
		name:   "spelling of an address",
		before: key(named, kafka(`whitelist_ips = ["10.0.0.1", "10.1.0.0/16"]`)),
		after:  key(named, kafka(`whitelist_ips = ["10.1.2.3/16", "10.0.0.1/32"]`)),
	},
	{
		name:   "schema registry left out later",
		before: key(named, kafka("schema_registry = true")),
		after:  key(named, kafka()),
	},
	{
		name:   "order of roles",
		before: key(named, `role_ids = ["`+simulator.RoleAdmin+`", "`+simulator.RoleReadOnly+`"]`),
		after:  key(named, `role_ids = ["`+simulator.RoleReadOnly+`", "`+simulator.RoleAdmin+`"]`),
	},
	{
		name:   "another write-only password of the same version",
		before: key(named, kafka()),
		after:  key(named, kafkaWith(fmt.Sprintf("password_wo = %q\npassword_wo_version = 1", otherPassword))),
	},
}

func TestAccSameMeaningPlansNothing(t *testing.T) {
	for _, pair := range unchanged {
		t.Run(pair.name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			scenario(t,
				apply(s, pair.before, plancheck.ResourceActionCreate),
				apply(s, pair.after, plancheck.ResourceActionNoop, patches(s)),
			)
		})
	}
}

// replacing are the changes that only another key can make.
var replacing = []struct {
	name   string
	before string
	after  string
}{
	{
		name:   "permissions",
		before: key(named, `permission_ids = ["project-keys:read"]`),
		after:  key(named, `permission_ids = ["project-keys:write"]`),
	},
	{
		name:   "roles to permissions",
		before: key(named, adminRole),
		after:  key(named, `permission_ids = ["project-keys:read"]`),
	},
	{
		name:   "roles removed",
		before: key(named, adminRole, kafka()),
		after:  key(named, kafka()),
	},
	{
		name:   "permissions removed",
		before: key(named, `permission_ids = ["project-keys:read"]`, kafka()),
		after:  key(named, kafka()),
	},
	{
		name:   "Kafka access removed",
		before: key(named, adminRole, kafka()),
		after:  key(named, adminRole),
	},
	{
		name:   "Kafka username",
		before: key(named, kafka()),
		after: key(named, fmt.Sprintf("kafka {\nusername = \"orders-reader\"\npassword_wo = %q\npassword_wo_version = 1\n}",
			password)),
	},
	{
		name:   "schema registry added",
		before: key(named, kafka()),
		after:  key(named, kafka("schema_registry = true")),
	},
	{
		name:   "schema registry removed",
		before: key(named, kafka("schema_registry = true")),
		after:  key(named, kafka("schema_registry = false")),
	},
}

func TestAccChangeThatTheAPICannotMakeReplacesTheKey(t *testing.T) {
	for _, change := range replacing {
		t.Run(change.name, func(t *testing.T) {
			s := acctest.StartAsDocumented(t, simulator.Config{})
			other := otherID()
			scenario(t,
				withID(other, apply(s, change.before, plancheck.ResourceActionCreate)),
				withID(other, apply(s, change.after, plancheck.ResourceActionDestroyBeforeCreate,
					patches(s), requests(s, "DELETE", nil), requests(s, "POST", nil), secretsMatch(s))),
			)
		})
	}
}
