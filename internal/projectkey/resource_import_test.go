// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// importable is a key of every kind, made elsewhere, with the configuration
// that somebody would write for it.
var importable = []struct {
	kind string
	key  simulator.Key
	body string
}{
	{
		"roles",
		simulator.Key{Name: "with roles", Description: "A plain one", RoleIDs: []string{simulator.RoleAdmin, simulator.RoleReadOnly}},
		`
  name        = "with roles"
  description = "A plain one"
  role_ids    = ["` + simulator.RoleReadOnly + `", "` + simulator.RoleAdmin + `"]
`,
	},
	{
		"kafka",
		simulator.Key{
			Name: "Kafka only", KafkaUsername: "kafka-only", WhitelistIPs: []string{"10.0.0.1", "192.168.0.0/16"},
			ACLs: []simulator.ACL{
				{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"},
				{Name: "orders", Resource: "GROUP", Operation: "READ", PatternType: "LITERAL"},
				{Name: "billing", Resource: "TOPIC", Operation: "WRITE", PatternType: "LITERAL"},
			},
		},
		`
  name = "Kafka only"

  kafka {
    username      = "kafka-only"
    whitelist_ips = ["192.168.0.0/16", "10.0.0.1"]

    acl {
      name      = "billing"
      operation = "WRITE"
    }
    acl {
      name      = "orders"
      resource  = "GROUP"
      operation = "READ"
    }
    acl {
      name         = "orders."
      operation    = "READ"
      pattern_type = "PREFIXED"
    }
  }
`,
	},
	{
		"both",
		simulator.Key{Name: "both", RoleIDs: []string{simulator.RoleReadOnly}, KafkaUsername: "both-kinds", LastUsedAt: time.Unix(1, 0)},
		`
  name     = "both"
  role_ids = ["` + simulator.RoleReadOnly + `"]

  kafka {
    username = "both-kinds"
  }
`,
	},
	{
		"registry",
		simulator.Key{Name: "with a registry", KafkaUsername: "with-registry", SchemaRegistry: true},
		`
  name = "with a registry"

  kafka {
    username        = "with-registry"
    schema_registry = true
  }
`,
	},
	{
		"scoped",
		simulator.Key{Name: "scoped", RoleIDs: []string{simulator.RoleReadOnly}, ToolProfile: "agent-operator", BlockedTools: []string{"b", "a"}},
		`
  name     = "scoped"
  role_ids = ["` + simulator.RoleReadOnly + `"]

  mcp {
    tool_profile  = "agent-operator"
    blocked_tools = ["a", "b"]
  }
`,
	},
	{
		"allowed",
		simulator.Key{Name: "scoped to a list", RoleIDs: []string{simulator.RoleReadOnly}, KafkaUsername: "allowed", AllowedTools: []string{"a"}},
		`
  name     = "scoped to a list"
  role_ids = ["` + simulator.RoleReadOnly + `"]

  kafka {
    username = "allowed"
  }

  mcp {
    allowed_tools = ["a"]
  }
`,
	},
}

var (
	permissionBased = simulator.Key{Name: "with permissions", PermissionIDs: []string{"a", "b"}, KafkaUsername: "permissions", ToolProfile: "read-only"}
	permissionBody  = `
  name           = "with permissions"
  permission_ids = ["b", "a"]

  kafka {
    username = "permissions"
  }

  mcp {
    tool_profile = "read-only"
  }
`
)

// importDialects are services under which an import has to plan nothing.
var importDialects = map[string]simulator.Dialect{
	"as documented":  readDialects["as documented"],
	"in other words": readDialects["in other words"],
	"at odds": {
		Status: simulator.StatusUpper, WhitelistForm: simulator.WhitelistCIDR, WhitelistEmpty: simulator.WhitelistNull, DefaultScope: simulator.ScopeFull,
		Description: simulator.DescriptionHTMLEscaped, ACLOrder: simulator.ACLOrderSorted, Gone: simulator.Gone400,
	},
	"without HTML": {Description: simulator.DescriptionHTMLRemoved, WhitelistForm: simulator.WhitelistReordered, RoleOrder: simulator.RoleOrderReversed},
}

// seedImportable makes a key of every kind and returns the configuration of
// all of them, and their ids by kind.
func seedImportable(s *acctest.Service) (configuration string, ids map[string]string) {
	ids = map[string]string{}
	for _, each := range importable {
		ids[each.kind] = s.Seed(each.key).ID
		configuration += resourceNamed(each.kind, each.body)
	}
	return configuration, ids
}

func resourceNamed(name, body string) string {
	return fmt.Sprintf("resource \"streamkap_project_key\" %q {%s}\n\n", name, body)
}

func importBlock(name, id string) string {
	return fmt.Sprintf("import {\n  to = streamkap_project_key.%s\n  id = %q\n}\n\n", name, id)
}

func noWrites(s *acctest.Service) resource.TestCheckFunc {
	return func(*terraform.State) error {
		if made := s.Writes(); len(made) != 0 {
			return fmt.Errorf("%d requests changed something, the first is %s %s: %s", len(made), made[0].Method, made[0].Path, made[0].Body)
		}
		return nil
	}
}

func TestAccImport_EveryKindOfKeyPlansNothing(t *testing.T) {
	for name, dialect := range importDialects {
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{Dialect: dialect})
			configuration, ids := seedImportable(s)
			var checks []plancheck.PlanCheck
			for kind, id := range ids {
				configuration += importBlock(kind, id)
				checks = append(checks, plancheck.ExpectResourceAction("streamkap_project_key."+kind, plancheck.ResourceActionNoop))
			}
			// The plan after the apply has to be empty: plugin-testing checks that.
			scenario(t, resource.TestStep{
				Config:           s.Config(configuration),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: checks},
				Check:            noWrites(s),
			})
		})
	}
}

