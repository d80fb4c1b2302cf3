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
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			fault.Method, fault.Times = http.MethodGet, -1
			s.Inject(fault)
			start := time.Now()
			if err := errOf(s.Optional().Roles(t.Context())); err == nil || s.attempts(http.MethodGet, "/auth/roles") != 1 {
				t.Errorf("%d attempts, error %v", s.attempts(http.MethodGet, "/auth/roles"), err)
			}
			wantElapsed(t, start, 0)
		})
	}
	// Others may wait for the same token.
	bubble(t, "but the exchange", func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: streamkap.TokenPath, Status: 502})
		wantNoError(t, errOf(s.Optional().Roles(t.Context())))
	})
}

// TestOptional_FailureNotShared has the project asked for in both ways at the same
// time.
func TestOptional_FailureNotShared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{Latency: time.Second})
		s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 502, Times: 2})
		var calls sync.WaitGroup
		calls.Go(func() {
			if err := errOf(s.Optional().Identity(t.Context())); err == nil {
				t.Error("the optional call was repeated")
			}
		})
		if err := errOf(s.Identity(t.Context())); err != nil {
			t.Error(err)
		}
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

// TestOptional_BesideTheCircuitBreaker has its failure trip nothing, although it can't
// keep the pause that it is asked for, and its answer reset nothing; and it is sent
// while others are not.
func TestOptional_BesideTheCircuitBreaker(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: "/auth/roles", Status: 503, Header: http.Header{"Retry-After": {"10"}}})
		wantA[*streamkap.Error](t, errOf(s.Optional().Roles(t.Context())))
		var calls sync.WaitGroup
		for range 5 {
			calls.Go(s.readOnce)
		}
		calls.Wait()
		s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropRefused, Times: 7})
		for range 2 {
			wantA[*streamkap.ConnectionError](t, errOf(s.ProjectKey(t.Context(), "an-id")))
		}
		wantNoError(t, errOf(s.Optional().Roles(t.Context())))
		wantA[*transport.OpenError](t, errOf(s.ProjectKey(t.Context(), "an-id")))
	})
}

func (s *service) readOnce() {
	if err := errOf(s.WhoAmI(s.t.Context())); err != nil {
		s.t.Error(err)
	}
}
