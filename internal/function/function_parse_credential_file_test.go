// SPDX-License-Identifier: MPL-2.0

package function_test

import (
	"context"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	functions "github.com/streamkap-com/terraform-provider-streamkap/internal/function"
)

// A CLI may show an argument beside an error, so what the provider itself says
// is looked at without one.
func TestParseCredentialFile_RefusalsRepeatNoArgument(t *testing.T) {
	const secret = "not-a-real-secret-a"
	for name, refusal := range map[string]struct{ text, says string }{
		"empty":          {" \n", "it is empty"},
		"no file":        {secret, "neither the JSON"},
		"broken JSON":    {`{"type": "streamkap_project_key", "api": {"client_secret": "` + secret, "neither the JSON"},
		"no object":      {`["` + secret + `"]`, "neither the JSON"},
		"wrong type":     {`{"type": "` + secret + `"}`, `its "type" is not`},
		"no type":        {`{"api": {"client_secret": "` + secret + `"}}`, `its "type" is not`},
		"odd API":        {`{"type": "streamkap_project_key", "api": "` + secret + `"}`, `its field "api" is a string`},
		"odd secret":     {`{"type": "streamkap_project_key", "api": {"client_secret": {"` + secret + `": 1}}}`, `its field "api.client_secret" is an object`},
		"odd rule":       {`{"type": "streamkap_project_key", "kafka_acls": ["` + secret + `"]}`, "field"},
		"number too big": {`{"type": 123456789012345678901234567890}`, `its field "type" is a number`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t.Context(), refusal.text)
			if err == nil {
				t.Fatal("the text was accepted")
			}
			said := err.Error()
			if strings.Contains(said, secret) || strings.Contains(said, "123456789") {
				t.Errorf("the error repeats the argument: %s", said)
			}
			if !strings.Contains(said, refusal.says) {
				t.Errorf("the error says %q, expected %q", said, refusal.says)
			}
		})
	}
}

func parse(ctx context.Context, text string) (attr.Value, error) {
	var definition function.DefinitionResponse
	parser := functions.NewParseCredentialFileFunction()
	parser.Definition(ctx, function.DefinitionRequest{}, &definition)
	result, _ := definition.Definition.Return.NewResultData(ctx)
	resp := function.RunResponse{Result: result}
	parser.Run(ctx, function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(text)})}, &resp)
	if resp.Error != nil {
		return nil, resp.Error
	}
	return resp.Result.Value(), nil
}

const fullFile = `{
  "type": "streamkap_project_key",
  "project_key_id": "c1e9c152",
  "project": {"service_id": "65e94bbe", "name": "Production"},
  "api": {
    "client_id": "894d9f53", "client_secret": "not-a-real-secret-a", "token_endpoint": "https://api.streamkap.com/auth/access-token",
    "api_url": "https://api.streamkap.com", "roles": ["eb6b0ab4"]
  },
  "kafka": {
    "username": "my-consumer", "password": "Not-a-secret-1", "bootstrap_servers": "a.streamkap.net:32400,b.streamkap.net:32400",
    "security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN", "schema_registry_url": null
  },
  "kafka_acls": [{"topic_name": "orders.", "operation": "READ", "resource_pattern_type": "PREFIXED"}],
  "tool_profile": "agent-operator",
  "allowed_tools": null,
  "blocked_tools": ["streamkap_delete_pipeline"],
  "created_at": "2026-03-26T15:21:16.354052Z",
  "created_by": "someone",
  "added_later": {"a": 1}
}`

func TestParseCredentialFile_FieldsOfTheFile(t *testing.T) {
	for name, test := range map[string]struct{ file, want string }{
		"both kinds of access": {fullFile, `{"allowed_tools":<null>,` +
			`"api":{"api_url":"https://api.streamkap.com","client_id":"894d9f53","client_secret":"not-a-real-secret-a",` +
			`"roles":["eb6b0ab4"],"token_endpoint":"https://api.streamkap.com/auth/access-token"},` +
			`"blocked_tools":["streamkap_delete_pipeline"],"created_at":"2026-03-26T15:21:16.354052Z","created_by":"someone",` +
			`"kafka":{"bootstrap_servers":"a.streamkap.net:32400,b.streamkap.net:32400","password":"Not-a-secret-1","sasl_mechanism":"PLAIN",` +
			`"schema_registry_url":<null>,"security_protocol":"SASL_SSL","username":"my-consumer"},` +
			`"kafka_acls":[{"name":"orders.","operation":"READ","resource":"TOPIC","resource_pattern_type":"PREFIXED"}],` +
			`"project":{"name":"Production","service_id":"65e94bbe"},"project_key_id":"c1e9c152","tool_profile":"agent-operator","type":"streamkap_project_key"}`},
		"API access only": {
			`{"type": "streamkap_project_key", "project_key_id": "a", "api": {"client_id": "b", "client_secret": "s", "roles": []}, "kafka": null, "created_by": {"id": "u"}}`,
			`{"allowed_tools":<null>,"api":{"api_url":<null>,"client_id":"b","client_secret":"s","roles":<null>,"token_endpoint":<null>},` +
				`"blocked_tools":<null>,"created_at":<null>,"created_by":"{\"id\": \"u\"}","kafka":<null>,"kafka_acls":<null>,` +
				`"project":{"name":<null>,"service_id":<null>},"project_key_id":"a","tool_profile":<null>,"type":"streamkap_project_key"}`,
		},
		"Kafka access only": {
			`{"type": "streamkap_project_key", "api": {}, "kafka": {"username": "c", "password": ""}, "kafka_acls": [], "tool_profile": "", "created_by": ""}`,
			`{"allowed_tools":<null>,"api":<null>,"blocked_tools":<null>,"created_at":<null>,"created_by":<null>,` +
				`"kafka":{"bootstrap_servers":<null>,"password":<null>,"sasl_mechanism":<null>,"schema_registry_url":<null>,"security_protocol":<null>,"username":"c"},` +
				`"kafka_acls":<null>,"project":{"name":<null>,"service_id":<null>},"project_key_id":<null>,"tool_profile":<null>,"type":"streamkap_project_key"}`,
		},
	} {
		for _, text := range []string{test.file, base64.StdEncoding.EncodeToString([]byte(test.file))} {
			value, err := parse(t.Context(), text)
			if err != nil {
				t.Fatal(err)
			}
			if got := value.String(); got != test.want {
				t.Errorf("%s:\ngot  %s\nwant %s", name, got, test.want)
			}
		}
	}
}
