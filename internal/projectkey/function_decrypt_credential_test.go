// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// ofAnyType gives a value the type that an expression of a configuration has.
func ofAnyType(value any) tftypes.Value {
	switch value := value.(type) {
	case tftypes.Value:
		return value
	case int:
		return tftypes.NewValue(tftypes.Number, value)
	case bool:
		return tftypes.NewValue(tftypes.Bool, value)
	case values:
		of, attributes := map[string]tftypes.Type{}, map[string]tftypes.Value{}
		for name, member := range value {
			attributes[name] = ofAnyType(member)
			of[name] = attributes[name].Type()
		}
		return tftypes.NewValue(tftypes.Object{AttributeTypes: of}, attributes)
	case []any:
		of, items := make([]tftypes.Type, len(value)), make([]tftypes.Value, len(value))
		for i, item := range value {
			items[i] = ofAnyType(item)
			of[i] = items[i].Type()
		}
		return tftypes.NewValue(tftypes.Tuple{ElementTypes: of}, items)
	}
	return tftypes.NewValue(tftypes.String, value)
}

// decrypt calls the function as a CLI does.
func (p *protocol) decrypt(key any, identity string) (string, *tfprotov6.FunctionError) {
	p.t.Helper()
	object, err := tfprotov6.NewDynamicValue(tftypes.DynamicPseudoType, ofAnyType(key))
	p.check(err, nil)
	text, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, identity))
	p.check(err, nil)
	called, err := p.server.CallFunction(p.t.Context(), &tfprotov6.CallFunctionRequest{Name: "decrypt_credential", Arguments: []*tfprotov6.DynamicValue{&object, &text}})
	p.check(err, nil)
	if called.Error != nil {
		return "", called.Error
	}
	result, err := called.Result.Unmarshal(tftypes.String)
	p.check(err, nil)
	return fmt.Sprint(decode(result)), nil
}

func newIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return identity
}

func encryptTo(t *testing.T, secret string, identities ...*age.X25519Identity) string {
	t.Helper()
	var texts []string
	for _, identity := range identities {
		texts = append(texts, identity.Recipient().String())
	}
	recipients, err := encrypt.ParseRecipients(texts)
	if err != nil {
		t.Fatal(err)
	}
	text, err := recipients.Encrypt(secret)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestDecryptCredential_TheCredentialFile decrypts keys as a state has them, and what an
// output of another state may hold: it lacks attributes, has others, and its lists are
// tuples.
func TestDecryptCredential_TheCredentialFile(t *testing.T) {
	const secret, word = "not-a-real-secret-a", "Not-a-secret-1"
	identity := newIdentity(t)
	p := connect(t, simulator.New(simulator.Config{}))
	stored := func(api, kafka any) tftypes.Value {
		return encode(p.key, values{
			"id": "k", "name": "orders", "service_id": "s", "created_at": "2026-03-26T15:21:16Z", "role_ids": []any{"r"},
			"secret_recipients": []any{identity.Recipient().String()}, "api": api, "kafka": kafka,
		})
	}
	api := values{"client_id": "client", "token_endpoint": "https://api.example/auth/access-token", "api_url": "https://api.example"}
	kafka := values{"username": "orders", "bootstrap_servers": "b:32400", "security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN"}
	someAPI := values{"client_id": "client", "encrypted_client_secret": encryptTo(t, secret, identity)}
	someKafka := values{"username": "orders", "encrypted_password": encryptTo(t, word, identity)}
	roles := []any{"r"}
	const whole = `"type":"streamkap_project_key","project_key_id":"k","project":{"service_id":"s",`
	for name, test := range map[string]struct {
		key  any
		want []string
	}{
		"a key with both": {stored(with(api, values{"encrypted_client_secret": someAPI["encrypted_client_secret"]}), with(kafka, values{"encrypted_password": someKafka["encrypted_password"]})), []string{
			whole, `"api":{"client_id":"client","client_secret":"not-a-real-secret-a","token_endpoint":"https://api.example/auth/access-token","api_url":"https://api.example","roles":["r"]},` +
				`"kafka":{"username":"orders","password":"Not-a-secret-1","bootstrap_servers":"b:32400","security_protocol":"SASL_SSL","sasl_mechanism":"PLAIN","schema_registry_url":null}`,
		}},
		"a key with API access": {
			stored(with(api, values{"encrypted_client_secret": encryptTo(t, secret, newIdentity(t), identity)}), nil), []string{whole, `"client_secret":"not-a-real-secret-a"`, `"kafka":null`},
		},
		"a key with Kafka access, its password not known": {stored(nil, kafka), []string{whole, `"kafka":{"username":"orders","password":null,`}},
		"a key with secrets in clear": {
			stored(with(api, values{"client_secret": "in-clear"}), with(kafka, values{"password": "Kept-in-state-1"})), []string{whole, `"client_secret":"in-clear"`, `"password":"Kept-in-state-1"`},
		},
		"one in clear":  {values{"api": values{"client_id": "client", "client_secret": "in-clear"}, "kafka": someKafka}, []string{`"client_secret":"in-clear"`, `"password":"` + word + `"`}},
		"api and kafka": {values{"api": someAPI, "kafka": someKafka}, []string{`"client_secret":"` + secret + `"`, `"password":"` + word + `"`, `"type":"streamkap_project_key"`}},
		"api alone":     {values{"api": someAPI}, []string{`"client_secret":"` + secret, `"kafka":null`}},
		"kafka alone":   {values{"api": nil, "kafka": someKafka}, []string{`"password":"` + word + `"`, `"api":null`}},
		"a map": {
			values{"api": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, map[string]tftypes.Value{
				"client_id": ofAnyType("client"), "encrypted_client_secret": ofAnyType(someAPI["encrypted_client_secret"]),
			})}, []string{`"client_secret":"` + secret},
		},
		"whatever else is there": {
			values{
				"id": "k", "service_id": "s", "role_ids": roles, "mcp": values{"tool_profile": "read-only", "allowed_tools": roles}, "status": 7, "new": roles,
				"kafka": nil, "api": with(someAPI, values{"scopes": roles}),
			},
			[]string{`"project_key_id":"k"`, `"service_id":"s"`, `"roles":["r"]`, `"tool_profile":"read-only","allowed_tools":["r"]`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := p.decrypt(test.key, identity.String())
			if err != nil {
				t.Fatal(err.Text)
			}
			tells(t, file, test.want...)
		})
	}
}

