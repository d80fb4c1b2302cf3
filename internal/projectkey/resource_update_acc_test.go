// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

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

func TestAccPlan_EquivalentConfigurationsPlanNothing(t *testing.T) {
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
