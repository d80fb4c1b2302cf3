// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
)

// request is the body of `POST /project-keys` or `PATCH /project-keys/{id}`.
type request struct {
	Name          *string      `json:"name"`
	RoleIDs       []string     `json:"role_ids"`
	PermissionIDs []string     `json:"permission_ids"`
	Kafka         *kafkaConfig `json:"kafka_config"`   // gives the key a Kafka user
	KafkaPassword *string      `json:"kafka_password"` // replaces the one it has

	sent      map[string]json.RawMessage // all members, with the attributes
	kafkaSent map[string]json.RawMessage
}

// kafkaConfig is the member `kafka_config`.
type kafkaConfig struct {
	Username       string `json:"username"`
	Password       string `json:"password"`
	SchemaRegistry bool   `json:"is_create_schema_registry"`
}

// readRequest decodes a body that was checked, so that nothing in it has the
// wrong type.
func readRequest(body json.RawMessage) (req request) {
	_ = json.Unmarshal(body, &req)
	_ = json.Unmarshal(body, &req.sent)
	_ = json.Unmarshal(req.sent["kafka_config"], &req.kafkaSent)
	return req
}

// isCreation accepts the body of a creation, as far as that can be told without
// looking at other keys. There may be further members.
func (s *Server) isCreation(v value, further ...member) {
	given := v.object(slices.Concat([]member{
		required("name", text(length(1, 100))),
		optional("role_ids", list(1, text(length(1, 0), s.isRole))),
		optional("permission_ids", list(1, someText)),
		optional("kafka_config", s.isKafkaConfig),
	}, attributesOf(anyKey), attributesOf(apiAccess), further)...)
	v.excludes("role_ids", "permission_ids")
	if given != nil && given["role_ids"] == nil && given["permission_ids"] == nil && given["kafka_config"] == nil {
		v.invalid("a project key needs role_ids, permission_ids or kafka_config")
	}
}

// isUpdate accepts the body of an update. Null means something only where a
// value can be cleared: a capability cannot, so null is refused there.
func (s *Server) isUpdate(v value) {
	given := v.object(slices.Concat([]member{
		plain("name", text(length(1, 100))),
		plain("role_ids", list(1, text(length(1, 0), s.isRole))),
		plain("permission_ids", list(1, someText)),
		plain("kafka_config", s.isKafkaConfig),
		plain("kafka_password", s.password()),
	}, attributesOf(anyKey), attributesOf(apiAccess), attributesOf(kafkaAccess))...)
	v.excludes("role_ids", "permission_ids")
	if given != nil && len(given) == 0 {
		v.invalid("at least one field must be given")
	}
}

func (s *Server) isKafkaConfig(v value) {
	v.object(append(attributesOf(kafkaAccess),
		required("username", text(isUsername)),
		required("password", s.password()),
		plain("is_create_schema_registry", boolean),
	)...)
}

func (s *Server) password() check { return text(s.isSecret, length(12, 128), hasAllKinds) }

func (req request) addsAPI() bool { return req.RoleIDs != nil || req.PermissionIDs != nil }

// gives tells whether a request gives a value to an attribute of this access.
func (req request) gives(of access) bool {
	return slices.ContainsFunc(attributes, func(a attribute) bool {
		sent := req.sent[a.member]
		return a.of == of && sent != nil && string(sent) != "null"
	})
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
	for _, permission := range s.cfg.permissions(Key{RoleIDs: req.RoleIDs, PermissionIDs: req.PermissionIDs}) {
		if s.cfg.Dialect.Granting == "own" && !t.may(permission) {
			return http.StatusForbidden, "Permissions that you do not have cannot be granted: " + permission
		}
	}
	if req.Kafka == nil {
		return 0, ""
	}
	if s.cfg.KafkaUnavailable {
		return http.StatusBadRequest, "Kafka access requires an AWS-hosted project with a dedicated namespace"
	}
	for _, other := range s.records {
		if other.ServiceID == t.serviceID && other.KafkaUsername == req.Kafka.Username {
			return http.StatusConflict, "Kafka username '" + req.Kafka.Username + "' is already used in this project"
		}
	}
	return 0, ""
}

// objection says what a key is not in a state for.
func (req request) objection(k Key) string {
	switch {
	case req.PermissionIDs != nil && k.HasAPI():
		return "The permissions of existing API credentials cannot be changed"
	case req.Kafka != nil && k.HasKafka():
		return "This project key has a Kafka user already"
	case req.KafkaPassword != nil && !k.HasKafka():
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
		if other == r || other.ServiceID != t.serviceID || req.Name == nil || other.Name != *req.Name {
			continue
		}
		switch s.cfg.Dialect.SameName {
		case "409":
			return http.StatusConflict, "A project key with this name already exists"
		case "422":
			return http.StatusUnprocessableEntity, "Project key '" + other.Name + "' already exists"
		}
	}
	return 0, ""
}

// apply changes a key as a request asks, and tells whether that gave it API access.
func (s *Server) apply(k *Key, req request) (addedAPI bool) {
	if req.Name != nil {
		k.Name = *req.Name
	}
	if req.addsAPI() {
		k.RoleIDs, k.PermissionIDs = req.RoleIDs, req.PermissionIDs
		if addedAPI = !k.HasAPI(); addedAPI {
			k.APIClientID, k.APISecret = newUUID(), ClientSecretPrefix+newUUID()
			s.remember(k.APISecret)
		}
	}
	if req.KafkaPassword != nil {
		k.KafkaPassword = *req.KafkaPassword
		k.PasswordRotations++
	}
	if req.Kafka != nil {
		k.KafkaUsername, k.KafkaPassword, k.SchemaRegistry = req.Kafka.Username, req.Kafka.Password, req.Kafka.SchemaRegistry
	}
	for _, a := range attributes {
		a.set(k, req.sent[a.member], s.cfg.Dialect.Clearing)
		a.set(k, req.kafkaSent[a.member], s.cfg.Dialect.Clearing)
	}
	return addedAPI
}
