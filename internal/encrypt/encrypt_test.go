// SPDX-License-Identifier: MPL-2.0

package encrypt_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

const secret = "Not-a-secret-1 with \"quotes\" and ünïcode"

func TestEncrypt_EachKindOfRecipient(t *testing.T) {
	for kind, pair := range pairs() {
		t.Run(kind, func(t *testing.T) {
			text := encryptTo(t, secret, pair.public)
			got, err := identity(t, pair.private).Decrypt(text)
			if err != nil || got != secret {
				t.Errorf("decrypted %q, %v", got, err)
			}
			count, err := encrypt.CountRecipients(text)
			if want := "1 recipient (1 " + kind + ")"; err != nil || count.String() != want {
				t.Errorf("counted %s, %v, want %s", count, err, want)
			}
		})
	}
}

func TestEncrypt_EachRecipientDecrypts(t *testing.T) {
	all := []pair{pairs()["ssh-ed25519"], pairs()["ssh-rsa"], agePair(), agePair()}
	var publics []string
	for _, pair := range all {
		publics = append(publics, pair.public)
	}
	text := encryptTo(t, secret, publics...)
	if text == encryptTo(t, secret, publics...) {
		t.Error("two texts of one secret are equal")
	}
	for i, pair := range all {
		if got, err := identity(t, pair.private).Decrypt(text); err != nil || got != secret {
			t.Errorf("identity %d decrypted %q, %v", i, got, err)
		}
	}
	_, err := identity(t, agePair().private).Decrypt(text)
	if want := "can be decrypted by 4 recipients (1 ssh-ed25519, 1 ssh-rsa, 2 age1), and the identity belongs to none of them"; err == nil || err.Error() != want {
		t.Errorf("the error of somebody else's identity is %v, want %s", err, want)
	}
}

// Files and programs add space around a key, and SSH keys carry a comment.
func TestEqual_SpaceAndCommentsMakeNoDifference(t *testing.T) {
	sshKey, ageKey := strings.TrimSpace(pairs()["ssh-ed25519"].public), pairs()["age1"].public
	plain := recipients(t, ageKey, sshKey)
	for _, texts := range [][]string{{" " + ageKey + "\n", sshKey + " someone@example.com\r\n"}, {sshKey, ageKey}, {sshKey, ageKey, sshKey + " twice"}} {
		if !plain.Equal(recipients(t, texts...)) {
			t.Errorf("%q are taken for others", texts)
		}
	}
	if plain.Equal(recipients(t, ageKey)) || plain.Equal(recipients(t, sshKey, agePair().public)) {
		t.Error("other recipients are taken for the same")
	}
}

func TestParseRecipient_WhatIsNone(t *testing.T) {
	public := pairs()["age1"].public
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"nothing":                  {" \n", encrypt.ErrEmpty},
		"a word":                   {"hunter2", encrypt.ErrUnknownRecipient},
		"a GitHub user":            {"github:someone", encrypt.ErrUnknownRecipient},
		"an age identity":          {pairs()["age1"].private, encrypt.ErrPrivateKey},
		"an age identity, small":   {strings.ToLower(pairs()["age1pq1"].private), encrypt.ErrPrivateKey},
		"an identity file":         {"# created: today\n# public key: " + public + "\n" + pairs()["age1"].private, encrypt.ErrPrivateKey},
		"an SSH private key":       {pairs()["ssh-rsa"].private, encrypt.ErrPrivateKey},
		"a plugin's identity":      {"AGE-PLUGIN-YUBIKEY-1QQPQ", encrypt.ErrPrivateKey},
		"a plugin's recipient":     {"age1yubikey1qwerty", encrypt.ErrPluginRecipient},
		"two recipients":           {public + "\n" + public, encrypt.ErrSeveralLines},
		"two in one line":          {public + " " + public, encrypt.ErrPluginRecipient},
		"cut off":                  {public[:len(public)-3], encrypt.ErrMalformed},
		"a letter changed":         {public[:10] + swap(public[10]) + public[11:], encrypt.ErrMalformed},
		"post-quantum, cut off":    {pairs()["age1pq1"].public[:900], encrypt.ErrMalformed},
		"SSH, kind alone":          {"ssh-ed25519", encrypt.ErrMalformed},
		"SSH, no Base64":           {"ssh-ed25519 ????", encrypt.ErrMalformed},
		"SSH, of another kind":     {"ssh-rsa " + strings.Fields(pairs()["ssh-ed25519"].public)[1], encrypt.ErrMalformed},
		"SSH, cut off":             {pairs()["ssh-rsa"].public[:100], encrypt.ErrMalformed},
		"ECDSA":                    {ecdsaPair().public, encrypt.ErrSSHKind},
		"a security key":           {"sk-ssh-ed25519@openssh.com AAAA", encrypt.ErrSSHKind},
		"RSA of 1024 bits":         {shortRSA(), encrypt.ErrShortRSA},
		"a point of no use":        {"age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z", encrypt.ErrUnusable},
		"with options before it":   {`command="x" ` + pairs()["ssh-rsa"].public, encrypt.ErrUnknownRecipient},
		"SSH2 with another header": {"---- BEGIN SSH2 PUBLIC KEY ----", encrypt.ErrUnknownRecipient},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := encrypt.ParseRecipient(test.text); !errors.Is(err, test.want) {
				t.Errorf("the error is %v, want %v", err, test.want)
			}
		})
	}
}

