// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"bytes"
	"context"
	"errors"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestProgramsSeeNothingOfTheCallersSettings(t *testing.T) {
	for _, name := range []string{"TF_LOG", "TF_VAR_password", "TOFU_X", "STREAMKAP_SECRET", "CHECKPOINT_DISABLE", "OTEL_X"} {
		t.Setenv(name, "the caller's")
	}
	t.Setenv("UNRELATED", "kept")
	c := &CLI{Dir: "/temporary"}
	c.Set("TF_LOG", "ours")
	c.Set("TF_LOG", "ours at last")
	env := c.environment()
	for _, want := range []string{"UNRELATED=kept", "TMPDIR=/temporary", "TF_LOG=ours at last"} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing", want)
		}
	}
	for _, setting := range env {
		if strings.HasSuffix(setting, "=the caller's") || setting == "TF_LOG=ours" {
			t.Errorf("%s is there", setting)
		}
	}
}

func TestRegistryIsTheCLIsOwn(t *testing.T) {
	for banner, want := range map[string]string{
		"Terraform v1.11.4": "registry.terraform.io",
		"OpenTofu v1.12.6":  "registry.opentofu.org",
	} {
		if got := (&CLI{Banner: banner}).RegistryHost(); got != want {
			t.Errorf("%s: %s; want %s", banner, got, want)
		}
	}
}

func TestProgramEndsWithTheContext(t *testing.T) {
	shell := unixShell(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	err := (&CLI{Dir: t.TempDir()}).Execute(ctx, writerFunc(cancel), "", shell, "-c", "echo started; exec sleep 600")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestWhatAProgramLeavesRunningIsEndedAndTold(t *testing.T) {
	shell := unixShell(t)
	err := (&CLI{Dir: t.TempDir()}).Execute(t.Context(), &bytes.Buffer{}, "", shell, "-c", "sleep 600 >/dev/null 2>&1 &")
	if err == nil || !strings.Contains(err.Error(), "left a process behind") {
		t.Errorf("error %v", err)
	}
}

func unixShell(t *testing.T) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("needs a Unix shell")
	}
	path, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// writerFunc is told of everything that is written.
type writerFunc func()

func (f writerFunc) Write(p []byte) (int, error) {
	f()
	return len(p), nil
}
