// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

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

func TestAccCredentialsOfAnotherProjectTakeNoKeyOutOfTheState(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	elsewhere := acctest.Start(t, simulator.Config{ServiceID: otherProject})
	w := applied(t, s, key(named, adminRole))
	before := w.Read("terraform.tfstate")

	w.Setenv("STREAMKAP_HOST", elsewhere.URL)
	for _, arguments := range [][]string{{"plan"}, {"apply", "-refresh-only", "-auto-approve"}, {"destroy", "-auto-approve"}} {
		output, err := w.Try(append(arguments, "-no-color")...)
		if err == nil {
			t.Fatalf("%s succeeded:\n%s", arguments[0], output)
		}
		says(t, output, simulator.DefaultServiceID, otherProject, elsewhere.URL, simulator.DefaultClientID)
	}
	if w.Read("terraform.tfstate") != before {
		t.Error("the state changed")
	}
	w.Setenv("STREAMKAP_HOST", s.URL)
	w.Run("plan", "-detailed-exitcode")
}

func TestAccKeyOfAnotherProjectIsNotImported(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	foreign := s.Seed(simulator.Key{Name: "foreign", ServiceID: otherProject, RoleIDs: []string{simulator.RoleAdmin}})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+importBlock("test", foreign.ID)+key(`name = "foreign"`, adminRole))
	output, err := w.Try("plan", "-no-color")
	if err == nil {
		t.Fatalf("the plan succeeded:\n%s", output)
	}
	says(t, output, simulator.DefaultServiceID, otherProject)
}

// TestAccOneStrayAnswerTakesNoKeyOutOfTheState covers answers that are not the
// API's, of which each used to be taken for a key that is gone.
func TestAccOneStrayAnswerTakesNoKeyOutOfTheState(t *testing.T) {
	for name, stray := range map[string]simulator.Fault{
		"a route that is not found": {Status: 404, Body: `{"error": "route not found"}`},
		"a 421 without such a host": {Status: 421, Body: `{"detail": "no such host"}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := applied(t, s, key(named, adminRole))
			stray.Method, stray.Path = http.MethodGet, "/project-keys/*"
			s.Inject(stray)
			output, err := w.Try("plan", "-no-color")
			if err == nil || strings.Contains(output, "to add") {
				t.Errorf("the plan goes on without the key:\n%s", output)
			}
			w.Run("plan", "-detailed-exitcode")
		})
	}
}

// TestAccNoReadTakesAwayWhatWasIssued answers one refresh with a 200 that lacks
// what the key has, or is about another key.
func TestAccNoReadTakesAwayWhatWasIssued(t *testing.T) {
	for name, members := range map[string]string{
		"another client id": `{"api_client_id": "another"}`,
		"nothing of either": `{"api_client_id": null, "kafka_username": "", "roles": []}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := applied(t, s, key(named, adminRole, kafka()))
			s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Set: members, Times: -1})
			for _, arguments := range [][]string{{"plan"}, {"apply", "-refresh-only", "-auto-approve"}} {
				if output, err := w.Try(append(arguments, "-no-color")...); err == nil {
					t.Errorf("%s succeeded:\n%s", arguments[0], output)
				}
			}
			s.ClearFaults()
			if err := secretKnown(t, w, s); err != nil {
				t.Error(err)
			}
			w.Run("plan", "-detailed-exitcode")
		})
	}
}

// TestAccDriftBetweenAPlanAndItsApplyIsSeen has someone describe the key anew
// after a plan was saved that changes something else.
func TestAccDriftBetweenAPlanAndItsApplyIsSeen(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	described := `description = "as configured"`
	w := applied(t, s, key(named, described, adminRole))
	w.Write("main.tf", acctest.Required+key(`name = "orders-2"`, described, adminRole))
	w.Run("plan", "-out", "saved.plan")
	s.Modify(s.Keys()[0].ID, func(k *simulator.Key) { k.Description = "set elsewhere" })
	w.Run("apply", "saved.plan")
	output, err := w.Try("plan", "-detailed-exitcode", "-no-color")
	if err == nil {
		t.Fatalf("the drift is hidden:\n%s", output)
	}
	says(t, output, `"set elsewhere" -> "as configured"`)
	w.Run("apply", "-auto-approve")
	if got := s.Keys()[0].Description; got != "as configured" {
		t.Errorf("the description is %q", got)
	}
}

