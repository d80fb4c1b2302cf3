// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var kafkaFields = []field{
	attribute[types.String]{
		row: row{
			name: "kafka.username", members: []string{"username"}, issued: true,
			replaces: "Streamkap can't rename a Kafka user",
		},
		same:   sameUsername,
		create: func(r *createRequest, username types.String) { r.KafkaConfig.Username = username.ValueString() },
		file:   func(file *streamkap.CredentialFile) any { return &file.Kafka.Username },
		read:   func(_ types.String, a *answer) types.String { return stringOrNull(a.KafkaUsername) },
	},
	// The password is what the configuration says, and no answer. One that is empty
	// is not given, and taking one out of the configuration changes nothing. One that
	// is to be encrypted leaves the state.
	attribute[types.String]{
		row: row{name: "kafka.password", members: []string{"password", "kafka_password"}},
		stays: func(config, prior, planned *Model) bool {
			return isEmpty(planned.Kafka.known.Password) && !prior.Kafka.known.Password.IsNull() &&
				planned.Kafka.known.PasswordWOVersion.IsNull() && !config.encrypts()
		},
		file:  func(file *streamkap.CredentialFile) any { return &file.Kafka.Password },
		point: pointAtPassword,
	},
	attribute[types.String]{row: row{name: "kafka.password_wo"}},
	attribute[types.Int64]{row: row{name: "kafka.password_wo_version"}},
	encryptedText("kafka.encrypted_password"),
	attribute[types.Set]{
		row: row{
			name: "kafka.whitelist_ips", members: []string{"whitelist_ips"},
			clear: func(r *updateRequest) { r.WhitelistIPs = streamkap.Null[string]() },
		},
		same:   sameAddresses,
		create: func(r *createRequest, addresses types.Set) { r.KafkaConfig.WhitelistIPs = joined(addresses) },
		patch: func(r *updateRequest, addresses types.Set) {
			r.WhitelistIPs = streamkap.Value(joined(addresses))
		},
		read: func(prior types.Set, a *answer) types.Set {
			if before := stringsOf(prior); !sameAddressTexts(before, a.WhitelistIPs) {
				return stringSet(inSpellingOf(before, a.WhitelistIPs))
			}
			return prior
		},
	},
	attribute[types.Bool]{
		row: row{
			name: "kafka.schema_registry", members: []string{"is_create_schema_registry"}, computed: true, issued: true,
			replaces: "Streamkap can't add or remove a schema registry later",
		},
		same: func(prior, planned types.Bool) bool { return planned.Equal(prior) },
		create: func(r *createRequest, registry types.Bool) {
			r.KafkaConfig.IsCreateSchemaRegistry = registry.ValueBool()
		},
		read: func(_ types.Bool, a *answer) types.Bool { return types.BoolValue(a.SchemaProxyEndpoint != "") },
	},
	computedText("kafka.bootstrap_servers",
		func(file *streamkap.CredentialFile) any { return &file.Kafka.BootstrapServers },
		func(a *answer) types.String { return stringOrNull(a.KafkaProxyEndpoint) }),
	computedText("kafka.security_protocol",
		func(file *streamkap.CredentialFile) any { return &file.Kafka.SecurityProtocol },
		func(*answer) types.String { return types.StringValue(securityProtocol) }),
	computedText("kafka.sasl_mechanism",
		func(file *streamkap.CredentialFile) any { return &file.Kafka.SASLMechanism },
		func(*answer) types.String { return types.StringValue(saslMechanism) }),
	computedText("kafka.schema_registry_url",
		func(file *streamkap.CredentialFile) any { return &file.Kafka.SchemaRegistryURL },
		func(a *answer) types.String {
			if !a.into.Kafka.known.SchemaRegistry.ValueBool() {
				return types.StringNull()
			}
			return stringOrNull(a.SchemaProxyEndpoint)
		}),
	attribute[types.List]{
		row: row{
			name: "kafka.acl", members: []string{"kafka_acls"},
			clear: func(r *updateRequest) { r.KafkaACLs = streamkap.Null[[]streamkap.ACLRequest]() },
		},
		same:   sameRules,
		create: func(r *createRequest, rules types.List) { r.KafkaConfig.KafkaACLs = ruleRequests(rules) },
		patch: func(r *updateRequest, rules types.List) {
			r.KafkaACLs = streamkap.Value(ruleRequests(rules))
		},
		read: func(prior types.List, a *answer) types.List {
			before, _ := rulesFrom(prior)
			if now := inOrderOf(before, a.KafkaACLs); !slices.Equal(before, now) {
				return ruleList(now)
			}
			return prior
		},
		point: pointAtRule,
	},
}

var mcpFields = []field{
	attribute[types.String]{
		row: row{
			name: "mcp.tool_profile", members: []string{"tool_profile"},
			clear: func(r *updateRequest) { r.ToolProfile = streamkap.Value(neutralProfile) },
		},
		same:   sameProfile,
		create: func(r *createRequest, profile types.String) { r.ToolProfile = profile.ValueString() },
		file:   func(file *streamkap.CredentialFile) any { return &file.ToolProfile },
		patch: func(r *updateRequest, profile types.String) {
			r.ToolProfile = streamkap.Null[string]()
			if !profile.IsNull() {
				r.ToolProfile = streamkap.Value(profile.ValueString())
			}
		},
		read: func(prior types.String, a *answer) types.String {
			return unlessSame(prior, stringOrNull(restricting(string(a.ToolProfile))), sameProfile)
		},
	},
	toolList(
		"allowed_tools",
		func(r *createRequest) *[]string { return &r.AllowedTools },
		func(r *updateRequest) *streamkap.Field[[]string] { return &r.AllowedTools },
		func(key *streamkap.ProjectKey) []string { return key.AllowedTools },
		func(file *streamkap.CredentialFile) any { return &file.AllowedTools },
	),
	toolList(
		"blocked_tools",
		func(r *createRequest) *[]string { return &r.BlockedTools },
		func(r *updateRequest) *streamkap.Field[[]string] { return &r.BlockedTools },
		func(key *streamkap.ProjectKey) []string { return key.BlockedTools },
		func(file *streamkap.CredentialFile) any { return &file.BlockedTools },
	),
}

// toolList is a set of tools, which null clears.
func toolList(
	name string, create func(*createRequest) *[]string, patch func(*updateRequest) *streamkap.Field[[]string],
	shown func(*streamkap.ProjectKey) []string, file func(*streamkap.CredentialFile) any,
) attribute[types.Set] {
	return attribute[types.Set]{
		row: row{
			name: "mcp." + name, members: []string{name},
			clear: func(r *updateRequest) { *patch(r) = streamkap.Value([]string{}) },
		},
		same:   sameStrings,
		create: func(r *createRequest, tools types.Set) { *create(r) = stringsOf(tools) },
		file:   file,
		patch: func(r *updateRequest, tools types.Set) {
			*patch(r) = streamkap.Null[[]string]()
			if items := stringsOf(tools); len(items) > 0 {
				*patch(r) = streamkap.Value(items)
			}
		},
		read: func(prior types.Set, a *answer) types.Set {
			return unlessSame(prior, stringSet(shown(a.ProjectKey)), sameStrings)
		},
	}
}

func joined(addresses types.Set) string { return streamkap.AddressList(stringsOf(addresses)).String() }

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
