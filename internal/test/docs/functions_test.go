// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFunctions_FileIsGivenAsSensitive reads what the documentation of the functions says
// of a file: Terraform takes the content of one for no secret, and shows what a function
// makes of it.
func TestFunctions_FileIsGivenAsSensitive(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "docs", "functions", "*.md"))
	if err != nil || len(pages) == 0 {
		t.Fatal("there is no documentation of functions", err)
	}
	named := 0
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		files, sensitive := strings.Count(string(text), "file(…)"), strings.Count(string(text), "sensitive(file(…))")
		if files != sensitive {
			t.Errorf("%s: of %d files, %d are given as sensitive", page, files, sensitive)
		}
		named += files
	}
	if named == 0 {
		t.Error("no function is given a file")
	}
}