// TestAccImportedKeyTakesEditsOfItsDescription edits the description after the
// first apply that follows an import.
func TestAccImportedKeyTakesEditsOfItsDescription(t *testing.T) {
	for name, edited := range map[string]string{
		"a tag": "<p>Orders</p>",
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

// TestAccWriteOnlyPasswordIsNeededOnlyWhereItIsSent runs everything that sends
// no password without one.
func TestAccWriteOnlyPasswordIsNeededOnlyWhereItIsSent(t *testing.T) {
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

// TestAccPlanTellsWhatItLoosensAndEnds looks at what a person reads before a
// change is made.
func TestAccPlanTellsWhatItLoosensAndEnds(t *testing.T) {
	for name, test := range map[string]struct {
		before, after string
		used          time.Duration
		says          []string
		not           string
	}{
		"the addresses go": {
			before: key(named, kafka(`whitelist_ips = ["10.0.0.1"]`)), after: key(named, kafka()),
			says: []string{"A restriction will be lifted", "may connect from any address that Streamkap's platform admits"},
		},
		"a key in use is replaced": {
			before: key(named, adminRole), after: key(named, kafka()), used: 4 * time.Minute,
			says: []string{"Project key will be replaced", "Its client secret ends with it", "last used 4 minutes ago", "use of Kafka may not count"},
			not:  "no longer be marked as sensitive",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := applied(t, s, test.before)
			if test.used > 0 {
				s.Modify(s.Keys()[0].ID, func(k *simulator.Key) { k.LastUsedAt = time.Now().Add(-test.used) })
			}
			w.Write("main.tf", acctest.Required+test.after)
			output := w.Run("plan", "-no-color")
			says(t, output, test.says...)
			if test.not != "" && strings.Contains(acctest.OneLine(output), test.not) {
				t.Errorf("the plan says %q:\n%s", test.not, output)
			}
		})
	}
	t.Run("a key in use is destroyed", func(t *testing.T) {
		t.Parallel()
		s := acctest.Start(t, simulator.Config{})
		w := applied(t, s, key(named, adminRole))
		s.Modify(s.Keys()[0].ID, func(k *simulator.Key) { k.LastUsedAt = time.Now().Add(-2 * time.Hour) })
		says(t, w.Run("plan", "-destroy", "-no-color"), "Project key is in use", "last used 2 hours ago")
	})
}

// TestAccEveryPlanSaysThatASecretIsMissing has API access added elsewhere, which
// leaves the state without its secret.
func TestAccEveryPlanSaysThatASecretIsMissing(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := applied(t, s, key(named, kafka()))
	id := s.Keys()[0].ID
	s.Modify(id, func(k *simulator.Key) {
		k.APIClientID, k.APISecret, k.RoleIDs = "client-elsewhere", "simulated-secret-elsewhere", []string{simulator.RoleAdmin}
	})
	w.Write("main.tf", acctest.Required+key(named, adminRole, kafka()))
	for range 2 {
		output := w.Run("plan", "-no-color")
		says(t, output, "Client secret missing", "-replace=ADDRESS", "import it again")
		w.Run("apply", "-auto-approve")
	}
	w.Run("state", "rm", address)
	w.Run("import", address, id)
	if output := w.Run("plan", "-no-color"); strings.Contains(output, "Client secret missing") {
		t.Errorf("an imported key can't have its secret, and whoever imports it knows:\n%s", output)
	}
}

// TestAccPlanTellsOfAPIAccessThatIsNotAskedFor imports a key whose permissions
// Streamkap does not tell, as if it had access to Kafka alone.
func TestAccPlanTellsOfAPIAccessThatIsNotAskedFor(t *testing.T) {
	t.Parallel()
	const unasked, permissions = "API access is not in the configuration", `permission_ids = ["topics:read"]`
	s := acctest.Start(t, simulator.Config{})
	made := applied(t, s, key(named, permissions, kafka()))
	if output := made.Run("plan"); strings.Contains(output, unasked) {
		t.Errorf("the access is in the configuration:\n%s", output)
	}
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, `kafka { username = "orders-consumer" }`))
	w.Run("import", address, s.Keys()[0].ID)
	for range 2 {
		says(t, w.Run("plan", "-no-color", "-detailed-exitcode"), unasked, s.Keys()[0].ID, "-replace=ADDRESS")
	}
	w.Write("main.tf", acctest.Required+key(named, permissions, `kafka { username = "orders-consumer" }`))
	w.Run("apply", "-auto-approve")
	if output := w.Run("plan", "-detailed-exitcode"); strings.Contains(output, unasked) {
		t.Errorf("the access is in the configuration by now:\n%s", output)
	}
}

