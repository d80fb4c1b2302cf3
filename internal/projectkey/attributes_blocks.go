// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// inKafka and inMCP find an attribute of a block.
func inKafka[V attr.Value](in func(*KafkaModel) *V) func(*ProjectKeyModel) *V {
	return func(m *ProjectKeyModel) *V {
		if m.Kafka.known == nil {
			return nil
		}
		return in(m.Kafka.known)
	}
}

func inMCP[V attr.Value](in func(*MCPModel) *V) func(*ProjectKeyModel) *V {
	return func(m *ProjectKeyModel) *V {
		if m.MCP.known == nil {
			return nil
		}
		return in(m.MCP.known)
	}
}

// fromKafka is what an answer issues of Kafka access.
func fromKafka(of func(*streamkap.KafkaCredentials) streamkap.Text) func(*streamkap.CredentialFile) types.String {
	return func(file *streamkap.CredentialFile) types.String {
		if file.Kafka == nil {
			return types.StringNull()
		}
		return text(of(file.Kafka))
	}
}

var kafkaFields = []field{
	attribute[types.String]{
		row: row{
			at: kafkaPath.AtName("username"), members: []string{"username"}, needs: kafkaAccess,
			replaces: "Streamkap can't rename a Kafka user",
		},
		in:   inKafka(func(kafka *KafkaModel) *types.String { return &kafka.Username }),
		same: sameUsername,
		create: func(r *streamkap.CreateProjectKeyRequest, username types.String) {
			r.KafkaConfig.Username = username.ValueString()
		},
		shown: func(a *answer) types.String { return text(a.KafkaUsername) },
	},
	// The password is what the configuration says, and no answer.
	attribute[types.String]{
		row:   row{at: kafkaPath.AtName("password"), members: []string{"password", "kafka_password"}, needs: kafkaAccess},
		in:    inKafka(func(kafka *KafkaModel) *types.String { return &kafka.Password }),
		point: pointAtPassword,
	},
	attribute[types.String]{
		row: row{at: kafkaPath.AtName("password_wo"), needs: kafkaAccess},
		in:  inKafka(func(kafka *KafkaModel) *types.String { return &kafka.PasswordWO }),
	},
	attribute[types.Int64]{
		row: row{at: kafkaPath.AtName("password_wo_version"), needs: kafkaAccess},
		in:  inKafka(func(kafka *KafkaModel) *types.Int64 { return &kafka.PasswordWOVersion }),
	},
	computedText(kafkaPath.AtName("encrypted_password"), kafkaAccess, inKafka(func(kafka *KafkaModel) *types.String { return &kafka.EncryptedPassword }), nil, nil),
	attribute[types.Set]{
		row: row{at: kafkaPath.AtName("whitelist_ips"), members: []string{"whitelist_ips"}, needs: kafkaAccess, clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return empties(r.WhitelistIPs) },
			shows: func(key *streamkap.ProjectKey) bool { return len(key.WhitelistIPs) > 0 },
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.WhitelistIPs = streamkap.Null[string]() },
		}},
		in:   inKafka(func(kafka *KafkaModel) *types.Set { return &kafka.WhitelistIPs }),
		same: sameAddresses,
		create: func(r *streamkap.CreateProjectKeyRequest, addresses types.Set) {
			r.KafkaConfig.WhitelistIPs = joined(addresses)
		},
		patch: func(r *streamkap.UpdateProjectKeyRequest, addresses types.Set) {
			r.WhitelistIPs = streamkap.Value(joined(addresses))
		},
		read: func(prior types.Set, a *answer) types.Set {
			if before := texts(prior); !sameAddressTexts(before, a.WhitelistIPs) {
				return textSet(inSpellingOf(before, a.WhitelistIPs))
			}
			return prior
		},
	},
	attribute[types.Bool]{
		row: row{
			at: kafkaPath.AtName("schema_registry"), members: []string{"is_create_schema_registry"}, computed: true, needs: kafkaAccess,
			replaces: "Streamkap can't add or remove a schema registry later",
		},
		in:   inKafka(func(kafka *KafkaModel) *types.Bool { return &kafka.SchemaRegistry }),
		same: func(prior, planned types.Bool) bool { return planned.Equal(prior) },
		create: func(r *streamkap.CreateProjectKeyRequest, registry types.Bool) {
			r.KafkaConfig.IsCreateSchemaRegistry = registry.ValueBool()
		},
		shown: func(a *answer) types.Bool { return types.BoolValue(a.SchemaProxyEndpoint != "") },
	},
	computedText(kafkaPath.AtName("bootstrap_servers"), kafkaAccess, inKafka(func(kafka *KafkaModel) *types.String { return &kafka.BootstrapServers }),
		fromKafka(func(kafka *streamkap.KafkaCredentials) streamkap.Text { return kafka.BootstrapServers }),
		func(a *answer) types.String { return text(a.KafkaProxyEndpoint) }),
	computedText(kafkaPath.AtName("security_protocol"), kafkaAccess, inKafka(func(kafka *KafkaModel) *types.String { return &kafka.SecurityProtocol }),
		fromKafka(func(kafka *streamkap.KafkaCredentials) streamkap.Text { return kafka.SecurityProtocol }),
		func(*answer) types.String { return types.StringValue(securityProtocol) }),
	computedText(kafkaPath.AtName("sasl_mechanism"), kafkaAccess, inKafka(func(kafka *KafkaModel) *types.String { return &kafka.SASLMechanism }),
		fromKafka(func(kafka *streamkap.KafkaCredentials) streamkap.Text { return kafka.SASLMechanism }),
		func(*answer) types.String { return types.StringValue(saslMechanism) }),
	attribute[types.String]{
		row:    row{at: kafkaPath.AtName("schema_registry_url"), computed: true, needs: kafkaAccess},
		in:     inKafka(func(kafka *KafkaModel) *types.String { return &kafka.SchemaRegistryURL }),
		issued: fromKafka(func(kafka *streamkap.KafkaCredentials) streamkap.Text { return kafka.SchemaRegistryURL }),
		shown: func(a *answer) types.String {
			if !a.into.Kafka.known.SchemaRegistry.ValueBool() {
				return types.StringNull()
			}
			return text(a.SchemaProxyEndpoint)
		},
	},
	attribute[types.List]{
		row: row{at: kafkaPath.AtName("acl"), members: []string{"kafka_acls"}, needs: kafkaAccess, clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return emptiesList(r.KafkaACLs) },
			shows: func(key *streamkap.ProjectKey) bool { return len(key.KafkaACLs) > 0 },
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.KafkaACLs = streamkap.Null[[]streamkap.ACLRequest]() },
		}},
		in:   inKafka(func(kafka *KafkaModel) *types.List { return &kafka.ACL }),
		same: sameRules,
		create: func(r *streamkap.CreateProjectKeyRequest, rules types.List) {
			r.KafkaConfig.KafkaACLs = ruleRequests(rules)
		},
		patch: func(r *streamkap.UpdateProjectKeyRequest, rules types.List) {
			r.KafkaACLs = streamkap.Value(ruleRequests(rules))
		},
		read: func(prior types.List, a *answer) types.List {
			// The same rule twice is one rule. A configuration can't repeat it.
			answered := distinctRules(a.KafkaACLs)
			if before, _ := rulesFrom(prior); !sameRuleLists(before, answered) {
				return ruleList(inOrderOf(before, answered))
			}
			return prior
		},
		point: pointAtRule,
	},
}

