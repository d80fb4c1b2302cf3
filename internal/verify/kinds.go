// SPDX-License-Identifier: MPL-2.0

package verify

import "slices"

// objectKind is a kind of object in answers: its members in the contract.
type objectKind struct {
	name string
	// required are the members that are always there.
	required []string
	// members are all that the contract names. Where a kind is closed, others
	// are members that nobody has heard of.
	members []string
	closed  bool
	in      func(answer) []value
}

// The members of the sections of a credential file that a client relies on.
var (
	credentialsAPI   = []string{"client_id", "client_secret", "token_endpoint", "api_url"}
	credentialsKafka = []string{
		"username", "password", "bootstrap_servers", "security_protocol", "sasl_mechanism", "schema_registry_url",
	}
)

var (
	summaryMembers = []string{
		"id", "name", "service_id", "status", "description", "created_at", "created_by_user", "api_client_id",
		"api_client_id_masked_secret", "kafka_username", "roles", "last_used_at", "tool_profile", "allowed_tools", "blocked_tools",
	}
	detailMembers = append(slices.Clone(summaryMembers),
		"kafka_acls", "whitelist_ips", "kafka_proxy_endpoint", "schema_proxy_endpoint", "token_ttl_seconds")
	mcpMembers  = []string{"project_key_id", "tenant_id", "service_id", "kafka_username", "tool_profile", "allowed_tools", "blocked_tools"}
	fileMembers = []string{
		"type", "project_key_id", "project", "api", "kafka", "kafka_acls", "tool_profile", "allowed_tools", "blocked_tools",
		"created_at", "created_by",
	}
	whoamiMembers = []string{"tenant_id", "service_id", "sub", "token_type", "project_key_id"}
)

// kinds is every object that the contract describes.
var kinds = []objectKind{
	{
		name: "token", closed: true, in: at("/auth/access-token"),
		members: []string{"accessToken", "refreshToken", "expires", "expiresIn", "access_token", "refresh_token", "expires_in"},
	},
	{name: "whoami", closed: true, required: []string{"tenant_id", "service_id", "sub", "token_type"}, members: whoamiMembers, in: at("/auth/whoami")},
	{name: "role", required: []string{"id", "key", "name", "description", "permissions"}, in: rolesIn},
	{
		name: "key", closed: true, required: []string{"id", "name", "service_id", "status"}, in: keysIn,
		members: append(slices.Clone(detailMembers), "new_api_credentials", "new_kafka_credentials"),
	},
	{name: "user", required: []string{"id", "email", "name"}, in: inner(keysIn, "created_by_user")},
	{name: "rule", closed: true, members: []string{"name", "topic_name", "operation", "resource", "resource_pattern_type"}, in: rulesIn},
	{name: "mcp-config", closed: true, required: mcpMembers, members: mcpMembers, in: at(pathMCP)},
	{name: "file", closed: true, required: fileMembers, members: fileMembers, in: filesIn},
	{name: "project", closed: true, required: []string{"service_id", "name"}, members: []string{"service_id", "name"}, in: inner(filesIn, "project")},
	{name: "api", closed: true, required: credentialsAPI, members: append(slices.Clone(credentialsAPI), "roles"), in: credentialsIn("api", "new_api_credentials")},
	{name: "kafka", closed: true, required: credentialsKafka, members: credentialsKafka, in: credentialsIn("kafka", "new_kafka_credentials")},
	{name: "error", closed: true, required: []string{"detail"}, members: []string{"detail"}, in: errorsIn},
	{name: "problem", closed: true, required: []string{"loc", "msg", "type"}, members: []string{"loc", "msg", "type", "input", "ctx"}, in: problemsIn},
}

// objects are the objects of a kind in all answers, by the name of the kind.
func (s *sight) objects(name string) []value {
	i := slices.IndexFunc(kinds, func(kind objectKind) bool { return kind.name == name })
	var found []value
	for _, a := range s.answers {
		if !a.clear() {
			continue
		}
		for _, object := range kinds[i].in(a) {
			if object.isObject() {
				found = append(found, object)
			}
		}
	}
	return found
}

// at takes the answers to a path that were no refusals.
func at(path string) func(answer) []value {
	return func(a answer) []value {
		if a.path != path || !a.ok() {
			return nil
		}
		return []value{a.body}
	}
}

func keysIn(a answer) []value {
	switch {
	case !a.ok() || a.method == "DELETE":
		return nil
	case a.path == pathKeys && a.method == "GET":
		return a.body.items()
	case a.path == pathKey:
		return []value{a.body}
	default:
		return nil
	}
}

func rolesIn(a answer) []value {
	if a.path == "/auth/roles" && a.ok() {
		return a.body.items()
	}
	var roles []value
	for _, key := range keysIn(a) {
		roles = append(roles, key.at("roles").items()...)
	}
	return roles
}

func filesIn(a answer) []value {
	if a.path != pathKeys || a.method != "POST" || !a.ok() {
		return nil
	}
	return []value{a.body}
}

func rulesIn(a answer) []value {
	var rules []value
	for _, object := range append(keysIn(a), filesIn(a)...) {
		rules = append(rules, object.at("kafka_acls").items()...)
	}
	return rules
}

// inner takes a member of other objects.
func inner(outer func(answer) []value, name string) func(answer) []value {
	return func(a answer) []value {
		var found []value
		for _, object := range outer(a) {
			found = append(found, object.at(name))
		}
		return found
	}
}

func credentialsIn(section, added string) func(answer) []value {
	inFile, inUpdate := inner(filesIn, section), inner(keysIn, added)
	return func(a answer) []value { return append(inFile(a), inUpdate(a)...) }
}

func errorsIn(a answer) []value {
	if a.status < 400 {
		return nil
	}
	return []value{a.body}
}

func problemsIn(a answer) []value {
	var problems []value
	for _, object := range errorsIn(a) {
		problems = append(problems, object.at("detail").items()...)
	}
	return problems
}
