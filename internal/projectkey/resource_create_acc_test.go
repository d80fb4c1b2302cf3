// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// kinds are the kinds of key there are: what is configured, and what the
// create sends for it.
var kinds = []struct {
	name  string
	body  string
	post  map[string]any
	state map[string]string
}{
	{
		name:  "by role",
		body:  key(named, `description = "Reads orders"`, adminRole),
		post:  map[string]any{"name": "orders", "description": "Reads orders", "role_ids": []string{simulator.RoleAdmin}},
		state: map[string]string{"role_ids.#": "1", "permission_ids.#": absent, "kafka.username": absent},
	},
	{
		name:  "by permission",
		body:  key(named, `permission_ids = ["project-keys:read", "roles:read"]`),
		post:  map[string]any{"name": "orders", "permission_ids": []string{"project-keys:read", "roles:read"}},
		state: map[string]string{"permission_ids.#": "2", "role_ids.#": absent},
	},
	{
		name: "Kafka only, password kept nowhere",
		body: key(named, kafka()),
		post: map[string]any{"name": "orders", "kafka_config": map[string]any{
			"username": "orders-consumer", "password": password, "is_create_schema_registry": false,
		}},
		state: map[string]string{
			"api.client_id": absent, "kafka.security_protocol": "SASL_SSL", "kafka.sasl_mechanism": "PLAIN",
			"kafka.schema_registry": "false", "kafka.schema_registry_url": absent, "kafka.password_wo": absent, "kafka.acl.#": "0",
		},
	},
	{
		name: "Kafka only, password in the state",
		body: key(named, kafkaWith(fmt.Sprintf("password = %q", keptPassword))),
		post: map[string]any{"name": "orders", "kafka_config": map[string]any{
			"username": "orders-consumer", "password": keptPassword, "is_create_schema_registry": false,
		}},
		state: map[string]string{"kafka.password": keptPassword},
	},
	{
		name: "API and Kafka with everything",
		body: key(named, readRole, kafka(
			`whitelist_ips = ["192.168.1.0/24", "10.0.0.1"]`, "schema_registry = true",
			acl("orders.", "TOPIC", "READ", "PREFIXED"),
			"acl {\nname = \"plain\"\noperation = \"WRITE\"\n}",
			acl("orders-consumer", "GROUP", "DESCRIBE", "LITERAL"),
		), "mcp {\ntool_profile = \"agent-operator\"\nblocked_tools = [\"streamkap_delete_pipeline\"]\n}"),
		post: map[string]any{
			"name": "orders", "role_ids": []string{simulator.RoleReadOnly},
			"kafka_config": map[string]any{
				"username": "orders-consumer", "password": password, "is_create_schema_registry": true,
				"whitelist_ips": "10.0.0.1,192.168.1.0/24",
				"kafka_acls": []map[string]any{
					{"topic_name": "orders.", "resource": "TOPIC", "operation": "READ", "resource_pattern_type": "PREFIXED"},
					{"topic_name": "plain", "resource": "TOPIC", "operation": "WRITE", "resource_pattern_type": "LITERAL"},
					{"topic_name": "orders-consumer", "resource": "GROUP", "operation": "DESCRIBE", "resource_pattern_type": "LITERAL"},
				},
			},
			"tool_profile": "agent-operator", "blocked_tools": []string{"streamkap_delete_pipeline"},
		},
		state: map[string]string{"kafka.acl.#": "3", "kafka.acl.1.resource": "TOPIC", "kafka.acl.1.pattern_type": "LITERAL", "mcp.tool_profile": "agent-operator"},
	},
}

func TestAccCreateEveryKindOfKey(t *testing.T) {
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{Status: simulator.StatusLower}})
			scenario(t,
				apply(s, kind.body, plancheck.ResourceActionCreate,
					requests(s, http.MethodPost, kind.post),
					requests(s, http.MethodPatch),
					readsOf(s, 1),
					stateIs(kind.state),
					stateIs(map[string]string{"status": "active", "service_id": simulator.DefaultServiceID}),
					secretsMatch(s),
				),
				apply(s, kind.body, plancheck.ResourceActionNoop, requests(s, http.MethodPatch)),
			)
			if keys := s.Keys(); len(keys) != 0 {
				t.Errorf("%d keys are left after destroy", len(keys))
			}
		})
	}
}

// readsOf checks how often the key was read by the apply alone. The reads of
// the plans around it come later.
func readsOf(s *acctest.Service, n int) resource.TestCheckFunc {
	return func(*terraform.State) error {
		reads, posted := 0, false
		for _, request := range s.Requests() {
			posted = posted || request.Method == http.MethodPost && request.Path == "/project-keys"
			if posted && request.Method == http.MethodGet {
				reads++
			}
		}
		if reads != n {
			return fmt.Errorf("the create read the key %d times, expected %d", reads, n)
		}
		return nil
	}
}

// secretsMatch checks that the state holds the secrets that the service
// issued, and that credential_json is made of them.
func secretsMatch(s *acctest.Service) resource.TestCheckFunc {
	return func(state *terraform.State) error {
		attributes := state.RootModule().Resources[address].Primary.Attributes
		return held(s, func(key simulator.Key) error {
			if attributes["api.client_secret"] != key.APISecret || attributes["api.client_id"] != key.APIClientID {
				return fmt.Errorf("the client id or secret in the state is not what the service issued")
			}
			var file struct {
				Type         string
				ProjectKeyID string `json:"project_key_id"`
				API          *struct {
					ClientSecret string `json:"client_secret"`
				}
				Kafka *struct{ Password *string }
			}
			if err := json.Unmarshal([]byte(attributes["credential_json"]), &file); err != nil {
				return err
			}
			if file.Type != "streamkap_project_key" || file.ProjectKeyID != key.ID {
				return fmt.Errorf("credential_json is of type %q and key %q", file.Type, file.ProjectKeyID)
			}
			if key.HasAPI() != (file.API != nil) || key.HasKafka() != (file.Kafka != nil) {
				return fmt.Errorf("credential_json lacks a section, or has one too many")
			}
			if file.API != nil && file.API.ClientSecret != key.APISecret {
				return fmt.Errorf("credential_json holds another client secret")
			}
			if file.Kafka != nil && !reflect.DeepEqual(file.Kafka.Password, textOrNil(attributes["kafka.password"])) {
				return fmt.Errorf("credential_json holds a password that kafka.password does not")
			}
			return nil
		})(state)
	}
}

func textOrNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
