// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"bytes"
	"context"
	"errors"
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
				want := 7500 * time.Millisecond
				if failure == "429" {
					want = 15500 * time.Millisecond
				}
				wantElapsed(t, start, want)
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

func TestDo_AnswerThatStaysUnreadable(t *testing.T) {
	for name, body := range map[string]string{
		"no JSON":       "OK",
		"web page":      simulator.GatewayPage(200),
		"empty":         "",
		"another thing": `{"items": []}`,
		"wrong type":    `{"id": 12}`,
	} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{}, retries(1))
			s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: body, Times: 2})
			_, err := s.ProjectKey(t.Context(), "an-id")
			wantKind(t, err, streamkap.KindInvalidResponse)
			answer := wantAs[*streamkap.Error](t, err)
			if answer.Status != 200 || answer.RequestID == "" || !strings.Contains(err.Error(), answer.RequestID) || streamkap.IsNotFound(err) {
				t.Errorf("the error is %v", err)
			}
		})
	}
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

func TestDo_RefusalsNotRepeated(t *testing.T) {
	for _, status := range []int{400, 403, 404, 409, 422} {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: oneKey, Status: status, Body: `{"detail": "no"}`})
		_, err := s.ProjectKey(t.Context(), "an-id")
		if got := wantAs[*streamkap.Error](t, err); got.Status != status {
			t.Errorf("%d: the error is %v", status, err)
		}
		if got := s.attempts("GET", "/project-keys/an-id"); got != 1 {
			t.Errorf("%d: %d attempts", status, got)
		}
	}
}

func TestDo_RateLimitWaitedOut(t *testing.T) {
	for name, test := range map[string]struct {
		retryAfter func() string
		want       time.Duration
	}{
		"seconds":         {func() string { return "7" }, 7 * time.Second},
		"date":            {func() string { return time.Now().Add(9 * time.Second).UTC().Format(http.TimeFormat) }, 9 * time.Second},
		"date gone by":    {func() string { return time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat) }, 0},
		"absent":          {func() string { return "" }, 500 * time.Millisecond},
		"nonsense":        {func() string { return "soon" }, 500 * time.Millisecond},
		"negative":        {func() string { return "-1" }, 500 * time.Millisecond},
		"now":             {func() string { return "0" }, 0},
		"longer than max": {func() string { return "300" }, 5 * time.Minute},
	} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Path: oneKey, Status: 429, Header: http.Header{"Retry-After": {test.retryAfter()}}})
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			start := time.Now()
			wantNoError(t, errOf(s.ProjectKey(ctx, s.seeded())))
			wantElapsed(t, start, test.want)
		})
	}
}

func TestDo_CancellationEndsTheBackoff(t *testing.T) {
	for _, name := range []string{"list", "create"} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Path: keysPath, Status: 429, Header: http.Header{"Retry-After": {"3600"}}})
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Hour)
			start := time.Now()
			time.AfterFunc(time.Minute, cancel)
			err := calls[name](ctx, s.Client, "")
			wantA[*streamkap.ConnectionError](t, err)
			wantKind(t, err, streamkap.KindInterrupted)
			wantElapsed(t, start, time.Minute)
		})
	}
}

func TestDo_TimeoutTellsHowTheAttemptBeforeEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: keysPath, Status: 503, Times: 4})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := s.ProjectKeys(ctx)
		if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "the attempt before ended with HTTP 503, request id ") {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestDo_CancellationEndsWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: keysPath, Delay: time.Hour})
		ctx, cancel := context.WithCancel(t.Context())
		start := time.Now()
		time.AfterFunc(time.Second, cancel)
		_, err := s.ProjectKeys(ctx)
		if !errors.Is(err, context.Canceled) {
			t.Errorf("the error is %v", err)
		}
		wantElapsed(t, start, time.Second)
		if got := s.attempts("GET", keysPath); got != 1 {
			t.Errorf("%d attempts", got)
		}
	})
}

func TestDo_HungGivenUpAfterAMinuteAndRepeated(t *testing.T) {
	for name, method := range repeatable {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			id := s.seeded()
			s.Inject(simulator.Fault{Method: method, Path: oneKey, Delay: time.Hour})
			start := time.Now()
			wantNoError(t, calls[name](t.Context(), s.Client, id))
			wantElapsed(t, start, time.Minute+500*time.Millisecond)
		})
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
		wantElapsed(t, start, time.Minute+500*time.Millisecond)
	})
}

// endless is a body of which no more comes.
type endless struct{ ctx context.Context }

func (b endless) Read([]byte) (int, error) {
	<-b.ctx.Done()
	return 0, b.ctx.Err()
}

func TestDo_TooLongAnswerNotAskedForAgain(t *testing.T) {
	s := connect(t, simulator.Config{}, through(func(next http.RoundTripper) roundTrip {
		return func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if req.Method == "GET" {
				resp.Body = io.NopCloser(bytes.NewReader(make([]byte, 33<<20)))
			}
			return resp, err
		}
	}))
	_, err := s.WhoAmI(t.Context())
	if wantA[*streamkap.ConnectionError](t, err); !strings.Contains(err.Error(), "longer than 32 MiB") {
		t.Errorf("the error is %v", err)
	}
	if n := s.attempts("GET", "/auth/whoami"); n != 1 {
		t.Errorf("%d attempts", n)
	}
}

func TestDo_ConnectionErrorNamesTheRequestOnce(t *testing.T) {
	s := connect(t, simulator.Config{}, retries(0))
	s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropRefused})
	_, err := s.ProjectKey(t.Context(), "an-id")
	wantA[*streamkap.ConnectionError](t, err)
	if got, want := err.Error(), "GET /project-keys/an-id: no answer from https://api.example.com: dial tcp: connection refused"; got != want {
		t.Errorf("the error is %q, want %q", got, want)
	}
}

func TestDo_WithoutADeadlineTwoMinutes(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"hangs":              {Delay: time.Hour, Times: -1},
		"is out of its mind": {Status: 500, Times: -1},
	} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{}, retries(100))
			s.Inject(fault)
			start := time.Now()
			_, err := s.ProjectKeys(t.Context())
			if err == nil || !streamkap.IsTransient(err) {
				t.Errorf("the error is %v", err)
			}
			wantElapsed(t, start, 2*time.Minute)
		})
	}
}

// TestDo_PauseThatOutlastsTheDeadlineFailsAtOnce says how long the service asked to
// wait, and leaves the waiting to whoever reads that.
func TestDo_PauseThatOutlastsTheDeadlineFailsAtOnce(t *testing.T) {
	for _, status := range []int{429, 503} {
		for _, path := range []string{keysPath, streamkap.TokenPath} {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				s.Inject(simulator.Fault{Path: path, Status: status, Header: http.Header{"Retry-After": {"3600"}}})
				start := time.Now()
				_, err := s.ProjectKeys(t.Context())
				if got := wantAs[*streamkap.Error](t, err); got.Status != status || got.Wait != time.Hour {
					t.Errorf("the error is %v", err)
				}
				wantElapsed(t, start, 0)
			})
		}
	}
}
