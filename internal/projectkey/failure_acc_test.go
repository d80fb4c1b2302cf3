// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// stateOf reads the key under test from a workspace's state, or returns nil.
func stateOf(t *testing.T, w *acctest.Workspace) (attributes map[string]any, tainted bool) {
	t.Helper()
	var state struct {
		Resources []struct {
			Instances []struct {
				Status     string
				Attributes map[string]any
			}
		}
	}
	if _, err := os.Stat(w.Dir + "/terraform.tfstate"); os.IsNotExist(err) {
		return nil, false
	}
	if err := json.Unmarshal([]byte(w.Read("terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Resources) == 0 {
		return nil, false
	}
	instance := state.Resources[0].Instances[0]
	return instance.Attributes, instance.Status == "tainted"
}

func says(t *testing.T, output string, sentences ...string) {
	t.Helper()
	output = acctest.OneLine(output)
	for _, sentence := range sentences {
		if !strings.Contains(output, sentence) {
			t.Errorf("the output does not say %q:\n%s", sentence, output)
		}
	}
}

func TestAccFailedCreateKeepsTheKeyTaintedWithItsSecret(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{CreateOutcome: "failed"}})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole))
	output, err := w.Try("apply", "-auto-approve", "-no-color")
	if err == nil {
		t.Fatal("the apply succeeded")
	}
	made := s.Keys()[0]
	says(t, output, "Error: Project key failed", `project key "orders" (id `+made.ID+`)`, `its status is "failed"`, "the next apply replaces it")

	attributes, tainted := stateOf(t, w)
	if !tainted || attributes["id"] != made.ID || attributes["api"].(map[string]any)["client_secret"] != made.APISecret {
		t.Error("the state does not hold the tainted key with its id and secret")
	}
	s.SetDialect(simulator.Dialect{})
	w.Run("apply", "-auto-approve")
	if keys := s.Keys(); len(keys) != 1 || keys[0].ID == made.ID {
		t.Error("the failed key was not replaced")
	}
}

func TestAccLostCreateAnswerIsNotRepeatedAndNamesTheKey(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"connection dropped after processing": {Method: http.MethodPost, Path: "/project-keys", Drop: simulator.DropAfter},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			older := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, CreatedAt: time.Now().Add(-time.Hour)})
			s.Inject(fault)
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+key(named, adminRole))
			output, err := w.Try("apply", "-auto-approve", "-no-color")
			if err == nil {
				t.Fatal("the apply succeeded")
			}
			keys := s.Keys()
			if len(keys) != 2 || len(s.Writes()) != 1 {
				t.Fatalf("%d keys after %d writes, expected one new key after one POST", len(keys), len(s.Writes()))
			}
			says(t, output, "Error: Project key may have been created", "id "+keys[1].ID, "id "+older.ID, "Import the right one", "Delete the right one")
			if strings.Index(output, keys[1].ID) > strings.Index(output, older.ID) {
				t.Error("the error names the older key first")
			}
			if attributes, _ := stateOf(t, w); attributes != nil {
				t.Error("a key was adopted into the state")
			}
		})
	}
}

func TestAccCreate_UnansweredAndNotListed(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	s.Inject(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 503, Body: simulator.GatewayPage(503)})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole))
	output, err := w.Try("apply", "-auto-approve", "-no-color")
	if err == nil {
		t.Fatal("the apply succeeded")
	}
	says(t, output, "Error: Project key may have been created", "lists no key of this name", "HTTP 503")
	w.Run("apply", "-auto-approve")
	if len(s.Keys()) != 1 {
		t.Errorf("%d keys, expected 1", len(s.Keys()))
	}
}

