// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"fmt"
	"net/http"
)

// TokenSource hands out tokens.
type TokenSource interface {
	Token(ctx context.Context) (string, error)
	// Refused is called with a token that the service refused.
	Refused(token string)
}

// authorizer adds the token to a request. A 401 can mean that the token was
// revoked or expired early, so it is renewed and the request repeated, once.
type authorizer struct {
	tokens TokenSource
	next   http.RoundTripper
}

func (a *authorizer) RoundTrip(req *http.Request) (*http.Response, error) {
	if callOf(req.Context()).Anonymous {
		return a.next.RoundTrip(req)
	}
	resp, token, err := a.try(req)
	if err != nil || resp.StatusCode != http.StatusUnauthorized {
		return resp, err
	}
	a.tokens.Refused(token)
	if req.GetBody != nil {
		if req.Body, err = req.GetBody(); err != nil {
			return nil, err
		}
	}
	resp, _, err = a.try(req)
	return resp, err
}

func (a *authorizer) try(req *http.Request) (*http.Response, string, error) {
	token, err := a.tokens.Token(req.Context())
	switch {
	case err != nil && req.Context().Err() != nil:
		return nil, "", interrupted(fmt.Errorf("%w: %w", errNoToken, req.Context().Err()))
	case err != nil:
		return nil, "", &unsentError{err: err, final: true}
	}
	authorized := req.Clone(req.Context())
	authorized.Header.Set("Authorization", "Bearer "+token)
	resp, err := a.next.RoundTrip(authorized)
	return resp, token, err
}
