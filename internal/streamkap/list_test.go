// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestConfirmGone_TakesASecondAnswer has the list decide. Where it may not be read,
// only the API's own words count: JSON with a detail.
func TestConfirmGone_TakesASecondAnswer(t *testing.T) {
	list := func(status int, body string) simulator.Fault {
		return simulator.Fault{Path: keysPath, Status: status, Body: body}
	}
	forbidden := list(403, `{"detail": "Missing permission"}`)
	read := func(status int, body string) []simulator.Fault {
		return []simulator.Fault{forbidden, {Path: oneKey, Status: status, Body: body}}
	}
	for name, test := range map[string]struct {
		faults     []simulator.Fault
		live, gone bool
		kind       streamkap.Kind
	}{
		"the list has it":        {live: true},
		"the list lacks it":      {gone: true},
		"the second read has it": {faults: []simulator.Fault{forbidden}, live: true},
		"the API's own 404":      {faults: read(404, `{"detail": "Project key not found"}`), gone: true},
		"404 of a gateway":       {faults: read(404, "default backend - 404"), kind: streamkap.KindUnconfirmed},
		"404 without a word":     {faults: read(404, ""), kind: streamkap.KindUnconfirmed},
		"404 of a router":        {faults: read(404, `{"error": "route not found"}`), kind: streamkap.KindUnconfirmed},
		"418":                    {faults: read(418, "no such host"), kind: streamkap.KindUnconfirmed},
		"421":                    {faults: read(421, `{"message": "no such host"}`), kind: streamkap.KindUnconfirmed},
		"null for a list":        {faults: []simulator.Fault{list(200, `null`)}, kind: streamkap.KindInvalidResponse},
		"a text for a list":      {faults: []simulator.Fault{list(200, `""`)}, kind: streamkap.KindInvalidResponse},
		"a row without an id":    {faults: []simulator.Fault{list(200, `[{"name": "orders"}]`)}, kind: streamkap.KindInvalidResponse},
		"no list":                {faults: []simulator.Fault{list(500, "")}, kind: streamkap.KindTransient},
		"no whoami":              {faults: []simulator.Fault{{Path: "/auth/whoami", Status: 403}}, kind: streamkap.KindPermission},
	} {
		bubble(t, name, func(t *testing.T) {
			start, s := time.Now(), connect(t, simulator.Config{}, retries(0))
			id := s.seeded()
			if !test.live {
				id = "an-id"
			}
			for _, fault := range test.faults {
				s.Inject(fault)
			}
			s.wantGone(id, test.gone, test.kind)
			wantElapsed(t, start, 0)
		})
	}
}

// wantGone fails unless a key is gone or not, or that ends with an error of a kind.
func (s *service) wantGone(id string, want bool, kind streamkap.Kind) {
	s.t.Helper()
	gone, err := s.ConfirmGone(s.t.Context(), id, simulator.DefaultServiceID)
	if gone != want || streamkap.KindOf(err) != kind || (err == nil) != (kind == streamkap.KindUnknown) {
		s.t.Errorf("gone is %t, the error %v", gone, err)
	}
}

func TestConfirmGone_OtherProject(t *testing.T) {
	s := connect(t, simulator.Config{ServiceID: "own"}, func(config *streamkap.Config) {
		config.Origins = streamkap.Origins{Host: "the environment variable A_HOST", Credentials: "the argument client_id"}
	})
	for range 3 {
		gone, err := s.ConfirmGone(t.Context(), "an-id", "other")
		if wantKind(t, err, streamkap.KindOtherProject); gone {
			t.Error("the key is gone")
		}
		want := "the credentials belong to project own, not to project other: host https://api.example.com (from the environment variable A_HOST), " +
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
			ids := make([]string, keys)
			for i := range ids {
				ids[i] = s.Seed(simulator.Key{Name: fmt.Sprint("key-", i), ServiceID: simulator.DefaultServiceID}).ID
			}
			inParallel(keys, parallelism, func(i int) { s.deleteForGood(ids[i]) })
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
	if err := errOf(s.ProjectKey(s.t.Context(), id)); !streamkap.IsNotFound(err) {
		s.t.Errorf("the key was read, or: %v", err)
	}
	s.wantGone(id, true, streamkap.KindUnknown)
}

// TestConfirmGone_EarlierListDoesNotCount has a key made while a list without it
// is on its way: whoever asks after that is served by a later list.
func TestConfirmGone_EarlierListDoesNotCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.callAfter(0)
		s.Inject(simulator.Fault{Path: keysPath, Delay: time.Minute / 2})
		first := make(chan error, 1)
		go func() {
			first <- errOf(s.ConfirmGone(t.Context(), "another", simulator.DefaultServiceID))
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

func TestConfirmGone_InterruptedCallerLeavesTheListToTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.callAfter(0)
		s.Inject(simulator.Fault{Path: keysPath, Delay: 10 * time.Second})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		other := make(chan error, 1)
		go func() { other <- errOf(s.ConfirmGone(t.Context(), "an-id", simulator.DefaultServiceID)) }()
		if _, err := s.ConfirmGone(ctx, "an-id", simulator.DefaultServiceID); !errors.Is(err, context.Canceled) {
			t.Errorf("the interrupted caller got %v", err)
		}
		wantNoError(t, <-other)
	})
}