// TestAccSignal_WhatIsUnderWayIsSaved sends a signal while a request, or the
// wait after it, is under way: to the CLI alone, as Ctrl-C in some shells, or to
// its process group, as Ctrl-C in a terminal and CI runners do.
func TestAccSignal_WhatIsUnderWayIsSaved(t *testing.T) {
	t.Parallel()
	const slow = 4 * time.Second
	for name, test := range map[string]struct {
		signal syscall.Signal
		group  bool
		config simulator.Config
		// fault slows the request down at which the signal is sent.
		fault simulator.Fault
		// prior is what the key is before, where it is changed.
		prior []string
	}{
		"SIGINT to the CLI at the wait":    {signal: syscall.SIGINT, config: simulator.Config{ProvisionTime: time.Hour}},
		"SIGTERM to the group at the wait": {signal: syscall.SIGTERM, group: true, config: simulator.Config{ProvisionTime: time.Hour}},
		"SIGINT to the group at the creation": {
			signal: syscall.SIGINT, group: true,
			fault: simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Delay: slow, Processed: true},
		},
		"SIGTERM to the group at the creation": {
			signal: syscall.SIGTERM, group: true,
			fault: simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Delay: slow, Processed: true},
		},
		"SIGTERM to the group when API access is added": {
			signal: syscall.SIGTERM, group: true, prior: []string{named, kafka()},
			fault: simulator.Fault{Method: http.MethodPatch, Delay: slow, Processed: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, test.config)
			w := acctest.NewWorkspace(t, s)
			if test.prior != nil {
				w.Write("main.tf", acctest.Required+key(test.prior...))
				w.Run("apply", "-auto-approve")
			}
			s.ResetRequests()
			if test.fault.Method != "" {
				s.Inject(test.fault)
			}
			w.Write("main.tf", acctest.Required+key(named, adminRole, kafka()))
			output := signalled(t, s, w, test.signal, test.group, test.config.ProvisionTime > 0)
			made := s.Keys()[0]
			if test.config.ProvisionTime > 0 {
				says(t, output, "Project key is not Active yet", made.ID, "before the run was interrupted")
			}
			attributes, _ := stateOf(t, w)
			if attributes == nil || attributes["id"] != made.ID || attributes["api"] == nil || attributes["api"].(map[string]any)["client_secret"] != made.APISecret {
				t.Errorf("the state does not hold the key with its id and secret:\n%s", output)
			}
		})
	}
}

// signalled runs an apply that gets a signal when the service has issued a client
// secret, or at a read after that. It returns what was printed.
func signalled(t *testing.T, s *acctest.Service, w *acctest.Workspace, signal syscall.Signal, group, atWait bool) string {
	t.Helper()
	command := w.Command("apply", "-auto-approve", "-no-color")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output := &strings.Builder{}
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	come := func() bool {
		issued := slices.ContainsFunc(s.Keys(), func(key simulator.Key) bool { return key.APISecret != "" })
		return issued && (!atWait || len(reads(s)) > 0)
	}
	for deadline := time.Now().Add(time.Minute); !come() && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	to := command.Process.Pid
	if group {
		to = -to
	}
	if err := syscall.Kill(to, signal); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	return output.String()
}

func reads(s *acctest.Service) []simulator.Request {
	var reads []simulator.Request
	for _, request := range s.Requests() {
		if request.Method == http.MethodGet && strings.HasPrefix(request.Path, "/project-keys/") {
			reads = append(reads, request)
		}
	}
	return reads
}

func TestAccCreateThatDoesNotSettleInTimeKeepsTheSecret(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{ProvisionTime: time.Hour, Dialect: simulator.Dialect{Status: simulator.StatusLower}})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole, "timeouts {\ncreate = \"1s\"\n}"))
	output, err := w.Try("apply", "-auto-approve", "-no-color")
	if err == nil {
		t.Fatal("the apply succeeded")
	}
	made := s.Keys()[0]
	says(t, output, "Error: Project key is not Active yet", made.ID, "timeouts.create", `its status is "creating"`, "untaint keeps it")
	attributes, tainted := stateOf(t, w)
	if !tainted || attributes["api"].(map[string]any)["client_secret"] != made.APISecret {
		t.Error("the state does not hold the tainted key with its secret")
	}
}

