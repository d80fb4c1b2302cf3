// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/role"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// shown is an attribute of a key in the data sources: its schema, and its value. None is
// secret.
type shown struct {
	name   string
	schema schema.Attribute
	value  func(*streamkap.ProjectKey) attr.Value
}

func shownText[T ~string](name, description string, of func(*streamkap.ProjectKey) T) shown {
	return shown{name, computedTextAttribute(description), func(key *streamkap.ProjectKey) attr.Value { return stringOrNull(of(key)) }}
}

func shownSet(name, description string, of func(*streamkap.ProjectKey) []string) shown {
	set := schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	return shown{name, set, func(key *streamkap.ProjectKey) attr.Value { return stringSet(of(key)) }}
}

// shownObject is null for a key that does not have it.
func shownObject(name, description string, has func(*streamkap.ProjectKey) bool, attributes ...shown) shown {
	object := schema.SingleNestedAttribute{Computed: true, MarkdownDescription: description, Attributes: schemaOf(attributes)}
	return shown{name, object, func(key *streamkap.ProjectKey) attr.Value {
		if !has(key) {
			return types.ObjectNull(attributeTypes(object.GetType()))
		}
		return shownObjectOf(attributes, key)
	}}
}

func schemaOf(attributes []shown) map[string]schema.Attribute {
	of := make(map[string]schema.Attribute, len(attributes))
	for _, a := range attributes {
		of[a.name] = a.schema
	}
	return of
}

func shownObjectOf(attributes []shown, key *streamkap.ProjectKey) types.Object {
	of, values := make(map[string]attr.Type, len(attributes)), make(map[string]attr.Value, len(attributes))
	for _, a := range attributes {
		of[a.name], values[a.name] = a.schema.GetType(), a.value(key)
	}
	return types.ObjectValueMust(of, values)
}

func computedTextAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func hasAPI(key *streamkap.ProjectKey) bool   { return key.APIClientID != "" }
func hasKafka(key *streamkap.ProjectKey) bool { return key.KafkaUsername != "" }

// isScoped reports whether a key is restricted. A Kafka-only key may show a profile that
// means nothing.
func isScoped(key *streamkap.ProjectKey) bool {
	return hasAPI(key) && !newScope(string(key.ToolProfile), key.AllowedTools, key.BlockedTools).neutral()
}

var (
	toolProfile = shownText("tool_profile", "The preset: `full`, `read-only`, `agent-operator` or `infra-admin`. Null means no restriction, as `full` does.",
		func(key *streamkap.ProjectKey) streamkap.Text { return key.ToolProfile })
	allowedTools = shownSet("allowed_tools", "Exactly the tools that may be called, whatever `tool_profile` and `blocked_tools` say; null where there is no such list.",
		func(key *streamkap.ProjectKey) []string { return key.AllowedTools })
	blockedTools = shownSet("blocked_tools", "Tools that are taken away from what `tool_profile` allows; null where there is no such list.",
		func(key *streamkap.ProjectKey) []string { return key.BlockedTools })
	kafkaUsername = shownText("username", "SASL username.", func(key *streamkap.ProjectKey) streamkap.Text { return key.KafkaUsername })
)

