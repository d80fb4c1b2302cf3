// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// repeatable are the calls that may be made any number of times.
var repeatable = map[string]string{"read": http.MethodGet, "rename": http.MethodPatch, "delete": http.MethodDelete}

// passing are the failures that a repetition can cure.
var passing = map[string]simulator.Fault{
	"500":            {Status: 500, Body: `{"detail": "Internal Server Error"}`},
	"502 as HTML":    {Status: 502, Body: simulator.GatewayPage(502)},
	"503 empty":      {Status: 503},
	"504 processed":  {Status: 504, Processed: true},
	"429":            {Status: 429},
	"refused":        {Drop: simulator.DropRefused},
	"dropped before": {Drop: simulator.DropBefore},
	"dropped after":  {Drop: simulator.DropAfter},
}

func TestDo_PassingFailuresWaitedOut(t *testing.T) {
	for name, method := range repeatable {
		for failure, fault := range passing {
			bubble(t, name+" after "+failure, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				id := s.seeded()
				fault.Method, fault.Path, fault.Times = method, oneKey, 5
				s.Inject(fault)
				start := time.Now()
				wantNoError(t, calls[name](t.Context(), s.Client, id))
				wantElapsed(t, start, 31*first)
			})
		}
	}
}

func TestDo_TruncatedAnswerAskedForAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		id := s.seeded()
		s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropTruncated})
		s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: `{"id": "` + id + `", "name": "ord`})
		s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: simulator.GatewayPage(200)})
		s.Inject(simulator.Fault{Path: oneKey, Status: 200})
		key, err := s.ProjectKey(t.Context(), id)
		wantNoError(t, err)
		if key.ID != id || key.Name != "orders" {
			t.Errorf("read %+v", key)
		}
	})
}

func TestDo_MaxRetriesAreAttemptsAfterTheFirst(t *testing.T) {
	for maxRetries, want := range map[int]int{0: 1, 1: 2, 3: 4} {
		for failure, fault := range passing {
			bubble(t, failure, func(t *testing.T) {
				s := connect(t, simulator.Config{}, retries(maxRetries))
				id := s.seeded()
				fault.Path, fault.Times = oneKey, -1
				s.Inject(fault)
				if _, err := s.ProjectKey(t.Context(), id); err == nil {
					t.Error("no error")
				}
				if got := s.attempts("GET", "/project-keys/"+id); got != want {
					t.Errorf("max_retries = %d made %d attempts, want %d", maxRetries, got, want)
				}
			})
		}
	}
}

func TestDo_HungBodyGivenUpAfterAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hung := 0
		s := connect(t, simulator.Config{}, through(func(next http.RoundTripper) roundTrip {
			return func(req *http.Request) (*http.Response, error) {
				resp, err := next.RoundTrip(req)
				if req.Method == "GET" && hung == 0 {
					hung++
					resp.Body = io.NopCloser(endless{req.Context()})
				}
				return resp, err
			}
		}))
		start := time.Now()
		s.callAfter(0)
		wantElapsed(t, start, exact)
	})
}

// endless is a body of which no more comes.
type endless struct{ ctx context.Context }

func (b endless) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}