var mcpFields = []field{
	attribute[types.String]{
		row: row{at: mcpPath.AtName("tool_profile"), members: []string{"tool_profile"}, needs: apiAccess, clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return r.ToolProfile.IsNull() },
			shows: func(key *streamkap.ProjectKey) bool { return restricting(string(key.ToolProfile)) != "" },
			again: func(r *streamkap.UpdateProjectKeyRequest) { r.ToolProfile = streamkap.Value(neutralProfile) },
		}},
		in:   inMCP(func(mcp *MCPModel) *types.String { return &mcp.ToolProfile }),
		same: sameProfile,
		create: func(r *streamkap.CreateProjectKeyRequest, profile types.String) {
			r.ToolProfile = profile.ValueString()
		},
		patch: func(r *streamkap.UpdateProjectKeyRequest, profile types.String) {
			r.ToolProfile = streamkap.Null[string]()
			if !profile.IsNull() {
				r.ToolProfile = streamkap.Value(profile.ValueString())
			}
		},
		read: func(prior types.String, a *answer) types.String {
			return unlessSame(prior, text(restricting(string(a.ToolProfile))), sameProfile)
		},
	},
	toolList(
		"allowed_tools", func(mcp *MCPModel) *types.Set { return &mcp.AllowedTools },
		func(r *streamkap.CreateProjectKeyRequest) *[]string { return &r.AllowedTools },
		func(r *streamkap.UpdateProjectKeyRequest) *streamkap.Field[[]string] { return &r.AllowedTools },
		func(key *streamkap.ProjectKey) []string { return key.AllowedTools },
	),
	toolList(
		"blocked_tools", func(mcp *MCPModel) *types.Set { return &mcp.BlockedTools },
		func(r *streamkap.CreateProjectKeyRequest) *[]string { return &r.BlockedTools },
		func(r *streamkap.UpdateProjectKeyRequest) *streamkap.Field[[]string] { return &r.BlockedTools },
		func(key *streamkap.ProjectKey) []string { return key.BlockedTools },
	),
}

