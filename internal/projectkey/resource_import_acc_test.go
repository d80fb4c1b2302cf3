// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func resourceNamed(name, body string) string {
	return fmt.Sprintf("resource \"streamkap_project_key\" %q {%s}\n\n", name, body)
}

func importBlock(name, id string) string {
	return fmt.Sprintf("import {\n  to = streamkap_project_key.%s\n  id = %q\n}\n\n", name, id)
}

// unwritten fails a test in which something was sent that changes a key.
func unwritten(t *testing.T, s *acctest.Service) {
	t.Helper()
	if made := s.Writes(); len(made) != 0 {
		t.Errorf("%d requests changed something, the first is %s %s: %s", len(made), made[0].Method, made[0].Path, made[0].Body)
	}
}

func TestAccImport_GeneratedConfigurationPlansNothing(t *testing.T) {
	s := acctest.Start(t, simulator.Config{Dialect: importDialects["at odds"]})
	w := acctest.NewWorkspace(t, s)
	blocks := ""
	for kind, each := range importable {
		blocks += importBlock(kind, s.Seed(each).ID)
	}
	w.Write("main.tf", acctest.Required+blocks)
	w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
	w.Run("validate", "-no-color")
	says(t, w.Run("apply", "-no-color", "-auto-approve"), fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed", len(importable)))
	w.Run("plan", "-no-color", "-detailed-exitcode")
	unwritten(t, s)
	if t.Failed() {
		t.Log(w.Read("generated.tf"))
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
	says(t, fails(t, w, "plan", "-no-color", "-generate-config-out=generated.tf"), "Invalid resource of a rule", "remove the block", "ignore_changes = [kafka.acl]", "the same in lower case: write it so")

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
	unwritten(t, s)

	w.Write("generated.tf", strings.Replace(w.Read("generated.tf"), `"made elsewhere"`, `"renamed"`, 1))
	w.Run("apply", "-no-color", "-auto-approve")
	w.Run("plan", "-no-color", "-detailed-exitcode")
	if key := s.Keys()[0]; key.Name != "renamed" || key.KafkaUsername != "ORDERS" || !slices.Equal(key.ACLs, []simulator.ACL{topic, cluster}) {
		t.Errorf("the service holds %+v", redacted(key))
	}
}