func TestAccAddedAPIAccessThatDoesNotSettleKeepsTheNewSecret(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, kafka(), "timeouts {\nupdate = \"2s\"\n}"))
	w.Run("apply", "-auto-approve")

	// Every read after the PATCH fails, so the change can't be seen to settle.
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: 1, Times: -1, Status: 500})
	w.Write("main.tf", acctest.Required+key(named, adminRole, kafka(), "timeouts {\nupdate = \"2s\"\n}"))
	output, err := w.Try("apply", "-auto-approve", "-no-color")
	if err == nil {
		t.Fatal("the apply succeeded")
	}
	says(t, output, "The change is in the state, with every secret that it issued")
	attributes, tainted := stateOf(t, w)
	if tainted || attributes["api"] == nil || attributes["api"].(map[string]any)["client_secret"] != s.Keys()[0].APISecret {
		t.Error("the state does not hold the new client secret")
	}
	s.ClearFaults()
	w.Run("plan", "-detailed-exitcode")
}

// TestAccAnswerWithoutTheClientSecretIsAnError covers answers that say that all
// is well and lack what they are needed for.
func TestAccAnswerWithoutTheClientSecretIsAnError(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, kafka()))
	w.Run("apply", "-auto-approve")
	for _, processed := range []bool{false, true} {
		s.Inject(simulator.Fault{Method: http.MethodPatch, Path: "/project-keys/*", Status: 200, Body: "{}", Processed: processed})
		w.Write("main.tf", acctest.Required+key(named, adminRole, kafka()))
		output, err := w.Try("apply", "-auto-approve", "-no-color")
		if err == nil {
			t.Fatal("the apply succeeded")
		}
		says(t, output, "Error: Client secret missing", s.Keys()[0].ID, "-replace=ADDRESS")
		attributes, tainted := stateOf(t, w)
		if tainted || (attributes["api"] != nil) != processed {
			t.Errorf("the state does not hold what the service holds: %v", attributes["api"])
		}
	}
	w.Run("plan", "-detailed-exitcode")
	w.Run("apply", "-auto-approve", "-replace="+address)
	if err := secretKnown(t, w, s); err != nil {
		t.Error(err)
	}
}

func secretKnown(t *testing.T, w *acctest.Workspace, s *acctest.Service) error {
	t.Helper()
	attributes, _ := stateOf(t, w)
	if api, ok := attributes["api"].(map[string]any); !ok || api["client_secret"] != s.Keys()[0].APISecret {
		return errorf("the state does not hold the client secret")
	}
	return nil
}

// TestAccOnlyAGoneKeyLeavesTheState refreshes against answers that do not mean
// that the key is gone, and then against one that does.
func TestAccOnlyAGoneKeyLeavesTheState(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"403":                     {Status: 403, Body: `{"detail": "does not exist"}`},
		"404 from something else": {Status: 404, Body: "<html><body>Not Found</body></html>"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+key(named, adminRole)+"\nprovider \"streamkap\" {\nmax_retries = 0\n}\n")
			w.Run("apply", "-auto-approve")
			fault.Method, fault.Path, fault.Times = http.MethodGet, "/project-keys/*", -1
			s.Inject(fault)
			output, err := w.Try("plan", "-no-color")
			if err == nil {
				t.Errorf("the plan succeeded:\n%s", output)
			}
			says(t, output, `Could not read project key "orders" (id `+s.Keys()[0].ID+`)`)
			s.ClearFaults()
			w.Run("plan", "-detailed-exitcode")
		})
	}
	t.Run("gone", func(t *testing.T) {
		s := acctest.Start(t, simulator.Config{})
		gone := apply(s, key(named, adminRole), plancheck.ResourceActionCreate)
		gone.PreConfig = func() { s.Remove(s.Keys()[0].ID) }
		scenario(t, apply(s, key(named, adminRole), plancheck.ResourceActionCreate), gone)
	})
}

func TestAccDeleteRetriesADeletionThatFails(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{
		Dialect:        simulator.Dialect{DeleteTiming: "failed-once"},
		DeleteFailures: 2,
	})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole))
	w.Run("apply", "-auto-approve")
	s.ResetRequests()
	w.Run("destroy", "-auto-approve")
	if len(s.Keys()) != 0 || len(s.Writes()) != 3 {
		t.Errorf("%d keys are left after %d DELETEs, expected none after 3", len(s.Keys()), len(s.Writes()))
	}
}

