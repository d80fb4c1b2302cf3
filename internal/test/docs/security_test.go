// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testDeclared = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)\w+)\(`)
	testNamed    = regexp.MustCompile("`((?:Test|Fuzz)\\w+)`")
)

// declaredTests are the names of all tests of the module.
func declaredTests(t *testing.T) map[string]bool {
	t.Helper()
	all := map[string]bool{}
	for _, file := range files(t, filepath.Join(root, "internal")) {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, match := range testDeclared.FindAllStringSubmatch(read(t, "internal/"+file), -1) {
			all[match[1]] = true
		}
	}
	return all
}

func TestEveryPromiseOfSecurityHasATest(t *testing.T) {
	declared := declaredTests(t)
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
