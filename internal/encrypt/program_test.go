// SPDX-License-Identifier: MPL-2.0

package encrypt_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// program is the age program that "make bin/age" builds.
var program = filepath.Join("..", "..", "bin", "age")

func TestAgePrograms_DecryptWhatIsEncryptedHere(t *testing.T) {
	if _, err := exec.LookPath(program); err != nil {
		t.Skip(`no age program: run "make bin/age"`)
	}
	for kind, pair := range pairs() {
		t.Run(kind, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "identity")
			if err := os.WriteFile(path, []byte(pair.private), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := run(t, encryptTo(t, secret, pair.public), "--decrypt", "--identity", path); got != secret {
				t.Errorf("the program decrypts %q", got)
			}
			// And the other way round.
			text := run(t, secret, "--armor", "--recipient", strings.TrimSpace(pair.public))
			if got, err := identity(t, pair.private).Decrypt(text); err != nil || got != secret {
				t.Errorf("decrypted %q, %v", got, err)
			}
		})
	}
}

func run(t *testing.T, input string, arguments ...string) string {
	t.Helper()
	command := exec.Command(program, arguments...)
	command.Stdin = strings.NewReader(input)
	var output, complaint bytes.Buffer
	command.Stdout, command.Stderr = &output, &complaint
	if err := command.Run(); err != nil {
		t.Fatalf("%v: %s", err, complaint.String())
	}
	return output.String()
}
