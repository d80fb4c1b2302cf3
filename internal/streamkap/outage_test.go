// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// outages are the ways in which a service is out of reach.
var outages = map[string]simulator.Fault{
	"refused": {Drop: simulator.DropRefused},
	"502":     {Status: 502, Body: simulator.GatewayPage(502)},
	"503":     {Status: 503},
	"504":     {Status: 504},
}

// TestOutage_WaitedOutOnce reads 300 keys, ten at a time, of a service that is
// down from the start, or once there is a token.
func TestOutage_WaitedOutOnce(t *testing.T) {
	for name, fault := range outages {
		for _, path := range []string{"", oneKey} {
			bubble(t, name+" "+path, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				fault.Path, fault.Times = path, -1
				s.Inject(fault)
				one := time.Now()
				if err := errOf(clientOf(s.Server).ProjectKey(t.Context(), "an-id")); err == nil {
					t.Fatal("no error")
				}
				floor := time.Since(one)
				s.ResetRequests()

				start := time.Now()
				errs := s.readAll()
				if took, n := time.Since(start), len(s.Requests()); took > 2*floor || n > 100 {
					t.Errorf("300 keys took %v and %d requests, one takes %v", took, n, floor)
				}
				wantOneThatTells(t, errs)
			})
		}
	}
}

// readAll reads 300 keys, ten at a time, and returns the errors.
func (s *service) readAll() []error {
	errs := make([]error, 300)
	inParallel(len(errs), 10, func(i int) { errs[i] = errOf(s.ProjectKey(s.t.Context(), fmt.Sprint("key-", i))) })
	return errs
}

// wantOneThatTells fails unless one of the errors, and no other, is to tell all.
func wantOneThatTells(t *testing.T, errs []error) {
	t.Helper()
	told := 0
	for _, err := range errs {
		shared := wantAs[*streamkap.SharedError](t, err)
		all := shared.ReportsAll()
		if all {
			told++
		}
		if all != shared.ReportsAll() {
			t.Error("an error tells all at one time and not at another")
		}
		if streamkap.IsNotFound(err) {
			t.Errorf("an outage makes a key look gone: %v", err)
		}
	}
	if told != 1 {
		t.Errorf("%d errors tell all", told)
	}
}

func TestOutage_EndsWithTheFirstAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		id := s.seeded()
		s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropRefused, Times: 7})
		for attempt, floor := range []time.Duration{31 * first, 0} {
			start := time.Now()
			_, err := s.ProjectKey(t.Context(), id)
			if took := time.Since(start); took != floor {
				t.Errorf("request %d took %v, want %v", attempt+1, took, floor)
			}
			if shared := wantAs[*streamkap.SharedError](t, err); !streamkap.IsTransient(err) || !strings.Contains(shared.Asked, s.Host()) {
				t.Errorf("the error is %v of %+v", err, shared)
			}
		}
		_, err := s.ProjectKey(t.Context(), id)
		if over := wantAs[*transport.OpenError](t, err); !streamkap.IsTransient(err) ||
			over.Error() != "not sent, because the service was out of reach: "+over.Err.Error() {
			t.Errorf("the error is %v", err)
		}
		if n := s.attempts("GET", "/project-keys/"+id); n != 7 {
			t.Errorf("%d requests were sent, want six and a probe", n)
		}
		time.Sleep(time.Second) // in a bubble
		wantNoError(t, errOf(s.ProjectKey(t.Context(), id)))
		// With that everything is as before, retries included.
		s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropRefused, Times: 5})
		wantNoError(t, errOf(s.ProjectKey(t.Context(), id)))
	})
}

func TestOutage_NextOneIsToldAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		for range 2 {
			s.Inject(simulator.Fault{Path: oneKey, Status: 503, Times: 7})
			for i := range 2 {
				_, err := s.ProjectKey(t.Context(), "an-id")
				if all := wantAs[*streamkap.SharedError](t, err).ReportsAll(); all != (i == 0) {
					t.Errorf("error %d tells all: %t", i+1, all)
				}
			}
			s.callAfter(time.Second)
		}
	})
}

func TestOutage_CreateIsNotLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.callAfter(0)
		s.Inject(simulator.Fault{Drop: simulator.DropRefused, Times: -1})
		for range 3 {
			_, err := s.CreateProjectKey(t.Context(), fullRequest())
			if err == nil || streamkap.KindOf(err) == streamkap.KindUnknownOutcome {
				t.Errorf("the error is %v", err)
			}
		}
	})
}