// summaryAttributes are what both the list and the detail show of a key.
var summaryAttributes = []shown{
	shownText("id", "The key's id.", func(key *streamkap.ProjectKey) string { return key.ID }),
	shownText("name", "Name of the key.", func(key *streamkap.ProjectKey) string { return key.Name }),
	shownText("description", "What the key is for.", func(key *streamkap.ProjectKey) streamkap.Text { return key.Description }),
	shownText("status", "Status as Streamkap spells it: Active, Creating, Failed, Deleting or Delete Failed.",
		func(key *streamkap.ProjectKey) streamkap.Status { return key.Status }),
	shownText("service_id", "Id of the project that the key belongs to.", func(key *streamkap.ProjectKey) string { return key.ServiceID }),
	shownText("created_at", "When the key was created, as RFC 3339 text.", func(key *streamkap.ProjectKey) streamkap.Text { return key.CreatedAt }),
	shownObject("created_by", "Who created the key.",
		func(key *streamkap.ProjectKey) bool {
			return key.CreatedBy != nil && *key.CreatedBy != (streamkap.User{})
		},
		shownText("id", "The user's id.", func(key *streamkap.ProjectKey) streamkap.Text { return key.CreatedBy.ID }),
		shownText("email", "The user's email address.", func(key *streamkap.ProjectKey) streamkap.Text { return key.CreatedBy.Email }),
		shownText("name", "The user's name.", func(key *streamkap.ProjectKey) streamkap.Text { return key.CreatedBy.Name })),
	shownText("last_used_at", "When the key was last used, as RFC 3339 text; null for a key that never was.",
		func(key *streamkap.ProjectKey) streamkap.Text { return key.LastUsedAt }),
	shownObject("api", "Access to the REST API; null for a Kafka-only key.", hasAPI,
		shownText("client_id", "Client ID.", func(key *streamkap.ProjectKey) streamkap.Text { return key.APIClientID }),
		shownText("masked_secret", "What Streamkap shows of the client secret, to recognise it by.",
			func(key *streamkap.ProjectKey) streamkap.Text { return key.APIMaskedSecret })),
	{"roles", roles, func(key *streamkap.ProjectKey) attr.Value {
		list, _ := types.ListValueFrom(context.Background(), roles.NestedObject.Type(), role.ModelsOf(key.Roles))
		return list
	}},
	shownObject("mcp", "Which tools an AI agent that uses the key may call through Streamkap's MCP server; null where nothing is restricted, "+
		"and for a Kafka-only key.", isScoped, toolProfile, allowedTools, blockedTools),
}

var roles = schema.ListNestedAttribute{
	Computed:            true,
	MarkdownDescription: "The roles of the key's API access, in the order of their keys; empty for a key without any, such as one with permissions of its own.",
	NestedObject:        schema.NestedAttributeObject{Attributes: role.Attributes()},
}

var rowAttributes = append(slices.Clone(summaryAttributes),
	shownObject("kafka", "Access to Kafka; null for an API-only key. The data source `streamkap_project_key` shows more of it.", hasKafka, kafkaUsername))

var detailAttributes = append(slices.Clone(summaryAttributes),
	shown{
		"token_ttl_seconds",
		schema.Int64Attribute{Computed: true, MarkdownDescription: "How many seconds access tokens are valid for, which is a setting of the tenant."},
		func(key *streamkap.ProjectKey) attr.Value {
			if key.TokenTTLSeconds == 0 {
				return types.Int64Null()
			}
			return types.Int64Value(int64(key.TokenTTLSeconds))
		},
	},
	shownObject("kafka", "Access to Kafka; null for an API-only key.", hasKafka,
		kafkaUsername,
		shownSet("whitelist_ips", "IPv4 addresses and CIDR ranges that may connect; null where Streamkap shows none, and so no restriction of the key's own.",
			func(key *streamkap.ProjectKey) []string { return key.WhitelistIPs }),
		shown{"acls", shownRules, func(key *streamkap.ProjectKey) attr.Value { return rulesToRead(key.KafkaACLs) }},
		shownText("proxy_endpoint", "Where Kafka clients connect, as host and port.",
			func(key *streamkap.ProjectKey) streamkap.Text { return key.KafkaProxyEndpoint }),
		shownText("schema_proxy_endpoint", "Where the schema registry is reached; null without one.",
			func(key *streamkap.ProjectKey) streamkap.Text { return key.SchemaProxyEndpoint })))

var shownRules = schema.ListNestedAttribute{
	Computed:            true,
	MarkdownDescription: "What the Kafka user may do, sorted.",
	NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
		"name":         computedTextAttribute("Name of the topic or the consumer group, or its beginning."),
		"resource":     computedTextAttribute("`TOPIC` or `GROUP`."),
		"operation":    computedTextAttribute("The operation that is allowed."),
		"pattern_type": computedTextAttribute("`LITERAL` for exactly this name, `PREFIXED` for every name that begins with it."),
	}},
}

// rulesToRead sorts the rules, because answers have them in any order (contract, dialect
// 8). Without rules the list is empty, not null, so that it can be looped over.
func rulesToRead(rules []streamkap.ACL) types.List {
	if len(rules) == 0 {
		return types.ListValueMust(aclType, nil)
	}
	return ruleList(slices.SortedFunc(slices.Values(rules), func(a, b streamkap.ACL) int {
		return cmp.Or(cmp.Compare(a.Resource, b.Resource), cmp.Compare(a.Name, b.Name), cmp.Compare(a.PatternType, b.PatternType), cmp.Compare(a.Operation, b.Operation))
	}))
}
