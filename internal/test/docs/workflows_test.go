// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// A tag of an action can be moved to other code, a commit cannot.
var pinned = regexp.MustCompile(`^[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$`)

// workflows are the texts of the workflows, by name.
func workflows(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range files(t, filepath.Join(root, ".github", "workflows")) {
		all[name] = read(t, ".github/workflows/"+name)
	}
	if len(all) == 0 {
		t.Fatal("there are no workflows")
	}
	return all
}

// The workflows that are examples have the versions that this repository's have.
func TestWorkflows_ActionsPinnedToACommit(t *testing.T) {
	commits := map[string]string{}
	all := workflows(t)
	for _, example := range []string{"examples/module-ci/ci.yml", "examples/guides/pipeline/keys.yml"} {
		all[example] = read(t, example)
	}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		for line := range strings.Lines(all[name]) {
			_, used, found := strings.Cut(strings.TrimSpace(line), "uses: ")
			if !found {
				continue
			}
			if !pinned.MatchString(used) {
				t.Errorf("%s: %s is not pinned to a commit with its version beside it", name, used)
			}
			action, version, _ := strings.Cut(used, "@")
			if other, ok := commits[action]; ok && other != version {
				t.Errorf("%s: %s is at %s here and at %s elsewhere", name, action, version, other)
			}
			commits[action] = version
		}
	}
}

func TestWorkflows_GoOfTheRepository(t *testing.T) {
	if version := strings.TrimSpace(read(t, ".go-version")); !regexp.MustCompile(`^1\.\d+\.\d+$`).MatchString(version) {
		t.Errorf(".go-version holds %q, and a release is built with exactly one Go", version)
	}
	for name, text := range workflows(t) {
		if setups := strings.Count(text, "actions/setup-go@"); setups != strings.Count(text, "go-version-file: .go-version") {
			t.Errorf("%s sets up a Go that .go-version does not name", name)
		}
	}
}

// A name that -run is given with a mistake in it must not look like success.
func TestRunTests_NoTestRanFails(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs a shell")
	}
	dir := t.TempDir()
	program := filepath.Join(dir, "terraform")
	if err := os.WriteFile(program, []byte("#!/bin/sh\necho Terraform v1.11.4\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, run := range map[string]struct {
		events string
		passes bool
		says   string
	}{
		"none":    {`{"Action":"start","Package":"p"}`, false, "FAILED: no test ran"},
		"passed":  {`{"Action":"pass","Package":"p","Test":"TestA"}`, true, "Passed with Terraform v1.11.4: 1 tests passed, 0 failed, skipped: none"},
		"skipped": {`{"Action":"skip","Package":"p","Test":"TestA"}`, true, "skipped: TestA"},
	} {
		t.Run(name, func(t *testing.T) {
			command := exec.CommandContext(t.Context(), filepath.Join(root, "internal", "tools", "run-tests"), program, "sh", "-c", `echo "$1" >"$GOTESTSUM_JSONFILE"`, "sh", run.events)
			output, err := command.CombinedOutput()
			if (err == nil) != run.passes || !strings.Contains(string(output), run.says) {
				t.Errorf("%v: %s", err, output)
			}
		})
	}
}
