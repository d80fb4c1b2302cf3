// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// run is a configuration in a workspace of its own, and the service that it is
// about.
type run struct {
	*acctest.Workspace
	service *acctest.Service
}

// newRun is an empty workspace at a service with these keys.
func newRun(t *testing.T, keys ...simulator.Key) *run {
	t.Helper()
	return runAt(t, simulator.Config{}, keys...)
}

func runAt(t *testing.T, config simulator.Config, keys ...simulator.Key) *run {
	t.Helper()
	s := acctest.Start(t, config)
	for _, key := range keys {
		s.Seed(key)
	}
	return &run{acctest.NewWorkspace(t, s), s}
}

// put writes a file, in a folder of its own if need be.
func (r *run) put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(r.Dir, filepath.Dir(name)), 0o700); err != nil {
		t.Fatal(err)
	}
	r.Write(name, text)
	if strings.HasSuffix(name, ".sh") {
		if err := os.Chmod(filepath.Join(r.Dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

// copyTo writes the files of an example into a folder of the workspace.
func (r *run) copyTo(t *testing.T, example, folder string) {
	t.Helper()
	for _, file := range files(t, filepath.Join(root, "examples", filepath.FromSlash(example))) {
		r.put(t, filepath.Join(folder, filepath.FromSlash(file)), read(t, "examples/"+example+"/"+file))
	}
}

// complete adds the file that stands beside the configurations of the guides,
// unless a configuration has what is in it.
func (r *run) complete(t *testing.T) {
	t.Helper()
	for _, text := range r.configurations(t) {
		if strings.Contains(text, "required_providers") {
			return
		}
	}
	r.Write("terraform.tf", read(t, "examples/provider/provider.tf"))
}

func (r *run) configurations(t *testing.T) (texts []string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(r.Dir, "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range found {
		texts = append(texts, r.Read(filepath.Base(file)))
	}
	return texts
}

// replace replaces a text of a file.
func (r *run) replace(t *testing.T, name, old, now string) {
	t.Helper()
	text := r.Read(name)
	if !strings.Contains(text, old) {
		t.Fatalf("%s is without %q: %s", name, old, text)
	}
	r.Write(name, strings.Replace(text, old, now, 1))
}

// applied applies, and returns what that printed.
func (r *run) applied(flags ...string) string {
	return acctest.OneLine(r.Run(append([]string{"apply", "-no-color", "-auto-approve"}, flags...)...))
}

// settled fails a test whose next plan is not empty.
func (r *run) settled(flags ...string) string {
	return acctest.OneLine(r.Run(append([]string{"plan", "-no-color", "-detailed-exitcode"}, flags...)...))
}

// refused is a command that has to fail, and to say why.
func (r *run) refused(t *testing.T, says string, arguments ...string) string {
	t.Helper()
	printed, err := r.Try(append(arguments, "-no-color")...)
	if printed = acctest.OneLine(printed); err == nil || !strings.Contains(printed, says) {
		t.Errorf("%v ends with %v, and says: %s", arguments, err, printed)
	}
	return printed
}

// destroyed destroys everything, after which the service holds so many keys.
func (r *run) destroyed(t *testing.T, left int) {
	t.Helper()
	r.Run("destroy", "-no-color", "-auto-approve")
	if keys := r.service.Keys(); len(keys) != left {
		t.Errorf("the server still holds %d keys", len(keys))
	}
}

func expect(t *testing.T, printed string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(printed, text) {
			t.Errorf("%q is not in: %s", text, printed)
		}
	}
}

func expectNot(t *testing.T, printed, text string) {
	t.Helper()
	if strings.Contains(printed, text) {
		t.Errorf("%q is in: %s", text, printed)
	}
}

// wroteNothing fails a test in which the service was sent a change.
func (r *run) wroteNothing(t *testing.T) {
	t.Helper()
	if writes := r.service.Writes(); len(writes) > 0 {
		t.Errorf("there was the request %+v", writes[0])
	}
}

// mustHideSecrets says that no file of the workspace may hold what the service
// has issued or taken, nor the reader's identity.
func (r *run) mustHideSecrets() {
	acctest.Hide(r.service.Secrets()...)
	acctest.Hide(reader.String())
}

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

// program is a script in that folder.
func (r *run) program(t *testing.T, name, script string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(r.path(t), name), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
}

var (
	required = regexp.MustCompile(`required_version = ">= 1\.(\d+)"`)
	versions = regexp.MustCompile(`(Terraform|OpenTofu) v1\.(\d+)`)
)

// skipOldCLI skips a test whose configuration needs a later CLI, or another.
func (r *run) skipOldCLI(t *testing.T, openTofu bool) {
	t.Helper()
	if version := r.Run("version"); openTofu && !strings.Contains(version, "OpenTofu") {
		t.Skip("needs OpenTofu")
	}
	for _, text := range r.configurations(t) {
		if match := required.FindStringSubmatch(text); match != nil {
			minor, _ := strconv.Atoi(match[1])
			r.skipBefore(t, minor)
		}
		if strings.Contains(text, "password_wo") || strings.Contains(text, "ephemeral ") {
			r.skipBefore(t, 11)
		}
	}
}

// skipWithoutGeneration skips a test of configuration that the CLI generates.
// OpenTofu 1.10 crashes over that where a computed attribute is an object.
func (r *run) skipWithoutGeneration(t *testing.T) {
	t.Helper()
	if strings.Contains(r.Run("version"), "OpenTofu") {
		r.skipBefore(t, 12)
	}
}

// skipBefore skips a test that needs version 1.minor of either CLI.
func (r *run) skipBefore(t *testing.T, minor int) {
	t.Helper()
	version := versions.FindStringSubmatch(r.Run("version"))
	if version == nil {
		t.Fatal("what version is this CLI?")
	}
	if have, _ := strconv.Atoi(version[2]); have < minor {
		t.Skipf("needs version 1.%d, and this is %s", minor, version[0])
	}
}
