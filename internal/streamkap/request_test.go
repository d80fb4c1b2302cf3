// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
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

func TestID_ImplausibleInNoURLAndNoError(t *testing.T) {
	for _, id := range []string{
		"", ".", "..", "...", " ", "an id", "an-id ", "a/b", "../roles", "a?b", "a#b", "a%2Fb", "{id}", "<id>", "a\nb", "a\x00b", "a\n", "é", "a;b", "a[b", "a`b", "a{b",
		`{"type": "streamkap_project_key", "api": {"client_secret": "a-secret"}}`, "eyJ0eXBlIjoic3RyZWFta2FwIn0=", strings.Repeat("a", 129),
	} {
		t.Run(id, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			for _, name := range []string{"read", "rename", "scope", "delete"} {
				err := calls[name](t.Context(), s.Client, id)
				wantKind(t, err, streamkap.KindImplausibleID)
				if len(id) > 5 && strings.Contains(err.Error(), id) {
					t.Errorf("the error repeats the id: %v", err)
				}
			}
			if n := len(s.Requests()); n != 0 {
				t.Errorf("%d requests were made", n)
			}
		})
	}
}

func TestID_PlausibleAsked(t *testing.T) {
	for _, id := range []string{
		"a", "5f0c8f4be0c8f4be5f0c8f4b", "8fc462ac-f1e1-4102-aeed-90dfae6416b7", "01J9ZK3V7Q", "key_1.2:3~x@y", "0-9A-Za-z", ".a", "a..", strings.Repeat("a", 128),
	} {
		s := connect(t, simulator.Config{})
		if _, err := s.ProjectKey(t.Context(), id); !streamkap.IsNotFound(err) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