func TestAccImport_PermissionsWarnedOfOnce(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	id := s.Seed(permissionBased).ID
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+resourceNamed("permissions", permissionBody))
	w.Run("import", "-no-color", "streamkap_project_key.permissions", id)

	planned := acctest.OneLine(w.Run("plan", "-no-color"))
	for _, expected := range []string{"Warning: Permissions are taken over unchecked", `+ permission_ids = [ + "a", + "b", ]`, "0 to add, 1 to change, 0 to destroy"} {
		if !strings.Contains(planned, expected) {
			t.Errorf("the plan does not say %q: %s", expected, planned)
		}
	}
	w.Run("apply", "-no-color", "-auto-approve")
	after := acctest.OneLine(w.Run("plan", "-no-color", "-detailed-exitcode"))
	if strings.Contains(after, "Warning: Permissions") {
		t.Errorf("the plan after the apply warns again: %s", after)
	}
	if err := noWrites(s)(nil); err != nil {
		t.Error(err)
	}
}

// plannedActions reads what a saved plan does to each resource.
func plannedActions(t *testing.T, w *acctest.Workspace, plan string) map[string]string {
	t.Helper()
	var shown struct {
		Changes []struct {
			Address string `json:"address"`
			Change  struct {
				Actions   []string `json:"actions"`
				Importing any      `json:"importing"`
			} `json:"change"`
		} `json:"resource_changes"`
	}
	if err := json.Unmarshal([]byte(w.Run("show", "-json", plan)), &shown); err != nil {
		t.Fatal(err)
	}
	actions := map[string]string{}
	for _, change := range shown.Changes {
		actions[change.Address] = strings.Join(change.Change.Actions, ",")
		if change.Change.Importing == nil {
			actions[change.Address] += " without an import"
		}
	}
	return actions
}

func TestAccImport_GeneratedConfigurationPlansNothing(t *testing.T) {
	s := acctest.Start(t, simulator.Config{Dialect: importDialects["at odds"]})
	_, ids := seedImportable(s)
	w := acctest.NewWorkspace(t, s)
	blocks := ""
	for kind, id := range ids {
		blocks += importBlock(kind, id)
	}
	w.Write("main.tf", acctest.Required+blocks)
	w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
	w.Run("validate", "-no-color")
	w.Run("plan", "-no-color", "-out=saved.plan")
	actions := plannedActions(t, w, "saved.plan")
	for kind := range ids {
		if action := actions["streamkap_project_key."+kind]; action != "no-op" {
			t.Errorf("%s: %s", kind, action)
		}
	}
	w.Run("apply", "-no-color", "saved.plan")
	w.Run("plan", "-no-color", "-detailed-exitcode")
	if err := noWrites(s)(nil); err != nil {
		t.Error(err)
	}
	if t.Failed() {
		t.Log(w.Read("generated.tf"))
	}
}

// TestAccImport_GeneratedConfigurationLacksPermissions does what the
// documentation tells people to do with a permission-based key.
func TestAccImport_GeneratedConfigurationLacksPermissions(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	key := permissionBased
	key.KafkaUsername = ""
	id := s.Seed(key).ID
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+importBlock("permissions", id))
	// Without permissions the configuration asks for no access at all.
	output, err := w.Try("plan", "-no-color", "-generate-config-out=generated.tf")
	if err == nil {
		t.Fatalf("a configuration without any access was accepted: %s", output)
	}
	generated := w.Read("generated.tf")
	completed := regexp.MustCompile(`(?m)^( *permission_ids *=).*$`).ReplaceAllString(generated, `$1 ["a", "b"]`)
	if completed == generated {
		t.Fatalf("the configuration has no place for permission_ids: %s\n%s", generated, output)
	}
	w.Write("generated.tf", completed)
	w.Run("validate", "-no-color")
	planned := acctest.OneLine(w.Run("plan", "-no-color"))
	if expected := "1 to import, 0 to add, 1 to change, 0 to destroy"; !strings.Contains(planned, expected) {
		t.Errorf("the plan does not say %q: %s", expected, planned)
	}
	w.Run("apply", "-no-color", "-auto-approve")
	w.Run("plan", "-no-color", "-detailed-exitcode")
	if err := noWrites(s)(nil); err != nil {
		t.Error(err)
	}
}