// TestOutage_NotBegunByWhatWasNotTriedToTheEnd has the next request sent, and
// repeated, as if nothing had been.
func TestOutage_NotBegunByWhatWasNotTriedToTheEnd(t *testing.T) {
	for name, fails := range map[string]func(t *testing.T, s *service){
		"a create, which is not repeated": func(t *testing.T, s *service) {
			s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Status: 503})
			wantKind(t, errOf(s.CreateProjectKey(t.Context(), fullRequest())), streamkap.KindUnknownOutcome)
		},
		"a create, whose last attempt may have been worked on": func(t *testing.T, s *service) {
			s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Drop: simulator.DropRefused, Times: 5})
			s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Status: 503})
			wantKind(t, calls["create"](t.Context(), s.Client, ""), streamkap.KindUnknownOutcome)
		},
		"a create, interrupted before it is refused": func(t *testing.T, s *service) {
			s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Delay: time.Minute, Drop: simulator.DropRefused})
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			wantKind(t, calls["create"](ctx, s.Client, ""), streamkap.KindNotListening)
		},
		"a read with little time": func(t *testing.T, s *service) {
			s.Inject(simulator.Fault{Path: oneKey, Status: 503, Times: 5})
			ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
			defer cancel()
			wantA[*streamkap.ConnectionError](t, errOf(s.ProjectKey(ctx, "an-id")))
		},
	} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			id := s.seeded()
			fails(t, s)
			s.Inject(simulator.Fault{Path: oneKey, Status: 503, Times: 2})
			wantNoError(t, errOf(s.ProjectKey(t.Context(), id)))
		})
	}
}

func TestOutage_WithoutRetriesEveryRequestIsTried(t *testing.T) {
	s := connect(t, simulator.Config{}, retries(0))
	id := s.seeded()
	s.Inject(simulator.Fault{Path: oneKey, Status: 503, Times: 3})
	for range 3 {
		wantA[*streamkap.Error](t, errOf(s.ProjectKey(t.Context(), id)))
	}
	wantNoError(t, errOf(s.ProjectKey(t.Context(), id)))
}

func TestExchange_RefusedCredentialsSentOnceARun(t *testing.T) {
	s := connect(t, simulator.Config{}, func(config *streamkap.Config) {
		config.Secret = "a-wrong-one"
		config.Origins = streamkap.Origins{Credentials: "the environment variable AN_ID"}
	})
	errs := s.readAll()
	wantOneThatTells(t, errs)
	s.wantExchanges(1, "for 300 keys")
	shared := wantAs[*streamkap.SharedError](t, errs[0])
	want := "host https://api.example.com, client id " + simulator.DefaultClientID + " (from the environment variable AN_ID)"
	if got := shared.Asked; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if strings.Contains(shared.Error(), "a-wrong-one") || streamkap.IsTransient(errs[0]) {
		t.Errorf("the error is %v", errs[0])
	}
	wantKind(t, errOf(s.NewToken(t.Context())), streamkap.KindCredentials)
	s.wantExchanges(1, "after a token of its own was asked for")
}

// TestExchange_StrayRefusalNotRemembered has something in between refuse them, not
// the API.
func TestExchange_StrayRefusalNotRemembered(t *testing.T) {
	for _, body := range []string{simulator.GatewayPage(403), `{"message": "Forbidden"}`} {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: streamkap.TokenPath, Status: 403, Body: body})
		wantA[*streamkap.AuthenticationError](t, errOf(s.WhoAmI(t.Context())))
		wantNoError(t, errOf(s.WhoAmI(t.Context())))
	}
}

// TestSharedError_NotOfOneRequestAlone has failures that are about the one key, or
// the one connection, or the time that the one call had.
func TestSharedError_NotOfOneRequestAlone(t *testing.T) {
	for name, call := range map[string]func(t *testing.T, s *service) error{
		"a refusal": func(t *testing.T, s *service) error {
			s.Inject(simulator.Fault{Path: oneKey, Status: http.StatusForbidden})
			_, err := s.ProjectKey(t.Context(), "an-id")
			return err
		},
		"a connection that broke": func(t *testing.T, s *service) error {
			s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropBefore, Times: 6})
			_, err := s.ProjectKey(t.Context(), "an-id")
			return err
		},
		"a deadline during an outage": func(t *testing.T, s *service) error {
			s.Inject(simulator.Fault{Path: oneKey, Status: 503, Times: 6})
			wantA[*streamkap.SharedError](t, errOf(s.ProjectKey(t.Context(), "an-id")))
			s.Inject(simulator.Fault{Path: oneKey, Status: 503, Delay: time.Minute})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := s.ProjectKey(ctx, "an-id")
			return err
		},
	} {
		bubble(t, name, func(t *testing.T) {
			err := call(t, connect(t, simulator.Config{}))
			var shared *streamkap.SharedError
			if err == nil || errors.As(err, &shared) {
				t.Errorf("the error is %v", err)
			}
		})
	}
}
