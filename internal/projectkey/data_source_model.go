// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/role"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// What a key looks like in the data sources. Nothing here is secret.

// summaryModel is what both the list and the detail show of a key.
type summaryModel struct {
	ID          types.String  `tfsdk:"id"`
	Name        types.String  `tfsdk:"name"`
	Description types.String  `tfsdk:"description"`
	Status      types.String  `tfsdk:"status"`
	ServiceID   types.String  `tfsdk:"service_id"`
	CreatedAt   types.String  `tfsdk:"created_at"`
	CreatedBy   *userModel    `tfsdk:"created_by"`
	LastUsedAt  types.String  `tfsdk:"last_used_at"`
	API         *readAPIModel `tfsdk:"api"`
	Roles       []role.Model  `tfsdk:"roles"`
	MCP         *mcpModel     `tfsdk:"mcp"`
}

type rowModel struct {
	summaryModel

	Kafka *rowKafkaModel `tfsdk:"kafka"`
}

type detailModel struct {
	summaryModel

	Kafka           *readKafkaModel `tfsdk:"kafka"`
	TokenTTLSeconds types.Int64     `tfsdk:"token_ttl_seconds"`
}

type userModel struct {
	ID    types.String `tfsdk:"id"`
	Email types.String `tfsdk:"email"`
	Name  types.String `tfsdk:"name"`
}

type readAPIModel struct {
	ClientID     types.String `tfsdk:"client_id"`
	MaskedSecret types.String `tfsdk:"masked_secret"`
}

type rowKafkaModel struct {
	Username types.String `tfsdk:"username"`
}

type readKafkaModel struct {
	Username            types.String `tfsdk:"username"`
	WhitelistIPs        types.Set    `tfsdk:"whitelist_ips"`
	ACLs                types.List   `tfsdk:"acls"`
	ProxyEndpoint       types.String `tfsdk:"proxy_endpoint"`
	SchemaProxyEndpoint types.String `tfsdk:"schema_proxy_endpoint"`
}

func rowOf(key streamkap.ProjectKeySummary) rowModel {
	row := rowModel{summaryModel: summaryOf(key)}
	if key.KafkaUsername != "" {
		row.Kafka = &rowKafkaModel{Username: stringOrNull(key.KafkaUsername)}
	}
	return row
}

func detailOf(key *streamkap.ProjectKey) detailModel {
	detail := detailModel{summaryModel: summaryOf(key.ProjectKeySummary)}
	if key.TokenTTLSeconds != 0 {
		detail.TokenTTLSeconds = types.Int64Value(int64(key.TokenTTLSeconds))
	}
	if key.KafkaUsername != "" {
		detail.Kafka = &readKafkaModel{
			Username:            stringOrNull(key.KafkaUsername),
			WhitelistIPs:        stringSet(key.WhitelistIPs),
			ACLs:                rulesToRead(key.KafkaACLs),
			ProxyEndpoint:       stringOrNull(key.KafkaProxyEndpoint),
			SchemaProxyEndpoint: stringOrNull(key.SchemaProxyEndpoint),
		}
	}
	return detail
}

// rulesToRead sorts the rules, because answers have them in any order (contract, dialect
// 8). Without rules the list is empty, not null, so that it can be looped over.
func rulesToRead(rules []streamkap.ACL) types.List {
	if len(rules) == 0 {
		return types.ListValueMust(aclType, nil)
	}
	return ruleList(slices.SortedFunc(slices.Values(rules), compareRules))
}

func summaryOf(key streamkap.ProjectKeySummary) summaryModel {
	summary := summaryModel{
		ID:          types.StringValue(key.ID),
		Name:        types.StringValue(key.Name),
		Description: stringOrNull(key.Description),
		Status:      stringOrNull(key.Status),
		ServiceID:   stringOrNull(key.ServiceID),
		CreatedAt:   stringOrNull(key.CreatedAt),
		LastUsedAt:  stringOrNull(key.LastUsedAt),
		Roles:       role.ModelsOf(key.Roles),
	}
	if user := key.CreatedBy; user != nil && *user != (streamkap.User{}) {
		summary.CreatedBy = &userModel{ID: stringOrNull(user.ID), Email: stringOrNull(user.Email), Name: stringOrNull(user.Name)}
	}
	if key.APIClientID == "" {
		// A Kafka-only key may show a profile that means nothing.
		return summary
	}
	summary.API = &readAPIModel{ClientID: stringOrNull(key.APIClientID), MaskedSecret: stringOrNull(key.APIMaskedSecret)}
	if !newScope(string(key.ToolProfile), key.AllowedTools, key.BlockedTools).neutral() {
		summary.MCP = scopeModel(key.ToolProfile, key.AllowedTools, key.BlockedTools)
	}
	return summary
}

