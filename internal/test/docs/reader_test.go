// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"io"
	"os"
	"testing"

	"filippo.io/age"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
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

// mustHideSecrets says that no file of the workspace may hold what the service
// has issued or taken, nor the reader's identity.
func (r *run) mustHideSecrets(t *testing.T) {
	t.Helper()
	acctest.Hide(r.service.Secrets()...)
	acctest.Hide(reader.String())
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
