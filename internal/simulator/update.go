// SPDX-License-Identifier: MPL-2.0

package simulator

import "net/http"

// updateKey answers `PATCH /project-keys/{id}`: with a summary, and with the
// credentials of what was added.
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
	if status, detail := s.refusal(t, k, req); status != 0 {
		a.refuse(status, detail)
		return
	}
	k.before = new(k.Key)
	addedAPI := s.apply(&k.Key, req)
	if delay := s.cfg.updateDelay(); req.kafka != nil && delay > 0 {
		k.become(StatusCreating, delay, StatusActive)
	}
	body := a.view.summary(k.Key)
	body["new_api_credentials"], body["new_kafka_credentials"] = nil, nil
	if addedAPI {
		body["new_api_credentials"] = a.view.apiCredentials(k.Key)
	}
	if req.kafka != nil {
		body["new_kafka_credentials"] = a.view.kafkaCredentials(k.Key)
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
