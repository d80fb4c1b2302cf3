// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const ownNotFound = `{"detail": "Project key not found"}`

// stray are single answers that make a live key look gone.
var stray = map[string]simulator.Fault{
	"404 of a gateway":   {Status: 404, Body: "default backend - 404"},
	"404 without a word": {Status: 404},
	"404 of a router":    {Status: 404, Body: `{"error": "route not found"}`},
	"418":                {Status: 418, Body: "no such host"},
	"421":                {Status: 421, Body: `{"message": "no such host"}`},
	"the API's own":      {Status: 404, Body: ownNotFound},
}

func TestOneStrayAnswerDoesNotMakeAKeyGone(t *testing.T) {
	for name, fault := range stray {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			id := s.seeded()
			fault.Path = oneKey
			s.Inject(fault)
			if _, err := s.ProjectKey(t.Context(), id); !streamkap.IsNotFound(err) {
				t.Fatalf("the read ended with %v", err)
			}
			gone, err := s.ConfirmGone(t.Context(), id, simulator.DefaultServiceID)
			if wantNoError(t, err); gone {
				t.Error("a live key is gone")
			}
		})
	}
}

func TestKeyThatTheListLacksIsGone(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.seeded()
	gone, err := s.ConfirmGone(t.Context(), "an-id", simulator.DefaultServiceID)
	if wantNoError(t, err); !gone {
		t.Error("a key that neither read nor list has is not gone")
	}
}

func TestListThatIsNoneConfirmsNothing(t *testing.T) {
	for _, body := range []string{`null`, `""`, `{}`, `[{}]`, `[null]`, `[{"name": "orders"}]`} {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: body})
		gone, err := s.ConfirmGone(t.Context(), "an-id", simulator.DefaultServiceID)
		if wantKind(t, err, streamkap.KindInvalidResponse); gone {
			t.Errorf("%s confirms that a key is gone", body)
		}
	}
}

// TestWhereTheListIsForbiddenASecondReadConfirms lets only the API's own words
// count: JSON with a detail.
func TestWhereTheListIsForbiddenASecondReadConfirms(t *testing.T) {
	for name, fault := range stray {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Path: keysPath, Status: 403, Body: `{"detail": "Missing permission"}`})
			fault.Path = oneKey
			s.Inject(fault)
			gone, err := s.ConfirmGone(t.Context(), "an-id", simulator.DefaultServiceID)
			if fault.Body == ownNotFound {
				if wantNoError(t, err); !gone {
					t.Error("the key is not gone")
				}
				return
			}
			wantKind(t, err, streamkap.KindUnconfirmed)
			want := "it could not be confirmed that the key is gone: the list of keys may not be read (GET /project-keys: HTTP 403"
			if !strings.HasPrefix(err.Error(), want) || !strings.Contains(err.Error(), "and a second read of the key was not answered by the API itself: GET /project-keys/an-id: HTTP 4") {
				t.Errorf("it says: %v", err)
			}
			if gone || streamkap.IsNotFound(err) || streamkap.IsTransient(err) {
				t.Errorf("gone is %v, the error %v", gone, err)
			}
		})
	}
	t.Run("there", func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: keysPath, Status: 403})
		gone, err := s.ConfirmGone(t.Context(), s.seeded(), simulator.DefaultServiceID)
		if wantNoError(t, err); gone {
			t.Error("a key that the second read shows is gone")
		}
	})
}

func TestKeyIsNotGoneWhereItCannotBeTold(t *testing.T) {
	for path, status := range map[string]int{keysPath: 500, "/auth/whoami": 403} {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Method: "GET", Path: path, Status: status, Times: -1})
		gone, err := s.ConfirmGone(t.Context(), "an-id", simulator.DefaultServiceID)
		if got := wantAs[*streamkap.Error](t, err); got.Status != status || gone {
			t.Errorf("%s: gone is %v, the error %v", path, gone, err)
		}
	}
}

