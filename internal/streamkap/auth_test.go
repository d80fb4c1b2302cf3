// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// answering is a transport that answers every request with one text.
func answering(text string) func(*streamkap.Config) {
	return through(func(http.RoundTripper) roundTrip {
		return func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text)), Request: req}, nil
		}
	})
}

// jwt is a token that nobody signed.
func jwt(claims string) string {
	return "e30." + base64.RawURLEncoding.EncodeToString([]byte(claims)) + ".c2ln"
}

func TestExchange_EverySpelling(t *testing.T) {
	// The clock of a bubble starts at the beginning of 2000.
	expiring := jwt(fmt.Sprintf(`{"exp": %d}`, time.Date(2000, 1, 1, 1, 0, 0, 0, time.UTC).Unix()))
	for name, test := range map[string]struct {
		answer, token string
		life          time.Duration // 0 where it is not known
	}{
		"camel":                            {`{"accessToken": "a", "refreshToken": "r", "expires": "later", "expiresIn": 60}`, "a", time.Minute},
		"snake":                            {`{"access_token": "a", "refresh_token": "r", "expires_in": 60}`, "a", time.Minute},
		"both, one of them empty":          {`{"accessToken": "", "access_token": "a", "expiresIn": null, "expires_in": 60}`, "a", time.Minute},
		"fractions":                        {`{"accessToken": "a", "expiresIn": 1.5}`, "a", time.Second},
		"a number as text":                 {`{"accessToken": "a", "expiresIn": "60"}`, "a", time.Minute},
		"no lifetime":                      {`{"accessToken": "a"}`, "a", 0},
		"no lifetime, a dotted token":      {`{"accessToken": "a.b.c"}`, "a.b.c", 0},
		"a lifetime beyond sense":          {`{"accessToken": "a", "expiresIn": 1e300}`, "a", 0},
		"a lifetime of ten years":          {`{"accessToken": "a", "expiresIn": 315360000}`, "a", 87600 * time.Hour},
		"a lifetime of centuries":          {`{"accessToken": "a", "expires_in": 9999999999}`, "a", 0},
		"a lifetime that is no number":     {`{"accessToken": "a", "expiresIn": "NaN"}`, "a", 0},
		"a token for centuries":            {`{"accessToken": "` + jwt(`{"exp": 1e300}`) + `"}`, jwt(`{"exp": 1e300}`), 0},
		"the lifetime in the token":        {`{"accessToken": "` + expiring + `"}`, expiring, time.Hour},
		"a token without exp":              {`{"accessToken": "` + jwt(`{"sub": "x"}`) + `"}`, jwt(`{"sub": "x"}`), 0},
		"the answer counts, not the token": {`{"accessToken": "` + expiring + `", "expiresIn": 60}`, expiring, time.Minute},
	} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{}, answering(test.answer))
			got, err := s.NewToken(t.Context())
			wantNoError(t, err)
			var expires time.Time
			if test.life > 0 {
				expires = time.Now().Add(test.life)
			}
			if got.AccessToken != test.token || !got.ExpiresAt.Equal(expires) {
				t.Errorf("got %q until %v, want %q until %v", got.AccessToken, got.ExpiresAt, test.token, expires)
			}
		})
	}
}

func TestExchange_AnswerWithoutAUsableTokenRefused(t *testing.T) {
	for _, answer := range []string{`{}`, `{"accessToken": null}`, `null`, ``, `[]`, `<html></html>`, `{"accessToken": 1}`, `{"accessToken": "a\n"}`} {
		err := errOf(connect(t, simulator.Config{}, answering(answer), retries(0)).NewToken(t.Context()))
		wantA[*streamkap.AuthenticationError](t, err)
		wantKind(t, err, streamkap.KindInvalidResponse)
	}
}

// TestToken_RenewedInTime has a token renewed before it ends, where that is known,
// and otherwise when it is refused. A token that seems to have ended already, since
// the clock of this machine is ahead, is used until then too.
func TestToken_RenewedInTime(t *testing.T) {
	for name, test := range map[string]struct {
		form     string
		lifetime time.Duration
		fresh    time.Duration // how long the token is used
		refused  bool
	}{
		"camel":        {"camel", time.Hour, 59 * time.Minute, false},
		"snake":        {"snake", time.Hour, 59 * time.Minute, false},
		"short lived":  {"camel", time.Minute, 54 * time.Second, false},
		"unknown life": {"no-lifetime", time.Hour, time.Hour, true},
	} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{TokenLifetime: test.lifetime, Dialect: simulator.Dialect{Token: test.form}})
			s.callAfter(0)
			s.callAfter(test.fresh - time.Nanosecond)
			s.wantExchanges(1, "while the token is fresh")
			s.callAfter(time.Nanosecond)
			s.wantExchanges(2, "when it is about to expire")
			for _, r := range s.Requests() {
				if r.Status != 200 && !test.refused {
					t.Errorf("%s %s was answered %d", r.Method, r.Path, r.Status)
				}
			}
		})
	}
	for _, ahead := range []time.Duration{0, time.Hour} {
		bubble(t, fmt.Sprint(ahead, " ahead"), func(t *testing.T) {
			exchanges, token := 0, jwt(fmt.Sprintf(`{"exp": %d}`, time.Now().Add(-ahead).Unix()))
			s := connect(t, simulator.Config{}, through(func(http.RoundTripper) roundTrip {
				return func(req *http.Request) (*http.Response, error) {
					answer := canned{status: http.StatusOK, body: `{"service_id": "s"}`}
					if req.URL.Path == streamkap.TokenPath {
						exchanges++
						answer.body = `{"accessToken": "` + token + `"}`
					}
					return answer.response(req), nil
				}
			}))
			s.callAfter(0)
			s.callAfter(time.Minute)
			if exchanges != 1 {
				t.Errorf("%d exchanges", exchanges)
			}
		})
	}
}

