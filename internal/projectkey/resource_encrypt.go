// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var recipientsPath = path.Root("secret_recipients")

// encrypts reports whether issued secrets are encrypted. With unknown recipients they may
// be.
func (p *Model) encrypts() bool { return !p.SecretRecipients.IsNull() }

// hasSecret counts a client secret that is encrypted, too.
func (a *apiModel) hasSecret() bool {
	return !a.ClientSecret.IsNull() || !a.EncryptedClientSecret.IsNull()
}

// planSecrets plans where each secret is: in clear, encrypted, or either with unknown
// recipients. Only the apply makes ciphertext: of a secret that is issued or sent, or that
// the prior state has in clear. Existing ciphertext stays.
func (p *Model) planSecrets(prior *Model, sendsPassword bool) {
	if p.API.known != nil && prior != nil && !p.API.known.ClientSecret.IsNull() {
		p.API.known.ClientSecret, p.API.known.EncryptedClientSecret = p.inClear(p.API.known.ClientSecret), p.ciphertext()
	}
	if p.Kafka.known != nil && (sendsPassword || p.dropsPassword(prior)) {
		p.Kafka.known.EncryptedPassword = p.ciphertext()
		if p.mayKeepPassword(prior) {
			p.Kafka.known.EncryptedPassword = types.StringUnknown()
		}
	}
}

// mayKeepPassword reports whether only the apply knows if the encrypted password stays.
func (p *Model) mayKeepPassword(prior *Model) bool {
	return prior != nil && prior.Kafka.known != nil && !prior.Kafka.known.EncryptedPassword.IsNull() &&
		(p.Kafka.known.Password.IsUnknown() || p.Kafka.known.PasswordWOVersion.IsUnknown())
}

// dropsPassword reports whether a password in clear leaves the configuration, and is to be
// encrypted where it is.
func (p *Model) dropsPassword(prior *Model) bool {
	return p.encrypts() && isAbsent(p.Kafka.known.Password) && prior != nil && prior.Kafka.known != nil && !isAbsent(prior.Kafka.known.Password)
}

func (p *Model) inClear(secret types.String) types.String {
	switch {
	case !p.encrypts():
		return secret
	case isKnown(p.SecretRecipients):
		return types.StringNull()
	}
	return types.StringUnknown()
}

func (p *Model) ciphertext() types.String {
	if p.encrypts() {
		return types.StringUnknown()
	}
	return types.StringNull()
}

// checkRecipients refuses what the validators could not know yet.
func (p *Model) checkRecipients(prior *Model, diags *diag.Diagnostics) {
	if !p.encrypts() || !isKnown(p.SecretRecipients) {
		return
	}
	if prior == nil || !p.SecretRecipients.Equal(prior.SecretRecipients) {
		checkRecipients(p.SecretRecipients, recipientsPath, diags)
	}
	if p.Kafka.known != nil && isGiven(p.Kafka.known.Password) {
		refusePasswordInClear(kafkaPath.AtName("password"), diags)
	}
}

// recipients are those of a plan in which everything is known.
func (p *Model) recipients(diags *diag.Diagnostics) encrypt.Recipients {
	if !p.encrypts() {
		return nil
	}
	recipients, err := encrypt.ParseRecipients(stringsOf(p.SecretRecipients))
	if err != nil {
		diags.AddAttributeError(recipientsPath, "Invalid recipient", fmt.Sprintf("One of secret_recipients %s. Nothing was sent to Streamkap.", err))
	}
	return recipients
}

// secret is one that a model holds in clear, or encrypted.
type secret struct {
	name, attribute  string
	plain, encrypted *types.String
}

const (
	clientSecret  = "client secret"
	kafkaPassword = "Kafka password"
)

func (p *Model) secrets() (secrets []secret) {
	if api := p.API.known; api != nil {
		secrets = append(secrets, secret{clientSecret, "api.encrypted_client_secret", &api.ClientSecret, &api.EncryptedClientSecret})
	}
	if kafka := p.Kafka.known; kafka != nil {
		secrets = append(secrets, secret{kafkaPassword, "kafka.encrypted_password", &kafka.Password, &kafka.EncryptedPassword})
	}
	return secrets
}