func TestKeyOfAnotherProjectIsNotGone(t *testing.T) {
	s := connect(t, simulator.Config{ServiceID: "own"}, func(config *streamkap.Config) {
		config.Origins = streamkap.Origins{Host: "the environment variable A_HOST", Credentials: "the argument client_id"}
	})
	for range 3 {
		gone, err := s.ConfirmGone(t.Context(), "an-id", "other")
		if wantKind(t, err, streamkap.KindOtherProject); gone {
			t.Error("the key is gone")
		}
		want := "the credentials are of project own, not of project other: host https://api.example.com (from the environment variable A_HOST), " +
			"client id " + simulator.DefaultClientID + " (from the argument client_id)"
		if err.Error() != want {
			t.Errorf("got  %s\nwant %s", err, want)
		}
	}
	if n := s.attempts("GET", "/auth/whoami"); n != 1 {
		t.Errorf("whoami was asked %d times", n)
	}
	if n := s.attempts("GET", keysPath); n != 0 {
		t.Errorf("the list of another project was read %d times", n)
	}
}

// TestConfirmGone_ManyKeysShareAList deletes 300 keys, ten at a time as Terraform
// does or all at once, at a service that takes now less time and now more.
func TestConfirmGone_ManyKeysShareAList(t *testing.T) {
	const keys = 300
	for parallelism, want := range map[int]int{10: 40, keys: 2} {
		bubble(t, fmt.Sprint(parallelism, " at a time"), func(t *testing.T) {
			var requests atomic.Int64
			s := connect(t, simulator.Config{}, through(func(next http.RoundTripper) roundTrip {
				return func(req *http.Request) (*http.Response, error) {
					time.Sleep(time.Duration(20+requests.Add(1)%7*5) * time.Millisecond)
					return next.RoundTrip(req)
				}
			}))
			var (
				group sync.WaitGroup
				work  = make(chan string, keys)
			)
			for i := range keys {
				work <- s.Seed(simulator.Key{Name: fmt.Sprint("key-", i), ServiceID: simulator.DefaultServiceID}).ID
			}
			close(work)
			for range parallelism {
				group.Go(func() {
					for id := range work {
						s.deleteForGood(id)
					}
				})
			}
			group.Wait()
			if n := s.attempts("GET", keysPath); n > want {
				t.Errorf("%d lists were read, want no more than %d", n, want)
			}
		})
	}
}

func (s *service) deleteForGood(id string) {
	s.t.Helper()
	if err := s.DeleteProjectKey(s.t.Context(), id); err != nil {
		s.t.Error(err)
	}
	if _, err := s.ProjectKey(s.t.Context(), id); !streamkap.IsNotFound(err) {
		s.t.Errorf("the key was read, or: %v", err)
	}
	if gone, err := s.ConfirmGone(s.t.Context(), id, simulator.DefaultServiceID); err != nil || !gone {
		s.t.Errorf("gone is %v, the error %v", gone, err)
	}
}

// TestListFromBeforeTheReadDoesNotCount has a key made while a list without it
// is on its way: whoever asks after that is served by a later list.
func TestListFromBeforeTheReadDoesNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.callAfter(0)
		s.Inject(simulator.Fault{Path: keysPath, Delay: time.Minute / 2})
		first := make(chan error, 1)
		go func() {
			_, err := s.ConfirmGone(t.Context(), "another", simulator.DefaultServiceID)
			first <- err
		}()
		synctest.Wait()
		id := s.seeded()
		gone, err := s.ConfirmGone(t.Context(), id, simulator.DefaultServiceID)
		if wantNoError(t, err); gone {
			t.Error("a list from before the key was made says that it is gone")
		}
		wantNoError(t, <-first)
	})
}

func TestInterruptedCallerLeavesTheListToTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.callAfter(0)
		s.Inject(simulator.Fault{Path: keysPath, Delay: 10 * time.Second})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		other := make(chan error, 1)
		go func() {
			_, err := s.ConfirmGone(t.Context(), "an-id", simulator.DefaultServiceID)
			other <- err
		}()
		if _, err := s.ConfirmGone(ctx, "an-id", simulator.DefaultServiceID); !errors.Is(err, context.Canceled) {
			t.Errorf("the interrupted caller got %v", err)
		}
		wantNoError(t, <-other)
	})
}