func TestAccDeleteWaitsForAKeyThatIsStillBeingCreated(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole))
	w.Run("apply", "-auto-approve")
	s.Modify(s.Keys()[0].ID, func(key *simulator.Key) { key.Status = simulator.StatusCreating })
	s.Inject(simulator.Fault{Method: http.MethodDelete, Path: "/project-keys/*", Status: 400, Body: `{"detail": "Project key is creating"}`, Times: 2})
	w.Run("destroy", "-auto-approve")
	if len(s.Keys()) != 0 {
		t.Error("the key is still there")
	}
}

func TestAccDeleteThatFailsForEverEndsAndKeepsTheKey(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "failed-forever"}})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole, "timeouts {\ndelete = \"2s\"\n}"))
	w.Run("apply", "-auto-approve")
	output, err := w.Try("destroy", "-auto-approve", "-no-color")
	if err == nil {
		t.Fatal("the destroy succeeded")
	}
	says(t, output, "Error: Project key is not deleted yet", s.Keys()[0].ID, `its status is "delete_failed"`, "Destroy it again")
	if attributes, _ := stateOf(t, w); attributes == nil {
		t.Error("the key has left the state")
	}
}

func TestAccOwnKeyIsNotDeleted(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole, kafka()))
	w.Run("apply", "-auto-approve")
	own := s.Keys()[0]
	w.Setenv("STREAMKAP_CLIENT_ID", own.APIClientID)
	w.Setenv("STREAMKAP_SECRET", own.APISecret)
	s.ResetRequests()

	output, err := w.Try("destroy", "-auto-approve", "-no-color")
	if err == nil {
		t.Error("the provider deleted its own key")
	}
	says(t, output, "The provider's own key can't be deleted", own.ID, "destroy = false")

	w.Write("main.tf", acctest.Required+key(named, adminRole))
	if output, err = w.Try("plan", "-no-color"); err == nil {
		t.Error("the provider planned to replace its own key")
	}
	says(t, output, "The provider's own key can't be deleted")
	if len(s.Writes()) != 0 {
		t.Errorf("%d writes", len(s.Writes()))
	}
}

// TestAccValueThatCannotBeClearedIsAnError runs against a service on which
// neither form clears.
func TestAccValueThatCannotBeClearedIsAnError(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{Clearing: "nothing-clears"}})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, `description = "old"`, adminRole,
		kafka(`whitelist_ips = ["10.0.0.1"]`, acl("a", "TOPIC", "READ", "LITERAL")), "mcp {\nallowed_tools = [\"a\"]\n}"))
	w.Run("apply", "-auto-approve")
	s.ResetRequests()
	w.Write("main.tf", acctest.Required+key(`name = "renamed"`, adminRole, kafka()))
	output, err := w.Try("apply", "-auto-approve", "-no-color")
	if err == nil {
		t.Fatal("the apply succeeded")
	}
	says(t, output, "Error: Streamkap did not clear a value", "description, kafka.whitelist_ips, kafka.acl, mcp.allowed_tools")
	writes := s.Writes()
	if len(writes) != 3 || strings.Contains(string(writes[1].Body), "renamed") || string(writes[2].Body) != `{"allowed_tools":null}` {
		t.Errorf("%d writes, expected a PATCH, one in the other form, and one that takes the empty list back", len(writes))
	}
	attributes, tainted := stateOf(t, w)
	if tainted || attributes["name"] != "renamed" || attributes["description"] != "old" || attributes["mcp"] == nil {
		t.Error("the state does not hold what the service holds")
	}
}

// TestAccReadThatIsLateAllowsNoFewerTools has the read after a PATCH show what
// was there before it. The other form of clearing would then forbid every tool.
func TestAccReadThatIsLateAllowsNoFewerTools(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{Clearing: simulator.NullClears}})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole, "mcp {\nallowed_tools = [\"a\"]\n}"))
	w.Run("apply", "-auto-approve")
	s.ResetRequests()
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: 1, Late: true})
	w.Write("main.tf", acctest.Required+key(named, adminRole))
	w.Run("apply", "-auto-approve")
	if len(s.Writes()) != 1 || s.Keys()[0].AllowedTools != nil {
		t.Errorf("after %d writes the tools %q are allowed", len(s.Writes()), s.Keys()[0].AllowedTools)
	}
}

