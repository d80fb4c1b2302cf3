// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"maps"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	testDeclared = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	testNamed    = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
)

func TestSecurity_EveryPromiseHasATest(t *testing.T) {
	declared := map[string]bool{}
	for _, file := range files(t, filepath.Join(root, "internal")) {
		if strings.HasSuffix(file, "_test.go") {
			for _, match := range testDeclared.FindAllStringSubmatch(read(t, "internal/"+file), -1) {
				declared[match[1]] = true
			}
		}
	}
	promises := 0
	for line := range strings.Lines(read(t, "SECURITY.md")) {
		named := testNamed.FindAllStringSubmatch(line, -1)
		for _, match := range named {
			if !declared[match[1]] {
				t.Errorf("SECURITY.md names %s, and there is no such test", match[1])
			}
		}
		// The rows below the heading and the line under it.
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| | it may be in") {
			promises++
			if len(named) == 0 {
				t.Errorf("SECURITY.md promises what no test is named for: %s", line)
			}
		}
	}
	if promises < 8 {
		t.Errorf("SECURITY.md has %d promises: its table is not read as it is written", promises)
	}
}

// A line of the package map: a folder, and what is in it with the folders below.
var mapped = regexp.MustCompile(`(?m)^internal/(\w+) +(.+)$`)

// The map of CONTRIBUTING.md has every folder of packages, and no other. Where
// it says that a folder has others below it, it names each.
func TestContributing_MapHasEveryPackage(t *testing.T) {
	folders := map[string][]string{}
	for _, file := range files(t, filepath.Join(root, "internal")) {
		if folder, rest, below := strings.Cut(file, "/"); below && !strings.Contains(file, "testdata/") {
			inner, _, _ := strings.Cut(path.Dir(rest), "/")
			if !strings.HasSuffix(file, ".go") || inner == "." {
				inner = ""
			}
			folders[folder] = append(folders[folder], inner)
		}
	}
	onMap := map[string]string{}
	for _, line := range mapped.FindAllStringSubmatch(read(t, "CONTRIBUTING.md"), -1) {
		onMap[line[1]] = line[2]
	}
	if got, want := slices.Sorted(maps.Keys(onMap)), slices.Sorted(maps.Keys(folders)); !slices.Equal(got, want) {
		t.Errorf("the map has %v, and there are %v", got, want)
	}
	for folder, inner := range folders {
		if folder == "cmd" || folder == "tools" {
			continue // programs, which "make help" lists
		}
		for _, name := range inner {
			if !strings.Contains(onMap[folder], name) {
				t.Errorf("the line of internal/%s does not name %s", folder, name)
			}
		}
	}
}
