// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"filippo.io/age"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

// reader is who can read the secrets of the examples.
var reader = func() *age.X25519Identity {
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		panic(err)
	}
	return identity
}()

// recipients is the reader's public key, as a value for a variable.
var recipients = `["` + reader.Recipient().String() + `"]`

// opened is what the reader sees in an encrypted secret.
func opened(t *testing.T, text string) string {
	t.Helper()
	identity, err := encrypt.ParseIdentity(reader.String())
	if err != nil {
		t.Fatal(err)
	}
	secret, err := identity.Decrypt(text)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

// fakeAge has the commands of the workspace find the programs of age: this one,
// and one whose pairs are all the reader's.
func (r *run) fakeAge(t *testing.T) {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	r.program(t, "age", asOther+"=age exec '"+program+"' \"$@\"\n")
	// "-o FILE" writes a pair and "-y FILE" prints the recipient.
	r.program(t, "age-keygen", "case $1 in\n-o) echo '"+reader.String()+"' >\"$2\" ;;\n-y) echo '"+reader.Recipient().String()+"' ;;\nesac\n")
}

// decryptAsAge does what "age --decrypt --identity FILE" does.
func decryptAsAge() error {
	file, err := os.ReadFile(os.Args[len(os.Args)-1])
	if err != nil {
		return err
	}
	identity, err := encrypt.ParseIdentity(string(file))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	secret, err := identity.Decrypt(string(text))
	if err == nil {
		_, err = fmt.Print(secret)
	}
	return err
}

// fakeKubectl has them find a kubectl that keeps each secret in a file of its
// name, and the arguments of all calls in called.
func (r *run) fakeKubectl(t *testing.T) {
	t.Helper()
	kept := t.TempDir() // outside of what is searched for secrets
	r.Write("kept-in", kept)
	r.program(t, "kubectl", "echo \"$@\" >>'"+r.Dir+"/called'\ncase $1 in\ncreate) cat >'"+kept+"'/\"$4\" && echo manifest ;;\napply) grep -q manifest ;;\nesac\n")
}

// handedOver is the secret that kubectl was given under a name.
func (r *run) handedOver(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.Read("kept-in"), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fakeVault has them find a vault that keeps what it reads in the file kept, and
// its arguments in called.
func (r *run) fakeVault(t *testing.T) {
	t.Helper()
	r.program(t, "vault", "echo \"$@\" >called\ncat >kept\n")
	r.Setenv("PATH", r.path(t)+string(os.PathListSeparator)+os.Getenv("PATH"))
}
