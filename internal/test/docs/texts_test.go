// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]*)\)`)
	heading = regexp.MustCompile("(?m)^#+ (.*)$")
	anchor  = regexp.MustCompile(`<a id="([^"]*)">`)
	dropped = regexp.MustCompile(`[^\w\- ]`)
)

func TestLinks_LeadToAPageAndAHeading(t *testing.T) {
	// They link to each other: those of the repository with endings, and those of
	// docs/ without.
	all, links := map[string]string{}, 0
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/kafka-clients/README.md", "examples/module-ci/README.md"} {
		all[name] = read(t, name)
	}
	for _, name := range files(t, filepath.Join(root, "docs")) {
		all["docs/"+name] = read(t, "docs/"+name)
	}
	for name, text := range all {
		for _, match := range link.FindAllStringSubmatch(text, -1) {
			if strings.Contains(match[1], "://") {
				continue
			}
			links++
			file, fragment, _ := strings.Cut(match[1], "#")
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if _, ok := all[target+".md"]; ok {
				target += ".md"
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(target))); err != nil {
				t.Errorf("%s: there is no %s", name, match[1])
			} else if fragment != "" && !slices.Contains(fragments(all[target]), fragment) {
				t.Errorf("%s: nothing is called %s", name, match[1])
			}
		}
	}
	if links < 100 {
		t.Errorf("only %d links were found", links)
	}
}

// fragments are what a link can name of a page: its anchors and headings.
func fragments(text string) (all []string) {
	for _, match := range anchor.FindAllStringSubmatch(text, -1) {
		all = append(all, match[1])
	}
	for _, match := range heading.FindAllStringSubmatch(text, -1) {
		all = append(all, strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-"))
	}
	return all
}

func TestREADME_ShowsTheQuickStart(t *testing.T) {
	text := read(t, "README.md")
	if !strings.Contains(text, "```hcl\n"+read(t, "examples/quickstart/main.tf")+"```\n") {
		t.Error("the configuration in the README is not examples/quickstart/main.tf")
	}
	if lines := strings.Count(text, "\n"); lines > 130 {
		t.Errorf("the README has %d lines, and at most 130 are read", lines)
	}
}

func TestGuides_SimulatorsRolesTold(t *testing.T) {
	guide := read(t, "templates/guides/testing-with-the-simulator.md.tmpl")
	for _, role := range simulator.DefaultRoles() {
		if !strings.Contains(guide, "| `"+role.Key+"` | `"+role.ID+"` |") {
			t.Errorf("the guide does not say that %s is %s", role.Key, role.ID)
		}
	}
}

// Terraform takes the content of a file for no secret, and shows what a function
// makes of it.
func TestFunctions_FileGivenAsSensitive(t *testing.T) {
	named := 0
	for _, page := range files(t, filepath.Join(root, "docs", "functions")) {
		text := read(t, "docs/functions/"+page)
		given, sensitive := strings.Count(text, "file(…)"), strings.Count(text, "sensitive(file(…))")
		if given != sensitive {
			t.Errorf("%s: of %d files, %d are given as sensitive", page, given, sensitive)
		}
		named += given
	}
	if named == 0 {
		t.Error("no function is given a file")
	}
}