// The refusals blame the key, never the identity: a CLI shows what the blamed
// argument refers to.
func TestDecryptCredential_RefusalsRepeatNoArgument(t *testing.T) {
	const secret = "not-a-real-secret-a"
	p := connect(t, simulator.New(simulator.Config{}))
	mine, other := newIdentity(t), newIdentity(t)
	forMe := encryptTo(t, secret, mine)
	lines := strings.SplitAfter(forMe, "\n")
	last := len(lines) - 3 // before the closing line and what follows it
	cut := strings.Join(lines[:last], "")
	edited := cut + strings.ToLower(lines[last]) + lines[last+1]
	key := func(secret, password any) tftypes.Value {
		return encode(p.key, values{
			"id": "an-id", "name": "a-name", "api": values{"client_id": "client", "encrypted_client_secret": secret}, "kafka": values{"username": "orders", "encrypted_password": password},
		})
	}
	const noKey = "is not a streamkap_project_key"
	for name, test := range map[string]struct {
		key      any
		identity string
		says     string
	}{
		"somebody else":         {key(forMe, nil), other.String(), "its api.encrypted_client_secret can be decrypted by 1 recipient (1 age1), and the identity belongs to none of them"},
		"one of two":            {key(forMe, encryptTo(t, "Not-a-secret-1", other, newIdentity(t))), mine.String(), "its kafka.encrypted_password can be decrypted by 2 recipients (2 age1)"},
		"both":                  {key(forMe, forMe), other.String(), "its api.encrypted_client_secret can be decrypted by 1 recipient (1 age1), and the identity belongs to none of them; and its kafka.encrypted_password can"},
		"cut off":               {key(cut, nil), mine.String(), "its api.encrypted_client_secret was cut off or changed after it was encrypted"},
		"edited":                {key(edited, nil), mine.String(), "its api.encrypted_client_secret was cut off or changed after it was encrypted, for 1 recipient (1 age1)"},
		"another text":          {key(secret, nil), mine.String(), "its api.encrypted_client_secret is not an armored age file"},
		"no identity":           {key(forMe, nil), "hunter2", "because the identity has an unknown form"},
		"a recipient":           {key(forMe, nil), mine.Recipient().String(), "because the identity is a public key"},
		"no secret":             {key(nil, nil), mine.String(), "has a client secret that is not known"},
		"no access":             {encode(p.key, values{"id": "an-id", "name": "a-name"}), mine.String(), "neither API access nor Kafka access"},
		"a text":                {"hunter2", mine.String(), noKey},
		"a list":                {[]any{"hunter2"}, mine.String(), "one instance of it where it has count"},
		"none":                  {encode(p.key, nil), mine.String(), noKey},
		"more than one":         {values{"one": key(forMe, nil)}, mine.String(), noKey},
		"an api that is a text": {values{"api": "hunter2", "kafka": nil}, mine.String(), "other types than a streamkap_project_key has: api"},
		"texts that are none":   {values{"role_ids": []any{true}, "api": values{"client_secret": 1}}, mine.String(), "has: role_ids, api.client_secret"},
		"neither":               {values{"api": nil, "kafka": nil}, mine.String(), "neither API access nor Kafka access"},
		"another object":        {values{"id": "hunter2"}, mine.String(), noKey},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := p.decrypt(test.key, test.identity)
			if err == nil {
				t.Fatal("nothing is refused")
			}
			tells(t, err.Text, test.says)
			if err.FunctionArgument == nil || *err.FunctionArgument != 0 {
				t.Errorf("the error blames the argument %v", err.FunctionArgument)
			}
			for _, part := range []string{"hunter2", mine.String(), other.String(), mine.Recipient().String(), secret, "an-id", "a-name", "YWdl"} {
				if strings.Contains(err.Text, part) {
					t.Errorf("the error repeats %s: %s", part, err.Text)
				}
			}
		})
	}
}
