// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

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
