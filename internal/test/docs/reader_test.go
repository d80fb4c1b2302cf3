// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"fmt"
	"io"
	"os"

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

func decrypt(identity, text string) (string, error) {
	parsed, err := encrypt.ParseIdentity(identity)
	if err != nil {
		return "", err
	}
	return parsed.Decrypt(text)
}

// decryptAsAge does what "age --decrypt --identity FILE" does.
func decryptAsAge() error {
	identity, err := os.ReadFile(os.Args[len(os.Args)-1])
	if err != nil {
		return err
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	secret, err := decrypt(string(identity), string(text))
	if err == nil {
		_, err = fmt.Print(secret)
	}
	return err
}
