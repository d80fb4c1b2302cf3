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
	if s.cfg.Dialect.CreateCode == Create201 {
		code = http.StatusCreated
	}
	a.json(code, a.view.credentialFile(k.Key))
}

// provision puts a new key into the store (rows 4 and 5).
func (s *Server) provision(k *record) {
	k.Status = StatusActive
	if s.cfg.Dialect.CreateOutcome == CreateFailed {
		k.Status = StatusFailed
	}
	if delay := s.cfg.createDelay(); delay > 0 {
		k.become(StatusCreating, delay, k.Status)
	}
	if s.cfg.Dialect.CreateTiming == CreateNotFoundFirst {
		k.hiddenReads = s.cfg.NotFoundReads
	}
	s.records = append(s.records, k)
}
