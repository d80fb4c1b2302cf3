// SPDX-License-Identifier: MPL-2.0

package encrypt

import (
	"errors"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"golang.org/x/crypto/ssh"
)

// Why a text is not an identity, as the rest of a sentence that begins with it.
var (
	ErrPublicKey       = errors.New("is a public key. What was encrypted to it can be decrypted with the private one only")
	ErrPassphrase      = errors.New("is protected by a passphrase, which nobody can be asked for here: use one that has none")
	ErrPluginIdentity  = errors.New("is for a plugin of age, and plugins are not supported")
	ErrSSHIdentity     = errors.New("is an SSH private key that can't be used: it is damaged, or of another kind than ssh-ed25519 and ssh-rsa")
	ErrDamagedIdentity = errors.New("is damaged: some of its characters are missing or wrong")
	ErrUnknownIdentity = errors.New("has an unknown form: an identity begins with AGE-SECRET-KEY-1, AGE-SECRET-KEY-PQ-1 or, as an SSH private key with all its lines, with -----BEGIN")
)

// Identity decrypts what was encrypted to its public key.
type Identity struct {
	keys []age.Identity
}

// ParseIdentity reads an SSH private key, or what age-keygen writes: one
// identity a line, and comments.
func ParseIdentity(text string) (Identity, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Identity{}, ErrEmpty
	case strings.HasPrefix(text, "-----BEGIN AGE ENCRYPTED FILE-----"), strings.HasPrefix(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----"):
		return Identity{}, ErrPassphrase
	case strings.HasPrefix(text, "-----BEGIN"):
		return parseSSHIdentity(text)
	}
	var identity Identity
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		keys, err := parseIdentityLine(line)
		if err != nil {
			return Identity{}, err
		}
		identity.keys = append(identity.keys, keys...)
	}
	if identity.keys == nil {
		return Identity{}, ErrUnknownIdentity
	}
	return identity, nil
}

func parseSSHIdentity(text string) (Identity, error) {
	key, err := agessh.ParseIdentity([]byte(text + "\n"))
	var locked *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &locked):
		return Identity{}, ErrPassphrase
	case err != nil:
		return Identity{}, ErrSSHIdentity
	}
	return Identity{[]age.Identity{key}}, nil
}

func parseIdentityLine(line string) ([]age.Identity, error) {
	switch {
	case strings.HasPrefix(line, "AGE-SECRET-KEY-1"), strings.HasPrefix(line, "AGE-SECRET-KEY-PQ-1"):
		keys, err := age.ParseIdentities(strings.NewReader(line))
		if err != nil {
			return nil, ErrDamagedIdentity
		}
		return keys, nil
	case strings.HasPrefix(line, "AGE-PLUGIN-"):
		return nil, ErrPluginIdentity
	case strings.HasPrefix(line, "age1"), strings.HasPrefix(line, "ssh-"), strings.HasPrefix(line, "ecdsa-"):
		return nil, ErrPublicKey
	default:
		return nil, ErrUnknownIdentity
	}
}
