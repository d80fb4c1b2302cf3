// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var root = filepath.Join("..", "..", "..")

// elsewhere are the examples that no script here runs: a file, or a folder, and
// where it is named by what runs it.
var elsewhere = map[string]struct{ by, mention string }{
	"demo/": {"internal/tools/demo", `examples/demo/`},
	"functions/kafka_client_properties/function.tf": {"internal/test/e2e/examples_acc_test.go", `"functions/kafka_client_properties/function.tf"`},
	"kafka-clients/": {"internal/test/e2e/examples_acc_test.go", `"kafka-clients/main.tf"`},
	"list-resources/streamkap_project_key/list-resource.tfquery.hcl": {"internal/projectkey/list_resource_example_test.go", `examples/list-resources/streamkap_project_key/list-resource.tfquery.hcl"`},
}

// used is a line of a script that takes an example, or a step of the workflow.
var used = regexp.MustCompile(`(?m)^(?:example (\S+)|workflow )`)

func TestExamples_EachIsRun(t *testing.T) {
	run := map[string]bool{}
	for _, name := range files(t, "testdata") {
		text := read(t, "internal/test/docs/testdata/"+name)
		for _, line := range used.FindAllStringSubmatch(text, -1) {
			if line[1] == "" {
				line[1] = "guides/pipeline/keys.yml"
			}
			run[line[1]] = true
		}
		if strings.HasPrefix(name, "examples/") && !strings.Contains(text, "\nfinish") {
			t.Errorf("%s does not end with an empty plan, and destroys nothing", name)
		}
	}
	for name, where := range elsewhere {
		run[strings.TrimSuffix(name, "/")] = true
		if !strings.Contains(read(t, where.by), where.mention) {
			t.Errorf("%s does not mention %s", where.by, where.mention)
		}
	}
	all := map[string]bool{}
	for _, file := range files(t, filepath.Join(root, "examples")) {
		found := false
		for name := file; name != "."; name = filepath.ToSlash(filepath.Dir(name)) {
			found, all[name] = found || run[name], true
		}
		if !found {
			t.Errorf("no test runs examples/%s: add a script to testdata", file)
		}
	}
	for name := range run {
		if !all[name] {
			t.Errorf("examples/%s does not exist", name)
		}
	}
}

func TestGuides_ConfigurationsAreExamples(t *testing.T) {
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
	for _, file := range files(t, filepath.Join(root, "examples", "guides")) {
		if folder, _, _ := strings.Cut(file, "/"); !strings.Contains(guides, `"examples/guides/`+folder+`/`) {
			t.Errorf("no guide shows examples/guides/%s", folder)
		}
	}
}

// files returns the files below a folder, in slash form, without what the CLI
// leaves behind where somebody tried an example.
func files(t *testing.T, dir string) []string {
	t.Helper()
	found, err := filesBelow(dir)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func filesBelow(dir string) ([]string, error) {
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
	return found, err
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
