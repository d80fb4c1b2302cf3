// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// A name that -run is given with a mistake in it must not look like success.
func TestARunInWhichNoTestRanFails(t *testing.T) {
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
			command := exec.CommandContext(t.Context(), filepath.Join("..", "..", "tools", "run-tests"), program, "sh", "-c", `echo "$1" >"$GOTESTSUM_JSONFILE"`, "sh", run.events)
			output, err := command.CombinedOutput()
			if (err == nil) != run.passes || !strings.Contains(string(output), run.says) {
				t.Errorf("%v: %s", err, output)
			}
		})
	}
}
