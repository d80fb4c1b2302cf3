// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"time"
)

// client is a pair of credentials that belongs to no key.
type client struct {
	secret      string
	serviceID   string // empty for the Config's own project
	permissions []string
}

// token is an access token and the refresh token issued with it, which nothing
// here takes. The permissions are those of the moment it was issued: "role
// changes take effect when existing access tokens expire".
type token struct {
	access      string
	refresh     string
	expires     time.Time
	clientID    string
	serviceID   string // of the project that the token is for
	keyID       string // of the key whose credentials were exchanged, if any
	permissions []string
}

// everything is the permission of administrators.
const everything = "*"

func (t *token) may(permission string) bool {
	return slices.Contains(t.permissions, permission) || slices.Contains(t.permissions, everything)
}

// ReadOnlyCredentials returns credentials that may read keys and nothing else:
// with them writes and the list of roles are answered 403.
func (s *Server) ReadOnlyCredentials() (clientID, secret string) {
	return readOnlyClientID, readOnlySecret
}

// AddClient makes credentials with the given permissions, apart from any key,
// in the Config's own project.
func (s *Server) AddClient(clientID, secret string, permissions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients[clientID] = client{secret, "", slices.Clone(permissions)}
	s.remember(secret)
}

// RevokeTokens makes every token issued so far worthless.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens = nil
}

// revokeKey makes the tokens of one key worthless.
func (s *Server) revokeKey(id string) {
	s.tokens = slices.DeleteFunc(s.tokens, func(t *token) bool { return t.keyID == id })
}

// authenticate checks credentials and returns a token without its secrets, or
// nil. A key's credentials work from its creation until its deletion begins.
func (s *Server) authenticate(clientID, secret string) *token {
	if c, ok := s.clients[clientID]; ok && c.secret == secret {
		return &token{clientID: clientID, serviceID: cmp.Or(c.serviceID, s.cfg.ServiceID), permissions: c.permissions}
	}
	for _, r := range s.records {
		if !r.HasAPI() || r.APIClientID != clientID || r.APISecret != secret {
			continue
		}
		if r.Status == StatusDeleting || r.Status == StatusDeleteFailed {
			return nil
		}
		r.LastUsedAt = time.Now().UTC()
		return &token{clientID: clientID, serviceID: r.ServiceID, keyID: r.ID, permissions: s.cfg.permissions(r.Key)}
	}
	return nil
}

// authorized lets a request through with a valid token that has the
// permission; an empty permission asks for none.
func (s *Server) authorized(permission string, next func(*answer, *http.Request, *token)) handler {
	return func(a *answer, r *http.Request) {
		t := s.bearer(r)
		if t == nil {
			a.header.Set("WWW-Authenticate", "Bearer")
			a.refuse(http.StatusUnauthorized, "Invalid or expired token")
			return
		}
		a.clientID = t.clientID
		if permission != "" && !t.may(permission) {
			a.refuse(http.StatusForbidden, "Missing permission: "+permission)
			return
		}
		next(a, r, t)
	}
}

// bearer returns the valid token that a request carries, or nil.
func (s *Server) bearer(r *http.Request) *token {
	access, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || access == "" {
		return nil
	}
	for _, t := range s.tokens {
		if t.access == access && time.Now().Before(t.expires) {
			return t
		}
	}
	return nil
}

// whoami answers `GET /auth/whoami`.
func (s *Server) whoami(a *answer, _ *http.Request, t *token) {
	a.json(http.StatusOK, object{
		"tenant_id":      s.cfg.project(t.serviceID).TenantID,
		"service_id":     t.serviceID,
		"sub":            t.clientID,
		"token_type":     "tenantApiToken",
		"project_key_id": a.view.text(t.keyID),
	})
}
