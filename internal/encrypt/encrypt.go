// SPDX-License-Identifier: MPL-2.0

package encrypt

import (
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// Encrypt encrypts a secret to all of the recipients. It is another text each
// time.
func (r Recipients) Encrypt(secret string) (string, error) {
	keys := make([]age.Recipient, len(r))
	for i, recipient := range r {
		keys[i] = recipient.key
	}
	var text strings.Builder
	armored := armor.NewWriter(&text)
	plain, err := age.Encrypt(armored, keys...)
	if err != nil {
		return "", ErrUnusable
	}
	for _, step := range []func() error{
		func() error { _, err := io.WriteString(plain, secret); return err },
		plain.Close,
		armored.Close,
	} {
		if err := step(); err != nil {
			return "", ErrUnusable
		}
	}
	return text.String(), nil
}
