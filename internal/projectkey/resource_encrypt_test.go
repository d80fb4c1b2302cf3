// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const (
	// recipient and otherRecipient are age recipients whose identities nobody has.
	recipient      = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
	otherRecipient = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"
)

// secretsIn changes a state so that its secrets are in it as given: "clear", "encrypted"
// or "none".
func secretsIn(clientSecret, password string, recipients ...any) values {
	held := func(how string, object values, plain, encrypted string) values {
		switch how {
		case "clear":
			return with(object, values{plain: keptPassword, encrypted: nil})
		case "encrypted":
			return with(object, values{plain: nil, encrypted: "encrypted"})
		}
		return with(object, values{plain: nil, encrypted: nil})
	}
	state := values{
		"api":   held(clientSecret, values{"client_id": "client"}, "client_secret", "encrypted_client_secret"),
		"kafka": held(password, values{"username": "orders", "schema_registry": false}, "password", "encrypted_password"),
	}
	if len(recipients) > 0 {
		state["secret_recipients"] = recipients
	}
	return state
}

// TestEncrypt_Planned changes recipients and passwords, and sees how the Kafka password
// is planned and what is warned of.
func TestEncrypt_Planned(t *testing.T) {
	const (
		earlier = "Earlier versions of the state hold secrets in clear at secret_recipients"
		stay    = "Secrets stay encrypted to the earlier recipients at secret_recipients"
		rotated = "Kafka password will be rotated at kafka.password_wo_version"
		perhaps = "Kafka password may be rotated at kafka.password"
		again   = "To issue the client secret again, replace the key, by an apply with -replace=ADDRESS. To issue the Kafka password again, rotate it,"
	)
	to := func(kafka values, recipients ...any) values {
		config := values{"kafka": with(values{"username": "orders"}, kafka)}
		if len(recipients) > 0 {
			config["secret_recipients"] = recipients
		}
		return config
	}
	version := func(version any) values { return values{"password_wo": keptPassword, "password_wo_version": version} }
	encrypted, inClear := secretsIn("encrypted", "encrypted", recipient), secretsIn("clear", "clear")
	first := with(encrypted, values{"kafka": with(under(encrypted, "kafka"), values{"password_wo_version": 1})})
	for name, test := range map[string]struct {
		prior, config values // nil is a new key
		want          any    // in the place of the encrypted password
		warns         []string
		says          []string
	}{
		"new":                       {nil, to(version(1), recipient), unknown, nil, nil},
		"new, in clear":             {nil, to(version(1)), nil, nil, nil},
		"the same":                  {first, to(version(1), recipient), "encrypted", nil, nil},
		"the same, in clear":        {inClear, to(values{"password": keptPassword}), nil, nil, nil},
		"no password any more":      {encrypted, to(nil, recipient), "encrypted", nil, nil},
		"rotated":                   {first, to(version(2), recipient), unknown, []string{rotated}, nil},
		"rotated, to be in clear":   {first, to(version(2)), nil, []string{rotated, stay}, []string{"to read: the client secret. What is issued from now on is in the state in clear.", again}},
		"perhaps rotated":           {first, to(version(unknown), recipient), unknown, []string{perhaps + "_wo_version"}, nil},
		"perhaps another, in clear": {encrypted, to(values{"password": unknown}), unknown, []string{perhaps, stay}, nil},
		"perhaps rotated, of none":  {secretsIn("none", "none"), to(version(unknown)), nil, []string{perhaps + "_wo_version", "Client secret missing at api.client_secret"}, nil},
		"Kafka access is added":     {with(inClear, values{"kafka": nil}), to(version(1), recipient), unknown, []string{earlier}, []string{"in clear: the client secret. They"}},
		"recipients not known yet":  {inClear, with(to(values{"password": keptPassword}), values{"secret_recipients": unknown}), nil, nil, nil},
		"first ones": {inClear, to(nil, recipient), unknown, []string{earlier}, []string{
			"the client secret and the Kafka password. They will be encrypted where they are", again,
		}},
		"first ones, of one secret": {secretsIn("encrypted", "clear"), to(nil, recipient), unknown, []string{earlier, stay}, []string{"in clear: the Kafka password. They", again}},
		"first ones, of none":       {secretsIn("none", "none"), to(nil, recipient), nil, []string{"Client secret missing at api.client_secret"}, nil},
		"other ones": {encrypted, to(nil, otherRecipient), "encrypted", []string{stay}, []string{
			"the client secret and the Kafka password. What is issued from now on is encrypted to the new ones.", again,
		}},
		"one more":                     {secretsIn("encrypted", "none", recipient), to(nil, recipient, otherRecipient), nil, []string{stay}, []string{"to read: the client secret. What", again}},
		"none any more":                {encrypted, to(nil), "encrypted", []string{stay}, []string{"What is issued from now on is in the state in clear."}},
		"none any more, of one secret": {secretsIn("clear", "encrypted", recipient), to(nil), "encrypted", []string{stay}, []string{"to read: the Kafka password. What"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			var prior values
			if test.prior != nil {
				prior = with(stateOf(seedOrders(s)), test.prior)
			}
			planned := connect(t, s).plan(prior, orders(test.config), nil)
			if got := under(planned.key, "kafka")["encrypted_password"]; got != test.want {
				t.Errorf("the password is planned as %v, expected %v", got, test.want)
			}
			if api := under(planned.key, "api"); prior != nil && under(prior, "api")["client_secret"] == nil && api["encrypted_client_secret"] != under(prior, "api")["encrypted_client_secret"] {
				t.Errorf("a client secret that is not in the state is planned as %v", api)
			}
			if got := summaries(planned.diagnostics); !slices.Equal(got, test.warns) {
				t.Errorf("it warns of %q, expected %q", got, test.warns)
			}
			if len(test.says) > 0 {
				tells(t, planned.said, test.says...)
			}
		})
	}
}

// TestEncrypt_NothingInClearNorEncryptedTwice makes a key with recipients, adds access to
// the API, gives it other recipients, and takes them away.
func TestEncrypt_NothingInClearNorEncryptedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{})
		p := connect(t, s)
		config := with(withKafka(nil), values{"secret_recipients": []any{recipient}})
		made := p.apply(nil, config)
		tells(t, made.said)
		config["role_ids"] = []any{simulator.RoleAdmin}
		made = p.apply(made.key, config)
		tells(t, made.said)
		ciphertexts := func(state values) []any {
			return []any{under(state, "api")["encrypted_client_secret"], under(state, "kafka")["encrypted_password"]}
		}
		for _, text := range ciphertexts(made.key) {
			if text, is := text.(string); !is || !strings.HasPrefix(text, "-----BEGIN AGE") {
				t.Errorf("a secret is not encrypted: %s", text)
			}
		}
		for _, recipients := range [][]any{{otherRecipient}, nil} {
			changed := p.apply(made.key, with(config, values{"name": "another", "secret_recipients": recipients}))
			if got, want := ciphertexts(changed.key), ciphertexts(made.key); !slices.Equal(got, want) {
				t.Errorf("what is encrypted became %s", got)
			}
			for _, state := range []answer{made, changed} {
				leaves := map[string]string{}
				leavesOf("", state.key, leaves)
				for at, text := range leaves {
					if text == s.Keys()[0].APISecret || strings.Contains(text, keptPassword) || at == ".credential_json" {
						t.Errorf("%s is in clear", at)
					}
				}
			}
		}
	})
}
