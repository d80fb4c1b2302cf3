// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestRateLimit_RefreshWithFewRefusals refreshes 200 keys of a busy tenant, ten at
// a time, as Terraform does.
func TestRateLimit_RefreshWithFewRefusals(t *testing.T) {
	for limit, forms := range map[int][]simulator.RetryAfterForm{
		3: {simulator.RetryAfterSeconds, simulator.RetryAfterAbsent}, 10: {simulator.RetryAfterDate, simulator.RetryAfterAbsent}, 50: {simulator.RetryAfterSeconds},
	} {
		for _, form := range forms {
			bubble(t, strconv.Itoa(limit)+" a second, Retry-After "+string(form), func(t *testing.T) {
				s := connect(t, simulator.Config{RateLimit: limit, RetryAfter: form, Latency: 20 * time.Millisecond})
				start := time.Now()
				s.readInParallel(200, 10)
				refused, total := 0, len(s.Requests())
				for _, request := range s.Requests() {
					if request.Status == http.StatusTooManyRequests {
						refused++
					}
				}
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

// readInParallel reads a key so often, and wants no error.
func (s *service) readInParallel(reads, parallelism int) {
	s.t.Helper()
	id := s.seeded()
	inParallel(reads, parallelism, func(int) {
		if err := errOf(s.ProjectKey(s.t.Context(), id)); err != nil {
			s.t.Error(err)
		}
	})
}

// TestRateLimit_OneRefusalHoldsBackEveryRequest has another request, which was not
// refused, wait as long.
func TestRateLimit_OneRefusalHoldsBackEveryRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{}, retries(0))
		s.callAfter(0)
		refuse := func(seconds string) {
			s.Inject(simulator.Fault{Path: "/auth/roles", Status: 429, Header: http.Header{"Retry-After": {seconds}}})
			wantKind(t, errOf(s.Roles(t.Context())), streamkap.KindRateLimited)
		}
		refuse("7")
		start := time.Now()
		s.callAfter(0)
		if waited := time.Since(start); waited < 7*time.Second || waited > 10*time.Second {
			t.Errorf("the next request waited %v, expected 7 s", waited)
		}
		refuse("60")
		cancelled, cancel := context.WithCancel(t.Context())
		cancel()
		hurried, stop := context.WithTimeout(t.Context(), 5*time.Second)
		defer stop()
		for says, ctx := range map[string]context.Context{
			"interrupted before it was sent":          cancelled,
			"the service asked for no request before": hurried,
		} {
			start = time.Now()
			if err := errOf(s.WhoAmI(ctx)); err == nil || time.Since(start) > 0 || strings.Contains(err.Error(), "interrupted") == (ctx == hurried) || !strings.Contains(err.Error(), says) {
				t.Errorf("after %v, want %q: %v", time.Since(start), says, err)
			}
		}
	})
}

// TestRateLimit_RefusalsThatCostLittle reads 500 keys, ten at a time, with one
// refusal among them: at full speed they take ten seconds. Or it has twenty of a
// hundred reads refused, each with a second to wait.
func TestRateLimit_RefusalsThatCostLittle(t *testing.T) {
	for name, test := range map[string]struct {
		latency, most      time.Duration
		refused            simulator.Fault
		reads, parallelism int
	}{
		"one among 500":          {200 * time.Millisecond, 12 * time.Second, simulator.Fault{Skip: 50}, 500, 10},
		"twenty, 10 at once":     {5 * time.Millisecond, 5 * time.Second, simulator.Fault{Times: 20}, 100, 10},
		"twenty, 100 at once":    {50 * time.Millisecond, 5 * time.Second, simulator.Fault{Times: 20}, 100, 100},
		"twenty, without delays": {0, 5 * time.Second, simulator.Fault{Times: 20}, 100, 100},
	} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{Latency: test.latency})
			test.refused.Path, test.refused.Status, test.refused.Header = oneKey, 429, http.Header{"Retry-After": {"1"}}
			s.Inject(test.refused)
			start := time.Now()
			s.readInParallel(test.reads, test.parallelism)
			if took := time.Since(start); took > test.most {
				t.Errorf("it took %v", took)
			}
		})
	}
}
