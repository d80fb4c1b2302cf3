// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"time"
)

// exchangeCredentials answers `POST /auth/access-token`: a client id and
// secret, or a whole credential file, for a token.
func (s *Server) exchangeCredentials(a *answer, r *http.Request) {
	f := readForm(r)
	project := f.raw("project_key")
	var clientID, secret string
	if project == nil {
		clientID, secret = f.required("client_id").text().value, f.required("secret").text().value
	} else {
		f.excludes("project_key", "client_id")
		f.excludes("project_key", "secret")
	}
	s.remember(secret)
	if f.refused(a) {
		return
	}
	if project != nil {
		file, detail := parseCredentialFile(project)
		if detail != "" {
			a.refuse(http.StatusBadRequest, detail)
			return
		}
		s.remember(file.API.ClientSecret)
		clientID, secret = file.API.ClientID, file.API.ClientSecret
	}
	t := s.authenticate(clientID, secret)
	if t == nil {
		a.refuse(http.StatusUnauthorized, "Invalid credentials")
		return
	}
	s.issue(t)
	a.clientID = t.clientID
	a.json(http.StatusOK, a.view.token(t))
}

// refreshToken answers `POST /auth/access-token/refresh`. A refresh token can
// be used once.
func (s *Server) refreshToken(a *answer, r *http.Request) {
	f := readForm(r)
	refresh := f.required("refresh_token").text().value
	if f.refused(a) {
		return
	}
	for _, t := range s.tokens {
		if t.refresh == "" || t.refresh != refresh {
			continue
		}
		t.refresh = ""
		renewed := &token{clientID: t.clientID, serviceID: t.serviceID, keyID: t.keyID, permissions: s.currentPermissions(t)}
		s.issue(renewed)
		a.clientID = renewed.clientID
		a.json(http.StatusOK, a.view.token(renewed))
		return
	}
	a.refuse(http.StatusUnauthorized, "Invalid refresh token")
}

// currentPermissions is what the owner of a token may do by now.
func (s *Server) currentPermissions(t *token) []string {
	if r := s.find(t.keyID); r != nil {
		return s.cfg.permissions(r.Key)
	}
	return t.permissions
}

// submittedFile is what a token exchange reads of a credential file.
type submittedFile struct {
	Type string `json:"type"`
	API  *struct {
		ClientID     string `json:"client_id"`
		ClientSecret string `json:"client_secret"`
	} `json:"api"`
}

// parseCredentialFile reads a credential file given as an object or as a
// Base64 string, or says why it is of no use.
func parseCredentialFile(raw json.RawMessage) (submittedFile, string) {
	var file submittedFile
	var encoded string
	if json.Unmarshal(raw, &encoded) == nil {
		decoded, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			return file, "project_key is not valid Base64"
		}
		raw = decoded
	}
	switch err := json.Unmarshal(raw, &file); {
	case err != nil:
		return file, "project_key is not a credential file"
	case file.Type != "streamkap_project_key":
		return file, "project_key has the wrong type"
	case file.API == nil:
		return file, "This project key has no API access: a Kafka-only key cannot authenticate"
	default:
		return file, ""
	}
}

// token renders the answer to a token exchange, as row 2 has it.
func (v view) token(t *token) map[string]any {
	seconds := int(v.cfg.TokenLifetime / time.Second)
	switch v.dialect.Token {
	case TokenSnake:
		return map[string]any{"access_token": t.access, "refresh_token": t.refresh, "expires_in": seconds}
	case TokenNoLifetime:
		return map[string]any{"accessToken": t.access, "refreshToken": t.refresh}
	default:
		return map[string]any{
			"accessToken":  t.access,
			"refreshToken": t.refresh,
			"expires":      t.expires.UTC().Format(http.TimeFormat),
			"expiresIn":    seconds,
		}
	}
}