// TestAccPlainChangeOfAKeyWithAnUnknownStatusIsDone waits for nothing that can't
// be under way.
func TestAccPlainChangeOfAKeyWithAnUnknownStatusIsDone(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := applied(t, s, key(named, adminRole))
	s.Modify(s.Keys()[0].ID, func(k *simulator.Key) { k.Status = "suspended" })
	w.Write("main.tf", acctest.Required+key(`name = "orders-2"`, adminRole))
	w.Run("apply", "-auto-approve")
	w.Run("plan", "-detailed-exitcode")
}

// TestAccWaitOutlastsFailures has the service fail for longer than one read's
// retries, after a create, a change and a deletion.
func TestAccWaitOutlastsFailures(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	write := func(name string) {
		w.Write("main.tf", acctest.Required+key(fmt.Sprintf("name = %q", name), adminRole)+"\nprovider \"streamkap\" {\nmax_retries = 0\n}\n")
		s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: len(s.Keys()), Times: 2, Status: 502, Body: simulator.GatewayPage(502)})
		s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: len(s.Keys()) + 2, Status: 429})
	}
	write("orders")
	w.Run("apply", "-auto-approve")
	id := s.Keys()[0].ID
	write("orders-2")
	w.Run("apply", "-auto-approve")
	if keys := s.Keys(); len(keys) != 1 || keys[0].ID != id || keys[0].Name != "orders-2" {
		t.Error("the key was replaced, or not changed")
	}
	s.ClearFaults()
	s.SetDialect(simulator.Dialect{DeleteTiming: simulator.DeletingFirst})
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: 1, Times: 2, Status: 502, Body: simulator.GatewayPage(502)})
	w.Run("destroy", "-auto-approve")
	if len(s.Keys()) != 0 {
		t.Error("the key is left")
	}
}

// TestAccOutageIsToldOnce counts the lines that a person has to read.
func TestAccOutageIsToldOnce(t *testing.T) {
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

// TestAccOldFormOfACredentialFileStaysUntilAChange plans nothing for a state
// whose credential file has the rules in it, as earlier versions wrote it.
func TestAccOldFormOfACredentialFileStaysUntilAChange(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	configuration := key(named, adminRole, kafka(acl("orders", "TOPIC", "READ", "LITERAL")))
	w := applied(t, s, configuration)
	if strings.Contains(w.Read("terraform.tfstate"), "kafka_acls") {
		t.Error("the credential file has rules in it")
	}
	w.Write("terraform.tfstate", strings.Replace(w.Read("terraform.tfstate"), `\"tool_profile\":`,
		`\"kafka_acls\":[{\"name\":\"orders\",\"resource\":\"TOPIC\",\"operation\":\"READ\",\"resource_pattern_type\":\"LITERAL\"}],\"tool_profile\":`, 1))
	w.Run("plan", "-detailed-exitcode")
	w.Write("main.tf", acctest.Required+strings.Replace(configuration, "orders", "orders-2", 1))
	w.Run("apply", "-auto-approve")
	if strings.Contains(w.Read("terraform.tfstate"), "kafka_acls") {
		t.Error("the change did not rewrite the file")
	}
	w.Run("plan", "-detailed-exitcode")
}

func TestAccChangedRuleLeavesTheCredentialFileAlone(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	scenario(t,
		apply(s, key(named, adminRole, kafka(acl("a", "TOPIC", "READ", "LITERAL"))), plancheck.ResourceActionCreate),
		resource.TestStep{
			Config: s.Config(key(named, adminRole, kafka(acl("b", "TOPIC", "READ", "LITERAL")))),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(address, plancheck.ResourceActionUpdate),
			}},
			Check: secretsMatch(s),
		},
	)
}
