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

// ofMake is the age program that "make bin/age" builds, of the same source as the
// library. It knows every kind of recipient.
var ofMake = filepath.Join("..", "..", "bin", "age")

// programs are those on this machine that know the format. The ones on PATH have
// not been built of the library that is used here.
func programs(t *testing.T) (found []string) {
	t.Helper()
	for _, program := range []string{ofMake, "age", "rage"} {
		if _, err := exec.LookPath(program); err == nil {
			found = append(found, program)
		}
	}
	if len(found) == 0 {
		t.Skip(`no age program: put age or rage on PATH, or run "make bin/age"`)
	}
	return found
}

func TestAgePrograms_DecryptWhatIsEncryptedHere(t *testing.T) {
	for _, program := range programs(t) {
		for kind, pair := range pairs() {
			t.Run(program+" with "+kind, func(t *testing.T) {
				// The other way round first: it shows whether the program knows the kind.
				text, err := run(program, secret, "--armor", "--recipient", strings.TrimSpace(pair.public))
				if err != nil && program != ofMake && strings.HasPrefix(pair.public, "age1pq1") {
					t.Skipf("this program does not know post-quantum recipients yet: %v", err)
				}
				if err != nil {
					t.Fatal(err)
				}
				if got, err := identity(t, pair.private).Decrypt(text); err != nil || got != secret {
					t.Errorf("decrypted %q, %v", got, err)
				}
				count, err := encrypt.CountRecipients(text)
				if want := "1 recipient (1 " + kind + ")"; err != nil || count.String() != want {
					t.Errorf("counted %s, %v, want %s", count, err, want)
				}
				path := filepath.Join(t.TempDir(), "identity")
				if err := os.WriteFile(path, []byte(pair.private), 0o600); err != nil {
					t.Fatal(err)
				}
				if got, err := run(program, encryptTo(t, secret, pair.public), "--decrypt", "--identity", path); err != nil || got != secret {
					t.Errorf("the program decrypts %q, %v", got, err)
				}
			})
		}
	}
}

func run(program, input string, arguments ...string) (string, error) {
	command := exec.Command(program, arguments...)
	command.Stdin = strings.NewReader(input)
	var output, complaint bytes.Buffer
	command.Stdout, command.Stderr = &output, &complaint
	if err := command.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, complaint.String())
	}
	return output.String(), nil
}
