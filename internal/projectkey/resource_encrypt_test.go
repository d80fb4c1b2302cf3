// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const (
	aRecipient       = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
	anotherRecipient = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"
)

// keyWith is a key whose secrets are in the state as given: "clear", "encrypted" or
// "none".
func keyWith(t *testing.T, clientSecret, password string, recipients ...string) *Model {
	t.Helper()
	p := someParts(t, "1")
	p.SecretRecipients = stringSet(recipients)
	put := func(how string, plain, encrypted *types.String) {
		*plain, *encrypted = types.StringNull(), types.StringNull()
		switch how {
		case "clear":
			*plain = types.StringValue("in clear")
		case "encrypted":
			*encrypted = types.StringValue("encrypted")
		}
	}
	put(clientSecret, &p.API.known.ClientSecret, &p.API.known.EncryptedClientSecret)
	put(password, &p.Kafka.known.Password, &p.Kafka.known.EncryptedPassword)
	return p
}

// TestEncrypt_OtherRecipientsWarned goes through the ways in which
// they change.
func TestEncrypt_OtherRecipientsWarned(t *testing.T) {
	const (
		earlier = "Earlier versions of the state hold secrets in clear"
		stay    = "Secrets stay encrypted to the earlier recipients"
	)
	for name, test := range map[string]struct {
		prior, planned *Model
		change         change
		summary, says  string
	}{
		"none":               {keyWith(t, "clear", "clear"), keyWith(t, "clear", "clear"), change{}, "", ""},
		"the same":           {keyWith(t, "encrypted", "encrypted", aRecipient), keyWith(t, "encrypted", "encrypted", aRecipient), change{}, "", ""},
		"first ones":         {keyWith(t, "clear", "clear"), keyWith(t, "none", "none", aRecipient), change{}, earlier, "the client secret and the Kafka password. They will be encrypted where they are|" + reissue},
		"first, of one":      {keyWith(t, "none", "clear"), keyWith(t, "none", "none", aRecipient), change{}, earlier, "in clear: the Kafka password. They|again. " + reissue},
		"first, of a new":    {keyWith(t, "none", "clear"), keyWith(t, "none", "none", aRecipient), change{patch: streamkap.UpdateProjectKeyRequest{KafkaConfig: &streamkap.KafkaConfig{}}}, "", ""},
		"first, of none":     {keyWith(t, "none", "none"), keyWith(t, "none", "none", aRecipient), change{}, "", ""},
		"other ones":         {keyWith(t, "encrypted", "encrypted", aRecipient), keyWith(t, "encrypted", "encrypted", anotherRecipient), change{}, stay, "the client secret and the Kafka password. What is issued from now on is encrypted to the new ones.|" + reissue},
		"one more":           {keyWith(t, "encrypted", "none", aRecipient), keyWith(t, "encrypted", "none", aRecipient, anotherRecipient), change{}, stay, "to read: the client secret. What|" + reissue},
		"none any more":      {keyWith(t, "encrypted", "encrypted", aRecipient), keyWith(t, "encrypted", "encrypted"), change{}, stay, "What is issued from now on is in the state in clear."},
		"none, and in clear": {keyWith(t, "clear", "encrypted", aRecipient), keyWith(t, "clear", "encrypted"), change{}, stay, "to read: the Kafka password. What"},
	} {
		var diags diag.Diagnostics
		test.change.warnOfRecipients(test.prior, test.planned, &diags)
		if test.summary == "" {
			expect(t, name, diags)
			continue
		}
		expect(t, name, diags, "Warning: "+test.summary+" at secret_recipients")
		for _, says := range strings.Split(test.says, "|") {
			if len(diags) == 1 && !strings.Contains(diags[0].Detail(), says) {
				t.Errorf("%s: it lacks %q: %s", name, says, diags[0].Detail())
			}
		}
	}
	var diags diag.Diagnostics
	later := keyWith(t, "clear", "clear")
	later.SecretRecipients = types.SetUnknown(types.StringType)
	(&change{}).warnOfRecipients(keyWith(t, "clear", "clear"), later, &diags)
	expect(t, "not known yet", diags)
}

// TestEncrypt_RecipientsEquivalentInAnySpelling also covers those that are not known,
// and those that are none.
func TestEncrypt_RecipientsEquivalentInAnySpelling(t *testing.T) {
	partly := types.SetValueMust(types.StringType, []attr.Value{types.StringValue(aRecipient), types.StringUnknown()})
	for name, test := range map[string]struct {
		a, b types.Set
		same bool
	}{
		"equal":               {stringSet([]string{aRecipient}), stringSet([]string{aRecipient}), true},
		"with space around":   {stringSet([]string{aRecipient}), stringSet([]string{" " + aRecipient + "\n"}), true},
		"another, with space": {stringSet([]string{anotherRecipient}), stringSet([]string{anotherRecipient + " "}), true},
		"another":             {stringSet([]string{aRecipient}), stringSet([]string{anotherRecipient}), false},
		"one more":            {stringSet([]string{aRecipient}), stringSet([]string{aRecipient, anotherRecipient}), false},
		"none before":         {stringSet(nil), stringSet([]string{aRecipient}), false},
		"none any more":       {stringSet([]string{aRecipient}), stringSet(nil), false},
		"none":                {stringSet(nil), stringSet(nil), true},
		"one that is not one": {stringSet([]string{aRecipient}), stringSet([]string{"none"}), false},
		"not one before":      {stringSet([]string{"none"}), stringSet([]string{aRecipient}), false},
		"not known":           {stringSet([]string{aRecipient}), types.SetUnknown(types.StringType), false},
		"one not known":       {stringSet([]string{aRecipient}), partly, false},
		"none, and not known": {stringSet(nil), types.SetUnknown(types.StringType), false},
		"none, and not one":   {stringSet(nil), stringSet([]string{"none"}), false},
	} {
		if got := sameRecipients(test.a, test.b); got != test.same {
			t.Errorf("%s: the same is %t", name, got)
		}
	}
}