// TestAccReadThatIsLateLosesNoPassword has the read after Kafka access was added
// show what was there before it. A state without the password's version would
// have the next plan rotate the password.
func TestAccReadThatIsLateLosesNoPassword(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole))
	w.Run("apply", "-auto-approve")
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Skip: 1, Late: true})
	w.Write("main.tf", acctest.Required+key(named, adminRole, kafka()))
	w.Run("apply", "-auto-approve")
	w.Run("plan", "-detailed-exitcode")
}

// passwordVariable gives the password without its being in the configuration,
// which the CLI quotes in diagnostics.
const passwordVariable = "variable \"word\" {\ntype = string\nephemeral = true\n}\n"

// TestAccRefusalLandsOnTheAttribute has the service refuse values that the
// plan let through, and echo them.
func TestAccRefusalLandsOnTheAttribute(t *testing.T) {
	refuse := func(loc ...any) string {
		body, _ := json.Marshal(map[string]any{"detail": []any{map[string]any{
			"loc": append([]any{"body"}, loc...), "msg": "Value error, refused " + password, "type": "value_error",
			"input": password, "ctx": map[string]any{"error": password},
		}}})
		return string(body)
	}
	configuration := key(named, adminRole, kafkaWith("password_wo = var.word\npassword_wo_version = 1", `whitelist_ips = ["10.0.0.1"]`,
		acl("first", "TOPIC", "READ", "LITERAL"), acl("second", "GROUP", "READ", "LITERAL")), "mcp {\ntool_profile = \"read-only\"\n}") + passwordVariable
	for _, refusal := range []struct {
		body string
		at   string
	}{
		{refuse("name"), `name = "orders"`},
		{refuse("role_ids", 0), `role_ids = `},
		{refuse("kafka_config", "username"), `username = `},
		{refuse("kafka_config", "password"), `password_wo = `},
		{refuse("kafka_config", "whitelist_ips"), `whitelist_ips = `},
		{refuse("kafka_config", "kafka_acls", 1, "operation"), `operation = "READ"`},
		{refuse("kafka_config", "kafka_acls", 1, "topic_name"), `name = "second"`},
		{refuse("tool_profile"), `tool_profile = `},
	} {
		t.Run(refusal.at, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			s.Inject(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 422, Body: refusal.body})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+configuration)
			w.Setenv("TF_VAR_word", password)
			output, err := w.Try("apply", "-auto-approve", "-no-color")
			if err == nil {
				t.Fatal("the apply succeeded")
			}
			said := acctest.OneLine(output)
			if !pointingAt(refusal.at, "HTTP 422").MatchString(said) {
				t.Errorf("the error does not point at %q:\n%s", refusal.at, output)
			}
			if strings.Contains(output, password) {
				t.Error("the error repeats the password")
			}
		})
	}
}

// TestAccSecretsAreNowhereButInTheState looks through plans, logs at the most
// talkative level and outputs.
func TestAccSecretsAreNowhereButInTheState(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Setenv("TF_LOG", "TRACE")
	output := ""
	for version, word := range []string{password, otherPassword} {
		w.Write("main.tf", acctest.Required+key(named, adminRole, kafkaWith(
			"password_wo = var.word\npassword_wo_version = "+fmt.Sprint(version)))+passwordVariable)
		w.Setenv("TF_VAR_word", word)
		output += w.Run("plan", "-out", "saved.tfplan") + w.Run("apply", "-auto-approve")
		if strings.Contains(w.Read("saved.tfplan"), word) {
			t.Error("the plan file holds the password")
		}
	}
	state := w.Read("terraform.tfstate")
	made := s.Keys()[0]
	for _, word := range []string{password, otherPassword} {
		if strings.Contains(state, word) {
			t.Error("the state holds a write-only password")
		}
	}
	if !strings.Contains(state, made.APISecret) {
		t.Error("the state does not hold the client secret")
	}
	for _, secret := range s.Secrets() {
		if secret != simulator.DefaultSecret && strings.Contains(output, secret) {
			t.Errorf("the log holds a secret that begins with %.4s", secret)
		}
	}
}
