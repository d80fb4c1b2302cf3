// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// exampleID is the id in the examples that show one.
const exampleID = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"

func example(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", filepath.FromSlash(path)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// seedForExamples makes the keys that the examples speak of.
func seedForExamples(s *simulator.Server) {
	role := []string{simulator.RoleReadOnly}
	s.Seed(simulator.Key{Name: "orders-consumer", KafkaUsername: "orders-consumer"})
	s.Seed(simulator.Key{ID: exampleID, Name: "billing", RoleIDs: role, KafkaUsername: "billing"})
	s.Seed(simulator.Key{ID: "stuck", Name: "team-a-stuck", RoleIDs: role, Status: simulator.StatusDeleteFailed})
	s.Seed(simulator.Key{Name: "team-b", RoleIDs: role})
	s.Seed(simulator.Key{Name: "ai-agent", RoleIDs: role, ToolProfile: "read-only"})
}

func TestAccExamples_DataSourcesApplyAndPlanNothing(t *testing.T) {
	for name, output := range map[string]string{
		"project_key":  `orders_endpoint = "`,
		"project_keys": `"stuck" = "team-a-stuck"`,
		"role":         "1 added",
		"roles":        `"Read Only" = "` + simulator.RoleReadOnly + `"`,
		"mcp_config":   "0 added",
		"whoami":       `project = "` + simulator.DefaultServiceID + `"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			seedForExamples(s.Server)
			w := acctest.NewWorkspace(t, s)
			w.Write("required.tf", acctest.Required)
			w.Write("main.tf", example(t, "data-sources/streamkap_"+name+"/data-source.tf"))
			printed := acctest.OneLine(w.Run("apply", "-no-color", "-auto-approve"))
			if !strings.Contains(printed, output) {
				t.Errorf("%q is not in: %s", output, printed)
			}
			if strings.Contains(printed, "Warning: Check block") {
				t.Errorf("a check fails: %s", printed)
			}
			w.Run("plan", "-no-color", "-detailed-exitcode")
		})
	}
}

func TestAccExamples_AccessTokenHandedOn(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Write("required.tf", acctest.Required)
	w.Write("main.tf", example(t, "ephemeral-resources/streamkap_access_token/ephemeral-resource.tf"))
	// In place of curl, which need not be there.
	w.Write("curl", "#!/bin/sh\necho \"$@\" >called\n")
	if err := os.Chmod(filepath.Join(w.Dir, "curl"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.Setenv("PATH", w.Dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	w.Run("apply", "-no-color", "-auto-approve")
	called := w.Read("called")
	if !strings.Contains(called, "Authorization: Bearer simulated-access-") || !strings.Contains(called, s.URL+"/auth/whoami") {
		t.Errorf("curl was called with %s", called)
	}
	w.Run("plan", "-no-color", "-detailed-exitcode")
	if strings.Contains(w.Read("terraform.tfstate"), "simulated-access-") {
		t.Error("the state holds a token")
	}
}

func TestAccExamples_CredentialFileParsed(t *testing.T) {
	w := acctest.NewWorkspace(t, acctest.Start(t, simulator.Config{}))
	w.Write("required.tf", acctest.Required)
	w.Write("main.tf", example(t, "functions/parse_credential_file/function.tf"))
	w.Setenv("TF_VAR_credential_file", `{"type": "streamkap_project_key", "api": {"client_id": "a", "client_secret": "not-a-real-secret-a"},
		"kafka": {"username": "b", "bootstrap_servers": "b.streamkap.net:32400"}}`)
	printed := acctest.OneLine(w.Run("apply", "-no-color", "-auto-approve"))
	if !strings.Contains(printed, `bootstrap_servers = "b.streamkap.net:32400"`) || strings.Contains(printed, "not-a-real-secret-a") {
		t.Errorf("printed %s", printed)
	}
	if got := w.Run("output", "-raw", "client_secret"); got != "not-a-real-secret-a" {
		t.Errorf("the secret is %q", got)
	}
}

func TestAccExamples_Import(t *testing.T) {
	resource := "resource \"streamkap_project_key\" \"orders\" {\n  name     = \"orders\"\n  role_ids = [\"" + simulator.RoleReadOnly + "\"]\n}\n"
	seeded := func(t *testing.T) *acctest.Workspace {
		t.Helper()
		s := acctest.Start(t, simulator.Config{})
		s.Seed(simulator.Key{ID: exampleID, Name: "orders", RoleIDs: []string{simulator.RoleReadOnly}})
		w := acctest.NewWorkspace(t, s)
		w.Write("main.tf", acctest.Required+resource)
		return w
	}
	t.Run("by command", func(t *testing.T) {
		w := seeded(t)
		lines := strings.Split(strings.TrimSpace(example(t, "resources/streamkap_project_key/import.sh")), "\n")
		command := strings.Fields(lines[len(lines)-1])
		w.Run(command[1:]...)
		w.Run("plan", "-no-color", "-detailed-exitcode")
	})
	for _, file := range []string{"import-by-string-id.tf", "import-by-identity.tf"} {
		t.Run(file, func(t *testing.T) {
			w := seeded(t)
			version := w.Run("version")
			if file == "import-by-identity.tf" && strings.Contains(version, "Terraform v1.11.") {
				t.Skip("Terraform 1.11 knows no identity")
			}
			w.Write("import.tf", example(t, "resources/streamkap_project_key/"+file))
			printed := acctest.OneLine(w.Run("apply", "-no-color", "-auto-approve"))
			if !strings.Contains(printed, "1 imported, 0 added, 0 changed, 0 destroyed") {
				t.Errorf("printed %s", printed)
			}
			w.Run("plan", "-no-color", "-detailed-exitcode")
		})
	}
}

// No CLI at hand reads query files, so the arguments of the example are read
// here, and given to the provider as Terraform would.
func TestExamples_QueryFindsKeys(t *testing.T) {
	text := example(t, "list-resources/streamkap_project_key/list-resource.tfquery.hcl")
	_, block, ok := strings.Cut(text, "config {")
	if !ok {
		t.Fatal("the example has no config block")
	}
	config := values{}
	for _, argument := range regexp.MustCompile(`(?m)^ +(\w+) += "(.*)"$`).FindAllStringSubmatch(block, -1) {
		config[argument[1]] = argument[2]
	}
	s := simulator.New(simulator.Config{})
	seedForExamples(s)
	p := connect(t, s)
	results := p.list(config, true, 50) // which panics where there is no such argument
	if len(p.listed(results)) != 1 || results[0].DisplayName != "team-b" || len(config) != 2 {
		t.Errorf("%v finds %v", config, results)
	}
}
