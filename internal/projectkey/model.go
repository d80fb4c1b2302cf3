// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"iter"
	"reflect"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// ProjectKeyModel is the resource as Terraform sees it. The nested blocks are
// objects, because dynamic blocks can leave a whole block unknown in a plan.
type ProjectKeyModel struct {
	ID               types.String   `tfsdk:"id"`
	Name             types.String   `tfsdk:"name"`
	Description      types.String   `tfsdk:"description"`
	RoleIDs          types.Set      `tfsdk:"role_ids"`
	PermissionIDs    types.Set      `tfsdk:"permission_ids"`
	Status           types.String   `tfsdk:"status"`
	ServiceID        types.String   `tfsdk:"service_id"`
	CreatedAt        types.String   `tfsdk:"created_at"`
	API              types.Object   `tfsdk:"api"`
	SecretRecipients types.Set      `tfsdk:"secret_recipients"`
	CredentialJSON   types.String   `tfsdk:"credential_json"`
	Kafka            types.Object   `tfsdk:"kafka"`
	MCP              types.Object   `tfsdk:"mcp"`
	Timeouts         timeouts.Value `tfsdk:"timeouts"`
}

// KafkaModel is the kafka block.
type KafkaModel struct {
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

// MCPModel is the mcp block.
type MCPModel struct {
	ToolProfile  types.String `tfsdk:"tool_profile"`
	AllowedTools types.Set    `tfsdk:"allowed_tools"`
	BlockedTools types.Set    `tfsdk:"blocked_tools"`
}

// APIModel is the api attribute.
type APIModel struct {
	ClientID              types.String `tfsdk:"client_id"`
	ClientSecret          types.String `tfsdk:"client_secret"`
	EncryptedClientSecret types.String `tfsdk:"encrypted_client_secret"`
	TokenEndpoint         types.String `tfsdk:"token_endpoint"`
	APIURL                types.String `tfsdk:"api_url"`
}

// The types of the nested blocks and of the api attribute are the schema's own.
var (
	aclType    = types.ObjectType{AttrTypes: attributeTypes(elementType(aclBlock().Type()))}
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

func elementType(of attr.Type) attr.Type {
	list, ok := of.(attr.TypeWithElementType)
	if !ok {
		panic(fmt.Sprintf("%s is no list", of))
	}
	return list.ElementType()
}

// parts are a model with its blocks taken apart: nil for one that is null, or
// unknown as a whole. What is changed in them is in the model that join makes.
type parts struct {
	ProjectKeyModel

	api   *APIModel
	kafka *KafkaModel
	mcp   *MCPModel
}

func split(model *ProjectKeyModel) *parts {
	return &parts{
		ProjectKeyModel: *model,
		api:             decode[APIModel](model.API),
		kafka:           decode[KafkaModel](model.Kafka),
		mcp:             decode[MCPModel](model.MCP),
	}
}

func (p *parts) join() ProjectKeyModel {
	encode(&p.API, apiTypes, p.api)
	encode(&p.Kafka, kafkaTypes, p.kafka)
	encode(&p.MCP, mcpTypes, p.mcp)
	return p.ProjectKeyModel
}

func (p *parts) equal(other *parts) bool { return reflect.DeepEqual(p, other) }

// copied is a copy whose parts can be changed without changing the original's.
func (p *parts) copied() *parts {
	c := *p
	c.api, c.kafka, c.mcp = cloned(p.api), cloned(p.kafka), cloned(p.mcp)
	return &c
}

func cloned[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// decode reads an object into a model. The framework's own way, here and in
// encode, converts all rules of a key twice.
func decode[T any](object types.Object) *T {
	if object.IsNull() || object.IsUnknown() {
		return nil
	}
	model, attributes := new(T), object.Attributes()
	for name, field := range fieldsOf(model) {
		field.Set(reflect.ValueOf(attributes[name]))
	}
	return model
}

// encode is the opposite of decode. An object that is unknown as a whole stays
// so where there is no model.
func encode[T any](object *types.Object, attributeTypes map[string]attr.Type, model *T) {
	if model == nil {
		if !object.IsUnknown() {
			*object = types.ObjectNull(attributeTypes)
		}
		return
	}
	attributes := make(map[string]attr.Value, len(attributeTypes))
	for name, field := range fieldsOf(model) {
		attributes[name], _ = field.Interface().(attr.Value)
	}
	*object = types.ObjectValueMust(attributeTypes, attributes)
}

// fieldsOf are the fields of a model by the names of their attributes.
func fieldsOf(model any) iter.Seq2[string, reflect.Value] {
	fields := reflect.ValueOf(model).Elem()
	return func(yield func(string, reflect.Value) bool) {
		for i := range fields.NumField() {
			if !yield(fields.Type().Field(i).Tag.Get("tfsdk"), fields.Field(i)) {
				return
			}
		}
	}
}

// wantsAPI reports whether a configuration asks for API access. An unknown
// set of ids is taken to.
func (m *ProjectKeyModel) wantsAPI() bool {
	return !m.RoleIDs.IsNull() || !m.PermissionIDs.IsNull()
}

// hasAPI reports whether a key has API access.
func (m *ProjectKeyModel) hasAPI() bool { return !m.API.IsNull() }

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
	// An answer may name one twice, which a set can't hold.
	items = slices.Compact(slices.Sorted(slices.Values(items)))
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
// unknown one is empty and makes the rule not known, as an unknown block does.
func ruleFrom(element attr.Value) (rule streamkap.ACL, known bool) {
	block, _ := element.(types.Object)
	attributes := block.Attributes()
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