func (s *service) callAfter(pause time.Duration) {
	s.t.Helper()
	time.Sleep(pause) // in a bubble
	wantNoError(s.t, errOf(s.WhoAmI(s.t.Context())))
}

func (s *service) wantExchanges(want int, when string) {
	s.t.Helper()
	if got := s.exchanges(); got != want {
		s.t.Errorf("%s: %d exchanges, want %d", when, got, want)
	}
}

func TestToken_RevokedIsRenewedAndTheRequestRepeated(t *testing.T) {
	for _, name := range []string{"read", "create", "rename", "delete"} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{}, retries(0))
			id := s.seeded()
			s.callAfter(0)
			s.RevokeTokens()
			s.ResetRequests()
			wantNoError(t, calls[name](t.Context(), s.Client, id))
			var statuses []int
			for _, r := range s.Requests() {
				statuses = append(statuses, r.Status)
			}
			if fmt.Sprint(statuses) != "[401 200 200]" {
				t.Errorf("the answers were %v, want a refusal, an exchange and the repetition", statuses)
			}
		})
	}
}

func TestToken_SecondRefusalIsAnError(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Method: "GET", Path: "/auth/whoami", Status: 401, Body: `{"detail": "Invalid or expired token"}`, Times: 2})
	wantKind(t, errOf(s.WhoAmI(t.Context())), streamkap.KindToken)
	if got := s.attempts("GET", "/auth/whoami"); got != 2 {
		t.Errorf("%d attempts, want 2", got)
	}
	s.wantExchanges(2, "after two refusals")
	s.callAfter(0)
}

func TestToken_ConcurrentRequestsShareOneExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{Latency: time.Second})
		for exchanges := range 2 {
			errs := make(chan error, 50)
			for range cap(errs) {
				go func() { errs <- errOf(s.WhoAmI(t.Context())) }()
			}
			for range cap(errs) {
				wantNoError(t, <-errs)
			}
			s.wantExchanges(exchanges+1, "for 50 requests")
			s.RevokeTokens()
		}
	})
}

func TestToken_CancelledWaiterLeavesTheExchangeToTheOthers(t *testing.T) {
	for _, first := range []string{"read", "create"} {
		bubble(t, first, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Path: streamkap.TokenPath, Delay: 10 * time.Second})
			start := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			other := make(chan error, 1)
			go func() {
				synctest.Wait()
				other <- errOf(s.WhoAmI(t.Context()))
			}()
			if err := calls[first](ctx, s.Client, "an-id"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the cancelled call ended with %v", err)
			}
			wantElapsed(t, start, time.Second)
			wantNoError(t, <-other)
			wantElapsed(t, start, 10*time.Second)
			s.wantExchanges(1, "for both")
			if n := len(s.Writes()); n != 0 {
				t.Error("the cancelled create was sent")
			}
		})
	}
}

func TestNewToken_LeavesTheClientsOwnAlone(t *testing.T) {
	var own []string
	s := connect(t, simulator.Config{}, through(func(next http.RoundTripper) roundTrip {
		return func(req *http.Request) (*http.Response, error) {
			if sent := req.Header.Get("Authorization"); sent != "" {
				own = append(own, strings.TrimPrefix(sent, "Bearer "))
			}
			return next.RoundTrip(req)
		}
	}))
	s.callAfter(0)
	token, err := s.NewToken(t.Context())
	wantNoError(t, err)
	s.callAfter(0)
	if len(own) != 2 || own[0] != own[1] || token.AccessToken == own[0] || token.ExpiresAt.IsZero() {
		t.Errorf("got %+v beside %q", token, own)
	}
}

func TestExchange_ErrorsShowNoSecret(t *testing.T) {
	const hidden = `s3cret"with\odd<characters>`
	for name, body := range map[string]string{
		"plain": `{"detail": "no client with secret s3cret\"with\\odd<characters>"}`,
		"input": `{"detail": [{"loc": ["body", "secret"], "msg": "bad value s3cret\"with\\odd<characters>", "input": "s3cret\"with\\odd<characters>"}]}`,
		"text":  `refused: {"secret": "s3cret\"with\\odd<characters>"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{}, func(config *streamkap.Config) { config.Secret = hidden })
			s.Inject(simulator.Fault{Path: streamkap.TokenPath, Status: 422, Body: body})
			err := errOf(s.NewToken(t.Context()))
			wantA[*streamkap.AuthenticationError](t, err)
			if text := err.Error(); strings.Contains(text, "s3cret") || !strings.Contains(text, secret.Masked) {
				t.Errorf("the error is %q", text)
			}
		})
	}
}

func TestToken_MaskedWhereARefusalEchoesIt(t *testing.T) {
	s := connect(t, simulator.Config{}, through(func(next http.RoundTripper) roundTrip {
		return func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if req.URL.Path == "/auth/whoami" {
				resp.StatusCode = 400
				resp.Body = io.NopCloser(strings.NewReader(`{"detail": "odd header: ` + req.Header.Get("Authorization") + `"}`))
			}
			return resp, err
		}
	}))
	err := errOf(s.WhoAmI(t.Context()))
	if got := wantAs[*streamkap.Error](t, err); got.Detail != "odd header: Bearer "+secret.Masked {
		t.Errorf("the detail is %q", got.Detail)
	}
	s.wantNoSecrets(err.Error())
}
