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

func TestTokenIsReadInEverySpelling(t *testing.T) {
	// The clock of a bubble starts at the beginning of 2000.
	expiring := jwt(fmt.Sprintf(`{"exp": %d}`, time.Date(2000, 1, 1, 1, 0, 0, 0, time.UTC).Unix()))
	for name, test := range map[string]struct {
		answer string
		token  string
		life   time.Duration // 0 where it is not known
	}{
		"camel":                        {`{"accessToken": "a", "refreshToken": "r", "expires": "later", "expiresIn": 60}`, "a", time.Minute},
		"snake":                        {`{"access_token": "a", "refresh_token": "r", "expires_in": 60}`, "a", time.Minute},
		"both, one of them empty":      {`{"accessToken": "", "access_token": "a", "expiresIn": null, "expires_in": 60}`, "a", time.Minute},
		"fractions":                    {`{"accessToken": "a", "expiresIn": 1.5}`, "a", time.Second},
		"a number as text":             {`{"accessToken": "a", "expiresIn": "60"}`, "a", time.Minute},
		"no lifetime":                  {`{"accessToken": "a"}`, "a", 0},
		"no lifetime, a dotted token":  {`{"accessToken": "a.b.c"}`, "a.b.c", 0},
		"a lifetime beyond sense":      {`{"accessToken": "a", "expiresIn": 1e300}`, "a", 0},
		"a lifetime of ten years":      {`{"accessToken": "a", "expiresIn": 315360000}`, "a", 87600 * time.Hour},
		"a lifetime of centuries":      {`{"accessToken": "a", "expires_in": 9999999999}`, "a", 0},
		"a lifetime that is none":      {`{"accessToken": "a", "expiresIn": {"seconds": 60}}`, "a", 0},
		"a lifetime without end":       {`{"accessToken": "a", "expiresIn": "Infinity"}`, "a", 0},
		"a lifetime that is no number": {`{"accessToken": "a", "expiresIn": "NaN"}`, "a", 0},
		"a lifetime of words":          {`{"accessToken": "a", "expiresIn": "an hour"}`, "a", 0},
		"a token for centuries":        {`{"accessToken": "` + jwt(`{"exp": 1e300}`) + `"}`, jwt(`{"exp": 1e300}`), 0},
		"a lifetime of nothing":        {`{"accessToken": "a", "expiresIn": 0}`, "a", 0},
		"the lifetime in the token":    {`{"accessToken": "` + expiring + `"}`, expiring, time.Hour},
		"a token without exp":          {`{"accessToken": "` + jwt(`{"sub": "x"}`) + `"}`, jwt(`{"sub": "x"}`), 0},
		"the answer beats the token":   {`{"accessToken": "` + expiring + `", "expiresIn": 60}`, expiring, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { wantToken(t, test.answer, test.token, test.life) })
		})
	}
}

func wantToken(t *testing.T, answer, token string, life time.Duration) {
	t.Helper()
	s := connect(t, simulator.Config{}, answering(answer))
	got, err := s.Exchange(t.Context(), "id", "secret")
	wantNoError(t, err)
	var expires time.Time
	if life > 0 {
		expires = time.Now().Add(life)
	}
	if got.AccessToken != token || !got.ExpiresAt.Equal(expires) {
		t.Errorf("got %q until %v, want %q until %v", got.AccessToken, got.ExpiresAt, token, expires)
	}
}

func TestTokenAnswerWithoutATokenIsRefused(t *testing.T) {
	for _, answer := range []string{`{}`, `{"accessToken": null}`, `{"accessToken": ""}`, `null`, ``, `[]`, `<html></html>`, `{"accessToken": 1}`} {
		s := connect(t, simulator.Config{}, answering(answer), retries(0))
		token, err := s.Exchange(t.Context(), "id", "secret")
		if token != nil {
			t.Errorf("%s gave the token %v", answer, token)
		}
		wantA[*streamkap.AuthenticationError](t, err)
		wantKind(t, err, streamkap.KindInvalidResponse)
	}
}