// TestAccImport_OtherKindsOfRulesAndUpperCase imports a key as no configuration
// can have made it, by the way that the messages show.
func TestAccImport_OtherKindsOfRulesAndUpperCase(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	topic := simulator.ACL{Name: "orders", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}
	cluster := simulator.ACL{Name: "kafka-cluster", Resource: "CLUSTER", Operation: "DESCRIBE", PatternType: "LITERAL"}
	id := s.Seed(simulator.Key{Name: "made elsewhere", KafkaUsername: "ORDERS", ACLs: []simulator.ACL{topic, cluster}}).ID
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+importBlock("test", id))
	output, err := w.Try("plan", "-no-color", "-generate-config-out=generated.tf")
	generated := w.Read("generated.tf")
	if err == nil {
		t.Fatalf("the generated configuration was accepted: %s", generated)
	}
	says(t, output, "Invalid resource of a rule", "remove the block", "ignore_changes = [kafka.acl]", "the same in lower case: write it so")

	w.Write("generated.tf", resourceNamed("test", `
  name = "made elsewhere"

  kafka {
    username = "orders"

    acl {
      name      = "orders"
      operation = "READ"
    }
  }
`))
	planned := w.Run("plan", "-no-color")
	says(t, planned, "1 to import, 0 to add, 1 to change, 0 to destroy", "Rules will be removed that can't be added again", "DESCRIBE on CLUSTER kafka-cluster (LITERAL)")

	w.Write("generated.tf", strings.Replace(w.Read("generated.tf"), "  kafka {", "  lifecycle {\n    ignore_changes = [kafka.acl]\n  }\n\n  kafka {", 1))
	says(t, w.Run("plan", "-no-color"), "1 to import, 0 to add, 0 to change, 0 to destroy")
	w.Run("apply", "-no-color", "-auto-approve")
	w.Run("plan", "-no-color", "-detailed-exitcode")
	if err := noWrites(s)(nil); err != nil {
		t.Error(err)
	}

	w.Write("generated.tf", strings.Replace(w.Read("generated.tf"), `"made elsewhere"`, `"renamed"`, 1))
	w.Run("apply", "-no-color", "-auto-approve")
	w.Run("plan", "-no-color", "-detailed-exitcode")
	if key := s.Keys()[0]; key.Name != "renamed" || key.KafkaUsername != "ORDERS" || !slices.Equal(key.ACLs, []simulator.ACL{topic, cluster}) {
		t.Errorf("the service holds %+v", redacted(key))
	}
}

// Terraform 1.12 is the first that imports by identity; the test after this
// one needs no CLI.
func TestAccImport_ByIdentityPlansNothing(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	configuration, ids := seedImportable(s)
	var checks []plancheck.PlanCheck
	for kind, id := range ids {
		configuration += strings.Replace(importBlock(kind, id), fmt.Sprintf("id = %q", id), fmt.Sprintf("identity = { id = %q }", id), 1)
		checks = append(checks, plancheck.ExpectResourceAction("streamkap_project_key."+kind, plancheck.ResourceActionNoop))
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{{
			Config:           s.Config(configuration),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: checks},
			Check:            noWrites(s),
		}},
	})
}

func TestImport_ByIdentityEqualsByID(t *testing.T) {
	for name, dialect := range importDialects {
		// A shuffled order would differ between two reads that know no prior one.
		dialect.ACLOrder = simulator.ACLOrderSorted
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{Dialect: dialect})
			_, ids := seedImportable(s)
			ids["permissions"] = s.Seed(permissionBased).ID
			p := speak(t, s, nil)
			for kind, id := range ids {
				byIdentity, diagnostics := p.importAndRead(p.identity(id))
				p.check(nil, diagnostics)
				byID, diagnostics := p.importAndRead(&tfprotov6.ImportResourceStateRequest{ID: id})
				p.check(nil, diagnostics)
				if differences, err := byIdentity.Diff(byID); err != nil || len(differences) > 0 {
					t.Errorf("%s: %v %v", kind, err, differences)
				}
				var attributes map[string]tftypes.Value
				p.check(byIdentity.As(&attributes), nil)
				if !attributes["id"].Equal(stringOf(id)) {
					t.Errorf("%s: the id is %s", kind, attributes["id"])
				}
			}
		})
	}
}

func TestImport_UnknownIdentityIsAnError(t *testing.T) {
	p := speak(t, acctest.Start(t, simulator.Config{}), nil)
	_, diagnostics := p.importAndRead(p.identity("nobody"))
	if !strings.Contains(toldBy(diagnostics), `There is no project key with the id "nobody"`) {
		t.Errorf("the import says %q", toldBy(diagnostics))
	}
}
