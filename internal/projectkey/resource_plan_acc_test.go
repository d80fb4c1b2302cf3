// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// warnings are the changes of which a plan has to warn, and in which words.
var warnings = []struct {
	name   string
	before string
	after  string
	says   []string
}{
	{
		name:   "roles removed",
		before: key(named, adminRole, kafka()),
		after:  key(named, kafka()),
		says:   []string{"Project key will be replaced", "its role_ids are removed", "has to be given the new credentials"},
	},
	{
		name:   "Kafka access removed",
		before: key(named, adminRole, kafka()),
		after:  key(named, adminRole),
		says:   []string{"Project key will be replaced", "its kafka block is removed"},
	},
	{
		name:   "permissions changed",
		before: key(named, `permission_ids = ["project-keys:read"]`),
		after:  key(named, `permission_ids = ["roles:read"]`),
		says:   []string{"Project key will be replaced", "Streamkap can't change the permissions of a key"},
	},
	{
		name:   "password rotated by version",
		before: key(named, kafka()),
		after:  key(named, kafkaWith(fmt.Sprintf("password_wo = %q\npassword_wo_version = 2", otherPassword))),
		says:   []string{"Kafka password will be rotated", "password_wo_version = 2", "disconnects consumers"},
	},
	{
		name:   "password rotated in the state",
		before: key(named, kafkaWith(fmt.Sprintf("password = %q", keptPassword))),
		after:  key(named, kafkaWith(fmt.Sprintf("password = %q", otherKeptPassword))),
		says:   []string{"Kafka password will be rotated", "disconnects consumers"},
	},
	{
		name:   "block list without effect",
		before: key(named, adminRole),
		after:  key(named, adminRole, "mcp {\nallowed_tools = [\"a\"]\nblocked_tools = [\"b\"]\n}"),
		says:   []string{"Block list without effect", "blocked_tools is ignored"},
	},
}

func TestAccPlanSaysWhy(t *testing.T) {
	for _, warning := range warnings {
		t.Run(warning.name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+warning.before)
			if output := w.Run("apply", "-auto-approve", "-no-color"); strings.Contains(output, "Warning: "+warning.says[0]) {
				t.Errorf("a warning without a cause:\n%s", output)
			}
			w.Write("main.tf", acctest.Required+warning.after)
			output := acctest.OneLine(w.Run("plan", "-no-color"))
			for _, words := range append(warning.says, "Warning: ") {
				if !strings.Contains(output, words) {
					t.Errorf("the plan does not say %q:\n%s", words, output)
				}
			}
			w.Run("apply", "-auto-approve")
			if settled := w.Run("plan", "-detailed-exitcode", "-no-color"); warning.name != "block list without effect" && strings.Contains(settled, warning.says[0]) {
				t.Errorf("a plan that changes nothing still warns:\n%s", settled)
			}
			if strings.Count(output, "Warning: "+warning.says[0]) != 1 {
				t.Errorf("the plan does not say it once:\n%s", output)
			}
		})
	}
}

// TestAccDeadKeyIsReplaced also covers the warning of such a plan.
func TestAccDeadKeyIsReplaced(t *testing.T) {
	for _, status := range []string{simulator.StatusFailed, simulator.StatusDeleteFailed, simulator.StatusDeleting} {
		t.Run(status, func(t *testing.T) {
			t.Parallel()
			s := acctest.StartAsDocumented(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+key(named, adminRole))
			w.Run("apply", "-auto-approve")
			dead := s.Keys()[0].ID
			s.Modify(dead, func(key *simulator.Key) { key.Status = status })

			output := acctest.OneLine(w.Run("plan", "-no-color"))
			for _, words := range []string{"forces replacement", "Project key will be replaced", "such a key can't be brought back", `"` + status + `"`} {
				if !strings.Contains(output, words) {
					t.Errorf("the plan does not say %q:\n%s", words, output)
				}
			}
			if status == simulator.StatusDeleting {
				// Nothing ends a deletion that the test has only pretended to begin.
				return
			}
			w.Run("apply", "-auto-approve")
			if keys := s.Keys(); len(keys) != 1 || keys[0].ID == dead || keys[0].Status != simulator.StatusActive {
				t.Errorf("the dead key was not replaced: %d keys", len(keys))
			}
			w.Run("plan", "-detailed-exitcode")
		})
	}
}

