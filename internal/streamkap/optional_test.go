// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

func TestOptional_AttemptedOnce(t *testing.T) {
	for name, fault := range outages {
		synctest.Test(t, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			fault.Method, fault.Times = http.MethodGet, -1
			s.Inject(fault)
			start := time.Now()
			if _, err := s.Optional().Roles(t.Context()); err == nil {
				t.Errorf("%s: no error", name)
			}
			if n := s.attempts(http.MethodGet, "/auth/roles"); n > 1 || time.Since(start) > 0 {
				t.Errorf("%s: %d attempts in %v", name, n, time.Since(start))
			}
		})
	}
}

// TestOptional_FailureTripsNoBreaker has the service ask for a pause that
// only the optional call can't keep. Several calls that can go on after it.
func TestOptional_FailureTripsNoBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{Latency: time.Second})
		s.Inject(simulator.Fault{Path: "/auth/roles", Status: 503, Header: http.Header{"Retry-After": {"10"}}})
		if _, err := s.Optional().Roles(t.Context()); err == nil {
			t.Error("no error")
		}
		var calls sync.WaitGroup
		for range 5 {
			calls.Go(func() {
				if _, err := s.ProjectKeys(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
	})
}

// TestOptional_TokenFetchRepeated is about a token for which others
// may wait.
func TestOptional_TokenFetchRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: streamkap.TokenPath, Status: 502})
		wantNoError(t, errOf(s.Optional().Roles(t.Context())))
	})
}

// TestOptional_FailedLookAtTheProjectNotShared asks for the project in
// both ways at the same time.
func TestOptional_FailedLookAtTheProjectNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{Latency: time.Second})
		s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 502, Times: 2})
		var calls sync.WaitGroup
		calls.Go(func() {
			if _, err := s.Optional().Identity(t.Context()); err == nil {
				t.Error("the optional call was repeated")
			}
		})
		calls.Go(func() {
			if _, err := s.Identity(t.Context()); err != nil {
				t.Error(err)
			}
		})
		calls.Wait()
	})
}

// TestOptional_BesideTheRateLimit has the service ask for a pause of every
// request, or of the optional one alone.
func TestOptional_BesideTheRateLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.callAfter(0)
		start := time.Now()
		s.Inject(simulator.Fault{Path: "/auth/roles", Status: 429, Header: http.Header{"Retry-After": {"300"}}})
		wantA[*streamkap.Error](t, errOf(s.Optional().Roles(t.Context())))
		s.callAfter(0)
		wantElapsed(t, start, 0)

		s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 429, Header: http.Header{"Retry-After": {"300"}}})
		wantA[*streamkap.Error](t, errOf(s.WhoAmI(t.Context())))
		wantNoError(t, errOf(s.Optional().Roles(t.Context())))
		wantElapsed(t, start, 0)
	})
}

// TestOptional_BesideTheCircuitBreaker has its answer reset nothing, and it is
// sent while others are not.
func TestOptional_BesideTheCircuitBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.callAfter(0)
		s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropRefused, Times: 7})
		for range 2 {
			wantA[*streamkap.ConnectionError](t, errOf(s.ProjectKey(t.Context(), "an-id")))
		}
		wantNoError(t, errOf(s.Optional().Roles(t.Context())))
		wantA[*transport.OpenError](t, errOf(s.ProjectKey(t.Context(), "an-id")))
	})
}
