// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"net/http"
	"time"
)

// exchangeCredentials answers `POST /auth/access-token`: a client id and
// secret, or a whole credential file, for a token.
func (s *Server) exchangeCredentials(a *answer, r *http.Request) {
	f := readForm(r)
	var clientID, secret, useless string
	if file := f.raw("project_key"); file != nil {
		f.excludes("project_key", "client_id")
		f.excludes("project_key", "secret")
		clientID, secret, useless = readCredentialFile(file)
	} else {
		clientID, secret = f.required("client_id").text().value, f.required("secret").text().value
	}
	s.remember(secret)
	if f.refused(a) {
		return
	}
	if useless != "" {
		a.refuse(http.StatusBadRequest, useless)
		return
	}
	t := s.authenticate(clientID, secret)
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
	switch v.dialect.Token {
	case TokenSnake:
		return object{"access_token": t.access, "refresh_token": t.refresh, "expires_in": seconds}
	case TokenNoLifetime:
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
