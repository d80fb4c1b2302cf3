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

// planSecrets plans where each secret is: in clear, encrypted, or either, where
// the recipients are not known yet. Ciphertext is left to the apply, which
// makes it of a secret that is issued or sent, or that the prior state has in
// clear. Ciphertext that is there already stays.
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

// encryptSecrets encrypts the given secrets where the plan leaves that to the apply. An
// empty secret is none, and nothing is encrypted twice.
func (p *Model) encryptSecrets(to encrypt.Recipients, clientSecret, password string, diags *diag.Diagnostics) {
	put := func(target *types.String, secret, name string) {
		if !target.IsUnknown() || secret == "" || to == nil {
			return
		}
		text, err := to.Encrypt(secret)
		if err != nil {
			diags.AddAttributeError(recipientsPath, "Secret not encrypted",
				fmt.Sprintf("The %s of %s could not be encrypted, and is not kept in clear: one of secret_recipients %s.", name, p.describe(), err))
			return
		}
		*target = types.StringValue(text)
	}
	if p.API.known != nil {
		put(&p.API.known.EncryptedClientSecret, clientSecret, "client secret")
	}
	if p.Kafka.known != nil {
		put(&p.Kafka.known.EncryptedPassword, password, "Kafka password")
	}
}

func (p *Model) encryptIssued(to encrypt.Recipients, issued *streamkap.APICredentials, diags *diag.Diagnostics) {
	if issued != nil {
		p.encryptSecrets(to, string(issued.ClientSecret), "", diags)
	}
}

// encryptBefore encrypts, before a change is sent, the password that it sends, and
// what the state has in clear.
func (p *Model) encryptBefore(c *change, to encrypt.Recipients, prior, config *Model, diags *diag.Diagnostics) {
	var clientSecret, password string
	if prior.API.known != nil {
		clientSecret = prior.API.known.ClientSecret.ValueString()
	}
	if c.sendsPassword() {
		password = config.password().ValueString()
	} else if prior.Kafka.known != nil {
		password = prior.Kafka.known.Password.ValueString()
	}
	p.encryptSecrets(to, clientSecret, password, diags)
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

// warnOfRecipients says what other recipients do not change: what could be read before.
func (c *change) warnOfRecipients(prior, planned *Model, diags *diag.Diagnostics) {
	if !isKnown(planned.SecretRecipients) || sameRecipients(prior.SecretRecipients, planned.SecretRecipients) {
		return
	}
	plain, encrypted := prior.secretsInState(c)
	if len(plain) > 0 && planned.encrypts() {
		diags.AddAttributeWarning(recipientsPath, "Earlier versions of the state hold secrets in clear",
			fmt.Sprintf("The %s has secrets in the state in clear: the %s. They will be encrypted where they are, and nothing is sent to Streamkap for that. "+
				"Earlier versions of the state and saved plans still have them in clear.\n\nPurge those, or have the secrets issued anew: %s",
				prior.describe(), strings.Join(plain, " and the "), reissue(plain)))
	}
	if len(encrypted) == 0 {
		return
	}
	later := "encrypted to the new ones"
	if !planned.encrypts() {
		later = "in the state in clear"
	}
	diags.AddAttributeWarning(recipientsPath, "Secrets stay encrypted to the earlier recipients",
		fmt.Sprintf("The %s has secrets that stay as they are, for its earlier recipients to read: the %s. What is issued from now on is %s.\n\n"+
			"To have those secrets issued anew: %s", prior.describe(), strings.Join(encrypted, " and the "), later, reissue(encrypted)))
}

const (
	theClientSecret = "client secret"
	thePassword     = "Kafka password"
)

// secretsInState names the secrets that the state holds in clear, and encrypted, and that
// the change does not replace.
func (p *Model) secretsInState(c *change) (plain, encrypted []string) {
	add := func(name string, inClear, ciphertext types.String) {
		if !isAbsent(inClear) {
			plain = append(plain, name)
		}
		if !ciphertext.IsNull() {
			encrypted = append(encrypted, name)
		}
	}
	if p.API.known != nil {
		add(theClientSecret, p.API.known.ClientSecret, p.API.known.EncryptedClientSecret)
	}
	if p.Kafka.known != nil && !c.sendsPassword() {
		add(thePassword, p.Kafka.known.Password, p.Kafka.known.EncryptedPassword)
	}
	return plain, encrypted
}

func reissue(names []string) string {
	var ways []string
	for _, name := range names {
		switch name {
		case theClientSecret:
			ways = append(ways, "for the client secret, replace the key, by an apply with -replace=ADDRESS")
		case thePassword:
			ways = append(ways, "for the Kafka password, rotate it, by another password_wo and another password_wo_version")
		}
	}
	return strings.Join(ways, "; ") + "."
}
