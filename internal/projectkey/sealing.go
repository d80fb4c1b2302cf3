// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/sealed"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var recipientsPath = path.Root("secret_recipients")

// seals reports whether secrets that are issued for a key are encrypted, or
// may be, where the recipients are not known yet.
func (m *ProjectKeyModel) seals() bool { return !m.SecretRecipients.IsNull() }

// hasSecret reports whether the client secret is in the state, in clear or
// encrypted.
func (a *APIModel) hasSecret() bool {
	return !a.ClientSecret.IsNull() || !a.EncryptedClientSecret.IsNull()
}

// planSecrets plans where each secret is: in clear, encrypted, or either, where
// the recipients are not known yet. Ciphertext is left to the apply, which
// makes it of a secret that is issued or sent, or that the prior state has in
// clear. Ciphertext that is there already stays.
func (p *parts) planSecrets(prior *parts, sendsPassword bool) {
	if p.api != nil && prior != nil && !p.api.ClientSecret.IsNull() {
		p.api.ClientSecret, p.api.EncryptedClientSecret = p.inClear(p.api.ClientSecret), p.ciphertext()
	}
	if p.kafka != nil && (sendsPassword || p.dropsPassword(prior)) {
		p.kafka.EncryptedPassword = p.ciphertext()
		if p.mayKeepPassword(prior) {
			p.kafka.EncryptedPassword = types.StringUnknown()
		}
	}
}

// mayKeepPassword reports whether a password that is there encrypted is only
// perhaps another one: what decides is known at the apply.
func (p *parts) mayKeepPassword(prior *parts) bool {
	return prior != nil && prior.kafka != nil && !prior.kafka.EncryptedPassword.IsNull() &&
		(p.kafka.Password.IsUnknown() || p.kafka.PasswordWOVersion.IsUnknown())
}

// dropsPassword reports whether a password that the prior state has in clear is
// in the configuration no more, and to be encrypted in its place.
func (p *parts) dropsPassword(prior *parts) bool {
	return p.seals() && isAbsent(p.kafka.Password) && prior != nil && prior.kafka != nil && !isAbsent(prior.kafka.Password)
}

// inClear is what becomes of a secret that would be in clear.
func (p *parts) inClear(secret types.String) types.String {
	switch {
	case !p.seals():
		return secret
	case isKnown(p.SecretRecipients):
		return types.StringNull()
	}
	return types.StringUnknown()
}

func (p *parts) ciphertext() types.String {
	if p.seals() {
		return types.StringUnknown()
	}
	return types.StringNull()
}

// checkRecipients refuses, in a plan, what the validators of the configuration
// could not know yet. Recipients that the state has were good.
func (p *parts) checkRecipients(prior *parts, diags *diag.Diagnostics) {
	if !p.seals() || !isKnown(p.SecretRecipients) {
		return
	}
	if prior == nil || !p.SecretRecipients.Equal(prior.SecretRecipients) {
		checkRecipients(p.SecretRecipients, recipientsPath, diags)
	}
	if p.kafka != nil && isGiven(p.kafka.Password) {
		refusePasswordInClear(kafkaPath.AtName("password"), diags)
	}
}

// recipients are those of a plan in which everything is known.
func (p *parts) recipients(diags *diag.Diagnostics) sealed.Recipients {
	if !p.seals() {
		return nil
	}
	recipients, err := sealed.ParseRecipients(texts(p.SecretRecipients))
	if err != nil {
		diags.AddAttributeError(recipientsPath, "Invalid recipient", fmt.Sprintf("One of secret_recipients %s. Nothing was sent to Streamkap.", err))
	}
	return recipients
}