func TestTokenIsRenewedBeforeItExpires(t *testing.T) {
	for _, test := range []struct {
		dialect  simulator.TokenSpelling
		lifetime time.Duration
		fresh    time.Duration // how long the token is used
	}{
		{simulator.TokenCamel, time.Hour, 59 * time.Minute},
		{simulator.TokenSnake, time.Hour, 59 * time.Minute},
		{simulator.TokenCamel, time.Minute, 54 * time.Second},
	} {
		t.Run(fmt.Sprint(test.dialect, test.lifetime), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{TokenLifetime: test.lifetime, Dialect: simulator.Dialect{Token: test.dialect}})
				s.callAfter(0)
				s.callAfter(test.fresh - time.Nanosecond)
				s.wantExchanges(1, "while the token is fresh")
				s.callAfter(time.Nanosecond)
				s.wantExchanges(2, "when it is about to expire")
				s.wantStatuses(200)
			})
		})
	}
}

func TestTokenOfUnknownLifetimeIsUsedUntilItIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{TokenLifetime: time.Hour, Dialect: simulator.Dialect{Token: simulator.TokenNoLifetime}})
		s.callAfter(0)
		s.callAfter(time.Hour - time.Second)
		s.wantExchanges(1, "while the token works")
		s.callAfter(time.Second)
		s.wantExchanges(2, "after it was refused")
	})
}

func (s *service) callAfter(pause time.Duration) {
	s.t.Helper()
	time.Sleep(pause) // in a bubble
	_, err := s.WhoAmI(s.t.Context())
	wantNoError(s.t, err)
}

func (s *service) wantExchanges(want int, when string) {
	s.t.Helper()
	if got := s.exchanges(); got != want {
		s.t.Errorf("%s: %d exchanges, want %d", when, got, want)
	}
}

// wantStatuses fails where any request was answered otherwise.
func (s *service) wantStatuses(want int) {
	s.t.Helper()
	for _, r := range s.Requests() {
		if r.Status != want {
			s.t.Errorf("%s %s was answered %d", r.Method, r.Path, r.Status)
		}
	}
}

func TestRevokedTokenIsRenewedAndTheRequestRepeated(t *testing.T) {
	create := streamkap.CreateProjectKeyRequest{Name: "new", RoleIDs: []string{simulator.RoleReadOnly}}
	for name, call := range map[string]func(context.Context, *streamkap.Client, string) error{
		"GET": func(ctx context.Context, c *streamkap.Client, id string) error {
			_, err := c.ProjectKey(ctx, id)
			return err
		},
		"POST": func(ctx context.Context, c *streamkap.Client, _ string) error {
			file, err := c.CreateProjectKey(ctx, create)
			if err == nil && file.API.ClientSecret == "" {
				return errors.New("no secret")
			}
			return err
		},
		"PATCH": func(ctx context.Context, c *streamkap.Client, id string) error {
			_, err := c.UpdateProjectKey(ctx, id, streamkap.UpdateProjectKeyRequest{Name: streamkap.Value("renamed")})
			return err
		},
		"DELETE": func(ctx context.Context, c *streamkap.Client, id string) error { return c.DeleteProjectKey(ctx, id) },
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{}, retries(0))
			id := s.seeded()
			s.callAfter(0)
			s.RevokeTokens()
			s.ResetRequests()
			wantNoError(t, call(t.Context(), s.Client, id))
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

func TestSecondRefusalOfATokenIsAnError(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Method: "GET", Path: "/auth/whoami", Status: 401, Body: `{"detail": "Invalid or expired token"}`, Times: 2})
	_, err := s.WhoAmI(t.Context())
	if got := wantAs[*streamkap.Error](t, err); got.Status != 401 || streamkap.IsNotFound(err) {
		t.Errorf("the error is %v", err)
	}
	if got := s.attempts("GET", "/auth/whoami"); got != 2 {
		t.Errorf("%d attempts, want 2", got)
	}
	s.wantExchanges(2, "after two refusals")
	s.callAfter(0)
}

