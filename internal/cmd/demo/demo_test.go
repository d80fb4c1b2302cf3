// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/acctest"
)

// temporary is an empty directory for everything temporary. Its path is short,
// because the CLI makes sockets in it.
func temporary(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "t")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	for _, name := range []string{"TMPDIR", "TMP", "TEMP"} {
		t.Setenv(name, dir)
	}
	return dir
}

// mislead sets what a caller may have set, and what must make no difference.
func mislead(t *testing.T) {
	t.Helper()
	for name, value := range map[string]string{
		"STREAMKAP_HOST":          "https://streamkap.invalid",
		"STREAMKAP_PROJECT_KEY":   "nonsense",
		"STREAMKAP_CLIENT_SECRET": "wrong",
		"TF_CLI_CONFIG_FILE":      "/does/not/exist",
		"TF_CLI_ARGS_plan":        "-destroy",
		"TF_DATA_DIR":             "/does/not/exist",
		"TF_VAR_orders_password":  "Another-1-password",
		"TF_WORKSPACE":            "another",
	} {
		t.Setenv(name, value)
	}
}

func mustBeEmpty(t *testing.T, dir string) {
	t.Helper()
	left, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range left {
		t.Errorf("left behind: %s", entry.Name())
	}
}

func mustHideSecrets(t *testing.T, d *demo, text string) {
	t.Helper()
	for _, secret := range append(d.server.Secrets(), append(d.passwords, d.reader.String())...) {
		if strings.Contains(text, secret) {
			t.Errorf("the output holds a secret of %d characters", len(secret))
		}
	}
}

func TestAccDemo(t *testing.T) {
	path := acctest.CLI(t)
	mislead(t)
	dir := temporary(t)
	var out bytes.Buffer
	d := newDemo(path, &out, false)
	if err := d.run(t.Context()); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	mustBeEmpty(t, dir)
	mustHideSecrets(t, d, out.String())
	for _, want := range []string{
		"has been successfully initialized!",
		"Plan: 2 to add, 0 to change, 0 to destroy.",
		"-----BEGIN AGE ENCRYPTED FILE-----",
		"✓ grep finds no secret in the state file",
		"No changes. Your infrastructure matches the configuration.",
		"✓ one PATCH went out, with the password and nothing else",
		"✓ the new client secret, which is shown once, is in the state, encrypted",
		`{"order": 1003, "total": 7.25}`,
		"✓ the key reads the topic of its rule, in its group",
		"refused: TOPIC_AUTHORIZATION_FAILED",
		"✓ it is refused another topic",
		"✓ it is refused another group",
		"✓ the old password is refused",
		"✓ the key that is gone opens nothing",
		"Destroy complete! Resources: 2 destroyed.",
		"The server holds no key.",
		"export STREAMKAP_HOST=https://api.streamkap.com",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the output lacks %q", want)
		}
	}
	if strings.Contains(out.String(), "\x1b") {
		t.Error("the output is colored")
	}
}

// interrupter ends a context as soon as a text is written.
type interrupter struct {
	bytes.Buffer
	at     string
	cancel context.CancelFunc
}

func (i *interrupter) Write(p []byte) (int, error) {
	n, err := i.Buffer.Write(p)
	if strings.Contains(i.String(), i.at) {
		i.cancel()
	}
	return n, err
}

func TestAccDemoLeavesNothingWhenInterrupted(t *testing.T) {
	path := acctest.CLI(t)
	for _, at := range []string{" init", ": Creating...", " output -json orders_kafka", ": Destroying..."} {
		t.Run(at, func(t *testing.T) {
			dir := temporary(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			out := &interrupter{at: at, cancel: cancel}
			d := newDemo(path, out, false)
			if err := d.run(ctx); !errors.Is(err, context.Canceled) {
				t.Errorf("%v\n%s", err, out.String())
			}
			mustBeEmpty(t, dir)
			mustHideSecrets(t, d, out.String())
		})
	}
}

// TestAClaimThatDoesNotHold is an error, and the claim is not printed.
func TestAClaimThatDoesNotHold(t *testing.T) {
	var out bytes.Buffer
	p := &printer{out: &out}
	err := p.verify(claim{"this holds", true}, claim{"this does not", false}, claim{"nor this", false})
	if err == nil || !strings.Contains(err.Error(), "this does not") {
		t.Errorf("error %v", err)
	}
	if out.String() != "\n✓ this holds\n" {
		t.Errorf("printed %q", out.String())
	}
}

func TestAMissingCLI(t *testing.T) {
	var stderr bytes.Buffer
	code := run(t.Context(), []string{"-cli", "no-such-program"}, os.Stdout, &stderr)
	if code != 1 || !strings.Contains(stderr.String(), "no-such-program") {
		t.Errorf("exit code %d, %q", code, stderr.String())
	}
}