// TestEncrypt_PasswordPlanned plans the encrypted password of a key.
func TestEncrypt_PasswordPlanned(t *testing.T) {
	none, encrypted, later := types.StringNull(), types.StringValue("encrypted"), types.StringUnknown()
	unknownVersion := func(p *Model) { p.Kafka.known.PasswordWOVersion = types.Int64Unknown() }
	for name, test := range map[string]struct {
		prior, planned *Model
		change         func(*Model)
		sends          bool
		want           types.String
	}{
		"new":                            {nil, keyWith(t, "none", "none", aRecipient), nil, true, later},
		"new, in clear":                  {nil, keyWith(t, "none", "clear"), nil, true, none},
		"it stays":                       {keyWith(t, "none", "encrypted", aRecipient), keyWith(t, "none", "encrypted", aRecipient), nil, false, encrypted},
		"it stays, in clear":             {keyWith(t, "none", "clear"), keyWith(t, "none", "clear"), nil, false, none},
		"it is rotated":                  {keyWith(t, "none", "encrypted", aRecipient), keyWith(t, "none", "encrypted", aRecipient), nil, true, later},
		"rotated, without recipients":    {keyWith(t, "none", "encrypted", aRecipient), keyWith(t, "none", "encrypted"), nil, true, none},
		"perhaps rotated":                {keyWith(t, "none", "encrypted", aRecipient), keyWith(t, "none", "encrypted"), unknownVersion, true, later},
		"perhaps rotated, to be clear":   {keyWith(t, "none", "encrypted", aRecipient), keyWith(t, "none", "encrypted"), func(p *Model) { p.Kafka.known.Password = later }, true, later},
		"perhaps rotated, of none":       {keyWith(t, "none", "none"), keyWith(t, "none", "none"), unknownVersion, true, none},
		"added":                          {func() *Model { p := keyWith(t, "none", "none"); p.Kafka.known = nil; return p }(), keyWith(t, "none", "none"), unknownVersion, true, none},
		"it is encrypted":                {keyWith(t, "none", "clear"), keyWith(t, "none", "none", aRecipient), nil, false, later},
		"encrypted, and there is none":   {keyWith(t, "none", "none"), keyWith(t, "none", "none", aRecipient), nil, false, none},
		"encrypted, and left in clear":   {keyWith(t, "none", "clear"), keyWith(t, "none", "clear", aRecipient), nil, false, none},
		"taken out of the configuration": {keyWith(t, "none", "clear"), keyWith(t, "none", "encrypted"), nil, false, encrypted},
	} {
		if test.change != nil {
			test.change(test.planned)
		}
		test.planned.planSecrets(test.prior, test.sends)
		if got := test.planned.Kafka.known.EncryptedPassword; !got.Equal(test.want) {
			t.Errorf("%s: it is planned as %s, expected %s", name, got, test.want)
		}
	}
}

// TestEncrypt_OnlyUnknownValues encrypts what is given, where the plan
// leaves it open.
func TestEncrypt_OnlyUnknownValues(t *testing.T) {
	to, err := encrypt.ParseRecipients([]string{aRecipient})
	if err != nil {
		t.Fatal(err)
	}
	none, kept, later := types.StringNull(), types.StringValue("encrypted"), types.StringUnknown()
	for name, test := range map[string]struct {
		planned types.String
		secret  string
		to      encrypt.Recipients
		want    bool
	}{
		"left to the apply":  {later, "a secret", to, true},
		"no secret":          {later, "", to, false},
		"no recipients":      {later, "a secret", nil, false},
		"encrypted before":   {kept, "a secret", to, false},
		"not to be there":    {none, "a secret", to, false},
		"before, and no one": {kept, "", to, false},
	} {
		p := someParts(t, "1")
		p.API.known.EncryptedClientSecret, p.Kafka.known.EncryptedPassword = test.planned, test.planned
		var diags diag.Diagnostics
		p.encryptSecrets(test.to, map[string]string{clientSecret: test.secret, kafkaPassword: test.secret}, &diags)
		for _, got := range []types.String{p.API.known.EncryptedClientSecret, p.Kafka.known.EncryptedPassword} {
			if encrypted := strings.HasPrefix(got.ValueString(), "-----BEGIN AGE"); encrypted != test.want || !encrypted && !got.Equal(test.planned) || diags.HasError() {
				t.Errorf("%s: %s, %v", name, got, diags)
			}
		}
	}
}