func TestConcurrentRequestsShareOneExchange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{Latency: time.Second})
		s.callTogether(50)
		s.wantExchanges(1, "at the start")
		s.RevokeTokens()
		s.callTogether(50)
		s.wantExchanges(2, "after the token was revoked")
	})
}

func (s *service) callTogether(n int) {
	s.t.Helper()
	errs := make(chan error, n)
	for range n {
		go func() {
			_, err := s.WhoAmI(s.t.Context())
			errs <- err
		}()
	}
	for range n {
		wantNoError(s.t, <-errs)
	}
}

func TestCancelledWaiterLeavesTheExchangeToTheOthers(t *testing.T) {
	read := func(ctx context.Context, c *streamkap.Client) error {
		_, err := c.WhoAmI(ctx)
		return err
	}
	create := func(ctx context.Context, c *streamkap.Client) error {
		_, err := c.CreateProjectKey(ctx, streamkap.CreateProjectKeyRequest{Name: "new", RoleIDs: []string{simulator.RoleReadOnly}})
		return err
	}
	for name, first := range map[string]func(context.Context, *streamkap.Client) error{"a read": read, "a create": create} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				s.Inject(simulator.Fault{Path: streamkap.TokenPath, Delay: 10 * time.Second})
				start := time.Now()
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				other := make(chan error, 1)
				go func() {
					synctest.Wait()
					other <- read(t.Context(), s.Client)
				}()
				if err := first(ctx, s.Client); !errors.Is(err, context.DeadlineExceeded) {
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
		})
	}
}

// letExchangesEnd waits, in a bubble, for an exchange that outlives the request
// that asked for it.
func letExchangesEnd() { time.Sleep(time.Hour) }

func TestHungExchangeIsGivenUpAfterAMinuteAndRepeated(t *testing.T) {
	for name, call := range map[string]func(context.Context, *streamkap.Client) error{
		"for a read": func(ctx context.Context, c *streamkap.Client) error {
			_, err := c.WhoAmI(ctx)
			return err
		},
		"for a create": func(ctx context.Context, c *streamkap.Client) error {
			_, err := c.CreateProjectKey(ctx, streamkap.CreateProjectKeyRequest{Name: "new", RoleIDs: []string{simulator.RoleReadOnly}})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				s.Inject(simulator.Fault{Path: streamkap.TokenPath, Delay: time.Hour})
				start := time.Now()
				wantNoError(t, call(t.Context(), s.Client))
				wantElapsed(t, start, time.Minute+500*time.Millisecond)
			})
		})
	}
}

func TestWrongCredentialsAreRefusedWithoutRepetition(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const wrong = "a-secret-that-is-wrong"
		s := connect(t, simulator.Config{}, func(config *streamkap.Config) { config.Secret = wrong })
		start := time.Now()
		_, err := s.ProjectKeys(t.Context())
		wantA[*streamkap.AuthenticationError](t, err)
		if got := wantAs[*streamkap.Error](t, err); got.Status != 401 || got.Path != streamkap.TokenPath {
			t.Errorf("the error is %v", got)
		}
		wantElapsed(t, start, 0)
		if n := len(s.Requests()); n != 1 {
			t.Errorf("%d requests, want 1", n)
		}
		if strings.Contains(err.Error(), wrong) {
			t.Errorf("%q shows the secret", err)
		}
	})
}

