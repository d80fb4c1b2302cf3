// SPDX-License-Identifier: MPL-2.0

package simulator

import "net/http"

// deleteKey answers `DELETE /project-keys/{id}`; the same call is the retry of
// a deletion that failed. The key's credentials stop working at once.
func (s *Server) deleteKey(a *answer, r *http.Request, t *token) {
	k := s.changeable(a, r, t)
	if k == nil {
		return
	}
	if k.Status != StatusDeleting {
		s.beginDeletion(k)
	}
	switch s.cfg.Dialect.DeleteAnswer {
	case Delete200Body:
		a.json(http.StatusOK, map[string]string{"id": k.ID, "message": "Project key deletion accepted"})
	case Delete202:
		a.json(http.StatusAccepted, map[string]string{"id": k.ID, "status": a.view.status(StatusDeleting)})
	case Delete204:
		a.status = http.StatusNoContent
	default:
		a.status = http.StatusOK
	}
}

// beginDeletion sends a key on its way out (row 6).
func (s *Server) beginDeletion(k *record) {
	s.revokeKey(k.ID)
	k.deletions++
	outcome := gone
	switch s.cfg.Dialect.DeleteTiming {
	case DeleteFailedForever:
		outcome = StatusDeleteFailed
	case DeleteFailedOnce:
		if k.deletions <= s.cfg.DeleteFailures {
			outcome = StatusDeleteFailed
		}
	}
	k.become(StatusDeleting, s.cfg.deleteDelay(), outcome)
	s.settle()
}
