package projectkey

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// ProjectKeyModel is the resource as Terraform sees it. The nested blocks are
// objects, because dynamic blocks can leave a whole block unknown in a plan.
type ProjectKeyModel struct {
	ID             types.String   `tfsdk:"id"`
	Name           types.String   `tfsdk:"name"`
	Description    types.String   `tfsdk:"description"`
	RoleIDs        types.Set      `tfsdk:"role_ids"`
	PermissionIDs  types.Set      `tfsdk:"permission_ids"`
	Status         types.String   `tfsdk:"status"`
	ServiceID      types.String   `tfsdk:"service_id"`
	CreatedAt      types.String   `tfsdk:"created_at"`
	API            types.Object   `tfsdk:"api"`
	CredentialJSON types.String   `tfsdk:"credential_json"`
	Kafka          types.Object   `tfsdk:"kafka"`
	MCP            types.Object   `tfsdk:"mcp"`
	Timeouts       timeouts.Value `tfsdk:"timeouts"`
}

// KafkaModel is the kafka block.
type KafkaModel struct {
	Username types.String `tfsdk:"username"`
	Password types.String `tfsdk:"password"`
	// PasswordWO is null everywhere but in a configuration: a model that goes
	// to the state must never carry it.
	PasswordWO        types.String `tfsdk:"password_wo"`
	PasswordWOVersion types.Int64  `tfsdk:"password_wo_version"`
	WhitelistIPs      types.Set    `tfsdk:"whitelist_ips"`
	SchemaRegistry    types.Bool   `tfsdk:"schema_registry"`
	BootstrapServers  types.String `tfsdk:"bootstrap_servers"`
	SecurityProtocol  types.String `tfsdk:"security_protocol"`
	SASLMechanism     types.String `tfsdk:"sasl_mechanism"`
	SchemaRegistryURL types.String `tfsdk:"schema_registry_url"`
	ACL               types.List   `tfsdk:"acl"`
}

// MCPModel is the mcp block.
type MCPModel struct {
	ToolProfile  types.String `tfsdk:"tool_profile"`
	AllowedTools types.Set    `tfsdk:"allowed_tools"`
	BlockedTools types.Set    `tfsdk:"blocked_tools"`
}

// APIModel is the api attribute.
type APIModel struct {
	ClientID      types.String `tfsdk:"client_id"`
	ClientSecret  types.String `tfsdk:"client_secret"`
	TokenEndpoint types.String `tfsdk:"token_endpoint"`
	APIURL        types.String `tfsdk:"api_url"`
}

var (
	aclType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"name":         types.StringType,
		"resource":     types.StringType,
		"operation":    types.StringType,
		"pattern_type": types.StringType,
	}}
	kafkaTypes = map[string]attr.Type{
		"username":            types.StringType,
		"password":            types.StringType,
		"password_wo":         types.StringType,
		"password_wo_version": types.Int64Type,
		"whitelist_ips":       types.SetType{ElemType: types.StringType},
		"schema_registry":     types.BoolType,
		"bootstrap_servers":   types.StringType,
		"security_protocol":   types.StringType,
		"sasl_mechanism":      types.StringType,
		"schema_registry_url": types.StringType,
		"acl":                 types.ListType{ElemType: aclType},
	}
	mcpTypes = map[string]attr.Type{
		"tool_profile":  types.StringType,
		"allowed_tools": types.SetType{ElemType: types.StringType},
		"blocked_tools": types.SetType{ElemType: types.StringType},
	}
	apiTypes = map[string]attr.Type{
		"client_id":      types.StringType,
		"client_secret":  types.StringType,
		"token_endpoint": types.StringType,
		"api_url":        types.StringType,
	}
)

// decode reads an object into a model. It returns nil for one that is null or
// wholly unknown.
func decode[T any](ctx context.Context, object types.Object, diags *diag.Diagnostics) *T {
	if object.IsNull() || object.IsUnknown() {
		return nil
	}
	model := new(T)
	diags.Append(object.As(ctx, model, basetypes.ObjectAsOptions{})...)
	return model
}

// encode is the opposite of decode: a null object for nil.
func encode[T any](ctx context.Context, attributes map[string]attr.Type, model *T, diags *diag.Diagnostics) types.Object {
	if model == nil {
		return types.ObjectNull(attributes)
	}
	object, objectDiags := types.ObjectValueFrom(ctx, attributes, model)
	diags.Append(objectDiags...)
	return object
}

func (m *ProjectKeyModel) kafka(ctx context.Context, diags *diag.Diagnostics) *KafkaModel {
	return decode[KafkaModel](ctx, m.Kafka, diags)
}

func (m *ProjectKeyModel) setKafka(ctx context.Context, kafka *KafkaModel, diags *diag.Diagnostics) {
	m.Kafka = encode(ctx, kafkaTypes, kafka, diags)
}

func (m *ProjectKeyModel) mcp(ctx context.Context, diags *diag.Diagnostics) *MCPModel {
	return decode[MCPModel](ctx, m.MCP, diags)
}

func (m *ProjectKeyModel) setMCP(ctx context.Context, mcp *MCPModel, diags *diag.Diagnostics) {
	m.MCP = encode(ctx, mcpTypes, mcp, diags)
}

func (m *ProjectKeyModel) api(ctx context.Context, diags *diag.Diagnostics) *APIModel {
	return decode[APIModel](ctx, m.API, diags)
}

func (m *ProjectKeyModel) setAPI(ctx context.Context, api *APIModel, diags *diag.Diagnostics) {
	m.API = encode(ctx, apiTypes, api, diags)
}

// wantsAPI reports whether a configuration asks for API access. An unknown
// set of ids is taken to.
func (m *ProjectKeyModel) wantsAPI() bool {
	return !m.RoleIDs.IsNull() || !m.PermissionIDs.IsNull()
}

// texts reads a set of strings, sorted. Null and unknown are empty.
func texts(set types.Set) []string {
	var items []string
	for _, element := range set.Elements() {
		if text, ok := element.(types.String); ok {
			items = append(items, text.ValueString())
		}
	}
	slices.Sort(items)
	return items
}

// textSet makes a set of strings: a null one of none.
func textSet(items []string) types.Set {
	if len(items) == 0 {
		return types.SetNull(types.StringType)
	}
	elements := make([]attr.Value, len(items))
	for i, item := range items {
		elements[i] = types.StringValue(item)
	}
	return types.SetValueMust(types.StringType, elements)
}

// text makes a string: a null one of an empty text, which the API does not
// tell from null (contract, dialect 12).
func text[T ~string](value T) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(string(value))
}

// ruleFrom reads one acl block. An attribute left out has its default; an
// unknown one is empty and makes the rule not known.
func ruleFrom(element attr.Value) (rule streamkap.ACL, known bool) {
	object, ok := element.(types.Object)
	if !ok || object.IsUnknown() || object.IsNull() {
		return rule, false
	}
	known = true
	attributes := object.Attributes()
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
		rule, known := ruleFrom(element)
		if !known {
			return nil, false
		}
		rules[i] = rule
	}
	return rules, true
}

// ruleList makes the acl blocks of rules: a null list of none.
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
