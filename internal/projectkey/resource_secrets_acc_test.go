// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

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
