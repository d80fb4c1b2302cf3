// SPDX-License-Identifier: MPL-2.0

package simulator

// kafkaConfig is the member `kafka_config` of a creation or an update.
type kafkaConfig struct {
	username       string
	password       string
	whitelist      []string
	acls           []ACL
	schemaRegistry bool
}

// scope is the part of a request that says what the MCP server allows.
type scope struct {
	profile field[string]
	allowed field[[]string]
	blocked field[[]string]
}

// given tells whether the request restricts anything.
func (c scope) given() bool {
	return c.profile.given() || c.allowed.given() || c.blocked.given()
}

// createRequest is the body of `POST /project-keys`.
type createRequest struct {
	name          string
	description   string
	roleIDs       []string
	permissionIDs []string
	kafka         *kafkaConfig
	scope         scope
}

// updateRequest is the body of `PATCH /project-keys/{id}`.
type updateRequest struct {
	name          field[string]
	description   field[string]
	roleIDs       []string
	permissionIDs []string
	kafka         *kafkaConfig
	kafkaPassword field[string]
	acls          field[[]ACL]
	whitelist     field[string]
	scope         scope
}

var (
	nameLength      = length(1, 100)
	passwordLength  = length(12, 128)
	whitelistLength = length(0, 1000)
)

// readCreate reads the body of a creation and checks all that can be checked
// without looking at other keys.
func (s *Server) readCreate(f *form) createRequest {
	req := createRequest{
		name:          f.required("name").text(nameLength).value,
		description:   f.optional("description").text().value,
		roleIDs:       f.optional("role_ids").texts(1, s.isRole).value,
		permissionIDs: f.optional("permission_ids").texts(1).value,
		kafka:         s.readKafka(f.optional("kafka_config")),
		scope:         readScope(f),
	}
	api := f.raw("role_ids") != nil || f.raw("permission_ids") != nil
	f.excludes("role_ids", "permission_ids")
	if !api && f.raw("kafka_config") == nil && f.members != nil {
		f.fault("value_error", "Value error, a project key needs role_ids, permission_ids or kafka_config")
	}
	return req
}

// readUpdate reads the body of an update. Null means something only where a
// value can be cleared: a capability cannot, so null is refused there.
func (s *Server) readUpdate(f *form) updateRequest {
	req := updateRequest{
		name:          f.plain("name").text(nameLength),
		description:   f.optional("description").text(),
		roleIDs:       f.plain("role_ids").texts(1, s.isRole).value,
		permissionIDs: f.plain("permission_ids").texts(1).value,
		kafka:         s.readKafka(f.plain("kafka_config")),
		kafkaPassword: s.readPassword(f.plain("kafka_password")),
		acls:          readACLs(f.optional("kafka_acls")),
		whitelist:     f.optional("whitelist_ips").text(whitelistLength, isWhitelist),
		scope:         readScope(f),
	}
	f.excludes("role_ids", "permission_ids")
	if f.members != nil && len(f.members) == 0 {
		f.fault("value_error", "Value error, at least one field must be given")
	}
	return req
}

// excludes refuses two members that cannot stand together.
func (f *form) excludes(one, other string) {
	if f.raw(one) != nil && f.raw(other) != nil {
		f.fault("value_error", "Value error, "+one+" and "+other+" exclude each other")
	}
}

func (s *Server) readKafka(v value) *kafkaConfig {
	f := v.object()
	if f == nil {
		return nil
	}
	cfg := &kafkaConfig{
		username:       f.required("username").text(isUsername).value,
		password:       s.readPassword(f.required("password")).value,
		whitelist:      splitWhitelist(f.optional("whitelist_ips").text(whitelistLength, isWhitelist).value),
		acls:           readACLs(f.optional("kafka_acls")).value,
		schemaRegistry: f.plain("is_create_schema_registry").flag().value,
	}
	f.close()
	return cfg
}

// readPassword remembers the password before it is judged: a refused one is
// somebody's secret too.
func (s *Server) readPassword(v value) field[string] {
	return v.text(func(_ value, password string) { s.remember(password) }, passwordLength, hasAllKinds)
}

func readScope(f *form) scope {
	return scope{
		profile: f.optional("tool_profile").text(oneOf(toolProfiles...)),
		allowed: f.optional("allowed_tools").texts(0),
		blocked: f.optional("blocked_tools").texts(0),
	}
}
