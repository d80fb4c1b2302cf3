// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// TestRefreshUnderARateLimitSucceedsWithFewRefusals reads 200 keys, ten at a
// time, as Terraform does.
func TestRefreshUnderARateLimitSucceedsWithFewRefusals(t *testing.T) {
	for _, limit := range []int{3, 5, 10, 20, 50} {
		for _, form := range []simulator.RetryAfterForm{simulator.RetryAfterSeconds, simulator.RetryAfterDate, simulator.RetryAfterAbsent} {
			bubble(t, strconv.Itoa(limit)+" a second, Retry-After "+string(form), func(t *testing.T) {
				server := simulator.New(simulator.Config{RateLimit: limit, RetryAfter: form, Latency: 20 * time.Millisecond})
				key := server.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
				client := streamkap.New(streamkap.Config{
					ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret,
					MaxRetries: streamkap.DefaultMaxRetries, Transport: server.RoundTripper(),
				})
				start := time.Now()
				readInParallel(t, client, key.ID, 200, 10)
				refused := 0
				for _, request := range server.Requests() {
					if request.Status == http.StatusTooManyRequests {
						refused++
					}
				}
				total := len(server.Requests())
				if refused == 0 || refused*10 > total {
					t.Errorf("%d of %d requests were refused", refused, total)
				}
				floor := time.Duration(total/limit) * time.Second
				if took := time.Since(start); took > 2*floor+5*time.Second {
					t.Errorf("it took %v; at the limit it takes %v", took, floor)
				}
			})
		}
	}
}

func readInParallel(t *testing.T, client *streamkap.Client, id string, reads, parallelism int) {
	t.Helper()
	work := make(chan struct{}, reads)
	for range reads {
		work <- struct{}{}
	}
	close(work)
	var group sync.WaitGroup
	for range parallelism {
		group.Go(func() {
			for range work {
				if _, err := client.ProjectKey(t.Context(), id); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
}

// TestOne429HoldsBackEveryRequest has one request refused and expects another,
// which was not, to wait as long.
func TestOne429HoldsBackEveryRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := simulator.New(simulator.Config{})
		client := streamkap.New(streamkap.Config{
			ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret, Transport: server.RoundTripper(),
		})
		wantNoError(t, errOf(client.WhoAmI(t.Context())))
		server.Inject(simulator.Fault{Method: "GET", Path: "/auth/roles", Status: 429, Header: http.Header{"Retry-After": {"7"}}})
		wantA[*streamkap.Error](t, errOf(client.Roles(t.Context())))

		start := time.Now()
		_, err := client.WhoAmI(t.Context())
		wantNoError(t, err)
		if waited := time.Since(start); waited < 7*time.Second || waited > 10*time.Second {
			t.Errorf("the next request waited %v, expected 7 s", waited)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		server.Inject(simulator.Fault{Method: "GET", Path: "/auth/roles", Status: 429, Header: http.Header{"Retry-After": {"60"}}})
		_, _ = client.Roles(t.Context())
		start = time.Now()
		if _, err = client.WhoAmI(ctx); err == nil || time.Since(start) > 0 {
			t.Errorf("a cancelled request waited %v and ended with %v", time.Since(start), err)
		}
	})
}

// TestOneStray429CostsLittle reads 500 keys, ten at a time: at full speed they
// take ten seconds.
func TestOneStray429CostsLittle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server, client, key := limited(simulator.Config{Latency: 200 * time.Millisecond})
		server.Inject(simulator.Fault{Path: oneKey, Skip: 50, Status: 429, Header: http.Header{"Retry-After": {"1"}}})
		start := time.Now()
		readInParallel(t, client, key, 500, 10)
		if took := time.Since(start); took > 12*time.Second {
			t.Errorf("500 reads with one 429 among them took %v", took)
		}
	})
}

func TestFullSpeedIsBackWithinTwoSecondsAfterASingle429(t *testing.T) {
	for _, retryAfter := range []string{"", "0", "1"} {
		synctest.Test(t, func(t *testing.T) {
			server, client, key := limited(simulator.Config{})
			server.Inject(simulator.Fault{Path: oneKey, Status: 429, Header: http.Header{"Retry-After": {retryAfter}}})
			readInParallel(t, client, key, 1, 1)
			time.Sleep(2 * time.Second) // in a bubble
			start := time.Now()
			readInParallel(t, client, key, 500, 10)
			wantElapsed(t, start, 0)
		})
	}
}

// TestOnePauseServesAllThatWereToldToWait has twenty of a hundred reads refused,
// each with a second to wait.
func TestOnePauseServesAllThatWereToldToWait(t *testing.T) {
	for _, latency := range []time.Duration{0, 5 * time.Millisecond, 50 * time.Millisecond} {
		for _, parallelism := range []int{10, 100} {
			synctest.Test(t, func(t *testing.T) {
				server, client, key := limited(simulator.Config{Latency: latency})
				server.Inject(simulator.Fault{Path: oneKey, Times: 20, Status: 429, Header: http.Header{"Retry-After": {"1"}}})
				start := time.Now()
				readInParallel(t, client, key, 100, parallelism)
				if took := time.Since(start); took > 5*time.Second {
					t.Errorf("latency %v, %d at once: it took %v", latency, parallelism, took)
				}
			})
		}
	}
}

// limited is a service, a client of it and the id of a key in it.
func limited(config simulator.Config) (*simulator.Server, *streamkap.Client, string) {
	server := simulator.New(config)
	return server, clientOf(server), server.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}}).ID
}

// TestRetryAfterBeyondTheDeadlineIsNotWaitedFor tells the 429 at once instead
// of running into the timeout.
func TestRetryAfterBeyondTheDeadlineIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := simulator.New(simulator.Config{})
		server.Inject(simulator.Fault{Path: "/auth/whoami", Status: 429, Header: http.Header{"Retry-After": {"3600"}}})
		client := streamkap.New(streamkap.Config{
			ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret,
			MaxRetries: streamkap.DefaultMaxRetries, Transport: server.RoundTripper(),
		})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		start := time.Now()
		_, err := client.WhoAmI(ctx)
		if refusal := wantAs[*streamkap.Error](t, err); refusal.Status != 429 || time.Since(start) > time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		_, err = client.Roles(ctx)
		if held := wantAs[*transport.RateLimitError](t, err); held.Until.IsZero() || time.Since(start) > time.Second {
			t.Errorf("after %v, another request: %v", time.Since(start), err)
		}
	})
}

// TestRetryAfterThatEndsWithTheDeadlineIsNotWaitedFor would otherwise tell of a
// timeout in place of the 429.
func TestRetryAfterThatEndsWithTheDeadlineIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 429, Header: http.Header{"Retry-After": {"7"}}})
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		start := time.Now()
		_, err := s.WhoAmI(ctx)
		if refusal := wantAs[*streamkap.Error](t, err); refusal.Status != 429 || time.Since(start) > 0 {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
	})
}
