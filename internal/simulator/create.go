// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"time"
)

// createKey answers `POST /project-keys`. The key lands in the project of the
// token. There is no idempotency key: the same request again makes another key.
func (s *Server) createKey(a *answer, r *http.Request, t *token) {
	f := readForm(r)
	req := s.readCreate(f)
	if f.refused(a) {
		return
	}
	if req.scope.given() && req.roleIDs == nil && req.permissionIDs == nil {
		a.refuse(http.StatusBadRequest, noScope)
		return
	}
	if s.refuseName(a, t.serviceID, req.name, nil) || s.refuseGrant(a, t, req.roleIDs, req.permissionIDs) ||
		req.kafka != nil && s.refuseKafka(a, t, req.kafka) {
		return
	}
	k := Key{
		ID:            newUUID(),
		ServiceID:     t.serviceID,
		Name:          req.name,
		Description:   req.description,
		CreatedAt:     time.Now().UTC().Truncate(time.Microsecond),
		CreatedBy:     t.clientID,
		RoleIDs:       req.roleIDs,
		PermissionIDs: req.permissionIDs,
	}
	s.cfg.Dialect.Clearing.scope(&k, req.scope)
	if req.roleIDs != nil || req.permissionIDs != nil {
		s.addAPI(&k)
	}
	if req.kafka != nil {
		k.addKafka(req.kafka)
	}
	s.provision(k)
	code := http.StatusOK
	if s.cfg.Dialect.CreateCode == Create201 {
		code = http.StatusCreated
	}
	a.json(code, a.view.credentialFile(k))
}

// provision puts a new key into the store (rows 4 and 5).
func (s *Server) provision(k Key) {
	r := &record{Key: k}
	outcome := StatusActive
	if s.cfg.Dialect.CreateOutcome == CreateFailed {
		outcome = StatusFailed
	}
	if delay := s.cfg.createDelay(); delay > 0 {
		r.become(StatusCreating, delay, outcome)
	} else {
		r.Status = outcome
	}
	if s.cfg.Dialect.CreateTiming == CreateNotFoundFirst {
		r.hiddenReads = s.cfg.NotFoundReads
	}
	s.records = append(s.records, r)
}

// noScope is why MCP scoping is refused on a key without API access.
const noScope = "MCP tool scoping needs API access: a Kafka-only key has none"

// addAPI gives a key credentials for the API.
func (s *Server) addAPI(k *Key) {
	k.APIClientID, k.APISecret = newUUID(), newClientSecret()
	s.remember(k.APISecret)
}

// addKafka gives a key a Kafka user.
func (k *Key) addKafka(cfg *kafkaConfig) {
	k.KafkaUsername, k.KafkaPassword = cfg.username, cfg.password
	k.ACLs, k.WhitelistIPs, k.SchemaRegistry = cfg.acls, cfg.whitelist, cfg.schemaRegistry
}

// refuseName refuses a name that another key of the project has (row 20). A key
// has its name until it is gone, as it has its Kafka username.
func (s *Server) refuseName(a *answer, serviceID, name string, renamed *record) bool {
	if s.cfg.Dialect.SameName.accepts() {
		return false
	}
	for _, r := range s.records {
		if r == renamed || r.ServiceID != serviceID || r.Name != name {
			continue
		}
		if s.cfg.Dialect.SameName == SameName409 {
			a.refuse(http.StatusConflict, "A project key with this name already exists")
		} else {
			a.refuse(http.StatusUnprocessableEntity, "Project key '"+name+"' already exists")
		}
		return true
	}
	return false
}

// refuseGrant refuses to hand out what the caller may not do (row 22).
func (s *Server) refuseGrant(a *answer, t *token, roleIDs, permissionIDs []string) bool {
	if s.cfg.Dialect.Granting != GrantOwn {
		return false
	}
	for _, permission := range s.cfg.permissions(Key{RoleIDs: roleIDs, PermissionIDs: permissionIDs}) {
		if !t.may(permission) {
			a.refuse(http.StatusForbidden, "Permissions that you do not have cannot be granted: "+permission)
			return true
		}
	}
	return false
}

// refuseKafka refuses Kafka access where the project cannot have it, or has a
// user of that name.
func (s *Server) refuseKafka(a *answer, t *token, cfg *kafkaConfig) bool {
	if s.cfg.KafkaUnavailable {
		a.refuse(http.StatusBadRequest, "Kafka access requires an AWS-hosted project with a dedicated namespace")
		return true
	}
	for _, r := range s.records {
		if r.ServiceID == t.serviceID && r.KafkaUsername == cfg.username {
			a.refuse(http.StatusConflict, "Kafka username '"+cfg.username+"' is already used in this project")
			return true
		}
	}
	return false
}
