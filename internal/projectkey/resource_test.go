// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPackageCommentNamesEveryFile keeps the map of this folder true.
func TestPackageCommentNamesEveryFile(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "resource.go", nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	comment := file.Doc.Text()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, name := range files {
		name = strings.TrimSuffix(name, ".go")
		if strings.HasSuffix(name, "_test") || strings.HasPrefix(name, "data_source") {
			continue
		}
		names = append(names, name)
		if !regexp.MustCompile(`\b` + name + `\b`).MatchString(comment) {
			t.Errorf("the package comment does not name %s.go", name)
		}
	}
	for _, line := range strings.Split(comment, "\n") {
		listed, _, isList := strings.Cut(strings.TrimPrefix(line, "\t"), "  ")
		if !isList || !strings.HasPrefix(line, "\t") {
			continue
		}
		for _, name := range strings.Split(listed, ", ") {
			if _, err := os.Stat(name + ".go"); err != nil && !slices.Contains(names, name) {
				t.Errorf("the package comment names %s.go, which is not there", name)
			}
		}
	}
}
