// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const (
	keysPath = "/project-keys"
	oneKey   = "/project-keys/*"
	password = `Pa"ss\wörd<1>&+ /x?~~`
)

// calls are those of the client, for the key of an id.
var calls = map[string]func(ctx context.Context, c *streamkap.Client, id string) error{
	"read":   func(ctx context.Context, c *streamkap.Client, id string) error { return errOf(c.ProjectKey(ctx, id)) },
	"scope":  func(ctx context.Context, c *streamkap.Client, id string) error { return errOf(c.MCPConfig(ctx, id)) },
	"list":   func(ctx context.Context, c *streamkap.Client, _ string) error { return errOf(c.ProjectKeys(ctx)) },
	"roles":  func(ctx context.Context, c *streamkap.Client, _ string) error { return errOf(c.Roles(ctx)) },
	"whoami": func(ctx context.Context, c *streamkap.Client, _ string) error { return errOf(c.WhoAmI(ctx)) },
	"token":  func(ctx context.Context, c *streamkap.Client, _ string) error { return errOf(c.NewToken(ctx)) },
	"create": func(ctx context.Context, c *streamkap.Client, _ string) error {
		request := fullRequest()
		request.KafkaConfig.Password = password
		return errOf(c.CreateProjectKey(ctx, request))
	},
	"rename": func(ctx context.Context, c *streamkap.Client, id string) error {
		return errOf(c.UpdateProjectKey(ctx, id, streamkap.UpdateProjectKeyRequest{Name: streamkap.Value("renamed")}))
	},
	"rotate": func(ctx context.Context, c *streamkap.Client, id string) error {
		return errOf(c.UpdateProjectKey(ctx, id, streamkap.UpdateProjectKeyRequest{KafkaPassword: password}))
	},
	"add Kafka": func(ctx context.Context, c *streamkap.Client, id string) error {
		return errOf(c.UpdateProjectKey(ctx, id, streamkap.UpdateProjectKeyRequest{KafkaConfig: &streamkap.KafkaConfig{Username: "user", Password: password}}))
	},
	// An attempt whose answer was lost may have deleted the key.
	"delete": func(ctx context.Context, c *streamkap.Client, id string) error {
		if err := c.DeleteProjectKey(ctx, id); !streamkap.IsNotFound(err) {
			return err
		}
		return nil
	},
}

// service is a simulated API and a client of it.
type service struct {
	*simulator.Server
	*streamkap.Client
	t *testing.T
}

// connect starts a service and a client with the default number of retries.
// The test fails if a fault is left over that nobody met.
func connect(t *testing.T, config simulator.Config, adjust ...func(*streamkap.Config)) *service {
	t.Helper()
	server := simulator.New(config)
	t.Cleanup(func() {
		for _, fault := range server.UnusedFaults() {
			t.Errorf("nobody met the fault %+v", fault)
		}
	})
	return &service{Server: server, Client: clientOf(server, adjust...), t: t}
}

// clientOf makes one more client of a service.
func clientOf(server *simulator.Server, adjust ...func(*streamkap.Config)) *streamkap.Client {
	config := streamkap.Config{
		Host:       "https://api.example.com",
		ClientID:   simulator.DefaultClientID,
		Secret:     simulator.DefaultSecret,
		MaxRetries: streamkap.DefaultMaxRetries,
		UserAgent:  "a-test/1.0",
		Transport:  server.RoundTripper(),
	}
	for _, change := range adjust {
		change(&config)
	}
	return streamkap.New(config)
}

func retries(n int) func(*streamkap.Config) {
	return func(config *streamkap.Config) { config.MaxRetries = n }
}

// through puts a function between the client and the service.
func through(wrap func(next http.RoundTripper) roundTrip) func(*streamkap.Config) {
	return func(config *streamkap.Config) { config.Transport = wrap(config.Transport) }
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// seeded is a key with API access that exists already.
func (s *service) seeded() string {
	return s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleReadOnly}}).ID
}

// attempts counts the requests that reached the service, or were dropped on
// the way.
func (s *service) attempts(method, path string) int {
	s.t.Helper()
	n := 0
	for _, r := range s.Requests() {
		if r.Method == method && r.Path == path {
			n++
		}
	}
	return n
}

func (s *service) exchanges() int {
	s.t.Helper()
	return s.attempts(http.MethodPost, streamkap.TokenPath)
}

// wantNoSecrets fails where a text shows anything secret that the service
// knows of.
func (s *service) wantNoSecrets(text string) {
	s.t.Helper()
	for _, secret := range s.Server.Secrets() {
		if strings.Contains(text, secret) {
			s.t.Errorf("%q shows the secret %q", text, secret)
		}
	}
}

// bubble runs a subtest on virtual time.
func bubble(t *testing.T, name string, test func(t *testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, test) })
}

// errOf is the error of a call whose answer does not matter.
func errOf[T any](_ T, err error) error { return err }

// inParallel does something so often, some of it at the same time.
func inParallel(times, parallelism int, do func(i int)) {
	work := make(chan int, times)
	for i := range times {
		work <- i
	}
	close(work)
	var group sync.WaitGroup
	for range parallelism {
		group.Go(func() {
			for i := range work {
				do(i)
			}
		})
	}
	group.Wait()
}

// wantNoError stops a test that can't go on.
func wantNoError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantAs stops a test whose error is of another type, or returns the error.
func wantAs[T error](t *testing.T, err error) T {
	t.Helper()
	var target T
	if !errors.As(err, &target) {
		t.Fatalf("the error is %T %v, want a %T", err, err, target)
	}
	return target
}

