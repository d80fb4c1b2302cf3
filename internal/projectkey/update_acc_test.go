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
		name:   "description from null to empty",
		before: key(named, adminRole),
		after:  key(named, adminRole, `description = ""`),
	},
	{
		name:   "API access added together with a scope",
		before: key(named, kafka()),
		after:  key(named, kafka(), adminRole, "mcp {\ntool_profile = \"read-only\"\n}"),
		patch:  object{"role_ids": []string{simulator.RoleAdmin}, "tool_profile": "read-only"},
	},
	{
		name:   "several values at once",
		before: key(named, adminRole, kafka()),
		after:  key(`name = "orders-2"`, `description = "new"`, adminRole, kafka(`whitelist_ips = ["10.0.0.1"]`)),
		patch:  object{"name": "orders-2", "description": "new", "whitelist_ips": "10.0.0.1"},
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
		name:   "all rules removed",
		before: key(named, kafka(acl("a", "TOPIC", "READ", "LITERAL"))),
		after:  key(named, kafka()),
		patch:  object{"kafka_acls": []object{}},
	},
	{
		name:   "scope removed",
		before: key(named, adminRole, "mcp {\ntool_profile = \"read-only\"\nblocked_tools = [\"a\"]\n}"),
		after:  key(named, adminRole),
		patch:  object{"tool_profile": nil, "blocked_tools": nil},
		again:  object{"tool_profile": "full", "blocked_tools": []string{}},
		state:  map[string]string{"mcp.tool_profile": absent},
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

// TestAccSameMeaningPlansNothing writes everything that can be written in two
// ways in the other one.
func TestAccSameMeaningPlansNothing(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	scenario(t,
		apply(s, key(named, `role_ids = ["`+simulator.RoleAdmin+`", "`+simulator.RoleReadOnly+`"]`, kafka(
			`whitelist_ips = ["10.0.0.1", "10.1.0.0/16"]`, "schema_registry = true",
			acl("a", "TOPIC", "READ", "LITERAL"), acl("b", "GROUP", "READ", "PREFIXED"), "acl {\nname = \"c\"\noperation = \"READ\"\n}",
		)), plancheck.ResourceActionCreate),
		apply(s, key(named, `role_ids = ["`+simulator.RoleReadOnly+`", "`+simulator.RoleAdmin+`"]`, kafkaWith(
			fmt.Sprintf("password_wo = %q\npassword_wo_version = 1", otherPassword), `whitelist_ips = ["10.1.2.3/16", "10.0.0.1/32"]`,
			acl("c", "TOPIC", "READ", "LITERAL"), acl("a", "TOPIC", "READ", "LITERAL"), acl("b", "GROUP", "READ", "PREFIXED"),
		)), plancheck.ResourceActionNoop, patches(s)),
	)
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
		name:   "Kafka username",
		before: key(named, kafka()),
		after: key(named, fmt.Sprintf("kafka {\nusername = \"orders-reader\"\npassword_wo = %q\npassword_wo_version = 1\n}",
			password)),
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
