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

// checked is a workspace whose plans are checked.
func checked(t *testing.T, s *acctest.Service, configuration string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, s)
	w.Setenv("STREAMKAP_PREFLIGHT", "true")
	w.Write("main.tf", acctest.Required+configuration)
	return w
}

// TestAccPreflightFinds looks at what a person reads. A plan never fails over it.
func TestAccPreflightFinds(t *testing.T) {
	for name, test := range map[string]struct {
		other         simulator.Key
		configuration string
		says          []string
	}{
		"the key of a role in place of its id": {
			configuration: key(named, `role_ids = ["data_admin"]`),
			says:          []string{`role_ids = ["data_admin"]`, `No such role`, `the role "Data Admin", whose id is ` + simulator.RoleDataAdmin},
		},
		"a username that is taken": {
			other:         simulator.Key{ID: "the-other", Name: "payments", KafkaUsername: "orders-consumer", CreatedBy: "jane@example.com", CreatedAt: time.Now().Add(-50 * time.Hour)},
			configuration: key(named, kafka()),
			says:          []string{"username = \"orders-consumer\"", "Kafka username is taken", `project key "payments" (id the-other, status active, created 2 days ago`, "import streamkap_project_key.NAME the-other"},
		},
		"a role with which an agent steps around its scope": {
			configuration: key(named, adminRole, "mcp {\n  tool_profile = \"read-only\"\n}\n"),
			says:          []string{"Role can step around the scope", adminRole[:len(adminRole)-1], `With its role "Admin", the agent can call the API itself`},
		},
		"a name that is in use": {
			other:         simulator.Key{ID: "the-other", Name: "orders", CreatedAt: time.Now().Add(-5 * time.Minute)},
			configuration: key(named, adminRole),
			says:          []string{"Name is in use", "id the-other", "created 5 minutes ago by ", "import streamkap_project_key.NAME the-other", "another key of this name"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.StartAsDocumented(t, simulator.Config{})
			if test.other.ID != "" {
				s.Seed(test.other)
			}
			says(t, checked(t, s, test.configuration).Run("plan", "-no-color"), test.says...)
			if got := gets(s.Server); len(got) != len(checkedGETs) {
				t.Errorf("requests: %q", got)
			}
		})
	}
}

// TestAccPreflightLetsReplacementsPass replaces a key that keeps its username
// and its name, in every way in which one is replaced.
func TestAccPreflightLetsReplacementsPass(t *testing.T) {
	both := key(named, adminRole, kafka())
	for name, test := range map[string]struct {
		after     string
		dialect   simulator.Dialect
		prepare   func(*acctest.Workspace)
		arguments []string
	}{
		"by a change": {after: key(named, adminRole, kafka("schema_registry = true"))},
		"by -replace": {after: both, arguments: []string{"-replace=" + address}},
		"by taint":    {after: both, prepare: func(w *acctest.Workspace) { w.Run("taint", address) }},
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

// TestAccPreflightEndsWithTheFirstChange applies a change of one key beside the
// replacement of another, which is planned once more when its key is gone.
func TestAccPreflightEndsWithTheFirstChange(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	other := strings.ReplaceAll(key(`name = "payments"`, adminRole), `"test"`, `"other"`)
	w := checked(t, s, key(named, adminRole, kafka())+other)
	w.Run("apply", "-auto-approve")
	// The plan of the other key asks for the list while the first is still in it.
	s.Inject(simulator.Fault{Method: http.MethodDelete, Status: 502})
	w.Write("main.tf", acctest.Required+key(named, adminRole, kafka("schema_registry = true"))+strings.Replace(other, "payments", "payments-2", 1))
	w.Run("apply", "-auto-approve")
	w.Run("plan", "-detailed-exitcode")
}

// TestAccKafkaUsernamesChangeHands applies plans in which a username passes from
// one key to another, where a deletion takes its time.
func TestAccKafkaUsernamesChangeHands(t *testing.T) {
	one := func(address, name, username string, more ...string) string {
		text := strings.Replace(key(append(more, fmt.Sprintf("name = %q", name), kafka())...), `"test"`, fmt.Sprintf("%q", address), 1)
		return strings.Replace(text, "orders-consumer", username, 1)
	}
	for name, test := range map[string]struct {
		before, after string
		warns         string
		// ordered says that Terraform knows the key in the way before the new one.
		ordered bool
	}{
		"the address changes without a moved block": {
			before: one("before", "orders", "a-user"), after: one("after", "orders", "a-user"), warns: deletedAndCreated,
		},
		"the address changes with a moved block": {
			before: one("before", "orders", "a-user"),
			after:  one("after", "orders", "a-user") + "\nmoved {\nfrom = streamkap_project_key.before\nto = streamkap_project_key.after\n}\n", ordered: true,
		},
		"the old key gets another username, and the new one waits for it": {
			before: one("first", "orders", "a-user"),
			after:  one("first", "orders", "b-user") + one("second", "payments", "a-user", "depends_on = [streamkap_project_key.first]"), ordered: true,
		},
		"two keys swap": {
			before: one("first", "orders", "a-user") + one("second", "payments", "b-user"),
			after:  one("first", "orders", "b-user") + one("second", "payments", "a-user"), warns: exchanged,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{DeleteTime: 2 * time.Second, Dialect: simulator.Dialect{DeleteTiming: simulator.DeletingFirst}})
			w := checked(t, s, test.before)
			w.Run("apply", "-auto-approve")
			w.Write("main.tf", acctest.Required+test.after)
			output := acctest.OneLine(w.Run("apply", "-auto-approve", "-no-color"))
			warnings := []string{deletedAndCreated, exchanged, usedTwice}
			if test.ordered {
				warnings = append(warnings, usernameTaken, nameInUse)
			}
			for _, warning := range warnings {
				if strings.Contains(output, "Warning: "+warning) != (warning == test.warns) {
					t.Errorf("%q is said: %t\n%s", warning, warning != test.warns, output)
				}
			}
			w.Run("plan", "-detailed-exitcode")
		})
	}
}

// TestAccPreflightOfManyKeysAsksOnce plans changes of many keys with a CLI.
func TestAccPreflightOfManyKeysAsksOnce(t *testing.T) {
	t.Parallel()
	const keys = 40
	s := acctest.Start(t, simulator.Config{})
	many := func(description string) string {
		return strings.Replace(key(`name = "orders-${count.index}"`, fmt.Sprintf("description = %q", description), adminRole), "{\n", fmt.Sprintf("{\ncount = %d\n", keys), 1)
	}
	w := applied(t, s, many("before"))
	w.Write("main.tf", acctest.Required+many("after"))
	made := map[string]int{}
	for _, mode := range []string{"false", "true"} {
		w.Setenv("STREAMKAP_PREFLIGHT", mode)
		s.ResetRequests()
		w.Run("plan")
		made[mode] = len(s.Requests())
	}
	if made["true"] != made["false"]+len(checkedGETs) {
		t.Errorf("requests: %v", made)
	}
}
