// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// commandsAfter are those of the guide's block that begins with a line.
func commandsAfter(t *testing.T, guide, line string) string {
	t.Helper()
	_, block, found := strings.Cut(read(t, "templates/guides/"+guide+".md.tmpl"), "```shell\n"+line)
	if !found {
		t.Fatalf("the guide %s has no commands that begin with %s", guide, line)
	}
	commands, _, _ := strings.Cut(block, "```")
	return line + commands
}

// shell runs commands as a user would, with the CLI under either name.
func (r *run) shell(t *testing.T, commands string) {
	t.Helper()
	if output, err := r.tryShell(t, commands); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
}

// tryShell is shell for commands that may fail.
func (r *run) tryShell(t *testing.T, commands string) (string, error) {
	t.Helper()
	terraform, path := r.Command(), r.path(t)
	for _, name := range []string{"terraform", "tofu"} {
		if err := os.Symlink(terraform.Path, filepath.Join(path, name)); err != nil && !os.IsExist(err) {
			t.Fatal(err)
		}
	}
	sh := exec.CommandContext(t.Context(), "sh", "-eu")
	sh.Dir, sh.Stdin = r.Dir, strings.NewReader(commands)
	sh.Env = slices.Concat(terraform.Env, []string{"PATH=" + path + string(os.PathListSeparator) + os.Getenv("PATH")})
	output, err := sh.CombinedOutput()
	return string(output), err
}

// path is a folder in which the commands of shell are looked for first.
func (r *run) path(t *testing.T) string {
	t.Helper()
	path := filepath.Join(r.Dir, "path")
	if err := os.Mkdir(path, 0o700); err != nil && !os.IsExist(err) {
		t.Fatal(err)
	}
	return path
}
