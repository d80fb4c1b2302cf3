// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..", "..")

// elsewhere are the examples that tests of other packages run: for each file,
// or for a folder with all its files, the source of the test, or of the script
// that it runs, and how that names it.
var elsewhere = map[string]struct{ test, mention string }{
	"guides/handover/":                                   {"internal/test/docs/handover_acc_test.go", `"examples/guides/handover/"`},
	"guides/pipeline/":                                   {"internal/test/docs/pipeline_acc_test.go", `"examples/guides/pipeline/keys.yml"`},
	"guides/fleet/":                                      {"internal/test/docs/fleet_acc_test.go", `"guides/fleet"`},
	"guides/several-projects/":                           {"internal/test/docs/several_projects_acc_test.go", `"guides/several-projects"`},
	"guides/rotation/":                                   {"internal/test/e2e/rotation_acc_test.go", `"guides/rotation/main.tf"`},
	"guides/rotation-by-calendar/":                       {"internal/test/docs/rotation_acc_test.go", `"guides/rotation-by-calendar"`},
	"guides/rename-queried/":                             {"internal/test/docs/adopt_acc_test.go", `"guides/rename-queried"`},
	"data-sources/streamkap_mcp_config/data-source.tf":   {"internal/projectkey/data_source_examples_acc_test.go", `"mcp_config":`},
	"data-sources/streamkap_project_key/data-source.tf":  {"internal/projectkey/data_source_examples_acc_test.go", `"project_key":`},
	"data-sources/streamkap_project_keys/data-source.tf": {"internal/projectkey/data_source_examples_acc_test.go", `"project_keys":`},
	"data-sources/streamkap_role/data-source.tf":         {"internal/projectkey/data_source_examples_acc_test.go", `"role":`},
	"data-sources/streamkap_roles/data-source.tf":        {"internal/projectkey/data_source_examples_acc_test.go", `"roles":`},
	"data-sources/streamkap_whoami/data-source.tf":       {"internal/projectkey/data_source_examples_acc_test.go", `"whoami":`},
	"demo/": {"internal/tools/demo", `examples/demo/`},
	"ephemeral-resources/streamkap_access_token/ephemeral-resource.tf": {"internal/projectkey/data_source_examples_acc_test.go", `"ephemeral-resources/streamkap_access_token/ephemeral-resource.tf"`},
	"functions/parse_credential_file/function.tf":                      {"internal/projectkey/data_source_examples_acc_test.go", `"functions/parse_credential_file/function.tf"`},
	"list-resources/streamkap_project_key/list-resource.tfquery.hcl":   {"internal/projectkey/data_source_examples_acc_test.go", `"list-resources/streamkap_project_key/list-resource.tfquery.hcl"`},
	"functions/kafka_client_properties/function.tf":                    {"internal/test/e2e/examples_acc_test.go", `"functions/kafka_client_properties/function.tf"`},
	"kafka-clients/":            {"internal/test/e2e/examples_acc_test.go", `"kafka-clients/main.tf"`},
	"kafka-clients/kubernetes/": {"internal/test/docs/kubernetes_acc_test.go", `"kafka-clients/kubernetes"`},
	"module-ci/":                {"internal/test/docs/module_ci_acc_test.go", `"module-ci"`},
	"resources/streamkap_project_key/import-by-identity.tf":  {"internal/projectkey/data_source_examples_acc_test.go", `"import-by-identity.tf"`},
	"resources/streamkap_project_key/import-by-string-id.tf": {"internal/projectkey/data_source_examples_acc_test.go", `"import-by-string-id.tf"`},
	"resources/streamkap_project_key/import.sh":              {"internal/projectkey/data_source_examples_acc_test.go", `"resources/streamkap_project_key/import.sh"`},
	"guides/mocked-secrets/":                                 {"internal/test/docs/mocked_acc_test.go", `"guides/mocked-secrets"`},
	"guides/two-providers/":                                  {"internal/test/docs/two_providers_acc_test.go", `"guides/two-providers"`},
}

func TestEveryExampleIsRunByATest(t *testing.T) {
	met := map[string]bool{}
	run := func(file string) bool {
		for name, example := range examples {
			if slices.Contains(example.filesIn(t, name), file) {
				return true
			}
		}
		for _, name := range []string{file, path.Dir(file) + "/", path.Dir(path.Dir(file)) + "/"} {
			if _, ok := elsewhere[name]; ok {
				met[name] = true
				return true
			}
		}
		return false
	}
	for _, file := range files(t, filepath.Join(root, "examples")) {
		if !run(file) {
			t.Errorf("no test runs examples/%s: add it to the examples of this package", file)
		}
	}
	for name, by := range elsewhere {
		if !met[name] {
			t.Errorf("examples/%s does not exist", name)
		}
		if !strings.Contains(read(t, by.test), by.mention) {
			t.Errorf("%s does not mention %s", by.test, by.mention)
		}
	}
}

func TestGuidesTakeTheirConfigurationsFromExamples(t *testing.T) {
	guides, start := "", read(t, "templates/guides/start-here.md.tmpl")
	for _, file := range files(t, filepath.Join(root, "templates", "guides")) {
		text := read(t, "templates/guides/"+file)
		if regexp.MustCompile("(?m)^ *```(terraform|hcl|yaml|csv)").MatchString(text) {
			t.Errorf("%s holds a configuration of its own", file)
		}
		if !regexp.MustCompile(`(?m)^subcategory: "(1. Start|2. Operate|3. Migrate|4. Reference)"$`).MatchString(text) {
			t.Errorf("%s is in none of the four parts", file)
		}
		if name := strings.TrimSuffix(file, ".md.tmpl"); name != "start-here" && !strings.Contains(start, "("+name+")") {
			t.Errorf("start-here does not say who needs %s", name)
		}
		guides += text
	}
	for name := range examples {
		if strings.HasPrefix(name, "guides/") && !strings.Contains(guides, `"examples/`+name+`/`) {
			t.Errorf("no guide shows examples/%s", name)
		}
	}
}

// files returns the files below a folder, in slash form, without what the CLI
// leaves behind where somebody tried an example.
func files(t *testing.T, dir string) []string {
	t.Helper()
	var found []string
	err := filepath.WalkDir(dir, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.Name() == ".terraform" {
			return filepath.SkipDir
		}
		if entry.IsDir() || strings.HasPrefix(entry.Name(), ".") || strings.Contains(entry.Name(), ".tfstate") {
			return nil
		}
		name, err := filepath.Rel(dir, file)
		found = append(found, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// read reads a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
