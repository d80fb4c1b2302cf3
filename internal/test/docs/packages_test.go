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

// A line of the package map: a folder, and what is in it with the folders below.
var mapped = regexp.MustCompile(`(?m)^internal/(\w+) +(.+)$`)

// The map of CONTRIBUTING.md has every folder of packages, and no other. Where
// it says that a folder has others below it, it names each.
func TestContributing_MapHasEveryPackage(t *testing.T) {
	folders := map[string][]string{}
	for _, file := range files(t, filepath.Join(root, "internal")) {
		if folder, rest, below := strings.Cut(file, "/"); below && !strings.Contains(file, "testdata/") {
			if inner := path.Dir(rest); strings.HasSuffix(file, ".go") && inner != "." {
				folders[folder] = append(folders[folder], strings.Split(inner, "/")[0])
			} else {
				folders[folder] = append(folders[folder], "")
			}
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
