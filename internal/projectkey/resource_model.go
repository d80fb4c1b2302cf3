// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Model is the resource as Terraform sees it.
type Model struct {
	ID               types.String       `tfsdk:"id"`
	Name             types.String       `tfsdk:"name"`
	Description      types.String       `tfsdk:"description"`
	RoleIDs          types.Set          `tfsdk:"role_ids"`
	PermissionIDs    types.Set          `tfsdk:"permission_ids"`
	Status           types.String       `tfsdk:"status"`
	ServiceID        types.String       `tfsdk:"service_id"`
	CreatedAt        types.String       `tfsdk:"created_at"`
	API              nested[apiModel]   `tfsdk:"api"`
	SecretRecipients types.Set          `tfsdk:"secret_recipients"`
	CredentialJSON   types.String       `tfsdk:"credential_json"`
	Kafka            nested[kafkaModel] `tfsdk:"kafka"`
	MCP              nested[mcpModel]   `tfsdk:"mcp"`
	Timeouts         timeouts.Value     `tfsdk:"timeouts"`
}

// kafkaModel is the kafka block.
type kafkaModel struct {
	Username types.String `tfsdk:"username"`
	Password types.String `tfsdk:"password"`
	// PasswordWO is null everywhere but in a configuration: a model that goes
	// to the state must never carry it.
	PasswordWO        types.String `tfsdk:"password_wo"`
	PasswordWOVersion types.Int64  `tfsdk:"password_wo_version"`
	EncryptedPassword types.String `tfsdk:"encrypted_password"`
	WhitelistIPs      types.Set    `tfsdk:"whitelist_ips"`
	SchemaRegistry    types.Bool   `tfsdk:"schema_registry"`
	BootstrapServers  types.String `tfsdk:"bootstrap_servers"`
	SecurityProtocol  types.String `tfsdk:"security_protocol"`
	SASLMechanism     types.String `tfsdk:"sasl_mechanism"`
	SchemaRegistryURL types.String `tfsdk:"schema_registry_url"`
	ACL               types.List   `tfsdk:"acl"`
}

// mcpModel is the mcp block.
type mcpModel struct {
	ToolProfile  types.String `tfsdk:"tool_profile"`
	AllowedTools types.Set    `tfsdk:"allowed_tools"`
	BlockedTools types.Set    `tfsdk:"blocked_tools"`
}

// apiModel is the api attribute.
type apiModel struct {
	ClientID              types.String `tfsdk:"client_id"`
	ClientSecret          types.String `tfsdk:"client_secret"`
	EncryptedClientSecret types.String `tfsdk:"encrypted_client_secret"`
	TokenEndpoint         types.String `tfsdk:"token_endpoint"`
	APIURL                types.String `tfsdk:"api_url"`
}

// The types of the nested blocks and of the api attribute are the schema's own.
var (
	aclType    = types.ObjectType{AttrTypes: attributeTypes(aclBlock().NestedObject.Type())}
	kafkaTypes = attributeTypes(kafkaBlock().Type())
	mcpTypes   = attributeTypes(mcpBlock().Type())
	apiTypes   = attributeTypes(apiAttribute().GetType())
)

func attributeTypes(of attr.Type) map[string]attr.Type {
	object, ok := of.(attr.TypeWithAttributeTypes)
	if !ok {
		panic(fmt.Sprintf("%s is no object", of))
	}
	return object.AttributeTypes()
}

func (apiModel) types() map[string]attr.Type   { return apiTypes }
func (kafkaModel) types() map[string]attr.Type { return kafkaTypes }
func (mcpModel) types() map[string]attr.Type   { return mcpTypes }

// equal compares as Terraform does: the order of a set means nothing.
func (p *Model) equal(other *Model) bool {
	for name, field := range fieldsOf(p) {
		value, _ := field.Interface().(attr.Value)
		if same, _ := fieldNamed(other, name).Interface().(attr.Value); !value.Equal(same) {
			return false
		}
	}
	return true
}

// copied is a copy that can be changed without changing the original.
func (p *Model) copied() *Model {
	c := *p
	c.API, c.Kafka, c.MCP = p.API.copied(), p.Kafka.copied(), p.MCP.copied()
	return &c
}

// wantsAPI reports whether a configuration asks for API access. Unknown ids count as given.
func (p *Model) wantsAPI() bool {
	return !p.RoleIDs.IsNull() || !p.PermissionIDs.IsNull()
}

// hasAPI reports whether a key has API access.
func (p *Model) hasAPI() bool { return !p.API.IsNull() }

// stringsOf reads a set of strings, sorted. Null and unknown are empty.
func stringsOf(set types.Set) []string {
	var items []string
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok {
			items = append(items, text.ValueString())
		}
	}
	slices.Sort(items)
	return items
}

// stringSet makes a set of strings: a null one of none.
func stringSet(items []string) types.Set {
	if len(items) == 0 {
		return types.SetNull(types.StringType)
	}
	// An answer may name one twice, which a set can't hold.
	items = slices.Compact(slices.Sorted(slices.Values(items)))
	elements := make([]attr.Value, len(items))
	for i, item := range items {
		elements[i] = types.StringValue(item)
	}
	return types.SetValueMust(types.StringType, elements)
}

// stringOrNull makes a string, null for an empty text. The API does not distinguish the two
// (contract, dialect 12).
func stringOrNull[T ~string](value T) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(string(value))
}

// ruleFrom reads the attributes of one acl block. An attribute left out has its default; an
// unknown one is empty and makes the rule not known, as an unknown block does.
func ruleFrom(attributes map[string]attr.Value) (rule streamkap.ACL, known bool) {
	known = true
	read := func(name, absent string) string {
		value, ok := attributes[name].(types.String)
		switch {
		case !ok || value.IsUnknown():
			known = false
			return ""
		case value.IsNull():
			return absent
		}
		return value.ValueString()
	}
	rule = streamkap.ACL{
		Name:        read("name", ""),
		Resource:    read("resource", streamkap.ResourceTopic),
		Operation:   read("operation", ""),
		PatternType: read("pattern_type", streamkap.PatternLiteral),
	}
	return rule, known
}

// rulesFrom reads all acl blocks. It reports false where one is not known.
func rulesFrom(list types.List) ([]streamkap.ACL, bool) {
	if list.IsUnknown() {
		return nil, false
	}
	elements := list.Elements()
	rules := make([]streamkap.ACL, len(elements))
	for i, element := range elements {
		block, _ := element.(types.Object)
		rule, known := ruleFrom(block.Attributes())
		if !known {
			return nil, false
		}
		rules[i] = rule
	}
	return rules, true
}

func ruleList(rules []streamkap.ACL) types.List {
	if len(rules) == 0 {
		return types.ListNull(aclType)
	}
	elements := make([]attr.Value, len(rules))
	for i, rule := range rules {
		elements[i] = types.ObjectValueMust(aclType.AttrTypes, map[string]attr.Value{
			"name":         types.StringValue(rule.Name),
			"resource":     types.StringValue(rule.Resource),
			"operation":    types.StringValue(rule.Operation),
			"pattern_type": types.StringValue(rule.PatternType),
		})
	}
	return types.ListValueMust(aclType, elements)
}
