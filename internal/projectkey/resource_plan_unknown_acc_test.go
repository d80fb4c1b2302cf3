// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"strings"
	"testing"

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

// TestAccUnknown_NothingIsDeletedInVain applies a configuration, and then one whose values
// turn out otherwise during the apply than a plan can take them to be.
func TestAccUnknown_NothingIsDeletedInVain(t *testing.T) {
	stored := kafkaWith(fmt.Sprintf("password = %q", keptPassword))
	// A kafka block for as long as the list has something in it.
	dynamic := fmt.Sprintf("dynamic \"kafka\" {\nfor_each = terraform_data.later.output.value\ncontent {\nusername = \"orders-consumer\"\npassword = %q\n}\n}\n", keptPassword)
	for name, test := range map[string]struct {
		before, after  string
		first, turnsTo string // the value, as JSON
		says, not      string
	}{
		"kafka of a key that has it": {
			before: key(named, adminRole, stored), after: key(named, adminRole, dynamic), first: `["a"]`, turnsTo: `[]`, says: "Error: Kafka access is not known yet",
		},
		"kafka of a new key": {after: key(named, adminRole, dynamic), turnsTo: `[]`, says: "Warning: Block is not known yet"},
		"roles": {
			before: key(named, adminRole, stored), after: key(named, stored, "role_ids = terraform_data.later.output.value"), first: "null", turnsTo: "null",
			says: "Error: Provider produced inconsistent final plan", not: "project_key.test must be replaced",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			if test.before != "" {
				configure(w, atApply+test.before)
				w.Run("apply", "-auto-approve", "-no-color", "-var=value="+test.first)
			}
			s.ResetRequests()
			configure(w, atApply+test.after)
			output := fails(t, w, "apply", "-auto-approve", "-var=run=2", "-var=value="+test.turnsTo)
			says(t, output, test.says)
			if test.not != "" && strings.Contains(output, test.not) {
				t.Errorf("it says %q", test.not)
			}
			unwritten(t, s)
		})
	}
}