// wantA stops a test whose error is of another type.
func wantA[T error](t *testing.T, err error) {
	t.Helper()
	_ = wantAs[T](t, err)
}

// wantKind stops a test whose error is of another kind.
func wantKind(t *testing.T, err error, want streamkap.Kind) {
	t.Helper()
	if got := streamkap.KindOf(err); err == nil || got != want {
		t.Fatalf("the error is of kind %d: %v; want %d", got, err, want)
	}
}

// wantElapsed fails unless exactly this much time has passed.
func wantElapsed(t *testing.T, start time.Time, want time.Duration) {
	t.Helper()
	if got := time.Since(start); got != want {
		t.Errorf("it took %v, want %v", got, want)
	}
}

func TestNew_MakesNoRequest(t *testing.T) {
	s := connect(t, simulator.Config{})
	if n := len(s.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
	s.callAfter(0)
	s.wantExchanges(1, "with the first call")
}

func TestHost_TheRealServiceUnlessGiven(t *testing.T) {
	for given, want := range map[string]string{
		"":                         "https://api.streamkap.com",
		"https://api.example.com":  "https://api.example.com",
		"https://api.example.com/": "https://api.example.com",
		"http://127.0.0.1:8080//":  "http://127.0.0.1:8080",
		"https://example.com/api/": "https://example.com/api",
	} {
		asked := ""
		client := streamkap.New(streamkap.Config{Host: given, Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			asked = req.URL.String()
			return nil, errors.New("enough")
		})})
		if err := errOf(client.WhoAmI(t.Context())); err == nil || client.Host() != want || asked != want+streamkap.TokenPath {
			t.Errorf("host %q became %q, asked %s, error %v", given, client.Host(), asked, err)
		}
	}
}

func TestUnusable_NoRequestAndTheReason(t *testing.T) {
	why := streamkap.Unusable("There are no credentials. Give some.")
	s := connect(t, simulator.Config{}, func(config *streamkap.Config) { config.Unusable = why })
	if err := errOf(s.WhoAmI(t.Context())); !errors.Is(err, why) || len(s.Requests()) > 0 {
		t.Errorf("%d requests were made, the error is %v", len(s.Requests()), err)
	}
}

func TestRedirects_NotFollowed(t *testing.T) {
	for _, status := range []int{300, 307} {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Method: "GET", Path: "/auth/whoami", Status: status, Header: http.Header{"Location": {"https://elsewhere.example.com/"}}})
		wantKind(t, errOf(s.WhoAmI(t.Context())), streamkap.KindRedirected)
		if n := s.attempts("GET", "/"); n != 0 {
			t.Error("the redirect was followed")
		}
	}
}

func TestRequest_SaysWhoSendsIt(t *testing.T) {
	var seen []http.Header
	s := connect(t, simulator.Config{}, through(func(next http.RoundTripper) roundTrip {
		return func(req *http.Request) (*http.Response, error) {
			seen = append(seen, req.Header.Clone())
			return next.RoundTrip(req)
		}
	}))
	s.callAfter(0)
	for _, header := range seen {
		if header.Get("User-Agent") != "a-test/1.0" || header.Get("Accept") != "application/json" {
			t.Errorf("a request was sent with %v", header)
		}
	}
	if len(seen) != 2 || seen[0].Get("Authorization") != "" || !strings.HasPrefix(seen[1].Get("Authorization"), "Bearer ") {
		t.Errorf("want an exchange without a token and a call with one, got %v", seen)
	}
}

// TestCalls_SafeAtTheSameTime has tokens end meanwhile.
func TestCalls_SafeAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{Latency: time.Second, TokenLifetime: 10 * time.Second})
		s.readInParallel(600, 20)
	})
}

// TestForFile_WhereItsSecretIsSent has a file of another project's key, and a client
// that has no credentials of its own.
func TestForFile_WhereItsSecretIsSent(t *testing.T) {
	for name, test := range map[string]struct{ apiURL, host, says string }{
		"its own host":                 {apiURL: "https://file.example.com"},
		"its own, and not the other's": {apiURL: "https://file.example.com", host: "https://own.example.com"},
		"the other's":                  {host: "https://own.example.com"},
		"nowhere":                      {says: "There are no credentials."},
		"in the clear":                 {apiURL: "http://file.example.com", host: "https://own.example.com", says: "its api_url uses plain http"},
	} {
		t.Run(name, func(t *testing.T) {
			sentTo := ""
			s := connect(t, simulator.Config{}, ofProject("own"), through(func(next http.RoundTripper) roundTrip {
				return func(req *http.Request) (*http.Response, error) {
					sentTo = req.URL.Scheme + "://" + req.URL.Host
					return next.RoundTrip(req)
				}
			}), func(config *streamkap.Config) {
				config.Host, config.Unusable = test.host, streamkap.Unusable("There are no credentials.")
			})
			key := s.Seed(simulator.Key{Name: "k", RoleIDs: []string{simulator.RoleAdmin}})
			client, err := s.ForFile(fmt.Sprintf(`{"type": "streamkap_project_key", "api": {"client_id": %q, "client_secret": %q, "api_url": %q}}`,
				key.APIClientID, key.APISecret, test.apiURL))
			if err == nil {
				_, err = client.NewToken(t.Context())
			}
			switch {
			case test.says == "" && (err != nil || sentTo != cmp.Or(test.apiURL, test.host)):
				t.Errorf("sent to %q, %v", sentTo, err)
			case test.says != "" && (err == nil || !strings.Contains(err.Error(), test.says) || sentTo != ""):
				t.Errorf("sent to %q, and not %q: %v", sentTo, test.says, err)
			}
		})
	}
}
