// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// atApply is a value that is not known at a plan with another run.
const atApply = `
variable "run" { default = "1" }
variable "value" {
  type    = any
  default = null
}
resource "terraform_data" "later" {
  input            = { value = var.value }
  triggers_replace = var.run
}
`

// dynamicKafka is a kafka block for as long as the list has something in it.
var dynamicKafka = fmt.Sprintf("dynamic \"kafka\" {\nfor_each = terraform_data.later.output.value\ncontent {\nusername = \"orders-consumer\"\npassword = %q\n}\n}\n", keptPassword)

const dynamicScope = "dynamic \"mcp\" {\nfor_each = terraform_data.later.output.value\ncontent {\ntool_profile = \"read-only\"\n}\n}\n"

// TestAccUnknown_NothingIsDeletedInVain applies a configuration, and then another one whose values are only known during the apply.
func TestAccUnknown_NothingIsDeletedInVain(t *testing.T) {
	stored := kafkaWith(fmt.Sprintf("password = %q", keptPassword))
	for _, test := range []struct {
		name, before, after   string
		arguments             []string // of the second apply
		first, turnsOut       string   // the value, as JSON
		says, not             string
		fails, changes, makes bool
	}{
		{
			name: "kafka that turns out absent", before: key(named, adminRole, stored), after: key(named, adminRole, dynamicKafka),
			first: `["a"]`, turnsOut: `[]`, says: "Error: Kafka access is not known yet", fails: true,
		},
		{
			name: "kafka of a new key, absent", after: key(named, adminRole, dynamicKafka), turnsOut: `[]`, says: "Warning: Block is not known yet", fails: true,
		},
		{
			name: "kafka of a new key, there", after: key(named, adminRole, dynamicKafka), turnsOut: `["a"]`, says: "Warning: Block is not known yet", makes: true,
		},
		{
			name: "mcp of a key that is replaced", before: key(named, adminRole), after: key(named, adminRole, dynamicScope),
			arguments: []string{"-replace=" + address}, first: `[]`, turnsOut: `[]`, says: "Error: Replacement is not known yet", fails: true,
		},
		{
			name: "mcp of a key that changes", before: key(named, adminRole), after: key(named, adminRole, dynamicScope),
			first: `[]`, turnsOut: `["a"]`, says: "Warning: Block is not known yet", changes: true,
		},
		{
			name: "roles that turn out absent", before: key(named, adminRole, stored), after: key(named, stored, "role_ids = terraform_data.later.output.value"),
			first: "null", turnsOut: "null", not: "project_key.test must be replaced", fails: true,
		},
		{
			name: "permissions that turn out absent", before: key(named, `permission_ids = ["a"]`), after: key(named, "permission_ids = terraform_data.later.output.value"),
			first: `["a"]`, turnsOut: "null", says: "Error: Replacement is not known yet", fails: true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			if test.before != "" {
				configure(w, atApply+test.before)
				w.Run("apply", "-auto-approve", "-no-color", "-var=value="+test.first)
			}
			s.ResetRequests()
			configure(w, atApply+test.after)
			output, err := w.Try(append([]string{"apply", "-auto-approve", "-no-color", "-var=run=2", "-var=value=" + test.turnsOut}, test.arguments...)...)
			said := acctest.OneLine(output)
			if (err != nil) != test.fails || !strings.Contains(said, test.says) || test.not != "" && strings.Contains(said, test.not) {
				t.Errorf("failed %t: %s", err != nil, output)
			}
			count := map[string]int{}
			for _, request := range s.Writes() {
				count[request.Method]++
			}
			if count[http.MethodDelete] > 0 || (count[http.MethodPatch] > 0) != test.changes || (count[http.MethodPost] > 0) != test.makes {
				t.Errorf("the key was written to: %v", count)
			}
		})
	}
}

// TestAccUnknown_SecretInAPlainOutputIsRefusedAtPlan has access to the API that is still to be made.
func TestAccUnknown_SecretInAPlainOutputIsRefusedAtPlan(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := configured(t, s, atApply+key(named, "role_ids = terraform_data.later.output.value")+"output \"secret\" {\nvalue = "+address+".api.client_secret\n}\n")
	says(t, fails(t, w, "apply", "-auto-approve", `-var=value=["`+simulator.RoleAdmin+`"]`), "Output refers to sensitive values")
	unwritten(t, s)
}

// TestAccReplacement_RecentUseTold replaces a key that was used lately, in every way that there is.
func TestAccReplacement_RecentUseTold(t *testing.T) {
	trigger := atApply + key(named, adminRole, "lifecycle {\nreplace_triggered_by = [terraform_data.later]\n}")
	for _, test := range []struct {
		name   string
		before func(w *acctest.Workspace)
		run    []string
		once   string
	}{
		{name: "-replace", run: []string{"apply", "-auto-approve", "-replace=" + address}, once: "Project key was in use"},
		{name: "replace_triggered_by", run: []string{"apply", "-auto-approve", "-var=run=2"}, once: "Project key was in use"},
		{name: "taint", before: func(w *acctest.Workspace) { w.Run("taint", address) }, run: []string{"plan"}, once: "Project key is in use"},
		{name: "destroy", run: []string{"apply", "-destroy", "-auto-approve"}, once: "Project key is in use"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			configure(w, trigger)
			w.Run("apply", "-auto-approve", "-no-color")
			s.Modify(s.Keys()[0].ID, func(k *simulator.Key) { k.LastUsedAt = time.Now().Add(-3 * time.Hour) })
			if test.before != nil {
				test.before(w)
			}
			said := acctest.OneLine(w.Run(append(test.run, "-no-color")...))
			if strings.Count(said, "The key was last used 3 hours ago") != 1 || strings.Count(said, "Warning: "+test.once) != 1 {
				t.Errorf("it is not told once: %s", said)
			}
		})
	}
}