// encryptSecrets encrypts the given secrets where the plan leaves that to the apply. Empty
// secrets are left out, and nothing is encrypted twice.
func (p *Model) encryptSecrets(to encrypt.Recipients, given map[string]string, diags *diag.Diagnostics) {
	for _, s := range p.secrets() {
		if !s.encrypted.IsUnknown() || given[s.name] == "" || to == nil {
			continue
		}
		text, err := to.Encrypt(given[s.name])
		if err != nil {
			diags.AddAttributeError(recipientsPath, "Secret not encrypted",
				fmt.Sprintf("The %s of %s could not be encrypted, and is not kept in clear: one of secret_recipients %s.", s.name, p.describe(), err))
			continue
		}
		*s.encrypted = types.StringValue(text)
	}
}

func (p *Model) encryptIssued(to encrypt.Recipients, issued *streamkap.APICredentials, diags *diag.Diagnostics) {
	if issued != nil {
		p.encryptSecrets(to, map[string]string{clientSecret: string(issued.ClientSecret)}, diags)
	}
}

// encryptBefore encrypts, before a change is sent, the password that it sends, and
// what the state has in clear.
func (p *Model) encryptBefore(c *change, to encrypt.Recipients, prior, config *Model, diags *diag.Diagnostics) {
	given := map[string]string{}
	for _, s := range prior.secrets() {
		given[s.name] = s.plain.ValueString()
	}
	if c.sendsPassword() {
		given[kafkaPassword] = config.password().ValueString()
	}
	p.encryptSecrets(to, given, diags)
}

// sameRecipients reports whether a plan names the same keys as the state, in
// whatever spelling. The state's were good when it was made.
func sameRecipients(prior, planned types.Set) bool {
	if !isKnown(planned) || prior.Equal(planned) {
		return isKnown(planned)
	}
	before, _ := encrypt.ParseRecipients(stringsOf(prior))
	after, err := encrypt.ParseRecipients(stringsOf(planned))
	return err == nil && before.Equal(after)
}

const reissue = "To issue the client secret again, replace the key, by an apply with -replace=ADDRESS. " +
	"To issue the Kafka password again, rotate it, by another password_wo and another password_wo_version."

// warnOfRecipients says what other recipients do not change: what could be read before.
func (c *change) warnOfRecipients(prior, planned *Model, diags *diag.Diagnostics) {
	if !isKnown(planned.SecretRecipients) || sameRecipients(prior.SecretRecipients, planned.SecretRecipients) {
		return
	}
	// Secrets that the change replaces are not spoken of.
	var plain, encrypted []string
	for _, s := range prior.secrets() {
		replaced := s.name == kafkaPassword && c.sendsPassword()
		if !replaced && !s.encrypted.IsNull() {
			encrypted = append(encrypted, "the "+s.name)
		}
		if !replaced && !isAbsent(*s.plain) {
			plain = append(plain, "the "+s.name)
		}
	}
	if len(plain) > 0 && planned.encrypts() {
		diags.AddAttributeWarning(recipientsPath, "Earlier versions of the state hold secrets in clear",
			fmt.Sprintf("The %s has secrets in the state in clear: %s. They will be encrypted where they are, and nothing is sent to Streamkap for that. "+
				"Earlier versions of the state and saved plans still have them in clear.\n\nPurge those, or issue the secrets again. %s",
				prior.describe(), strings.Join(plain, " and "), reissue))
	}
	if len(encrypted) == 0 {
		return
	}
	later := "encrypted to the new ones"
	if !planned.encrypts() {
		later = "in the state in clear"
	}
	diags.AddAttributeWarning(recipientsPath, "Secrets stay encrypted to the earlier recipients",
		fmt.Sprintf("The %s has secrets that stay as they are, for its earlier recipients to read: %s. What is issued from now on is %s.\n\n%s",
			prior.describe(), strings.Join(encrypted, " and "), later, reissue))
}