func TestFailingTokenEndpointIsAskedAgain(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"503":          {Status: 503, Body: simulator.GatewayPage(503)},
		"429":          {Status: 429},
		"dropped":      {Drop: simulator.DropBefore},
		"refused":      {Drop: simulator.DropRefused},
		"truncated":    {Drop: simulator.DropTruncated},
		"not the JSON": {Status: 200, Body: `{"accessToken": `},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				fault.Path, fault.Times = streamkap.TokenPath, 2
				s.Inject(fault)
				start := time.Now()
				_, err := s.CreateProjectKey(t.Context(), streamkap.CreateProjectKeyRequest{Name: "new", RoleIDs: []string{simulator.RoleReadOnly}})
				wantNoError(t, err)
				wantElapsed(t, start, 1500*time.Millisecond)
				s.wantExchanges(3, "with two failures")
			})
		})
	}
}

func TestFailedExchangeIsNotMultipliedByTheRetriesOfTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{}, retries(2))
		s.Inject(simulator.Fault{Path: streamkap.TokenPath, Status: 503, Times: -1})
		_, err := s.WhoAmI(t.Context())
		wantA[*streamkap.AuthenticationError](t, err)
		s.wantExchanges(3, "with two retries")
		if got := wantAs[*streamkap.Error](t, err); got.Status != 503 {
			t.Errorf("the error is %v", got)
		}
	})
}

func TestCreateIsNotLostWhenItsTokenCannotBeHad(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Path: streamkap.TokenPath, Drop: simulator.DropBefore})
		_, err := s.CreateProjectKey(t.Context(), streamkap.CreateProjectKeyRequest{Name: "new"})
		wantA[*streamkap.AuthenticationError](t, err)
		wantA[*streamkap.ConnectionError](t, err)
		if streamkap.KindOf(err) == streamkap.KindUnknownOutcome {
			t.Error("a request that was never sent is called lost")
		}
	})
}

func TestTokenForSomeoneElseLeavesTheClientsOwnAlone(t *testing.T) {
	for name, trade := range map[string]func(context.Context, *streamkap.Client) (*streamkap.Token, error){
		"of given credentials": func(ctx context.Context, c *streamkap.Client) (*streamkap.Token, error) {
			return c.Exchange(ctx, simulator.DefaultClientID, simulator.DefaultSecret)
		},
		"of its own": func(ctx context.Context, c *streamkap.Client) (*streamkap.Token, error) { return c.NewToken(ctx) },
	} {
		t.Run(name, func(t *testing.T) {
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
			token, err := trade(t.Context(), s.Client)
			wantNoError(t, err)
			s.callAfter(0)
			if len(own) != 2 || own[0] != own[1] {
				t.Errorf("the client's token changed: %q", own)
			}
			if token.AccessToken == own[0] || token.ExpiresAt.IsZero() {
				t.Errorf("got %+v", token)
			}
		})
	}
}

func TestAuthenticationErrorsShowNoSecret(t *testing.T) {
	const secret = `s3cret"with\odd<characters>`
	for name, body := range map[string]string{
		"plain": `{"detail": "no client with secret s3cret\"with\\odd<characters>"}`,
		"input": `{"detail": [{"loc": ["body", "secret"], "msg": "bad value s3cret\"with\\odd<characters>", "input": "s3cret\"with\\odd<characters>"}]}`,
		"text":  `refused: {"secret": "s3cret\"with\\odd<characters>"}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Path: streamkap.TokenPath, Status: 422, Body: body})
			_, err := s.Exchange(t.Context(), "someone", secret)
			wantA[*streamkap.AuthenticationError](t, err)
			if text := err.Error(); strings.Contains(text, "s3cret") || !strings.Contains(text, streamkap.Masked) {
				t.Errorf("the error is %q", text)
			}
		})
	}
}

func TestTokenEchoedInARefusalIsMasked(t *testing.T) {
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
	_, err := s.WhoAmI(t.Context())
	if got := wantAs[*streamkap.Error](t, err); got.Detail != "odd header: Bearer "+streamkap.Masked {
		t.Errorf("the detail is %q", got.Detail)
	}
	s.wantNoSecrets(err.Error())
}