func swap(letter byte) string {
	if letter == 'q' {
		return "p"
	}
	return "q"
}

// TestNameOf_BeginningOfAPublicKeyAlone has what may be a secret without a name.
func TestNameOf_BeginningOfAPublicKeyAlone(t *testing.T) {
	public := pairs()["ssh-ed25519"].public
	for text, want := range map[string]string{
		public:                     public[:40] + "…",
		"age1yubikey1":             "age1yubikey1…",
		"sk-ssh-ed25519@a":         "sk-ssh-ed25519@a…",
		pairs()["age1"].private:    "",
		pairs()["ssh-rsa"].private: "",
		public + public:            "",
		"hunter2":                  "",
		"":                         "",
	} {
		if got := encrypt.NameOf(text); got != want {
			t.Errorf("%q is called %q", text, got)
		}
	}
}

// TestParseRecipients_RefusesWhatCanNotBeEncryptedTo also has kinds mixed: age would
// refuse that at the time of encrypting, when the secret is there already.
func TestParseRecipients_RefusesWhatCanNotBeEncryptedTo(t *testing.T) {
	public, quantum := pairs()["age1"].public, pairs()["age1pq1"].public
	for name, test := range map[string]struct {
		texts []string
		want  error
	}{
		"none":                      {nil, encrypt.ErrEmpty},
		"as many as there may be":   {slices.Repeat([]string{public}, encrypt.MaxRecipients), nil},
		"too many":                  {slices.Repeat([]string{public}, encrypt.MaxRecipients+1), encrypt.ErrTooMany},
		"post-quantum alone":        {[]string{quantum, must(age.GenerateHybridIdentity()).Recipient().String()}, nil},
		"post-quantum beside age":   {[]string{public, quantum}, encrypt.ErrMixed},
		"post-quantum beside SSH":   {[]string{pairs()["ssh-rsa"].public, quantum}, encrypt.ErrMixed},
		"post-quantum beside SSH 2": {[]string{pairs()["ssh-ed25519"].public, quantum}, encrypt.ErrMixed},
	} {
		if _, err := encrypt.ParseRecipients(test.texts); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestParseIdentity_WhatIsNone(t *testing.T) {
	private := pairs()["age1"].private
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"nothing":                   {"\n", encrypt.ErrEmpty},
		"comments alone":            {"# created: today\n#", encrypt.ErrUnknownIdentity},
		"a word":                    {"hunter2", encrypt.ErrUnknownIdentity},
		"a later form":              {"AGE-SECRET-KEY-2QQQQ", encrypt.ErrUnknownIdentity},
		"a recipient":               {pairs()["age1"].public, encrypt.ErrPublicKey},
		"an SSH public key":         {pairs()["ssh-rsa"].public, encrypt.ErrPublicKey},
		"an SSH key, passphrase":    {locked(), encrypt.ErrPassphrase},
		"a PKCS 8 key, passphrase":  {"-----BEGIN ENCRYPTED PRIVATE KEY-----\nMII\n-----END ENCRYPTED PRIVATE KEY-----\n", encrypt.ErrPassphrase},
		"an identity, passphrase":   {"-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n", encrypt.ErrPassphrase},
		"a plugin's identity":       {"AGE-PLUGIN-YUBIKEY-1QQPQ", encrypt.ErrPluginIdentity},
		"an ECDSA key":              {ecdsaPair().private, encrypt.ErrSSHIdentity},
		"an SSH key, cut off":       {pairs()["ssh-rsa"].private[:500], encrypt.ErrSSHIdentity},
		"an SSH key in one line":    {strings.ReplaceAll(pairs()["ssh-ed25519"].private, "\n", " "), encrypt.ErrSSHIdentity},
		"cut off":                   {private[:len(private)-3], encrypt.ErrDamagedIdentity},
		"post-quantum, cut off":     {pairs()["age1pq1"].private[:60], encrypt.ErrDamagedIdentity},
		"one that is good, one not": {private + "\n" + private[:30], encrypt.ErrDamagedIdentity},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := encrypt.ParseIdentity(test.text); !errors.Is(err, test.want) {
				t.Errorf("the error is %v, want %v", err, test.want)
			}
		})
	}
}

