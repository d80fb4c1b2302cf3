// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"time"
)

// createKey answers `POST /project-keys`. The key lands in the project of the
// token. There is no idempotency key: the same request again makes another key.
func (s *Server) createKey(a *answer, r *http.Request, t *token) {
	body, ok := a.checked(r, func(v value) { s.isCreation(v) })
	if !ok {
		return
	}
	req := readRequest(body)
	k := &record{Key: Key{
		ID: newUUID(), ServiceID: t.serviceID, CreatedAt: time.Now().UTC().Truncate(time.Microsecond), CreatedBy: t.clientID,
	}}
	if status, detail := s.refusal(t, k, req); status != 0 {
		a.refuse(status, detail)
		return
	}
	s.apply(&k.Key, req)
	s.provision(k)
	code := http.StatusOK
	if s.cfg.Dialect.CreateCode == "201" {
		code = http.StatusCreated
	}
	a.json(code, a.view.credentialFile(k.Key))
}

// provision puts a new key into the store (rows 4 and 5).
func (s *Server) provision(k *record) {
	k.Status = StatusActive
	if s.cfg.Dialect.CreateOutcome == "failed" {
		k.Status = StatusFailed
	}
	if delay := s.cfg.createDelay(); delay > 0 {
		k.become(StatusCreating, delay, k.Status)
	}
	if s.cfg.Dialect.CreateTiming == "not-found-first" {
		k.hiddenReads = s.cfg.NotFoundReads
	}
	s.records = append(s.records, k)
}

// updateKey answers `PATCH /project-keys/{id}`: with a summary, and with the
// credentials of what was added.
func (s *Server) updateKey(a *answer, r *http.Request, t *token) {
	body, ok := a.checked(r, s.isUpdate)
	if !ok {
		return
	}
	req := readRequest(body)
	k := s.keyOf(a, r, t)
	if k == nil {
		return
	}
	if status, detail := s.refusal(t, k, req); status != 0 {
		a.refuse(status, detail)
		return
	}
	k.before = new(k.Key)
	addedAPI := s.apply(&k.Key, req)
	if delay := s.cfg.updateDelay(); req.Kafka != nil && delay > 0 {
		k.become(StatusCreating, delay, StatusActive)
	}
	summary := a.view.summary(k.Key)
	summary["new_api_credentials"], summary["new_kafka_credentials"] = nil, nil
	if addedAPI {
		summary["new_api_credentials"] = a.view.apiCredentials(k.Key)
	}
	if req.Kafka != nil {
		summary["new_kafka_credentials"] = a.view.kafkaCredentials(k.Key)
	}
	a.json(http.StatusOK, summary)
}

// deleteKey answers `DELETE /project-keys/{id}`; the same call is the retry of
// a deletion that failed. The key's credentials stop working at once.
func (s *Server) deleteKey(a *answer, r *http.Request, t *token) {
	k := s.keyOf(a, r, t)
	if k == nil {
		return
	}
	if k.Status != StatusDeleting {
		s.beginDeletion(k)
	}
	switch s.cfg.Dialect.DeleteAnswer {
	case "200-body":
		a.json(http.StatusOK, object{"id": k.ID, "message": "Project key deletion accepted"})
	case "202":
		a.json(http.StatusAccepted, object{"id": k.ID, "status": a.view.status(StatusDeleting)})
	case "204":
		a.status = http.StatusNoContent
	}
}

// beginDeletion sends a key on its way out (row 6).
func (s *Server) beginDeletion(k *record) {
	s.revokeKey(k.ID)
	k.deletions++
	outcome := gone
	switch s.cfg.Dialect.DeleteTiming {
	case "failed-forever":
		outcome = StatusDeleteFailed
	case "failed-once":
		if k.deletions <= s.cfg.DeleteFailures {
			outcome = StatusDeleteFailed
		}
	}
	k.become(StatusDeleting, s.cfg.deleteDelay(), outcome)
	s.settle()
}
