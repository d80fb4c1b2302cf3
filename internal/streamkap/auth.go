// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"math"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"golang.org/x/sync/singleflight"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

// TokenPath is where credentials are exchanged for a token.
const TokenPath = "/auth/access-token"

const (
	// renewalMargin is how long before its end a token is renewed; a short
	// lived one is renewed when a tenth of its life is left.
	renewalMargin = time.Minute
	// longestLife is longer than any token lives. A lifetime beyond it counts as unknown.
	longestLife = 10 * 365 * 24 * time.Hour
)

// Token is an access token (contract, "Authentication").
type Token struct {
	AccessToken string
	// ExpiresAt is zero where neither the answer nor the token says it.
	ExpiresAt time.Time
	// renewAt is zero for a token that is used until it is refused.
	renewAt time.Time
}

// NewToken exchanges the client's credentials for a token that somebody else uses.
// The client keeps its own.
func (c *Client) NewToken(ctx context.Context) (*Token, error) {
	if c.config.ServiceID != "" {
		if err := c.CheckProject(ctx, c.config.ServiceID); err != nil {
			return nil, err
		}
	}
	token, err := c.exchange(ctx)
	return token, c.shared(err)
}

// exchange does not ask again where the service itself refused the credentials: that
// changes nothing, and looks like an attack.
func (c *Client) exchange(ctx context.Context) (token *Token, err error) {
	if refusal := c.refusal.Load(); refusal != nil {
		return nil, refusal
	}
	body := struct {
		ClientID string `json:"client_id"`
		Secret   string `json:"secret"`
	}{c.config.ClientID, c.config.Secret}
	err = c.send(ctx, call{method: http.MethodPost, path: TokenPath, body: body, anonymous: true}, func(answer []byte) (err error) {
		if token, err = decodeToken(answer); err == nil {
			secret.AddIssued(token.AccessToken)
		}
		return err
	})
	if err == nil {
		return token, nil
	}
	failure := &AuthenticationError{Err: err}
	var answer *Error
	if errors.As(err, &answer) && answer.Own && !IsTransient(answer) {
		c.refusal.Store(failure)
	}
	return nil, failure
}

// decodeToken accepts both documented spellings and a missing lifetime
// (contract, dialect 2).
func decodeToken(body []byte) (*Token, error) {
	var answer struct {
		AccessToken      Text    `json:"accessToken"`
		AccessTokenSnake Text    `json:"access_token"`
		ExpiresIn        Seconds `json:"expiresIn"`
		ExpiresInSnake   Seconds `json:"expires_in"`
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return nil, err
	}
	token := &Token{AccessToken: string(cmp.Or(answer.AccessToken, answer.AccessTokenSnake))}
	if token.AccessToken == "" {
		return nil, errors.New("the answer has no access token")
	}
	if strings.ContainsFunc(token.AccessToken, unicode.IsControl) {
		// Every request would fail before it is sent, and look like one whose answer was lost.
		return nil, errors.New("its access token has a control character")
	}
	now := time.Now()
	life := time.Duration(0)
	if seconds := cmp.Or(answer.ExpiresIn, answer.ExpiresInSnake); seconds > 0 && float64(seconds) <= longestLife.Seconds() {
		life = time.Duration(seconds) * time.Second
		token.ExpiresAt = now.Add(life)
	} else if expiry := jwtExpiry(token.AccessToken); expiry.Before(now.Add(longestLife)) {
		token.ExpiresAt = expiry
		life = expiry.Sub(now)
	}
	if life > 0 {
		token.renewAt = token.ExpiresAt.Add(-min(renewalMargin, life/10))
	}
	return token, nil
}

// jwtExpiry reads the exp claim of a token, and is zero for a token that is no
// JWT. Nothing is verified: the claim only says when to ask for a new one.
func jwtExpiry(token string) time.Time {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return time.Time{}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return time.Time{}
	}
	var claims struct {
		Exp float64 `json:"exp"`
	}
	if json.Unmarshal(payload, &claims) != nil || claims.Exp <= 0 {
		return time.Time{}
	}
	return time.Unix(int64(min(claims.Exp, math.MaxInt32*1000)), 0)
}

// fresh reports whether the token can still be used.
func (t *Token) fresh() bool { return t.renewAt.IsZero() || time.Now().Before(t.renewAt) }

// tokenSource keeps the current token. Requests that need a new one share one
// exchange.
type tokenSource struct {
	fetch   func(context.Context) (*Token, error)
	current remembered[Token]
}

// Token is the current token, or a new one.
func (s *tokenSource) Token(ctx context.Context) (string, error) {
	token, err := s.current.get(ctx, "", (*Token).fresh, s.fetch)
	if err != nil {
		return "", err
	}
	return token.AccessToken, nil
}

// Refused forgets a token that the service refused, unless it was renewed meanwhile.
func (s *tokenSource) Refused(token string) {
	if current := s.current.answer.Load(); current != nil && current.AccessToken == token {
		s.current.answer.CompareAndSwap(current, nil)
	}
}

// remembered is an answer that all callers share. A failure is not remembered.
type remembered[T any] struct {
	answer atomic.Pointer[T]
	group  singleflight.Group
}

// get returns the answer, or fetches a new one where it is no longer good. Callers of
// the same flight share one fetch.
func (r *remembered[T]) get(ctx context.Context, flight string, good func(*T) bool, fetch func(context.Context) (*T, error)) (*T, error) {
	if known := r.answer.Load(); known != nil && good(known) {
		return known, nil
	}
	return share(ctx, &r.group, flight, func(ctx context.Context) (*T, error) {
		if known := r.answer.Load(); known != nil && good(known) {
			return known, nil
		}
		fetched, err := fetch(ctx)
		if err == nil {
			r.answer.Store(fetched)
		}
		return fetched, err
	})
}

// share makes one call for all who ask for it at the same time. Its context does not end
// with theirs: the first one may be interrupted while others wait.
func share[T any](ctx context.Context, group *singleflight.Group, flight string, call func(context.Context) (T, error)) (T, error) {
	result := group.DoChan(flight, func() (any, error) { return call(context.WithoutCancel(ctx)) })
	select {
	case <-ctx.Done():
		return *new(T), ctx.Err()
	case got := <-result:
		answer, _ := got.Val.(T)
		return answer, got.Err
	}
}
