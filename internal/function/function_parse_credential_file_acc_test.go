// SPDX-License-Identifier: MPL-2.0

package function_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

const (
	full = `{
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
	apiOnly   = `{"type": "streamkap_project_key", "project_key_id": "a", "api": {"client_id": "b", "client_secret": "not-a-real-secret-b", "roles": []}, "kafka": null, "created_by": {"id": "u"}}`
	kafkaOnly = `{"type": "streamkap_project_key", "project_key_id": "a", "api": null, "kafka": {"username": "c", "password": ""}, "kafka_acls": [], "tool_profile": ""}`
)

var null = knownvalue.Null()

func text(value string) knownvalue.Check { return knownvalue.StringExact(value) }

func list(items ...knownvalue.Check) knownvalue.Check { return knownvalue.ListExact(items) }

var expected = map[string]struct {
	file string
	is   map[string]knownvalue.Check
}{
	"both kinds of access": {full, map[string]knownvalue.Check{
		"type":           text("streamkap_project_key"),
		"project_key_id": text("c1e9c152"),
		"project":        knownvalue.ObjectExact(map[string]knownvalue.Check{"service_id": text("65e94bbe"), "name": text("Production")}),
		"api": knownvalue.ObjectExact(map[string]knownvalue.Check{
			"client_id": text("894d9f53"), "client_secret": text("not-a-real-secret-a"), "token_endpoint": text("https://api.streamkap.com/auth/access-token"),
			"api_url": text("https://api.streamkap.com"), "roles": list(text("eb6b0ab4")),
		}),
		"kafka": knownvalue.ObjectExact(map[string]knownvalue.Check{
			"username": text("my-consumer"), "password": text("Not-a-secret-1"), "bootstrap_servers": text("a.streamkap.net:32400,b.streamkap.net:32400"),
			"security_protocol": text("SASL_SSL"), "sasl_mechanism": text("PLAIN"), "schema_registry_url": null,
		}),
		"kafka_acls": list(knownvalue.ObjectExact(map[string]knownvalue.Check{
			"name": text("orders."), "resource": text("TOPIC"), "operation": text("READ"), "resource_pattern_type": text("PREFIXED"),
		})),
		"tool_profile":  text("agent-operator"),
		"allowed_tools": null,
		"blocked_tools": list(text("streamkap_delete_pipeline")),
		"created_at":    text("2026-03-26T15:21:16.354052Z"),
		"created_by":    text("someone"),
	}},
	"API access only": {apiOnly, map[string]knownvalue.Check{
		"type":           text("streamkap_project_key"),
		"project_key_id": text("a"),
		"project":        knownvalue.ObjectExact(map[string]knownvalue.Check{"service_id": null, "name": null}),
		"api": knownvalue.ObjectExact(map[string]knownvalue.Check{
			"client_id": text("b"), "client_secret": text("not-a-real-secret-b"), "token_endpoint": null, "api_url": null, "roles": null,
		}),
		"kafka": null, "kafka_acls": null, "tool_profile": null, "allowed_tools": null, "blocked_tools": null, "created_at": null,
		"created_by": text(`{"id": "u"}`),
	}},
	"Kafka access only": {kafkaOnly, map[string]knownvalue.Check{
		"type":           text("streamkap_project_key"),
		"project_key_id": text("a"),
		"project":        knownvalue.ObjectExact(map[string]knownvalue.Check{"service_id": null, "name": null}),
		"api":            null,
		"kafka": knownvalue.ObjectExact(map[string]knownvalue.Check{
			"username": text("c"), "password": null, "bootstrap_servers": null, "security_protocol": null, "sasl_mechanism": null, "schema_registry_url": null,
		}),
		"kafka_acls": null, "tool_profile": null, "allowed_tools": null, "blocked_tools": null, "created_at": null, "created_by": null,
	}},
}

// parsing is a configuration without a provider block, because the function
// needs no host and no credentials.
func parsing(file string) string {
	return fmt.Sprintf(`
terraform {
  required_providers {
    streamkap = { source = "streamkap-com/streamkap" }
  }
}

output "file" {
  value = provider::streamkap::parse_credential_file(%s)
}
`, file)
}

func scenario(t *testing.T, step resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: []resource.TestStep{step}})
}

func TestAccParseCredentialFileReturnsTheFilesFields(t *testing.T) {
	for name, example := range expected {
		for form, encoded := range map[string]string{
			"JSON":                    example.file,
			"Base64":                  base64.StdEncoding.EncodeToString([]byte(example.file)),
			"Base64 with line breaks": wrap(base64.StdEncoding.EncodeToString([]byte(example.file))),
			"Base64 for URLs":         base64.RawURLEncoding.EncodeToString([]byte(example.file)),
		} {
			t.Run(name+" as "+form, func(t *testing.T) {
				scenario(t, resource.TestStep{
					Config:            parsing(fmt.Sprintf("%q", encoded)),
					ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownOutputValue("file", knownvalue.ObjectExact(example.is))},
				})
			})
		}
	}
}

func wrap(text string) string {
	var lines []string
	for len(text) > 64 {
		lines, text = append(lines, text[:64]), text[64:]
	}
	return strings.Join(append(lines, text), "\n")
}
