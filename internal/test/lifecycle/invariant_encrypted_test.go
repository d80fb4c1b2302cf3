// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"slices"
	"strings"
	"sync"

	"filippo.io/age"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// recipients are those that secrets are encrypted to. Every run has new identities.
var recipients = []string{"alice", "bob", "carol"}

// identities decrypt, and publicKeys encrypt to them. Nobody has an identity.
var identities, publicKeys = func() (map[string]encrypt.Identity, map[string]string) {
	private, public := map[string]encrypt.Identity{}, map[string]string{"nobody": "age1nobody"}
	for _, name := range recipients {
		key, err := age.GenerateX25519Identity()
		must(err)
		private[name], err = encrypt.ParseIdentity(key.String())
		must(err)
		public[name] = key.Recipient().String()
	}
	return private, public
}()

// plaintext is what was encrypted, and who can decrypt it.
type plaintext struct {
	secret  string
	readers []string
}

var decrypted sync.Map // what ciphertext was made of

// decrypt tries every identity.
func decrypt(text string) (o plaintext) {
	if known, ok := decrypted.Load(text); ok {
		o, _ = known.(plaintext)
		return o
	}
	for name, identity := range identities {
		if secret, err := identity.Decrypt(text); err == nil {
			o.secret, o.readers = secret, append(o.readers, name)
		}
	}
	decrypted.Store(text, o)
	return o
}

// plainSecret is the client secret, in clear or decrypted, where there is one.
func (h *resourceState) plainSecret() string {
	switch {
	case h.API == nil:
		return ""
	case h.API.Encrypted != "":
		return decrypt(h.API.Encrypted).secret
	}
	return h.API.Secret
}

// ciphertexts are the encrypted secrets by their attributes.
func (h *resourceState) ciphertexts() map[string]string {
	texts := map[string]string{}
	if h.API != nil && h.API.Encrypted != "" {
		texts["api.encrypted_client_secret"] = h.API.Encrypted
	}
	if h.KafkaIssued.Encrypted != "" {
		texts["kafka.encrypted_password"] = h.KafkaIssued.Encrypted
	}
	return texts
}

// inClear are the secrets that are in clear.
func (h *resourceState) inClear() (secrets []string) {
	if h != nil && h.API != nil {
		secrets = append(secrets, h.API.Secret)
	}
	if h != nil {
		secrets = append(secrets, h.passwordInClear())
	}
	return slices.DeleteFunc(secrets, func(secret string) bool { return secret == "" })
}

// checkCiphertexts checks that a state with recipients has no secret in clear, and
// that ciphertext can be decrypted by its recipients and by nobody else, and stays
// until a secret is issued again.
func (w *world) checkCiphertexts() {
	was, now := stateOf(w.before.state), stateOf(w.tf.state)
	if now == nil {
		return
	}
	if now.Recipients != nil && (len(now.inClear()) > 0 || now.CredentialJSON != "") {
		w.fail("with recipients no secret is in the state in clear", "%+v %+v %s", now.API, now.Kafka, now.CredentialJSON)
	}
	before, after := map[string]string{}, now.ciphertexts()
	if !w.isNew() && w.step.Do != stepImport {
		before = was.ciphertexts()
	}
	for name, text := range after {
		w.checkReaders(name, decrypt(text), text != before[name])
	}
	for name, text := range before {
		if after[name] != text && (name != "kafka.encrypted_password" || !w.sentPassword()) {
			w.fail("ciphertext stays until a secret is issued again", "%s was %q and is %q", name, text, after[name])
		}
	}
}

// checkReaders checks who can decrypt a secret, and remembers it.
func (w *world) checkReaders(name string, o plaintext, isNew bool) {
	if len(o.readers) == 0 {
		w.fail("ciphertext can be decrypted", "%s", name)
	}
	if isNew && !sameTexts(o.readers, w.config.Recipients) {
		w.fail("only its recipients can decrypt a secret", "%s can be read by %v, of %v", name, o.readers, w.config.Recipients)
	}
	if !slices.Contains(w.encrypted, o.secret) {
		w.encrypted = append(w.encrypted, o.secret)
	}
}

// encryptedSecrets are those that are encrypted, or will be. One that was in clear
// in the state until now is still in what this step has read.
func (w *world) encryptedSecrets() []string {
	secrets := slices.Clone(w.encrypted)
	if w.config != nil && w.config.Recipients != nil {
		for _, key := range w.server.Keys() {
			if !slices.ContainsFunc(w.before.keys, func(before simulator.Key) bool { return before.APISecret == key.APISecret }) {
				secrets = append(secrets, key.APISecret)
			}
		}
	}
	was := stateOf(w.before.state).inClear()
	return slices.DeleteFunc(secrets, func(secret string) bool { return slices.Contains(was, secret) })
}

// sentPassword reports whether the step has sent a Kafka password.
func (w *world) sentPassword() bool {
	return slices.ContainsFunc(w.requests[len(w.requests)-1], func(r simulator.Request) bool { return strings.Contains(string(r.Body), "password") })
}

// checkIssued checks, after an apply that succeeded, that what was issued or sent is
// there, encrypted.
func (w *world) checkIssued(d decision) {
	now := stateOf(w.tf.state)
	if w.config.Recipients == nil || now == nil {
		return
	}
	isNew := d.kind == created || d.kind == replaced
	if now.API != nil && now.plainSecret() == "" && isNew {
		w.fail("every issued secret can be decrypted", "the client secret")
	}
	if now.Kafka == nil || !isNew && !d.rotates && !d.fields["kafka_config"] {
		return
	}
	if got := decrypt(now.KafkaIssued.Encrypted).secret; got != w.config.password() {
		w.fail("every issued secret can be decrypted", "the password is %q, not %q", got, w.config.password())
	}
}

// encryptions decides what the plan has to say of recipients.
func (d *decision) encryptions(h *resourceState, c *configuration) {
	if sameTexts(h.Recipients, c.Recipients) {
		return
	}
	sends := d.rotates || d.fields["kafka_config"]
	d.wasInClear = c.Recipients != nil && (h.API != nil && h.API.Secret != "" || h.passwordInClear() != "" && !sends)
	d.keepsCiphertext = h.API != nil && h.API.Encrypted != "" || h.KafkaIssued.Encrypted != "" && !sends
}
