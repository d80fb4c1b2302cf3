// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"testing"

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
	{"no duration", "data \"streamkap_project_keys\" \"test\" {\nunused_for = \"90d\"\n}", "is not a duration such as 2160h"},
	{"no length", "data \"streamkap_project_keys\" \"test\" {\nunused_for = \"0h\"\n}", "has to be longer than zero"},
	{"no regular expression", "data \"streamkap_project_keys\" \"test\" {\nname_regex = \"orders(\"\n}", "missing closing )"},
}

func TestAccDataSource_InvalidArgumentsRefusedAtPlan(t *testing.T) {
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

func TestAccDataSource_UnknownArgumentsDeferred(t *testing.T) {
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
