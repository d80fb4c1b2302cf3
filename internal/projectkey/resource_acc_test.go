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

const otherProject = "0ther0000000000000000001"

// applied is a workspace in which a configuration has been applied.
func applied(t *testing.T, s *acctest.Service, configuration string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+configuration)
	w.Run("apply", "-auto-approve")
	return w
}

// TestAccImport_DescriptionEditedLater edits the description after the
// first apply that follows an import.
func TestAccImport_DescriptionEditedLater(t *testing.T) {
	for name, edited := range map[string]string{
		"a tag":     "<p>Orders</p>",
		"brackets":  "Orders <team@example.com>",
		"more room": "  Orders  ",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			made := s.Seed(simulator.Key{Name: "orders", Description: "Orders", RoleIDs: []string{simulator.RoleAdmin}})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+importBlock("test", made.ID)+key(named, `description = "Orders"`, adminRole))
			w.Run("apply", "-auto-approve")
			w.Run("apply", "-auto-approve")
			w.Write("main.tf", acctest.Required+key(named, fmt.Sprintf("description = %q", edited), adminRole))
			w.Run("apply", "-auto-approve")
			if got := s.Keys()[0].Description; got != edited {
				t.Errorf("the service holds %q", got)
			}
			w.Run("plan", "-detailed-exitcode")
		})
	}
}

// TestAccPlan_WriteOnlyPasswordNeededOnlyWhereSent runs everything that sends
// no password without one.
func TestAccPlan_WriteOnlyPasswordNeededOnlyWhereSent(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	configuration := func(version int, body string) {
		w.Write("main.tf", acctest.Required+`
variable "p" {
  type      = string
  ephemeral = true
  default   = null
}
`+key(body, kafkaWith(fmt.Sprintf("password_wo = var.p\npassword_wo_version = %d", version))))
	}
	with := func(password string) {
		t.Helper()
		command := w.Command("apply", "-auto-approve")
		command.Env = append(slices.Clone(command.Env), "TF_VAR_p="+password)
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, output)
		}
	}
	configuration(1, named)
	output, err := w.Try("plan", "-no-color")
	if err == nil {
		t.Fatalf("a key is planned without a password:\n%s", output)
	}
	says(t, output, "Kafka password missing")
	with(password)

	w.Run("plan", "-detailed-exitcode")
	w.Run("apply", "-refresh-only", "-auto-approve")
	w.Run("plan", "-destroy")
	configuration(1, `name = "orders-2"`)
	w.Run("apply", "-auto-approve")
	configuration(2, `name = "orders-2"`)
	output, err = w.Try("plan", "-no-color")
	if err == nil {
		t.Fatalf("a rotation is planned without a password:\n%s", output)
	}
	says(t, output, "Kafka password missing", "password_wo is null")
	with(otherPassword)
	if got := s.Keys()[0].KafkaPassword; got != otherPassword {
		t.Error("the password was not rotated")
	}
	w.Run("destroy", "-auto-approve")
}

// TestAccRead_OutageExplainedOnce counts the lines that a person has to read.
func TestAccRead_OutageExplainedOnce(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	const keys = 40
	w := applied(t, s, strings.Replace(key(`name = "orders-${count.index}"`, adminRole), "{\n", fmt.Sprintf("{\ncount = %d\n", keys), 1))
	w.Setenv("STREAMKAP_SECRET", "wrong-secret-of-nobody")
	output, err := w.Try("plan", "-no-color")
	if err == nil {
		t.Fatal("the plan succeeded")
	}
	// Each key that could not be read is an error, and one of them says why.
	if errors, told := strings.Count(output, "Error: Streamkap credentials refused"), strings.Count(output, "The provider asked host"); errors != keys || told != 1 {
		t.Errorf("%d errors, of which %d tell all:\n%s", errors, told, output)
	}
	says(t, output, "Streamkap credentials refused", s.URL, simulator.DefaultClientID)
}