func TestParseIdentity_File(t *testing.T) {
	text := encryptTo(t, secret, pairs()["age1"].public)
	for _, file := range []string{
		"# created: today\r\n# public key: " + pairs()["age1"].public + "\r\n" + pairs()["age1"].private + "\r\n",
		agePair().private + "\n\n" + pairs()["age1"].private,
	} {
		if got, err := identity(t, file).Decrypt(text); err != nil || got != secret {
			t.Errorf("decrypted %q, %v", got, err)
		}
	}
}

func TestDecrypt_CutOrEdited(t *testing.T) {
	longest := strings.Repeat("x", 1<<20)
	pair := pairs()["ssh-ed25519"]
	if got, err := identity(t, pair.private).Decrypt(encryptTo(t, longest, pair.public)); err != nil || got != longest {
		t.Errorf("of the longest text, %d characters are decrypted, %v", len(got), err)
	}
	text := encryptTo(t, secret, pair.public)
	lines := strings.SplitAfter(text, "\n")
	last := len(lines) - 3 // before the closing line and what follows it
	edited := strings.Join(lines[:last], "") + strings.ToLower(lines[last]) + strings.Join(lines[last+1:], "")
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"nothing":         {"", encrypt.ErrNotEncrypted},
		"the secret":      {secret, encrypt.ErrNotEncrypted},
		"first line":      {lines[0], encrypt.ErrDamaged},
		"cut in the head": {text[:120], encrypt.ErrDamaged},
		"last lines":      {strings.Join(lines[:last], ""), encrypt.ErrDamaged},
		"no closing line": {strings.TrimSuffix(text, lines[len(lines)-2]), encrypt.ErrDamaged},
		"edited":          {edited, encrypt.ErrDamaged},
		"twice":           {text + text, encrypt.ErrDamaged},
		"no text inside":  {encryptTo(t, "\xff\xfe", pair.public), encrypt.ErrDamaged},
		"too long":        {encryptTo(t, longest+"x", pair.public), encrypt.ErrDamaged},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := identity(t, pair.private).Decrypt(test.text)
			if got != "" || !errors.Is(err, test.want) {
				t.Errorf("decrypted %q, the error is %v, want %v", got, err, test.want)
			}
			// Where the head is whole, it still tells whom the text is for.
			count, countErr := encrypt.CountRecipients(test.text)
			if countErr != nil && (count != nil || !errors.Is(countErr, test.want)) {
				t.Errorf("counted %v, the error is %v", count, countErr)
			}
			if told := strings.HasSuffix(err.Error(), ", for 1 recipient (1 ssh-ed25519)"); told != (countErr == nil) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

// Anybody can have written the kind of a recipient into a file.
func TestCountRecipients_UnknownKindNotRepeated(t *testing.T) {
	var text strings.Builder
	armored := armor.NewWriter(&text)
	plain := must(age.Encrypt(armored, oddRecipient{}))
	for _, err := range []error{plain.Close(), armored.Close()} {
		if err != nil {
			t.Fatal(err)
		}
	}
	count, err := encrypt.CountRecipients(text.String())
	if want := "1 recipient (1 of another kind)"; err != nil || count.String() != want {
		t.Errorf("counted %s, %v, want %s", count, err, want)
	}
}

// oddRecipient is of a kind that nobody knows, and adds a stanza that means
// nothing, as rage does.
type oddRecipient struct{}

func (oddRecipient) Wrap([]byte) ([]*age.Stanza, error) {
	return []*age.Stanza{{Type: "a-grease"}, {Type: "hunter2"}}, nil
}

func BenchmarkEncrypt(b *testing.B) {
	for _, kind := range []string{"age1", "age1pq1", "ssh-ed25519", "ssh-rsa"} {
		b.Run(kind, func(b *testing.B) {
			to := recipients(b, pairs()[kind].public)
			for b.Loop() {
				if _, err := to.Encrypt(secret); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
