// SPDX-License-Identifier: MPL-2.0

package encrypt_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

// ofMake is the age program that "make" builds. It is new enough for every
// kind of recipient.
const ofMake = "age of make"

// programs are those on this machine that know the format.
func programs(t *testing.T) map[string]string {
	t.Helper()
	found := make(map[string]string)
	for name, file := range map[string]string{"age": "age", "rage": "rage", ofMake: filepath.Join("..", "..", "bin", "age")} {
		if path, err := exec.LookPath(file); err == nil {
			found[name] = path
		}
	}
	if len(found) == 0 {
		t.Skip(`no age program: put age or rage on PATH, or run "make bin/age"`)
	}
	return found
}

func TestAgePrograms_DecryptWhatIsEncryptedHere(t *testing.T) {
	for name, program := range programs(t) {
		for kind, pair := range pairs() {
			t.Run(name+" with "+kind, func(t *testing.T) {
				skipUnknownKind(t, name, program, pair)
				got := run(t, program, encryptTo(t, secret, pair.public), "--decrypt", "--identity", inFile(t, pair.private))
				if got != secret {
					t.Errorf("the program decrypts %q", got)
				}
			})
		}
	}
}

func TestAgePrograms_EncryptWhatIsDecryptedHere(t *testing.T) {
	for name, program := range programs(t) {
		for kind, pair := range pairs() {
			t.Run(name+" with "+kind, func(t *testing.T) {
				skipUnknownKind(t, name, program, pair)
				text := run(t, program, secret, "--armor", "--recipient", strings.TrimSpace(pair.public))
				if got, err := identity(t, pair.private).Decrypt(text); err != nil || got != secret {
					t.Errorf("decrypted %q, %v", got, err)
				}
				count, err := encrypt.CountRecipients(text)
				if want := "1 recipient (1 " + kind + ")"; err != nil || count.String() != want {
					t.Errorf("counted %s, %v, want %s", count, err, want)
				}
			})
		}
	}
}

// skipUnknownKind skips a test of post-quantum recipients with a program from
// before there were any.
func skipUnknownKind(t *testing.T, name, program string, pair pair) {
	t.Helper()
	if name == ofMake || !strings.HasPrefix(pair.public, "age1pq1") {
		return
	}
	if _, err := try(program, secret, "--armor", "--recipient", pair.public); err != nil {
		t.Skipf("this program does not know post-quantum recipients yet: %v", err)
	}
}

func run(t *testing.T, program, input string, arguments ...string) string {
	t.Helper()
	output, err := try(program, input, arguments...)
	if err != nil {
		t.Fatal(err)
	}
	return output
}

func try(program, input string, arguments ...string) (string, error) {
	command := exec.Command(program, arguments...)
	command.Stdin = strings.NewReader(input)
	var output, complaint bytes.Buffer
	command.Stdout, command.Stderr = &output, &complaint
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, complaint.String())
	}
	return output.String(), nil
}

func inFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "identity")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
