// SPDX-License-Identifier: MPL-2.0

package docs

import (
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