func scopeModel(profile streamkap.Text, allowed, blocked []string) *mcpModel {
	return &mcpModel{ToolProfile: stringOrNull(profile), AllowedTools: stringSet(allowed), BlockedTools: stringSet(blocked)}
}

func shown(description string) schema.StringAttribute {
	return schema.StringAttribute{Computed: true, MarkdownDescription: description}
}

func shownSet(description string) schema.SetAttribute {
	return schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
}

func shownObject(description string, attributes map[string]schema.Attribute) schema.SingleNestedAttribute {
	return schema.SingleNestedAttribute{Computed: true, MarkdownDescription: description, Attributes: attributes}
}

func summaryAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"id":          shown("The key's id."),
		"name":        shown("Name of the key."),
		"description": shown("What the key is for."),
		"status":      shown("Status as Streamkap spells it: Active, Creating, Failed, Deleting or Delete Failed."),
		"service_id":  shown("Id of the project that the key belongs to."),
		"created_at":  shown("When the key was created, as RFC 3339 text."),
		"created_by": shownObject("Who created the key.", map[string]schema.Attribute{
			"id":    shown("The user's id."),
			"email": shown("The user's email address."),
			"name":  shown("The user's name."),
		}),
		"last_used_at": shown("When the key was last used, as RFC 3339 text; null for a key that never was."),
		"api": shownObject("Access to the REST API; null for a Kafka-only key.", map[string]schema.Attribute{
			"client_id":     shown("Client ID."),
			"masked_secret": shown("What Streamkap shows of the client secret, to recognise it by."),
		}),
		"roles": schema.ListNestedAttribute{
			Computed:            true,
			MarkdownDescription: "The roles of the key's API access, in the order of their keys; empty for a key without any, such as one with permissions of its own.",
			NestedObject:        schema.NestedAttributeObject{Attributes: role.Attributes()},
		},
		"mcp": shownObject("Which tools an AI agent that uses the key may call through Streamkap's MCP server; null where nothing is restricted, "+
			"and for a Kafka-only key.", scopeAttributes()),
	}
}

func scopeAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"tool_profile":  shown("The preset: `full`, `read-only`, `agent-operator` or `infra-admin`. Null means no restriction, as `full` does."),
		"allowed_tools": shownSet("Exactly the tools that may be called, whatever `tool_profile` and `blocked_tools` say; null where there is no such list."),
		"blocked_tools": shownSet("Tools that are taken away from what `tool_profile` allows; null where there is no such list."),
	}
}

func rowAttributes() map[string]schema.Attribute {
	attributes := summaryAttributes()
	attributes["kafka"] = shownObject("Access to Kafka; null for an API-only key. The data source `streamkap_project_key` shows more of it.", map[string]schema.Attribute{
		"username": shown("SASL username."),
	})
	return attributes
}

func detailAttributes() map[string]schema.Attribute {
	attributes := summaryAttributes()
	attributes["token_ttl_seconds"] = schema.Int64Attribute{
		Computed:            true,
		MarkdownDescription: "How many seconds access tokens are valid for, which is a setting of the tenant.",
	}
	attributes["kafka"] = schema.SingleNestedAttribute{
		Computed:            true,
		MarkdownDescription: "Access to Kafka; null for an API-only key.",
		Attributes: map[string]schema.Attribute{
			"username":      shown("SASL username."),
			"whitelist_ips": shownSet("IPv4 addresses and CIDR ranges that may connect; null where Streamkap shows none, and so no restriction of the key's own."),
			"acls": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "What the Kafka user may do, sorted.",
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"name":         shown("Name of the topic or the consumer group, or its beginning."),
					"resource":     shown("`TOPIC` or `GROUP`."),
					"operation":    shown("The operation that is allowed."),
					"pattern_type": shown("`LITERAL` for exactly this name, `PREFIXED` for every name that begins with it."),
				}},
			},
			"proxy_endpoint":        shown("Where Kafka clients connect, as host and port."),
			"schema_proxy_endpoint": shown("Where the schema registry is reached; null without one."),
		},
	}
	return attributes
}
