// SPDX-License-Identifier: MPL-2.0

package simulator

import "net/http"

// request is the body of `POST /project-keys` or `PATCH /project-keys/{id}`.
type request struct {
	name          field[string]
	roleIDs       []string
	permissionIDs []string
	kafka         *kafkaConfig  // gives the key a Kafka user
	kafkaPassword field[string] // replaces the one it has
	changes       []change
}

// kafkaConfig is the member `kafka_config`.
type kafkaConfig struct {
	username       string
	password       string
	schemaRegistry bool
	changes        []change
}

var (
	nameLength      = length(1, 100)
	passwordLength  = length(12, 128)
	whitelistLength = length(0, 1000)
)

// readCreate reads the body of a creation and checks all that can be checked
// without looking at other keys.
func (s *Server) readCreate(f *form) request {
	req := request{
		name:          f.required("name").text(nameLength),
		roleIDs:       f.optional("role_ids").texts(1, s.isRole).value,
		permissionIDs: f.optional("permission_ids").texts(1).value,
		kafka:         s.readKafka(f.optional("kafka_config")),
		changes:       s.readAttributes(f, anyKey, apiAccess),
	}
	f.excludes("role_ids", "permission_ids")
	if f.raw("role_ids") == nil && f.raw("permission_ids") == nil && f.raw("kafka_config") == nil && f.members != nil {
		f.fault("value_error", "Value error, a project key needs role_ids, permission_ids or kafka_config")
	}
	return req
}

// readUpdate reads the body of an update. Null means something only where a
// value can be cleared: a capability cannot, so null is refused there.
func (s *Server) readUpdate(f *form) request {
	req := request{
		name:          f.plain("name").text(nameLength),
		roleIDs:       f.plain("role_ids").texts(1, s.isRole).value,
		permissionIDs: f.plain("permission_ids").texts(1).value,
		kafka:         s.readKafka(f.plain("kafka_config")),
		kafkaPassword: s.readPassword(f.plain("kafka_password")),
		changes:       s.readAttributes(f, anyKey, apiAccess, kafkaAccess),
	}
	f.excludes("role_ids", "permission_ids")
	if f.members != nil && len(f.members) == 0 {
		f.fault("value_error", "Value error, at least one field must be given")
	}
	return req
}

func (s *Server) readKafka(v value) *kafkaConfig {
	f := v.object()
	if f == nil {
		return nil
	}
	cfg := &kafkaConfig{
		username:       f.required("username").text(isUsername).value,
		password:       s.readPassword(f.required("password")).value,
		schemaRegistry: f.plain("is_create_schema_registry").flag().value,
		changes:        s.readAttributes(f, kafkaAccess),
	}
	f.close()
	return cfg
}

// readPassword remembers the password before it is judged: a refused one is
// somebody's secret too.
func (s *Server) readPassword(v value) field[string] {
	return v.text(func(_ value, password string) { s.remember(password) }, passwordLength, hasAllKinds)
}

func (req request) addsAPI() bool { return req.roleIDs != nil || req.permissionIDs != nil }

// gives tells whether a request gives a value to an attribute of this access.
func (req request) gives(of access) bool {
	for _, c := range req.changes {
		if c.of == of && c.given {
			return true
		}
	}
	return false
}

// refusal says why a request in good form is refused all the same, for a key
// of the caller's project or a new one. The status is 0 where it is not.
func (s *Server) refusal(t *token, r *record, req request) (status int, detail string) {
	if detail := req.objection(r.Key); detail != "" {
		return http.StatusBadRequest, detail
	}
	if status, detail := s.nameTaken(t, r, req); status != 0 {
		return status, detail
	}
	// Row 22: nobody can hand out what they may not do themselves.
	for _, permission := range s.cfg.permissions(Key{RoleIDs: req.roleIDs, PermissionIDs: req.permissionIDs}) {
		if s.cfg.Dialect.Granting == GrantOwn && !t.may(permission) {
			return http.StatusForbidden, "Permissions that you do not have cannot be granted: " + permission
		}
	}
	if req.kafka == nil {
		return 0, ""
	}
	if s.cfg.KafkaUnavailable {
		return http.StatusBadRequest, "Kafka access requires an AWS-hosted project with a dedicated namespace"
	}
	for _, other := range s.records {
		if other.ServiceID == t.serviceID && other.KafkaUsername == req.kafka.username {
			return http.StatusConflict, "Kafka username '" + req.kafka.username + "' is already used in this project"
		}
	}
	return 0, ""
}

// objection says what a key is not in a state for.
func (req request) objection(k Key) string {
	switch {
	case req.permissionIDs != nil && k.HasAPI():
		return "The permissions of existing API credentials cannot be changed"
	case req.kafka != nil && k.HasKafka():
		return "This project key has a Kafka user already"
	case req.kafkaPassword.given() && !k.HasKafka():
		return "This project key has no Kafka user whose password could be rotated"
	case req.gives(kafkaAccess) && !k.HasKafka():
		return "This project key has no Kafka access to change; send kafka_config to add it"
	case req.gives(apiAccess) && !k.HasAPI() && !req.addsAPI():
		return "MCP tool scoping needs API access: a Kafka-only key has none"
	default:
		return ""
	}
}

// nameTaken refuses a name that another key of the project has (row 20). A key
// has its name until it is gone, as it has its Kafka username.
func (s *Server) nameTaken(t *token, r *record, req request) (status int, detail string) {
	for _, other := range s.records {
		if other == r || other.ServiceID != t.serviceID || !req.name.given() || other.Name != req.name.value {
			continue
		}
		switch s.cfg.Dialect.SameName {
		case SameName409:
			return http.StatusConflict, "A project key with this name already exists"
		case SameName422:
			return http.StatusUnprocessableEntity, "Project key '" + other.Name + "' already exists"
		}
	}
	return 0, ""
}

// apply changes a key as a request asks, and tells whether that gave it API access.
func (s *Server) apply(k *Key, req request) (addedAPI bool) {
	if req.name.given() {
		k.Name = req.name.value
	}
	if req.addsAPI() {
		k.RoleIDs, k.PermissionIDs = req.roleIDs, req.permissionIDs
		if addedAPI = !k.HasAPI(); addedAPI {
			k.APIClientID, k.APISecret = newUUID(), ClientSecretPrefix+newUUID()
			s.remember(k.APISecret)
		}
	}
	if req.kafkaPassword.given() {
		k.KafkaPassword = req.kafkaPassword.value
		k.PasswordRotations++
	}
	changes := req.changes
	if req.kafka != nil {
		k.KafkaUsername, k.KafkaPassword, k.SchemaRegistry = req.kafka.username, req.kafka.password, req.kafka.schemaRegistry
		changes = append(changes, req.kafka.changes...)
	}
	for _, c := range changes {
		c.make(k)
	}
	return addedAPI
}
