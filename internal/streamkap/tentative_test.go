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
)

func TestTentativeCallIsAttemptedOnce(t *testing.T) {
	for name, fault := range outages {
		synctest.Test(t, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			fault.Method, fault.Times = http.MethodGet, -1
			s.Inject(fault)
			start := time.Now()
			if _, err := s.Roles(streamkap.Tentative(t.Context())); err == nil {
				t.Errorf("%s: no error", name)
			}
			if n := s.attempts(http.MethodGet, "/auth/roles"); n > 1 || time.Since(start) > 0 {
				t.Errorf("%s: %d attempts in %v", name, n, time.Since(start))
			}
		})
	}
}

// TestTentativeCallThatFailsBeginsNoOutage has the service ask for a pause that
// only the tentative call can't keep. Several calls that can go on after it.
func TestTentativeCallThatFailsBeginsNoOutage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{Latency: time.Second})
		s.Inject(simulator.Fault{Path: "/auth/roles", Status: 503, Header: http.Header{"Retry-After": {"10"}}})
		if _, err := s.Roles(streamkap.Tentative(t.Context())); err == nil {
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

// TestTokenOfATentativeCallIsFetchedAsEver is about a token for which others
// may wait.
func TestTokenOfATentativeCallIsFetchedAsEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: streamkap.TokenPath, Status: 502})
		_, err := s.Roles(streamkap.Tentative(t.Context()))
		wantNoError(t, err)
	})
}

// TestFailureOfATentativeLookAtTheProjectIsNobodyElses asks for the project in
// both ways at the same time.
func TestFailureOfATentativeLookAtTheProjectIsNobodyElses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{Latency: time.Second})
		s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 502, Times: 2})
		var calls sync.WaitGroup
		calls.Go(func() {
			if _, err := s.Identity(streamkap.Tentative(t.Context())); err == nil {
				t.Error("the tentative call was repeated")
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
