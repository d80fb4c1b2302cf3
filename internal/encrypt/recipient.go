// SPDX-License-Identifier: MPL-2.0

// Package encrypt encrypts a secret so that only its recipients can read it,
// and decrypts it again. What it writes is an armored age file, which the age
// program decrypts as well.
//
// Its errors never repeat anything of what it was given: a private key can be
// pasted where a public one belongs.
package encrypt

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/agessh"
	"filippo.io/age/armor"
	"golang.org/x/crypto/ssh"
)

// Why a text is not a recipient, as the rest of a sentence that begins with it.
var (
	ErrEmpty            = errors.New("is empty")
	ErrPrivateKey       = errors.New("is a private key, where the public one belongs. Whoever could see it there has it now: make another pair")
	ErrSeveralLines     = errors.New("has several lines: each recipient is an element of its own")
	ErrUnknownRecipient = errors.New("has an unknown form: a recipient begins with age1, age1pq1, ssh-ed25519 or ssh-rsa")
	ErrPluginRecipient  = errors.New("is for a plugin of age, and plugins are not supported")
	ErrSSHKind          = errors.New("is an SSH key of a kind that can't be encrypted to: only ssh-ed25519 and ssh-rsa can")
	ErrMalformed        = errors.New("is damaged: some of its characters are missing or wrong")
	ErrShortRSA         = errors.New("is an RSA key of less than 2048 bits")
	ErrUnusable         = errors.New("is well formed, but nothing can be encrypted to it")
)

// MaxRecipients is how many recipients a secret can have. Each takes time and
// space, once for every secret of every key.
const MaxRecipients = 50

// ErrTooMany says that there are more recipients than [MaxRecipients].
var ErrTooMany = fmt.Errorf("there are more than %d. Give a team one age key that its members share, or encrypt to fewer keys", MaxRecipients)

// ErrMixed says that some recipients are post-quantum and some are not.
var ErrMixed = errors.New("some begin with age1pq1 and some do not. What an ordinary recipient can decrypt is not safe from a quantum computer, " +
	"so age refuses to mix them: use recipients of one kind")

// Recipient is a public key that can be encrypted to.
type Recipient struct {
	key age.Recipient
	// text is the key without comment and space around it.
	text string
}

// ParseRecipient reads a recipient as age and SSH write it.
func ParseRecipient(text string) (Recipient, error) {
	text = strings.TrimSpace(text)
	if err := refuse(text); err != nil {
		return Recipient{}, err
	}
	recipient, err := parseKey(text)
	if err != nil {
		return Recipient{}, err
	}
	// A key may be well formed, and still nothing can be encrypted to it. That has to
	// be known before there is a secret.
	if _, err := recipient.key.Wrap(make([]byte, 16)); err != nil {
		return Recipient{}, ErrUnusable
	}
	return recipient, nil
}

// refuse says what is certainly not a recipient.
func refuse(text string) error {
	upper := strings.ToUpper(text)
	switch {
	case text == "":
		return ErrEmpty
	case strings.Contains(upper, "PRIVATE KEY-----"), strings.Contains(upper, "AGE-SECRET-KEY-"), strings.Contains(upper, "AGE-PLUGIN-"):
		return ErrPrivateKey
	case strings.ContainsAny(text, "\r\n"):
		return ErrSeveralLines
	default:
		return nil
	}
}

func parseKey(text string) (Recipient, error) {
	switch {
	case strings.HasPrefix(text, "age1") && !strings.HasPrefix(text, "age1pq1") && strings.LastIndex(text, "1") > len("age"):
		return Recipient{}, ErrPluginRecipient
	case strings.HasPrefix(text, "age1"):
		keys, err := age.ParseRecipients(strings.NewReader(text))
		if err != nil {
			return Recipient{}, ErrMalformed
		}
		return Recipient{keys[0], text}, nil
	case strings.HasPrefix(text, "ssh-"), strings.HasPrefix(text, "ecdsa-"), strings.HasPrefix(text, "sk-"):
		return parseSSHKey(text)
	default:
		return Recipient{}, ErrUnknownRecipient
	}
}

func parseSSHKey(text string) (Recipient, error) {
	kind := strings.Fields(text)[0]
	if kind != ssh.KeyAlgoED25519 && kind != ssh.KeyAlgoRSA {
		return Recipient{}, ErrSSHKind
	}
	public, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil || public.Type() != kind {
		return Recipient{}, ErrMalformed
	}
	text = strings.TrimSpace(string(ssh.MarshalAuthorizedKey(public)))
	key, err := agessh.ParseRecipient(text)
	switch {
	case err != nil && kind == ssh.KeyAlgoRSA:
		return Recipient{}, ErrShortRSA
	case err != nil:
		return Recipient{}, ErrMalformed
	}
	return Recipient{key, text}, nil
}

// NameOf is the beginning of a public key, by which a person finds it. It is empty
// for a text that may be a secret.
func NameOf(text string) string {
	text = strings.TrimSpace(text)
	if refuse(text) != nil {
		return ""
	}
	for _, beginning := range []string{"age1", "ssh-", "ecdsa-", "sk-"} {
		if strings.HasPrefix(text, beginning) {
			return text[:min(len(text), maxName)] + "…"
		}
	}
	return ""
}

// maxName is enough to distinguish keys, also those of SSH, which begin with their
// kind.
const maxName = 40

// Recipients are all those who can decrypt what is encrypted to them.
type Recipients []Recipient

// ParseRecipients reads at least one recipient.
func ParseRecipients(texts []string) (Recipients, error) {
	if len(texts) == 0 {
		return nil, ErrEmpty
	}
	if len(texts) > MaxRecipients {
		return nil, ErrTooMany
	}
	recipients := make(Recipients, len(texts))
	for i, text := range texts {
		var err error
		if recipients[i], err = ParseRecipient(text); err != nil {
			return nil, err
		}
	}
	return recipients, recipients.Check()
}

// Check returns an error where a secret can't be encrypted to all of the
// recipients at once.
func (r Recipients) Check() error {
	for i := range r {
		if r[i].postQuantum() != r[0].postQuantum() {
			return ErrMixed
		}
	}
	return nil
}

func (r Recipient) postQuantum() bool {
	_, is := r.key.(*age.HybridRecipient)
	return is
}

// Equal reports whether the recipients are the same keys, whatever their order
// and the comments of SSH keys.
func (r Recipients) Equal(others Recipients) bool {
	return slices.Equal(r.texts(), others.texts())
}

func (r Recipients) texts() []string {
	texts := make([]string, len(r))
	for i, recipient := range r {
		texts[i] = recipient.text
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

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
	_, err = io.WriteString(plain, secret)
	if errors.Join(err, plain.Close(), armored.Close()) != nil {
		return "", ErrUnusable
	}
	return text.String(), nil
}
