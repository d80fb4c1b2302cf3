// SPDX-License-Identifier: MPL-2.0

package encrypt_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"strings"
	"sync"
	"testing"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

// pair is a recipient and the identity that belongs to it, as texts.
type pair struct{ public, private string }

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func sshPair(public crypto.PublicKey, private crypto.PrivateKey) pair {
	return pair{
		string(ssh.MarshalAuthorizedKey(must(ssh.NewPublicKey(public)))),
		string(pem.EncodeToMemory(must(ssh.MarshalPrivateKey(private, "a comment")))),
	}
}

func agePair() pair {
	identity := must(age.GenerateX25519Identity())
	return pair{identity.Recipient().String(), identity.String()}
}

// pairs are one of each kind, made anew for each run: a key in a repository is
// no secret, and looks like one.
var pairs = sync.OnceValue(func() map[string]pair {
	hybrid := must(age.GenerateHybridIdentity())
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	rsaKey := must(rsa.GenerateKey(rand.Reader, 2048))
	return map[string]pair{
		"age1":        agePair(),
		"age1pq1":     {hybrid.Recipient().String(), hybrid.String()},
		"ssh-ed25519": sshPair(public, private),
		"ssh-rsa":     sshPair(&rsaKey.PublicKey, rsaKey),
	}
})

// locked is an SSH private key with a passphrase.
var locked = sync.OnceValue(func() string {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(must(ssh.MarshalPrivateKeyWithPassphrase(private, "", []byte("words")))))
})

var ecdsaPair = sync.OnceValue(func() pair {
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	return sshPair(&key.PublicKey, key)
})

var shortRSA = sync.OnceValue(func() string {
	key := must(rsa.GenerateKey(rand.Reader, 1024))
	return string(ssh.MarshalAuthorizedKey(must(ssh.NewPublicKey(&key.PublicKey))))
})

func recipients(t testing.TB, texts ...string) encrypt.Recipients {
	t.Helper()
	parsed, err := encrypt.ParseRecipients(texts)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func identity(t testing.TB, text string) encrypt.Identity {
	t.Helper()
	parsed, err := encrypt.ParseIdentity(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func encryptTo(t testing.TB, secret string, texts ...string) string {
	t.Helper()
	text, err := recipients(t, texts...).Encrypt(secret)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text, secret) {
		t.Fatal("the secret is in clear")
	}
	return text
}
