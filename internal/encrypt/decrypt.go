// SPDX-License-Identifier: MPL-2.0

package encrypt

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// The ways in which a secret can't be decrypted, as the rest of a sentence that
// begins with it.
var (
	ErrNotEncrypted = errors.New("is not an armored age file")
	ErrDamaged      = errors.New("was cut off or changed after it was encrypted")
)

// OthersError says that a secret is encrypted to others than the identity at hand.
type OthersError struct {
	// Recipients counts those who can decrypt it, by kind.
	Recipients Count
}

func (e *OthersError) Error() string {
	return "can be decrypted by " + e.Recipients.String() + ", and the identity belongs to none of them"
}

// maxSecret is longer than any secret. It bounds the memory for a text that somebody
// else has made.
const maxSecret = 1 << 20

// Decrypt gives the secret in what Encrypt, or age -a, has written. The error is
// [ErrNotEncrypted], an [*OthersError], or [ErrDamaged] with those whom the secret
// is for, where that is still known.
func (i Identity) Decrypt(encrypted string) (string, error) {
	secret, err := i.read(encrypted)
	if errors.Is(err, ErrDamaged) {
		if recipients, countErr := CountRecipients(encrypted); countErr == nil {
			return "", fmt.Errorf("%w, for %s", err, recipients)
		}
	}
	return secret, err
}

func (i Identity) read(encrypted string) (string, error) {
	plain, err := decrypt(encrypted, i.keys...)
	if err != nil {
		return "", err
	}
	secret, err := io.ReadAll(io.LimitReader(plain, maxSecret+1))
	if err != nil || len(secret) > maxSecret || !utf8.Valid(secret) {
		return "", ErrDamaged
	}
	return string(secret), nil
}

func decrypt(encrypted string, keys ...age.Identity) (io.Reader, error) {
	if !strings.HasPrefix(strings.TrimSpace(encrypted), armor.Header) {
		return nil, ErrNotEncrypted
	}
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(encrypted)), keys...)
	var others *age.NoIdentityMatchError
	switch {
	case errors.As(err, &others):
		return nil, &OthersError{count(others.StanzaTypes)}
	case err != nil:
		return nil, ErrDamaged
	}
	return plain, nil
}

// Count is how many recipients of each kind there are.
type Count map[string]int

// CountRecipients counts those who can decrypt a secret. The text does not say who
// they are.
func CountRecipients(encrypted string) (Count, error) {
	_, err := decrypt(encrypted, nobody{})
	var others *OthersError
	if !errors.As(err, &others) {
		return nil, err
	}
	return others.Recipients, nil
}

// nobody is an identity that decrypts nothing.
type nobody struct{}

// Unwrap decrypts nothing.
func (nobody) Unwrap([]*age.Stanza) ([]byte, error) { return nil, age.ErrIncorrectIdentity }

// kinds are the names by which people know the kinds of recipients. What else
// a file may hold is not repeated, because anybody can have written it.
var kinds = map[string]string{
	"X25519":         "age1",
	"mlkem768x25519": "age1pq1",
	"ssh-ed25519":    "ssh-ed25519",
	"ssh-rsa":        "ssh-rsa",
	"scrypt":         "passphrase",
}

func count(stanzas []string) Count {
	recipients := make(Count)
	for _, stanza := range stanzas {
		if strings.HasSuffix(stanza, "-grease") {
			// Some programs add one that means nothing, so that readers do not rely on
			// the kinds that they know.
			continue
		}
		kind, known := kinds[stanza]
		if !known {
			kind = "of another kind"
		}
		recipients[kind]++
	}
	return recipients
}

// String is for people, as in "2 recipients (1 age1, 1 ssh-rsa)".
func (c Count) String() string {
	total, parts := 0, make([]string, 0, len(c))
	for kind, count := range c {
		total += count
		parts = append(parts, fmt.Sprintf("%d %s", count, kind))
	}
	slices.Sort(parts)
	noun := "recipients"
	if total == 1 {
		noun = "recipient"
	}
	return fmt.Sprintf("%d %s (%s)", total, noun, strings.Join(parts, ", "))
}