func TestProjectKeysNamed_SameNameInAnotherForm(t *testing.T) {
	for name, test := range map[string]struct {
		stored, given string
		want          bool
	}{
		"the same":            {"a & b", "a & b", true},
		"escaped":             {"a &amp; b", "a & b", true},
		"escaped and padded":  {" a &#38; b", "a & b", true},
		"stored decomposed":   {"Pru\u0308fer", "Pr\u00fcfer", true},
		"given decomposed":    {"Pr\u00fcfer", "Pru\u0308fer", true},
		"escaped, decomposed": {"Pru&#776;fer", "Pr\u00fcfer", true},
		"a byte order mark":   {"a & b\ufeff", "a & b", true},
		"without the mark":    {"Prufer", "Pr\u00fcfer", false},
		"another name":        {"a & bc", "a & b", false},
		"another case":        {"A & B", "a & b", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Seed(simulator.Key{Name: test.stored, ServiceID: simulator.DefaultServiceID})
			keys, err := s.ProjectKeysNamed(t.Context(), test.given)
			wantNoError(t, err)
			if (len(keys) == 1) != test.want {
				t.Errorf("got %+v", keys)
			}
		})
	}
}

func TestProjectKeysNamed_NewestFirst(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: `[
		{"id": "no age", "name": "n", "service_id": "` + simulator.DefaultServiceID + `"},
		{"id": "second", "name": "n", "service_id": "` + simulator.DefaultServiceID + `", "created_at": "2025-06-01T11:00:00"},
		{"id": "third", "name": "n", "service_id": "` + simulator.DefaultServiceID + `", "created_at": "2025-06-01T12:30:00+02:00"},
		{"id": "of another project", "name": "n", "service_id": "other", "created_at": "2025-06-01T12:00:00Z"},
		{"id": "first", "name": "n", "service_id": "` + simulator.DefaultServiceID + `", "created_at": "2025-06-01T12:00:00.5Z"}]`})
	keys, err := s.ProjectKeysNamed(t.Context(), "n")
	wantNoError(t, err)
	wantIDs(t, keys, "first", "second", "third", "no age")
}

func TestProjectKeysNamed_ProjectNotTold(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 200, Body: `{"service_id": null}`})
	s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: `[{"id": "a", "name": "n", "service_id": "one"}, {"id": "b", "name": "n", "service_id": "other"}]`})
	keys, err := s.ProjectKeysNamed(t.Context(), "n")
	wantNoError(t, err)
	wantIDs(t, keys, "a", "b")
}

func wantIDs(t *testing.T, keys []streamkap.ProjectKeySummary, want ...string) {
	t.Helper()
	var ids []string
	for _, key := range keys {
		ids = append(ids, key.ID)
	}
	if got := strings.Join(ids, ", "); got != strings.Join(want, ", ") {
		t.Errorf("got %s, want %s", got, strings.Join(want, ", "))
	}
}

func TestProjectKeysNamed_RefusedLook(t *testing.T) {
	for _, fault := range []simulator.Fault{{Path: "/auth/whoami", Status: 403}, {Path: keysPath, Status: 403}, {Path: keysPath, Status: 200, Body: "null"}} {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(fault)
		if keys, err := s.ProjectKeysNamed(t.Context(), "new"); err == nil || keys != nil {
			t.Errorf("found %v, error %v", keys, err)
		}
	}
}
