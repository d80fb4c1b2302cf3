// SPDX-License-Identifier: MPL-2.0

package live

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestAccLiveKey_ByRole(t *testing.T) {
	s := acctest.Live(t)
	scenario(t,
		apply(key(s, "role", byRole), plancheck.ResourceActionCreate,
			isSet("id"), isSet("status"), isSet("api.client_id"), isSet("api.client_secret"), isSet("credential_json"), isNot("kafka.username")),
		apply(key(s, "renamed", byRole, `description = "Reads <orders> & more"`), plancheck.ResourceActionUpdate,
			has("name", s.Name("renamed")), has("description", "Reads <orders> & more"), isSet("api.client_secret")),
		apply(key(s, "renamed", byRole, `description = "Reads orders"`,
			"mcp {\ntool_profile = \"agent-operator\"\nblocked_tools = [\"streamkap_delete_pipeline\"]\n}"), plancheck.ResourceActionUpdate,
			has("mcp.tool_profile", "agent-operator"), has("mcp.blocked_tools.#", "1")),
		imported(),
		apply(key(s, "renamed", byRole, `description = "Reads orders"`,
			"mcp {\nallowed_tools = [\"streamkap_delete_pipeline\"]\n}"), plancheck.ResourceActionUpdate,
			isNot("mcp.tool_profile"), has("mcp.allowed_tools.#", "1")),
		apply(key(s, "renamed", byRole), plancheck.ResourceActionUpdate, isNot("mcp.allowed_tools.#"), isSet("api.client_secret")),
		importedPlansNothing(),
	)
}

func TestAccLiveKey_KafkaOnly(t *testing.T) {
	s := acctest.Live(t)
	s.NeedsKafka(t)
	rules := []string{
		acl(s.Name("orders."), "TOPIC", "READ", "PREFIXED"),
		acl(s.Name("consumer"), "GROUP", "READ", "LITERAL"),
		acl(s.Name("billing"), "TOPIC", "WRITE", "LITERAL"),
	}
	scenario(t,
		apply(key(s, "kafka", kafka(s, "-only", 1)), plancheck.ResourceActionCreate,
			isNot("api.client_id"), isSet("kafka.bootstrap_servers"), has("kafka.whitelist_ips.#", "2"), has("kafka.acl.#", "0")),
		apply(key(s, "kafka", kafka(s, "-only", 1, rules...)), plancheck.ResourceActionUpdate, has("kafka.acl.#", "3")),
		apply(key(s, "kafka", kafka(s, "-only", 1, rules[1], rules[0])), plancheck.ResourceActionUpdate, has("kafka.acl.#", "2")),
		// Spellings are the service's after an import, until something is applied.
		imported("kafka.password_wo_version", "kafka.bootstrap_servers", "kafka.whitelist_ips", "kafka.acl"),
		apply(key(s, "kafka", kafka(s, "-only", 2, rules[1], rules[0])), plancheck.ResourceActionUpdate, has("kafka.password_wo_version", "2")),
		apply(key(s, "kafka", kafka(s, "-only", 2)), plancheck.ResourceActionUpdate, has("kafka.acl.#", "0")),
		apply(key(s, "kafka", byRole, kafka(s, "-only", 2)), plancheck.ResourceActionUpdate,
			isSet("api.client_id"), isSet("api.client_secret")),
		apply(key(s, "kafka", byRole, kafka(s, "-other", 2)), plancheck.ResourceActionDestroyBeforeCreate),
	)
}

func TestAccLiveKey_GivenKafkaAccess(t *testing.T) {
	s := acctest.Live(t)
	s.NeedsKafka(t)
	scenario(t,
		apply(key(s, "both", byRole), plancheck.ResourceActionCreate, isNot("kafka.username")),
		apply(key(s, "both", byRole, kafka(s, "-both", 1)), plancheck.ResourceActionUpdate,
			isSet("kafka.bootstrap_servers"), isSet("api.client_secret")),
		apply(key(s, "both", byRole), plancheck.ResourceActionDestroyBeforeCreate, isNot("kafka.username")),
	)
}

func TestAccLiveKey_ByPermissions(t *testing.T) {
	s := acctest.Live(t)
	permissions := "permission_ids = " + s.NeedsPermissions(t) + "\n"
	scenario(t,
		apply(key(s, "permissions", permissions), plancheck.ResourceActionCreate, isSet("api.client_secret")),
		imported("permission_ids"),
		apply(key(s, "permissions", byRole), plancheck.ResourceActionUpdate, isSet("api.client_secret"), isNot("permission_ids.#")),
	)
}
