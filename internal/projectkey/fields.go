// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// field is an attribute that people set, with all that has to be known of it
// in more than one place: what makes it the same, how it is sent, how it is
// cleared, and where a refusal of it belongs.
type field struct {
	at path.Path
	// member names it in requests, and so in the location of a refusal.
	member string
	// same compares it in two models. For an attribute of the kafka block both
	// models have that block.
	same func(prior, planned *parts) bool
	// replaces is why a change of its value replaces the key, for people.
	replaces string
	value    func(*parts) attr.Value
	// create, grant and patch write it into the request that makes a key, that
	// gives Kafka access, and that changes it in place.
	create func(*streamkap.CreateProjectKeyRequest, *parts)
	grant  func(*streamkap.KafkaConfig, *parts)
	patch  func(*streamkap.UpdateProjectKeyRequest, *parts)
	clear  *clearing
}

// clearing is how a value is emptied that the request has emptied in vain
// (contract, "Clearing a value").
type clearing struct {
	asked func(*streamkap.UpdateProjectKeyRequest) bool
	shows func(*streamkap.ProjectKey) bool
	again func(*streamkap.UpdateProjectKeyRequest)
}

var (
	kafkaPath = path.Root("kafka")
	mcpPath   = path.Root("mcp")

	allowedToolsPath = mcpPath.AtName("allowed_tools")
)

