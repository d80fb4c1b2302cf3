// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// checked is a workspace whose plans are checked.
func checked(t *testing.T, s *acctest.Service, configuration string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, s)
	w.Setenv("STREAMKAP_PREFLIGHT", "true")
	w.Write("main.tf", acctest.Required+configuration)
	return w
}

// TestAccPreflight_ReplacementNotWarnedOf replaces a key that keeps its username
// and its name, in every way in which one is replaced.
func TestAccPreflight_ReplacementNotWarnedOf(t *testing.T) {
	both := key(named, adminRole, kafka())
	for name, test := range map[string]struct {
		after     string
		dialect   simulator.Dialect
		prepare   func(*acctest.Workspace)
		arguments []string
	}{
		"by a change": {after: key(named, adminRole, kafka("schema_registry = true"))},
		"by -replace": {after: both, arguments: []string{"-replace=" + address}},
		"by taint, with another name": {
			after: key(`name = "orders-2"`, adminRole, kafka()), prepare: func(w *acctest.Workspace) { w.Run("taint", address) },
		},
		"by taint, without a refresh": {after: both, prepare: func(w *acctest.Workspace) { w.Run("taint", address) }, arguments: []string{"-refresh=false"}},
		"by taint":                    {after: both, prepare: func(w *acctest.Workspace) { w.Run("taint", address) }},
		"because its creation failed": {
			after: both, dialect: simulator.Dialect{CreateOutcome: simulator.CreateFailed},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{Dialect: test.dialect})
			w := checked(t, s, both)
			if _, err := w.Try("apply", "-auto-approve"); (err != nil) != (test.dialect.CreateOutcome != "") {
				t.Fatal(err)
			}
			s.SetDialect(simulator.Dialect{})
			if test.prepare != nil {
				test.prepare(w)
			}
			made := s.Keys()[0].ID
			w.Write("main.tf", acctest.Required+test.after)
			output := acctest.OneLine(w.Run(append([]string{"apply", "-auto-approve", "-no-color"}, test.arguments...)...))
			if strings.Contains(output, nameInUse) || strings.Contains(output, usernameTaken) || strings.Contains(output, usedTwice) {
				t.Errorf("the key is in its own way:\n%s", output)
			}
			if keys := s.Keys(); len(keys) != 1 || keys[0].ID == made {
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
