// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Request is one entry of the log: what was asked and how it was answered.
type Request struct {
	Method    string
	Path      string
	Status    int             // what was answered, or would have been, had the connection not been dropped; 0 where nothing was done
	Body      json.RawMessage // of the request; nil when empty. A body that is not JSON is kept as a JSON string
	RequestID string          // the X-Request-Id of the answer
	Time      time.Time
	ClientID  string   // who asked, by token or by credentials; empty when refused
	Drop      DropKind // how a fault cut the answer off, if one did
}

// writes tells whether the request is one that changes something.
func (r Request) writes() bool {
	return r.Method != http.MethodGet && !strings.HasPrefix(r.Path, "/auth/")
}

// record adds a request to the log.
func (s *Server) record(a *answer, r *http.Request, body []byte) {
	entry := Request{
		Method:    r.Method,
		Path:      r.URL.Path,
		Status:    a.status,
		RequestID: a.header.Get("X-Request-Id"),
		Time:      time.Now(),
		ClientID:  a.clientID,
		Drop:      a.drop,
	}
	switch {
	case len(body) == 0:
	case json.Valid(body):
		entry.Body = bytes.Clone(body)
	default:
		entry.Body, _ = json.Marshal(string(body))
	}
	s.log = append(s.log, entry)
}

// Requests returns every request since the last reset, token exchanges (and the
// secrets in their bodies) included, in the order in which they were worked on.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

// Writes returns the requests that create, update or delete a key, refused
// ones included.
func (s *Server) Writes() []Request {
	return slices.DeleteFunc(s.Requests(), func(r Request) bool { return !r.writes() })
}

// ResetRequests empties the log.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.log = nil
}