// seal encrypts what the plan leaves to the apply, of the secrets that are
// given. One that is empty is not there, and nothing is encrypted twice.
func (p *parts) seal(to sealed.Recipients, clientSecret, password string, diags *diag.Diagnostics) {
	encrypt := func(target *types.String, secret, name string) {
		if !target.IsUnknown() || secret == "" || to == nil {
			return
		}
		text, err := to.Seal(secret)
		if err != nil {
			diags.AddAttributeError(recipientsPath, "Secret not encrypted",
				fmt.Sprintf("The %s of %s could not be encrypted, and is not kept in clear: one of secret_recipients %s.", name, p.describe(), err))
			return
		}
		*target = types.StringValue(text)
	}
	if p.api != nil {
		encrypt(&p.api.EncryptedClientSecret, clientSecret, "client secret")
	}
	if p.kafka != nil {
		encrypt(&p.kafka.EncryptedPassword, password, "Kafka password")
	}
}

// sealIssued encrypts the client secret of an answer.
func (p *parts) sealIssued(to sealed.Recipients, issued *streamkap.APICredentials, diags *diag.Diagnostics) {
	if issued != nil {
		p.seal(to, string(issued.ClientSecret), "", diags)
	}
}

// sealBefore encrypts, before a change is sent, the password that it sends, and
// what the state has in clear.
func (p *parts) sealBefore(c *change, to sealed.Recipients, prior, config *parts, diags *diag.Diagnostics) {
	var clientSecret, password string
	if prior.api != nil {
		clientSecret = prior.api.ClientSecret.ValueString()
	}
	if c.sendsPassword() {
		password = config.password().ValueString()
	} else if prior.kafka != nil {
		password = prior.kafka.Password.ValueString()
	}
	p.seal(to, clientSecret, password, diags)
}

// sameRecipients reports whether a plan names the same keys as the state, in
// whatever spelling. The state's were good when it was made.
func sameRecipients(prior, planned *parts) bool {
	if prior.SecretRecipients.Equal(planned.SecretRecipients) {
		return true
	}
	if !isKnown(planned.SecretRecipients) {
		return false
	}
	before, _ := sealed.ParseRecipients(texts(prior.SecretRecipients))
	after, err := sealed.ParseRecipients(texts(planned.SecretRecipients))
	return err == nil && before.Equal(after)
}

// warnOfRecipients says what another set of recipients does not do: nobody can
// take back what could be read before.
func (c *change) warnOfRecipients(prior, planned *parts, diags *diag.Diagnostics) {
	if !isKnown(planned.SecretRecipients) || sameRecipients(prior, planned) {
		return
	}
	plain, encrypted := prior.secretsInState(c)
	if len(plain) > 0 && planned.seals() {
		diags.AddAttributeWarning(recipientsPath, "Earlier versions of the state hold secrets in clear",
			fmt.Sprintf("The %s has secrets in the state in clear: the %s. They will be encrypted where they are, and nothing is sent to Streamkap for that. "+
				"Earlier versions of the state and saved plans still have them in clear.\n\nPurge those, or have the secrets issued anew: %s",
				prior.describe(), strings.Join(plain, " and the "), anew(plain)))
	}
	if len(encrypted) == 0 {
		return
	}
	later := "encrypted to the new ones"
	if !planned.seals() {
		later = "in the state in clear"
	}
	diags.AddAttributeWarning(recipientsPath, "Secrets stay encrypted to the earlier recipients",
		fmt.Sprintf("The %s has secrets that stay as they are, for its earlier recipients to read: the %s. What is issued from now on is %s.\n\n"+
			"To have those secrets issued anew: %s", prior.describe(), strings.Join(encrypted, " and the "), later, anew(encrypted)))
}

const (
	theClientSecret = "client secret"
	thePassword     = "Kafka password"
)

// secretsInState names the secrets that a state holds in clear and encrypted,
// without those that the change issues anew.
func (p *parts) secretsInState(c *change) (plain, encrypted []string) {
	add := func(name string, inClear, sealed types.String) {
		if !isAbsent(inClear) {
			plain = append(plain, name)
		}
		if !sealed.IsNull() {
			encrypted = append(encrypted, name)
		}
	}
	if p.api != nil {
		add(theClientSecret, p.api.ClientSecret, p.api.EncryptedClientSecret)
	}
	if p.kafka != nil && !c.sendsPassword() {
		add(thePassword, p.kafka.Password, p.kafka.EncryptedPassword)
	}
	return plain, encrypted
}

// anew says how secrets are issued anew.
func anew(names []string) string {
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
