// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

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

// TestAccExplain_RefusalOnItsAttribute has the service refuse values that the
// plan let through, and echo them.
func TestAccExplain_RefusalOnItsAttribute(t *testing.T) {
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
		{refuse("role_ids", 0), `role_ids = `},
		{refuse("kafka_config", "password"), `password_wo = `},
		{refuse("kafka_config", "kafka_acls", 1, "operation"), `operation = "READ"`},
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

func reads(s *acctest.Service) []simulator.Request {
	var reads []simulator.Request
	for _, request := range s.Requests() {
		if request.Method == http.MethodGet && strings.HasPrefix(request.Path, "/project-keys/") {
			reads = append(reads, request)
		}
	}
	return reads
}

// passwordVariable gives the password without its being in the configuration,
// which the CLI quotes in diagnostics.
const passwordVariable = "variable \"word\" {\ntype = string\nephemeral = true\n}\n"
