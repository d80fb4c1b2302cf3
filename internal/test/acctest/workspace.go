// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// commandTimeout bounds one run of the CLI.
const commandTimeout = 3 * time.Minute

// Workspace is a folder in which a test runs the CLI itself, where
// plugin-testing does not show what the test is about: warnings, files, logs
// and interrupts. The provider runs as a process of its own there.
type Workspace struct {
	Dir string

	t      testing.TB
	cli    string
	env    []string
	hidden []string
}

// NewWorkspace makes a workspace whose provider is configured, by its
// environment, for the service. Like every acceptance test it needs TF_ACC.
func NewWorkspace(t *testing.T, s *Service) *Workspace {
	t.Helper()
	return WorkspaceIn(t, t.TempDir(), s)
}

// WorkspaceIn makes a workspace in a folder that is there when the test ends.
func WorkspaceIn(t testing.TB, dir string, s *Service) *Workspace {
	t.Helper()
	w := &Workspace{Dir: dir, t: t, cli: CLI(t)}
	t.Cleanup(w.scan)
	settings := filepath.Join(dir, "cli.tfrc")
	w.Write("cli.tfrc", `provider_installation {
  dev_overrides {
    "streamkap-com/streamkap" = "`+filepath.Dir(Binary(t))+`"
  }
  direct {}
}
`)
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "STREAMKAP_") {
			w.env = append(w.env, variable)
		}
	}
	config := s.Server.Config()
	w.Setenv("TF_CLI_CONFIG_FILE", settings)
	w.Setenv("CHECKPOINT_DISABLE", "1")
	if logging() {
		w.Setenv("TF_LOG", "TRACE")
	}
	w.Setenv("TF_LOG_PATH", filepath.Join(dir, "trace.log"))
	w.Setenv("STREAMKAP_HOST", s.URL)
	w.Setenv("STREAMKAP_CLIENT_ID", config.ClientID)
	w.Setenv("STREAMKAP_SECRET", config.Secret)
	return w
}

// Required is the terraform block of a workspace's configuration.
const Required = `
terraform {
  required_providers {
    streamkap = { source = "streamkap-com/streamkap" }
  }
}
`

// Hide says that no file of the workspace may hold a value.
func (w *Workspace) Hide(values ...string) { w.hidden = append(w.hidden, values...) }

// scan fails a test that left a secret where none belongs.
func (w *Workspace) scan() {
	findings, err := NewScanner(w.hidden...).Files(w.Dir)
	if err != nil {
		w.t.Error(err)
	}
	for _, finding := range findings {
		w.t.Error(finding)
	}
}

// Environ is the environment of the commands that follow.
func (w *Workspace) Environ() []string { return w.env }

// Setenv sets a variable for the commands that follow.
func (w *Workspace) Setenv(name, value string) { w.env = append(w.env, name+"="+value) }

// Write writes a file into the workspace.
func (w *Workspace) Write(name, text string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(text), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Read reads a file of the workspace.
func (w *Workspace) Read(name string) string {
	w.t.Helper()
	data, err := os.ReadFile(filepath.Join(w.Dir, name))
	if err != nil {
		w.t.Fatal(err)
	}
	return string(data)
}

// Run runs the CLI and returns all that it printed. The test fails unless the
// command succeeds.
func (w *Workspace) Run(arguments ...string) string {
	w.t.Helper()
	output, err := w.Try(arguments...)
	if err != nil {
		w.t.Fatalf("%s: %v\n%s", strings.Join(arguments, " "), err, output)
	}
	return output
}

// Try runs the CLI and returns all that it printed, and the error of a command
// that fails.
func (w *Workspace) Try(arguments ...string) (string, error) {
	w.t.Helper()
	command := w.Command(arguments...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	err := command.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatal(err)
	}
	return output.String(), err
}

// Command is a CLI command that has not been started. It ends with the test,
// or when it has run for too long.
func (w *Workspace) Command(arguments ...string) *exec.Cmd {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), commandTimeout)
	w.t.Cleanup(cancel)
	command := exec.CommandContext(ctx, w.cli, arguments...)
	command.Dir, command.Env = w.Dir, w.env
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 30 * time.Second
	return command
}

// OneLine undoes the CLI's wrapping and framing of diagnostics.
func OneLine(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}

// CLI is the absolute path of the CLI that acceptance tests are run with.
// Without TF_ACC the test is skipped.
func CLI(t testing.TB) string {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("Acceptance tests skipped unless env 'TF_ACC' set")
	}
	program := os.Getenv("TF_ACC_TERRAFORM_PATH")
	if program == "" {
		program = "terraform"
	}
	path, err := exec.LookPath(program)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		t.Fatalf("set TF_ACC_TERRAFORM_PATH, or put terraform on PATH: %v", err)
	}
	return path
}

// Binary builds the provider, once for all tests of a package, into a temporary
// folder that Main removes.
func Binary(t testing.TB) string {
	t.Helper()
	path, err := buildOnce()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

var buildOnce = sync.OnceValues(func() (string, error) {
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp("", "provider")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "terraform-provider-streamkap")
	command := exec.Command("go", "build", "-o", path, ".")
	command.Dir = strings.TrimSpace(string(root))
	if output, err := command.CombinedOutput(); err != nil {
		return "", errors.New(string(output))
	}
	return path, nil
})
