// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

// client is a pair of credentials that belongs to no key and is not an
// administrator's.
type client struct {
	secret      string
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

// AddClient makes credentials with the given permissions, apart from any key,
// in the Config's own project.
func (s *Server) AddClient(clientID, secret string, permissions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clients[clientID] = client{secret, slices.Clone(permissions)}
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
		return &token{clientID: clientID, serviceID: s.cfg.ServiceID, permissions: c.permissions}
	}
	for _, p := range s.cfg.projects() {
		if p.ClientID == clientID && p.Secret == secret {
			return &token{clientID: clientID, serviceID: p.ServiceID, permissions: []string{everything}}
		}
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

// exchangeCredentials answers `POST /auth/access-token`: a client id and
// secret, or a whole credential file, for a token.
func (s *Server) exchangeCredentials(a *answer, r *http.Request) {
	body, ok := a.checked(r, s.isExchange)
	if !ok {
		return
	}
	var sent struct {
		ClientID   string          `json:"client_id"`
		Secret     string          `json:"secret"`
		ProjectKey json.RawMessage `json:"project_key"`
	}
	_ = json.Unmarshal(body, &sent)
	if sent.ProjectKey != nil && string(sent.ProjectKey) != "null" {
		var useless string
		if sent.ClientID, sent.Secret, useless = readCredentialFile(sent.ProjectKey); useless != "" {
			a.refuse(http.StatusBadRequest, useless)
			return
		}
		s.remember(sent.Secret)
	}
	t := s.authenticate(sent.ClientID, sent.Secret)
	if t == nil {
		a.refuse(http.StatusUnauthorized, "Invalid credentials")
		return
	}
	t.access, t.refresh, t.expires = AccessTokenPrefix+newUUID(), RefreshTokenPrefix+newUUID(), time.Now().Add(s.cfg.TokenLifetime)
	s.remember(t.access, t.refresh)
	s.tokens = append(s.tokens, t)
	a.clientID = t.clientID
	a.json(http.StatusOK, a.view.token(t))
}

// isExchange accepts the body of a token exchange.
func (s *Server) isExchange(v value) {
	if given, _ := v.is.(object); given["project_key"] == nil {
		v.object(optional("project_key", text()), required("client_id", text()), required("secret", text(s.isSecret)))
		return
	}
	v.object(plain("project_key", func(value) {}), optional("client_id", text()), optional("secret", text(s.isSecret)))
	v.excludes("project_key", "client_id")
	v.excludes("project_key", "secret")
}

// readCredentialFile reads a credential file given as an object or as Base64, or says why it
// is of no use.
func readCredentialFile(raw json.RawMessage) (clientID, secret, useless string) {
	var file struct {
		Type string `json:"type"`
		API  *struct {
			ClientID     string `json:"client_id"`
			ClientSecret string `json:"client_secret"`
		} `json:"api"`
	}
	var encoded []byte
	if raw[0] == '"' && json.Unmarshal(raw, &encoded) == nil {
		raw = encoded
	}
	switch {
	case json.Unmarshal(raw, &file) != nil:
		return "", "", "project_key is not a credential file"
	case file.Type != "streamkap_project_key":
		return "", "", "project_key has the wrong type"
	case file.API == nil:
		return "", "", "This project key has no API access: a Kafka-only key cannot authenticate"
	}
	return file.API.ClientID, file.API.ClientSecret, ""
}

// token renders the answer to a token exchange, as row 2 has it.
func (v view) token(t *token) object {
	seconds := int(v.cfg.TokenLifetime / time.Second)
	switch v.cfg.Dialect.Token {
	case "snake":
		return object{"access_token": t.access, "refresh_token": t.refresh, "expires_in": seconds}
	case "no-lifetime":
		return object{"accessToken": t.access, "refreshToken": t.refresh}
	default:
		return object{
			"accessToken":  t.access,
			"refreshToken": t.refresh,
			"expires":      t.expires.UTC().Format(http.TimeFormat),
			"expiresIn":    seconds,
		}
	}
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