// fields are the attributes that people set, in the order of the schema. Which
// access a key has, and its password, are decided in diff.go besides.
var fields = []field{
	{
		at: path.Root("name"), member: "name",
		same:   func(prior, planned *parts) bool { return sameText(prior.Name, planned.Name) },
		create: func(r *streamkap.CreateProjectKeyRequest, p *parts) { r.Name = p.Name.ValueString() },
		patch: func(r *streamkap.UpdateProjectKeyRequest, p *parts) {
			r.Name = streamkap.Value(p.Name.ValueString())
		},
	},
	{
		at: path.Root("description"), member: "description",
		same:   func(prior, planned *parts) bool { return sameText(prior.Description, planned.Description) },
		create: func(r *streamkap.CreateProjectKeyRequest, p *parts) { r.Description = p.Description.ValueString() },
		patch: func(r *streamkap.UpdateProjectKeyRequest, p *parts) {
			r.Description = streamkap.Value(p.Description.ValueString())
		},
		clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return empties(r.Description) },
			shows: func(key *streamkap.ProjectKey) bool { return key.Description != "" },
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.Description = streamkap.Null[string]() },
		},
	},
	{
		at: path.Root("role_ids"), member: "role_ids",
		same: func(prior, planned *parts) bool {
			return planned.RoleIDs.IsNull() || sameTexts(prior.RoleIDs, planned.RoleIDs)
		},
		create: func(r *streamkap.CreateProjectKeyRequest, p *parts) { r.RoleIDs = texts(p.RoleIDs) },
		patch: func(r *streamkap.UpdateProjectKeyRequest, p *parts) {
			r.RoleIDs = streamkap.Value(texts(p.RoleIDs))
		},
	},
	{
		at: path.Root("permission_ids"), member: "permission_ids",
		// Permissions of a key that has API access are never sent: Streamkap
		// can't change them, so they differ only where an import could not read
		// them.
		same:   func(prior, planned *parts) bool { return prior.hasAPI() || planned.PermissionIDs.IsNull() },
		create: func(r *streamkap.CreateProjectKeyRequest, p *parts) { r.PermissionIDs = texts(p.PermissionIDs) },
		patch: func(r *streamkap.UpdateProjectKeyRequest, p *parts) {
			r.PermissionIDs = streamkap.Value(texts(p.PermissionIDs))
		},
	},
	{
		at: kafkaPath.AtName("username"), member: "username",
		same:     func(prior, planned *parts) bool { return sameUsername(prior.kafka.Username, planned.kafka.Username) },
		replaces: "Streamkap can't rename a Kafka user",
		value:    func(p *parts) attr.Value { return p.kafka.Username },
		grant:    func(c *streamkap.KafkaConfig, p *parts) { c.Username = p.kafka.Username.ValueString() },
	},
	{
		at: kafkaPath.AtName("schema_registry"), member: "is_create_schema_registry",
		same: func(prior, planned *parts) bool {
			return planned.kafka.SchemaRegistry.Equal(prior.kafka.SchemaRegistry)
		},
		replaces: "Streamkap can't add or remove a schema registry later",
		value:    func(p *parts) attr.Value { return p.kafka.SchemaRegistry },
		grant: func(c *streamkap.KafkaConfig, p *parts) {
			c.IsCreateSchemaRegistry = p.kafka.SchemaRegistry.ValueBool()
		},
	},
	{
		at: kafkaPath.AtName("whitelist_ips"), member: "whitelist_ips",
		same: func(prior, planned *parts) bool {
			return sameAddresses(prior.kafka.WhitelistIPs, planned.kafka.WhitelistIPs)
		},
		grant: func(c *streamkap.KafkaConfig, p *parts) { c.WhitelistIPs = p.kafka.addresses().String() },
		patch: func(r *streamkap.UpdateProjectKeyRequest, p *parts) {
			r.WhitelistIPs = streamkap.Value(p.kafka.addresses().String())
		},
		clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return empties(r.WhitelistIPs) },
			shows: func(key *streamkap.ProjectKey) bool { return len(key.WhitelistIPs) > 0 },
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.WhitelistIPs = streamkap.Null[string]() },
		},
	},
	{
		at: kafkaPath.AtName("acl"), member: "kafka_acls",
		same:  func(prior, planned *parts) bool { return sameRules(prior.kafka.ACL, planned.kafka.ACL) },
		grant: func(c *streamkap.KafkaConfig, p *parts) { c.KafkaACLs = p.kafka.rules() },
		patch: func(r *streamkap.UpdateProjectKeyRequest, p *parts) { r.KafkaACLs = streamkap.Value(p.kafka.rules()) },
		clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return emptiesList(r.KafkaACLs) },
			shows: func(key *streamkap.ProjectKey) bool { return len(key.KafkaACLs) > 0 },
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.KafkaACLs = streamkap.Null[[]streamkap.ACLRequest]() },
		},
	},
	{
		at: mcpPath.AtName("tool_profile"), member: "tool_profile",
		same: func(prior, planned *parts) bool { return prior.scope().profile == planned.scope().profile },
		create: func(r *streamkap.CreateProjectKeyRequest, p *parts) {
			if p.mcp != nil {
				r.ToolProfile = p.mcp.ToolProfile.ValueString()
			}
		},
		patch: func(r *streamkap.UpdateProjectKeyRequest, p *parts) {
			r.ToolProfile = streamkap.Null[string]()
			if p.mcp != nil && !p.mcp.ToolProfile.IsNull() {
				r.ToolProfile = streamkap.Value(p.mcp.ToolProfile.ValueString())
			}
		},
		clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return r.ToolProfile.IsNull() },
			shows: func(key *streamkap.ProjectKey) bool {
				return key.ToolProfile != "" && key.ToolProfile != neutralProfile
			},
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.ToolProfile = streamkap.Value(neutralProfile) },
		},
	},
	{
		at: allowedToolsPath, member: "allowed_tools",
		same:   func(prior, planned *parts) bool { return slices.Equal(prior.scope().allowed, planned.scope().allowed) },
		create: func(r *streamkap.CreateProjectKeyRequest, p *parts) { r.AllowedTools = p.scope().allowed },
		patch: func(r *streamkap.UpdateProjectKeyRequest, p *parts) {
			r.AllowedTools = valueOrNull(p.scope().allowed)
		},
		clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return r.AllowedTools.IsNull() },
			shows: func(key *streamkap.ProjectKey) bool { return len(key.AllowedTools) > 0 },
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.AllowedTools = streamkap.Value([]string{}) },
		},
	},
	{
		at: mcpPath.AtName("blocked_tools"), member: "blocked_tools",
		same:   func(prior, planned *parts) bool { return slices.Equal(prior.scope().blocked, planned.scope().blocked) },
		create: func(r *streamkap.CreateProjectKeyRequest, p *parts) { r.BlockedTools = p.scope().blocked },
		patch: func(r *streamkap.UpdateProjectKeyRequest, p *parts) {
			r.BlockedTools = valueOrNull(p.scope().blocked)
		},
		clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return r.BlockedTools.IsNull() },
			shows: func(key *streamkap.ProjectKey) bool { return len(key.BlockedTools) > 0 },
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.BlockedTools = streamkap.Value([]string{}) },
		},
	},
}

// inKafka reports whether the attribute is one of the kafka block's.
func (f field) inKafka() bool { return f.grant != nil }

func empties(field streamkap.Field[string]) bool {
	value := field.Get()
	return value != nil && *value == ""
}

func emptiesList[T any](field streamkap.Field[[]T]) bool {
	value := field.Get()
	return value != nil && len(*value) == 0
}

func valueOrNull(items []string) streamkap.Field[[]string] {
	if len(items) == 0 {
		return streamkap.Null[[]string]()
	}
	return streamkap.Value(items)
}
