// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestAccExplain_RefusalOnItsLine has the plan, or the service, refuse a value, and
// the service echo a password.
func TestAccExplain_RefusalOnItsLine(t *testing.T) {
	detail := map[string]any{
		"loc": []any{"body", "kafka_config", "kafka_acls", 1, "operation"}, "msg": "Value error, refused " + password, "type": "value_error",
		"input": password, "ctx": map[string]any{"error": password},
	}
	body, err := json.Marshal(map[string]any{"detail": []any{detail}})
	if err != nil {
		t.Fatal(err)
	}
	refused := simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 422, Body: string(body)}
	for name, test := range map[string]struct {
		body    []string
		atApply bool
		says    []string
	}{
		"a value, at plan":    {[]string{acl("first", "TOPIC", "READ", "LITERAL"), acl("second", "GROUP", "WRITE", "LITERAL")}, false, []string{`: operation = "WRITE"`, "A rule for a GROUP allows DELETE, DESCRIBE, READ;"}},
		"a value, at apply":   {[]string{acl("first", "TOPIC", "READ", "LITERAL"), acl("second", "GROUP", "READ", "LITERAL")}, true, []string{`: operation = "READ"`, "HTTP 422", "It is about acl block 2 (READ on GROUP second (LITERAL))"}},
		"an item of a set":    {[]string{`whitelist_ips = ["10.0.0.256"]`}, false, []string{`: whitelist_ips = ["10.0.0.256"]`, "neither an IPv4 address"}},
		"two values that are": {[]string{`whitelist_ips = []`, acl("first", "TOPIC", "READ", "REGEX")}, false, []string{`: whitelist_ips = []`, `: pattern_type = "REGEX"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			if test.atApply {
				s.Inject(refused)
			}
			w := configured(t, s, key(named, adminRole, versioned("var.word", 1, test.body...))+passwordVariable)
			w.Setenv("TF_VAR_word", password)
			output := fails(t, w, "apply", "-auto-approve")
			says(t, output, test.says...)
			if strings.Contains(output, password) {
				t.Error("the error repeats the password")
			}
		})
	}
}

func TestAccCreate_FailedKeyTaintedWithItsSecret(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{CreateOutcome: "failed"}})
	w := configured(t, s, key(named, adminRole))
	output := fails(t, w, "apply", "-auto-approve")
	made := holdsIssued(t, s, w)
	says(t, output, "Error: Project key failed", `project key "orders" (id `+made.ID+`)`, `its status is "failed"`, "the next apply replaces it")
	if _, tainted := inState(t, w); !tainted {
		t.Error("the key is not tainted")
	}
	s.SetDialect(simulator.Dialect{})
	w.Run("apply", "-auto-approve")
	if holdsIssued(t, s, w).ID == made.ID {
		t.Error("the failed key was not replaced")
	}
}

// TestAccSecrets_NowhereButInTheState looks through plans, logs at the most
// talkative level and outputs.
func TestAccSecrets_NowhereButInTheState(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Setenv("TF_LOG", "TRACE")
	output := ""
	for version, word := range []string{password, otherPassword} {
		configure(w, key(named, adminRole, versioned("var.word", version))+passwordVariable)
		w.Setenv("TF_VAR_word", word)
		output += w.Run("plan", "-out", "saved.tfplan") + w.Run("apply", "-auto-approve")
		if strings.Contains(w.Read("saved.tfplan")+w.Read("terraform.tfstate"), word) {
			t.Error("the plan file or the state holds the password")
		}
	}
	holdsIssued(t, s, w)
	for _, secret := range s.Secrets() {
		if secret != simulator.DefaultSecret && strings.Contains(output, secret) {
			t.Errorf("the log holds a secret that begins with %.4s", secret)
		}
	}
}

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

// TestAccPreflight_ReplacementNotWarnedOf replaces a key that keeps its username
// and its name, in every way in which Terraform replaces one.
func TestAccPreflight_ReplacementNotWarnedOf(t *testing.T) {
	both := key(named, adminRole, kafka())
	for name, test := range map[string]struct {
		after     string
		dialect   simulator.Dialect
		taint     bool
		arguments []string
	}{
		"by a change":                 {after: key(named, adminRole, kafka("schema_registry = true"))},
		"by -replace":                 {after: both, arguments: []string{"-replace=" + address}},
		"by taint, with another name": {after: key(`name = "orders-2"`, adminRole, kafka()), taint: true},
		"by taint, without a refresh": {after: both, taint: true, arguments: []string{"-refresh=false"}},
		"because its creation failed": {after: both, dialect: simulator.Dialect{CreateOutcome: "failed"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{Dialect: test.dialect})
			w := configured(t, s, both)
			w.Setenv("STREAMKAP_PREFLIGHT", "true")
			if _, err := w.Try("apply", "-auto-approve"); (err != nil) != (test.dialect.CreateOutcome != "") {
				t.Fatal(err)
			}
			s.SetDialect(simulator.Dialect{})
			if test.taint {
				w.Run("taint", address)
			}
			made := s.Keys()[0].ID
			configure(w, test.after)
			output := acctest.OneLine(w.Run(append([]string{"apply", "-auto-approve", "-no-color"}, test.arguments...)...))
			if strings.Contains(output, nameInUse) || strings.Contains(output, usernameTaken) || strings.Contains(output, usedTwice) {
				t.Errorf("the key is in its own way:\n%s", output)
			}
			if holdsIssued(t, s, w).ID == made {
				t.Error("the key was not replaced")
			}
			s.ResetRequests()
			w.Run("plan", "-detailed-exitcode")
			if got := gets(s.Server); len(got) != 1 {
				t.Errorf("requests of a plan without changes: %q", got)
			}
		})
	}
}
