// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// demonstration is a run of "make demo" in an empty folder for temporary files.
type demonstration struct {
	*exec.Cmd
	dir    string
	stdout bytes.Buffer
	stderr bytes.Buffer
}

func newDemonstration(t *testing.T, flags ...string) *demonstration {
	t.Helper()
	path := acctest.CLI(t)
	// The path is short, because the CLI makes sockets in it.
	dir, err := os.MkdirTemp("", "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	d := &demonstration{dir: dir, Cmd: exec.CommandContext(t.Context(), filepath.Join(root, "internal", "tools", "demo"), append([]string{path}, flags...)...)}
	d.Stdout, d.Stderr = &d.stdout, &d.stderr
	// What a caller may have set must make no difference.
	d.Env = append(os.Environ(), "TMPDIR="+dir, "STREAMKAP_HOST=https://streamkap.invalid", "STREAMKAP_PROJECT_KEY=nonsense",
		"TF_CLI_CONFIG_FILE=/does/not/exist", "TF_CLI_ARGS_plan=-destroy", "TF_DATA_DIR=/does/not/exist",
		"TF_VAR_orders_password=Another-1-password", "TF_WORKSPACE=another")
	return d
}

var printedHost = regexp.MustCompile(`STREAMKAP_HOST=http://(\S+)`)

// mustLeaveNothing looks at what is left when the program has ended.
func (d *demonstration) mustLeaveNothing(t *testing.T) {
	t.Helper()
	left, err := os.ReadDir(d.dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	found := printedHost.FindStringSubmatch(d.stdout.String())
	if found == nil {
		t.Fatalf("it did not print where the simulator is:\n%s%s", &d.stdout, &d.stderr)
	}
	if connection, err := net.Dial("tcp", found[1]); err == nil {
		_ = connection.Close()
		t.Error("the simulator still runs")
	}
	for _, secret := range []string{simulator.DefaultSecret, simulator.ClientSecretPrefix, simulator.PasswordPrefix, "AGE-SECRET-KEY"} {
		if strings.Contains(d.stdout.String()+d.stderr.String(), secret) {
			t.Errorf("the output holds a secret, %s...", secret)
		}
	}
}

// TestAccDemo is one test because its first run builds what all of them use.
func TestAccDemo(t *testing.T) {
	acctest.CLI(t)
	t.Run("every check passes", everyCheckPasses)
	for name, broken := range map[string]struct {
		flags []string
		says  string
	}{
		"a command that fails is named": {[]string{"-fault", "POST /project-keys status=400 times=-1"}, " apply create.tfplan"},
		"a wrong claim is named":        {[]string{"-dialect", "status=upper,create-timing=creating"}, "apply waited until both were active"},
	} {
		t.Run(name, func(t *testing.T) { saysWhatFailed(t, broken.flags, broken.says) })
	}
	for at, signal := range map[string]os.Signal{"apply create.tfplan": syscall.SIGINT, "kafkaconsumer orders": syscall.SIGTERM} {
		t.Run("interrupted at "+at, func(t *testing.T) { leavesNothing(t, at, signal) })
	}
}

func everyCheckPasses(t *testing.T) {
	d := newDemonstration(t)
	if err := d.Run(); err != nil {
		t.Fatalf("%v\n%s%s", err, &d.stdout, &d.stderr)
	}
	d.mustLeaveNothing(t)
	found := regexp.MustCompile(`All (\d+) checks passed`).FindStringSubmatch(d.stdout.String())
	if ticks := strings.Count(d.stdout.String(), "✓ "); len(found) < 2 || found[1] != strconv.Itoa(ticks) || ticks < 25 {
		t.Errorf("%d checks:\n%s", ticks, &d.stdout)
	}
}

// saysWhatFailed has the service answer so that something does not hold.
func saysWhatFailed(t *testing.T, flags []string, says string) {
	t.Parallel()
	d := newDemonstration(t, flags...)
	err := d.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Errorf("it ended with %v", err)
	}
	if found, _ := regexp.MatchString("FAILED at .*"+regexp.QuoteMeta(says), d.stderr.String()); !found {
		t.Errorf("%q is not in\n%s", says, &d.stderr)
	}
	d.mustLeaveNothing(t)
}

func leavesNothing(t *testing.T, at string, signal os.Signal) {
	t.Parallel()
	d := newDemonstration(t)
	d.Stdout = nil
	stdout, err := d.StdoutPipe()
	if err == nil {
		err = d.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(io.TeeReader(stdout, &d.stdout))
	for lines.Scan() {
		if strings.Contains(lines.Text(), at) {
			_ = d.Process.Signal(signal)
		}
	}
	err = d.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 130 {
		t.Errorf("it ended with %v\n%s", err, &d.stderr)
	}
	d.mustLeaveNothing(t)
}