func TestAccUpdatePlanKeepsWhatDoesNotChange(t *testing.T) {
	known := func(attributes ...string) []plancheck.PlanCheck {
		checks := []plancheck.PlanCheck{
			plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.NotNull()),
			plancheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
			plancheck.ExpectKnownValue(address, tfjsonpath.New("service_id"), knownvalue.NotNull()),
		}
		for _, attribute := range attributes {
			checks = append(checks, plancheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.NotNull()))
		}
		return checks
	}
	unknown := func(attribute string) plancheck.PlanCheck {
		return plancheck.ExpectUnknownValue(address, tfjsonpath.New(attribute))
	}
	everything := "mcp {\ntool_profile = \"read-only\"\n}"
	for _, change := range []struct {
		name   string
		before string
		after  string
		checks []plancheck.PlanCheck
	}{
		{"name", key(named, adminRole, kafka()), key(`name = "orders-2"`, adminRole, kafka()), known("api", "credential_json", "status")},
		{"addresses", key(named, adminRole, kafka()), key(named, adminRole, kafka(`whitelist_ips = ["10.0.0.1"]`)), known("api", "credential_json")},
		{
			"write-only password", key(named, adminRole, kafka()),
			key(named, adminRole, kafkaWith(fmt.Sprintf("password_wo = %q\npassword_wo_version = 2", otherPassword))), known("api", "credential_json"),
		},
		{"roles", key(named, adminRole), key(named, readRole), append(known("api"), unknown("credential_json"))},
		{"rules", key(named, adminRole, kafka()), key(named, adminRole, kafka(acl("a", "TOPIC", "READ", "LITERAL"))), known("api", "credential_json")},
		{"scope", key(named, adminRole), key(named, adminRole, everything), append(known("api"), unknown("credential_json"))},
		{
			"password in the state", key(named, adminRole, kafkaWith(fmt.Sprintf("password = %q", keptPassword))),
			key(named, adminRole, kafkaWith(fmt.Sprintf("password = %q", otherKeptPassword))), append(known("api"), unknown("credential_json")),
		},
		{"API access added", key(named, kafka()), key(named, adminRole, kafka()), append(known("api"), unknown("credential_json"))},
		{"Kafka access added", key(named, adminRole), key(named, adminRole, kafka()), append(known("api"), unknown("credential_json"))},
	} {
		t.Run(change.name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			scenario(t,
				apply(s, change.before, plancheck.ResourceActionCreate),
				resource.TestStep{
					Config:           s.Config(change.after),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: change.checks},
					Check:            secretsMatch(s),
				},
			)
		})
	}
}

// TestAccChangesMadeElsewhereArePlannedAway covers what was added, removed and
// changed outside of Terraform.
func TestAccChangesMadeElsewhereArePlannedAway(t *testing.T) {
	configuration := key(named, adminRole, kafka(acl("a", "TOPIC", "READ", "LITERAL")))
	for _, drift := range []struct {
		name   string
		change func(*simulator.Key)
		patch  object
		again  object // in the other form of clearing
	}{
		{"a rule added", func(k *simulator.Key) {
			k.ACLs = append(k.ACLs, simulator.ACL{Name: "b", Resource: "TOPIC", Operation: "ALL", PatternType: "LITERAL"})
		}, object{"kafka_acls": []object{aclJSON("a", "TOPIC", "READ", "LITERAL")}}, nil},
		{"an address added", func(k *simulator.Key) { k.WhitelistIPs = []string{"10.0.0.1"} }, object{"whitelist_ips": ""}, nil},
		{"the name", func(k *simulator.Key) { k.Name = "renamed" }, object{"name": "orders"}, nil},
		{"a description", func(k *simulator.Key) { k.Description = "someone's" }, object{"description": ""}, nil},
		{"the roles", func(k *simulator.Key) { k.RoleIDs = []string{simulator.RoleReadOnly} }, object{"role_ids": []string{simulator.RoleAdmin}}, nil},
		{"a scope", func(k *simulator.Key) { k.ToolProfile = "read-only" }, object{"tool_profile": nil}, object{"tool_profile": "full"}},
	} {
		t.Run(drift.name, func(t *testing.T) {
			s := acctest.StartAsDocumented(t, simulator.Config{})
			expected := []object{drift.patch}
			if drift.again != nil {
				expected = append(expected, drift.again)
			}
			step := apply(s, configuration, plancheck.ResourceActionUpdate, patches(s, expected...), secretsMatch(s))
			step.PreConfig = func() {
				s.ResetRequests()
				s.Modify(s.Keys()[0].ID, drift.change)
			}
			scenario(t, apply(s, configuration, plancheck.ResourceActionCreate), step)
		})
	}
}
