// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/projectkey"
)

// decrypt calls the function as a CLI does.
func decrypt(t *testing.T, key attr.Value, identity string) (string, *function.FuncError) {
	t.Helper()
	resp := function.RunResponse{Result: function.NewResultData(types.StringNull())}
	projectkey.NewDecryptCredentialFunction().Run(t.Context(),
		function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{types.DynamicValue(key), types.StringValue(identity)})}, &resp)
	if resp.Error != nil {
		return "", resp.Error
	}
	text, ok := resp.Result.Value().(types.String)
	if !ok {
		t.Fatalf("the result is %v", resp.Result.Value())
	}
	return text.ValueString(), nil
}

// storedKey is a key as a state holds it, from the attributes that are not null.
func storedKey(t *testing.T, attributes map[string]any) attr.Value {
	t.Helper()
	var described resource.SchemaResponse
	projectkey.NewResource(nil).Schema(t.Context(), resource.SchemaRequest{}, &described)
	data, err := json.Marshal(attributes)
	if err != nil {
		t.Fatal(err)
	}
	keyType := described.Schema.Type()
	raw, err := (&tfprotov6.RawState{JSON: data}).Unmarshal(keyType.TerraformType(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	key, err := keyType.ValueFromTerraform(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func attributeTypes(t *testing.T) map[string]attr.Type {
	t.Helper()
	key, ok := storedKey(t, nil).(types.Object)
	if !ok {
		t.Fatal("a key is no object")
	}
	return key.AttributeTypes(t.Context())
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

const decryptedSecret = "not-a-real-secret-a"

func TestDecryptCredential_TheCredentialFile(t *testing.T) {
	identity := newIdentity(t)
	api := map[string]any{"client_id": "client", "token_endpoint": "https://api.example/auth/access-token", "api_url": "https://api.example"}
	with := func(object map[string]any, name string, value any) map[string]any {
		copied := map[string]any{name: value}
		for other, value := range object {
			copied[other] = value
		}
		return copied
	}
	kafka := map[string]any{"username": "orders", "bootstrap_servers": "b:32400", "security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN"}
	for name, test := range map[string]struct {
		api, kafka any
		want       string
	}{
		"both": {
			with(api, "encrypted_client_secret", encryptTo(t, decryptedSecret, identity)), with(kafka, "encrypted_password", encryptTo(t, "Not-a-secret-1", identity)),
			`"api":{"client_id":"client","client_secret":"not-a-real-secret-a","token_endpoint":"https://api.example/auth/access-token","api_url":"https://api.example","roles":["r"]},` +
				`"kafka":{"username":"orders","password":"Not-a-secret-1","bootstrap_servers":"b:32400","security_protocol":"SASL_SSL","sasl_mechanism":"PLAIN","schema_registry_url":null}`,
		},
		"API access only": {
			with(api, "encrypted_client_secret", encryptTo(t, decryptedSecret, newIdentity(t), identity)), nil,
			`"client_secret":"not-a-real-secret-a"`,
		},
		"Kafka access only, password not known": {nil, kafka, `"kafka":{"username":"orders","password":null,`},
		"what is in clear": {
			with(api, "client_secret", "in-clear"), with(kafka, "password", "Kept-in-state-1"), `"client_secret":"in-clear"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := decrypt(t, storedKey(t, map[string]any{
				"id": "k", "name": "orders", "service_id": "s", "created_at": "2026-03-26T15:21:16Z", "role_ids": []string{"r"},
				"secret_recipients": []string{identity.Recipient().String()}, "api": test.api, "kafka": test.kafka,
			}), identity.String())
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range []string{`"type":"streamkap_project_key","project_key_id":"k","project":{"service_id":"s",`, test.want} {
				if !strings.Contains(file, want) {
					t.Errorf("the file is %s, expected to hold %s", file, want)
				}
			}
		})
	}
}

// objectOf is an object of texts and of other values, as a configuration makes it.
func objectOf(members map[string]any) attr.Value {
	attributeTypes, values := map[string]attr.Type{}, map[string]attr.Value{}
	for name, member := range members {
		var value attr.Value = types.StringNull()
		switch member := member.(type) {
		case string:
			value = types.StringValue(member)
		case map[string]any:
			value = objectOf(member)
		case attr.Value:
			value = member
		}
		attributeTypes[name], values[name] = value.Type(context.Background()), value
	}
	return types.ObjectValueMust(attributeTypes, values)
}

// What an output of another state holds is no resource of this version: it lacks
// attributes, has others, and its lists are tuples.
func TestDecryptCredential_AnyObjectWithTheAttributes(t *testing.T) {
	identity := newIdentity(t)
	secret, word := encryptTo(t, decryptedSecret, identity), encryptTo(t, "Not-a-secret-1", identity)
	roles := types.TupleValueMust([]attr.Type{types.StringType}, []attr.Value{types.StringValue("r")})
	for name, test := range map[string]struct {
		key  map[string]any
		want []string
	}{
		"api and kafka": {
			map[string]any{"api": map[string]any{"client_id": "client", "encrypted_client_secret": secret}, "kafka": map[string]any{"username": "orders", "encrypted_password": word}},
			[]string{`"client_secret":"` + decryptedSecret + `"`, `"password":"Not-a-secret-1"`, `"type":"streamkap_project_key"`},
		},
		"api alone":   {map[string]any{"api": map[string]any{"client_id": "client", "encrypted_client_secret": secret}}, []string{`"client_secret":"` + decryptedSecret, `"kafka":null`}},
		"kafka alone": {map[string]any{"api": nil, "kafka": map[string]any{"username": "orders", "encrypted_password": word}}, []string{`"password":"Not-a-secret-1"`, `"api":null`}},
		"a map": {
			map[string]any{"api": types.MapValueMust(types.StringType, map[string]attr.Value{"client_id": types.StringValue("client"), "encrypted_client_secret": types.StringValue(secret)})},
			[]string{`"client_secret":"` + decryptedSecret},
		},
		"whatever else is there": {
			map[string]any{
				"id": "k", "service_id": "s", "role_ids": roles, "mcp": map[string]any{"tool_profile": "read-only", "allowed_tools": roles}, "status": types.Int64Value(7), "new": roles,
				"kafka": nil, "api": map[string]any{"client_id": "client", "encrypted_client_secret": secret, "scopes": roles},
			},
			[]string{`"project_key_id":"k"`, `"service_id":"s"`, `"roles":["r"]`, `"tool_profile":"read-only","allowed_tools":["r"]`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			file, err := decrypt(t, objectOf(test.key), identity.String())
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range test.want {
				if !strings.Contains(file, want) {
					t.Errorf("the file is %s, expected to hold %s", file, want)
				}
			}
		})
	}
}

// The refusals blame the key, never the identity: a CLI shows what the blamed
// argument refers to.
func TestDecryptCredential_RefusalsRepeatNoArgument(t *testing.T) {
	mine, other := newIdentity(t), newIdentity(t)
	forMe := encryptTo(t, decryptedSecret, mine)
	lines := strings.SplitAfter(forMe, "\n")
	last := len(lines) - 3 // before the closing line and what follows it
	cut := strings.Join(lines[:last], "")
	edited := cut + strings.ToLower(lines[last]) + lines[last+1]
	key := func(secret, password any) attr.Value {
		return storedKey(t, map[string]any{
			"id": "an-id", "name": "a-name",
			"api":   map[string]any{"client_id": "client", "encrypted_client_secret": secret},
			"kafka": map[string]any{"username": "orders", "encrypted_password": password},
		})
	}
	for name, test := range map[string]struct {
		key      attr.Value
		identity string
		says     string
	}{
		"somebody else":         {key(forMe, nil), other.String(), "its api.encrypted_client_secret can be decrypted by 1 recipient (1 age1), and the identity belongs to none of them"},
		"one of two":            {key(forMe, encryptTo(t, "Not-a-secret-1", other, newIdentity(t))), mine.String(), "its kafka.encrypted_password can be decrypted by 2 recipients (2 age1)"},
		"both":                  {key(forMe, forMe), other.String(), "its api.encrypted_client_secret can be decrypted by 1 recipient (1 age1), and the identity belongs to none of them; and its kafka.encrypted_password can"},
		"cut off":               {key(cut, nil), mine.String(), "its api.encrypted_client_secret was cut off or changed after it was encrypted"},
		"edited":                {key(edited, nil), mine.String(), "its api.encrypted_client_secret was cut off or changed after it was encrypted, for 1 recipient (1 age1)"},
		"another text":          {key("not-a-real-secret-a", nil), mine.String(), "its api.encrypted_client_secret is not an armored age file"},
		"no identity":           {key(forMe, nil), "hunter2", "because the identity has an unknown form"},
		"a recipient":           {key(forMe, nil), mine.Recipient().String(), "because the identity is a public key"},
		"no secret":             {key(nil, nil), mine.String(), "has a client secret that is not known"},
		"no access":             {storedKey(t, map[string]any{"id": "an-id", "name": "a-name"}), mine.String(), "neither API access nor Kafka access"},
		"a text":                {types.StringValue("hunter2"), mine.String(), "is not a streamkap_project_key"},
		"a list":                {types.ListValueMust(types.StringType, []attr.Value{types.StringValue("hunter2")}), mine.String(), "one instance of it where it has count"},
		"none":                  {types.ObjectNull(attributeTypes(t)), mine.String(), "is not a streamkap_project_key"},
		"more than one":         {types.ObjectValueMust(map[string]attr.Type{"one": types.ObjectType{AttrTypes: attributeTypes(t)}}, map[string]attr.Value{"one": key(forMe, nil)}), mine.String(), "is not a streamkap_project_key"},
		"an api that is a text": {objectOf(map[string]any{"api": "hunter2", "kafka": nil}), mine.String(), "other types than a streamkap_project_key has: api"},
		"texts that are none": {
			objectOf(map[string]any{"role_ids": types.TupleValueMust([]attr.Type{types.BoolType}, []attr.Value{types.BoolValue(true)}), "api": map[string]any{"client_secret": types.Int64Value(1)}}), mine.String(),
			"has: role_ids, api.client_secret",
		},
		"neither":        {objectOf(map[string]any{"api": nil, "kafka": nil}), mine.String(), "neither API access nor Kafka access"},
		"another object": {types.ObjectValueMust(map[string]attr.Type{"id": types.StringType}, map[string]attr.Value{"id": types.StringValue("hunter2")}), mine.String(), "is not a streamkap_project_key"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := decrypt(t, test.key, test.identity)
			if err == nil {
				t.Fatal("nothing is refused")
			}
			if !strings.Contains(err.Text, test.says) {
				t.Errorf("the error says %q, expected %q", err.Text, test.says)
			}
			if err.FunctionArgument == nil || *err.FunctionArgument != 0 {
				t.Errorf("the error blames the argument %v", err.FunctionArgument)
			}
			for _, part := range []string{"hunter2", mine.String(), other.String(), mine.Recipient().String(), decryptedSecret, "an-id", "a-name", "YWdl"} {
				if strings.Contains(err.Text, part) {
					t.Errorf("the error repeats %s: %s", part, err.Text)
				}
			}
		})
	}
}
