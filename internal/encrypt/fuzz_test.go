// SPDX-License-Identifier: MPL-2.0

package encrypt_test

import (
	"errors"
	"regexp"
	"slices"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

// fixed are the errors that there are. None of them holds anything of what was
// given.
var fixed = []error{
	encrypt.ErrEmpty, encrypt.ErrPrivateKey, encrypt.ErrSeveralLines, encrypt.ErrUnknownRecipient, encrypt.ErrPluginRecipient, encrypt.ErrSSHKind,
	encrypt.ErrMalformed, encrypt.ErrShortRSA, encrypt.ErrUnusable, encrypt.ErrMixed, encrypt.ErrTooMany,
	encrypt.ErrPublicKey, encrypt.ErrPassphrase, encrypt.ErrPluginIdentity, encrypt.ErrSSHIdentity, encrypt.ErrDamagedIdentity, encrypt.ErrUnknownIdentity,
	encrypt.ErrNotEncrypted, encrypt.ErrDamaged,
}

var damaged = regexp.MustCompile(`^was cut off or changed after it was encrypted, for \d+ recipients? \((\d+ (age1|age1pq1|ssh-ed25519|ssh-rsa|passphrase|of another kind)(, )?)*\)$`)

var others = regexp.MustCompile(`^can be decrypted by \d+ recipients? \((\d+ (age1|age1pq1|ssh-ed25519|ssh-rsa|passphrase|of another kind)(, )?)*\), and the identity belongs to none of them$`)

func checkError(t *testing.T, err error) {
	t.Helper()
	var somebodyElses *encrypt.OthersError
	if err == nil || slices.Contains(fixed, err) || damaged.MatchString(err.Error()) || errors.As(err, &somebodyElses) && others.MatchString(err.Error()) {
		return
	}
	t.Errorf("the error may repeat what was given: %v", err)
}

// A recipient that is accepted must not fail when the secret is there.
func FuzzRecipient(f *testing.F) {
	for _, pair := range pairs() {
		f.Add(pair.public)
		f.Add(pair.private)
	}
	for _, text := range []string{"", "age1", "age11", "age1pq1", "age1yubikey1q", "ssh-rsa", "ssh-ed25519 AAAA", "ecdsa-sha2-nistp256 AAAA", shortRSA(), ecdsaPair().public} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := encrypt.ParseRecipients([]string{text})
		checkError(t, err)
		if err != nil {
			return
		}
		if _, err := parsed.Encrypt(secret); err != nil {
			t.Errorf("nothing can be encrypted to an accepted recipient: %v", err)
		}
	})
}

func FuzzDecrypt(f *testing.F) {
	for _, pair := range pairs() {
		text := encryptTo(f, secret, pair.public)
		f.Add(pair.private, text)
		f.Add(pairs()["age1"].private, text)
		f.Add(pair.private, text[:len(text)/2])
		f.Add(pair.public, text)
	}
	f.Add(locked(), "")
	f.Fuzz(func(t *testing.T, key, text string) {
		_, err := encrypt.CountRecipients(text)
		checkError(t, err)
		parsed, err := encrypt.ParseIdentity(key)
		checkError(t, err)
		if err == nil {
			_, err = parsed.Decrypt(text)
			checkError(t, err)
		}
	})
}
