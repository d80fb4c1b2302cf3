// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"time"
)

// exchangeCredentials answers `POST /auth/access-token`: a client id and
// secret for a token. The service would take a whole credential file as well.
func (s *Server) exchangeCredentials(a *answer, r *http.Request) {
	f := readForm(r)
	clientID, secret := f.required("client_id").text().value, f.required("secret").text().value
	s.remember(secret)
	if f.refused(a) {
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
