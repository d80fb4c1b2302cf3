// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

// readmeBlock is the README's block of code that begins with a line.
func readmeBlock(t *testing.T, line string) string {
	t.Helper()
	_, block, found := strings.Cut(read(t, "README.md"), "\n"+line)
	if !found {
		t.Fatalf("the README has no block that begins with %q", line)
	}
	block, _, _ = strings.Cut(block, "```\n")
	return strings.TrimPrefix(line, "```hcl\n") + block
}

func TestREADME_ShowsTheQuickStart(t *testing.T) {
	if readmeBlock(t, "```hcl\n") != read(t, "examples/quickstart/main.tf") {
		t.Error("the configuration in the README is not examples/quickstart/main.tf")
	}
	if lines := strings.Count(read(t, "README.md"), "\n"); lines > 130 {
		t.Errorf("the README has %d lines, and at most 130 are read", lines)
	}
}

// newHome is an empty home directory for the commands that follow, in which Go
// still finds what it has built and downloaded.
func (r *run) newHome(t *testing.T) {
	t.Helper()
	home := filepath.Join(r.Dir, "home")
	if err := os.MkdirAll(filepath.Join(home, ".ssh"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPATH"} {
		value, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		r.Setenv(name, strings.TrimSpace(string(value)))
	}
	r.Setenv("HOME", home)
	r.Setenv("TF_CLI_CONFIG_FILE", os.DevNull)
}

// The commands are those of somebody whose CLI has no configuration.
func TestAccREADME_CommandsLeadFromACheckoutToAKey(t *testing.T) {
	r := newRun(t)
	r.newHome(t)
	repository, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	_, commands, _ := strings.Cut(readmeBlock(t, "git clone "), "\ncd terraform-provider-streamkap\n")
	commands, started := strings.CutSuffix(commands, "make simulator\n")
	if !started || !strings.Contains(commands, "make install\n") {
		t.Fatalf("the README installs the provider by %q", commands)
	}
	r.shell(t, "cd '"+repository+"'\n"+commands)

	r.Write("main.tf", readmeBlock(t, "```hcl\n"))
	r.shell(t, strings.Replace(readmeBlock(t, "ssh-keygen "), " apply", " apply -auto-approve", 1))
	identity, err := encrypt.ParseIdentity(r.Read("home/.ssh/streamkap-trial"))
	if err != nil {
		t.Fatal(err)
	}
	secret, err := identity.Decrypt(r.Run("output", "-raw", "orders_client_secret"))
	if err != nil || secret != r.service.Keys()[0].APISecret {
		t.Errorf("the output is not the client secret for the key pair of the README: %v", err)
	}
	lock := r.Read(".terraform.lock.hcl")
	if !strings.Contains(lock, `version     = "0.1.0"`) {
		t.Errorf("init has installed %s", lock)
	}
	r.Setenv("TF_VAR_orders_password", passwords[0]) // the README's is in the shell that has ended
	r.Run("destroy", "-no-color", "-auto-approve")
}
