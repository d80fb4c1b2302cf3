// SPDX-License-Identifier: MPL-2.0

package simulator

import "net/http"

// updateAnswer is the answer to `PATCH /project-keys/{id}`: a summary, and the
// credentials of what was added.
type updateAnswer struct {
	keySummary
	NewAPICredentials   *apiCredentials   `json:"new_api_credentials"`
	NewKafkaCredentials *kafkaCredentials `json:"new_kafka_credentials"`
}

// updateKey answers `PATCH /project-keys/{id}`.
func (s *Server) updateKey(a *answer, r *http.Request, t *token) {
	f := readForm(r)
	req := s.readUpdate(f)
	if f.refused(a) {
		return
	}
	k := s.changeable(a, r, t)
	if k == nil {
		return
	}
	if detail := objection(k.Key, req); detail != "" {
		a.refuse(http.StatusBadRequest, detail)
		return
	}
	if req.name.given() && s.refuseName(a, k.ServiceID, req.name.value, k) || s.refuseGrant(a, t, req.roleIDs, req.permissionIDs) ||
		req.kafka != nil && s.refuseKafka(a, t, req.kafka) {
		return
	}
	k.before = new(k.Key)
	addedAPI := s.updateAPI(&k.Key, req)
	s.updateValues(&k.Key, req)
	if req.kafka != nil {
		k.addKafka(req.kafka)
		if delay := s.cfg.updateDelay(); delay > 0 {
			k.become(StatusCreating, delay, StatusActive)
		}
	}
	body := updateAnswer{keySummary: a.view.summary(k.Key)}
	if addedAPI {
		body.NewAPICredentials = a.view.apiCredentials(k.Key)
	}
	if req.kafka != nil {
		body.NewKafkaCredentials = a.view.kafkaCredentials(k.Key)
	}
	a.json(http.StatusOK, body)
}

// changeable finds the key that a write is about, or answers why it cannot be
// changed.
func (s *Server) changeable(a *answer, r *http.Request, t *token) *record {
	id := r.PathValue("id")
	k := s.ofTenant(id, t)
	switch {
	case k == nil, k.ServiceID != t.serviceID && s.cfg.Dialect.OtherProject == OtherMissing:
		a.refuseUnknown(id)
	case k.ServiceID != t.serviceID:
		a.refuse(http.StatusForbidden, otherProject)
	case r.Method == http.MethodDelete:
		return k
	case k.Status == StatusCreating, k.Status == StatusDeleting, k.Status == StatusDeleteFailed:
		a.refuse(http.StatusBadRequest, "A project key cannot be updated while its status is "+k.Status)
	default:
		return k
	}
	return nil
}

// objection says what a key is not in a state for.
func objection(k Key, req updateRequest) string {
	addsAPI := req.roleIDs != nil || req.permissionIDs != nil
	switch {
	case req.permissionIDs != nil && k.HasAPI():
		return "The permissions of existing API credentials cannot be changed"
	case req.kafka != nil && k.HasKafka():
		return "This project key has a Kafka user already"
	case req.kafkaPassword.given() && !k.HasKafka():
		return "This project key has no Kafka user whose password could be rotated"
	case (req.acls.given() || req.whitelist.given()) && !k.HasKafka():
		return "This project key has no Kafka access to change; send kafka_config to add it"
	case req.scope.given() && !k.HasAPI() && !addsAPI:
		return noScope
	default:
		return ""
	}
}

// updateAPI changes a key's roles, and tells whether that gave it API access.
func (s *Server) updateAPI(k *Key, req updateRequest) (added bool) {
	switch {
	case req.roleIDs != nil:
		k.RoleIDs, k.PermissionIDs = req.roleIDs, nil
	case req.permissionIDs != nil:
		k.PermissionIDs = req.permissionIDs
	default:
		return false
	}
	if k.HasAPI() {
		return false
	}
	s.addAPI(k)
	return true
}

// updateValues makes the plain changes.
func (s *Server) updateValues(k *Key, req updateRequest) {
	clearing := s.cfg.Dialect.Clearing
	if req.name.given() {
		k.Name = req.name.value
	}
	if req.kafkaPassword.given() {
		k.KafkaPassword = req.kafkaPassword.value
		k.PasswordRotations++
	}
	if text, changed := clearing.text(req.description); changed {
		k.Description = text
	}
	if text, changed := clearing.text(req.whitelist); changed {
		k.WhitelistIPs = splitWhitelist(text)
	}
	if acls, changed := clearList(clearing, req.acls); changed {
		k.ACLs = acls
	}
	clearing.scope(k, req.scope)
}