// toolList is a set of tools, which null clears.
func toolList(
	name string, in func(*MCPModel) *types.Set, create func(*streamkap.CreateProjectKeyRequest) *[]string,
	patch func(*streamkap.UpdateProjectKeyRequest) *streamkap.Field[[]string], shown func(*streamkap.ProjectKey) []string,
) attribute[types.Set] {
	return attribute[types.Set]{
		row: row{at: mcpPath.AtName(name), members: []string{name}, needs: apiAccess, clear: &clearing{
			asked: func(r *streamkap.UpdateProjectKeyRequest) bool { return patch(r).IsNull() },
			shows: func(key *streamkap.ProjectKey) bool { return len(shown(key)) > 0 },
			again: func(r *streamkap.UpdateProjectKeyRequest) { *patch(r) = streamkap.Value([]string{}) },
		}},
		in:     inMCP(in),
		same:   sameTexts,
		create: func(r *streamkap.CreateProjectKeyRequest, tools types.Set) { *create(r) = texts(tools) },
		patch: func(r *streamkap.UpdateProjectKeyRequest, tools types.Set) {
			*patch(r) = streamkap.Null[[]string]()
			if items := texts(tools); len(items) > 0 {
				*patch(r) = streamkap.Value(items)
			}
		},
		read: func(prior types.Set, a *answer) types.Set {
			return unlessSame(prior, textSet(shown(a.ProjectKey)), sameTexts)
		},
	}
}

func joined(addresses types.Set) string { return streamkap.AddressList(texts(addresses)).String() }

// pointAtPassword points at the attribute that gives the password. A model
// other than a configuration does not hold the write-only one.
func pointAtPassword(at path.Path, password types.String, _ []string) (path.Path, string) {
	if isAbsent(password) {
		at = kafkaPath.AtName("password_wo")
	}
	return at, ""
}

// pointAtRule points at one acl block, or at one attribute of it, and names it.
func pointAtRule(at path.Path, acl types.List, rest []string) (path.Path, string) {
	if len(rest) == 0 {
		return at, ""
	}
	i, err := strconv.Atoi(rest[0])
	rules, known := rulesFrom(acl)
	if err != nil || !known || i < 0 || i >= len(rules) {
		return at, ""
	}
	at, what := at.AtListIndex(i), nameRule(i, rules[i])
	if len(rest) == 1 {
		return at, what
	}
	names := map[string]string{"topic_name": "name", "name": "name", "operation": "operation", "resource": "resource", "resource_pattern_type": "pattern_type"}
	if name := names[rest[1]]; name != "" {
		return at.AtName(name), what
	}
	return at, what
}

func empties(field streamkap.Field[string]) bool {
	value := field.Get()
	return value != nil && *value == ""
}

func emptiesList[T any](field streamkap.Field[[]T]) bool {
	value := field.Get()
	return value != nil && len(*value) == 0
}
