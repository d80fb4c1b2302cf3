// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	link    = regexp.MustCompile(`\]\(([^)\s]*)\)`)
	heading = regexp.MustCompile("(?m)^#+ (.*)$")
	anchor  = regexp.MustCompile(`<a id="([^"]*)">`)
	dropped = regexp.MustCompile(`[^\w\- ]`)
)

// pages are the texts that link to each other: those of the repository with
// endings, and those of docs/ without.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range []string{"README.md", "CONTRIBUTING.md", "SECURITY.md", "examples/kafka-clients/README.md", "examples/module-ci/README.md"} {
		all[name] = read(t, name)
	}
	for _, name := range files(t, filepath.Join(root, "docs")) {
		all["docs/"+name] = read(t, "docs/"+name)
	}
	return all
}

func TestLinks_LeadToAPageAndAHeading(t *testing.T) {
	all := pages(t)
	links := 0
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
			} else if fragment != "" && !hasFragment(all[target], fragment) {
				t.Errorf("%s: nothing is called %s", name, match[1])
			}
		}
	}
	if links < 100 {
		t.Errorf("only %d links were found", links)
	}
}

// hasFragment says whether a page has a heading or an anchor of this name.
func hasFragment(text, fragment string) bool {
	for _, match := range anchor.FindAllStringSubmatch(text, -1) {
		if match[1] == fragment {
			return true
		}
	}
	for _, match := range heading.FindAllStringSubmatch(text, -1) {
		if strings.ReplaceAll(dropped.ReplaceAllString(strings.ToLower(match[1]), ""), " ", "-") == fragment {
			return true
		}
	}
	return false
}
