// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestLostKeyIsToldFromOthersOfItsName(t *testing.T) {
	since := time.Date(2025, 6, 1, 12, 0, 0, 0, time.UTC)
	at := func(offset time.Duration, layout string) string {
		return `"` + since.Add(offset).Format(layout) + `"`
	}
	const (
		noZone   = "2006-01-02T15:04:05"
		found    = "found"
		possible = "possible"
	)
	for name, test := range map[string]struct {
		name, service, createdAt string
		want                     string
	}{
		"made right then":          {"a & b", "own", at(0, time.RFC3339), found},
		"made later":               {"a & b", "own", at(time.Minute, time.RFC3339Nano), found},
		"clocks disagree":          {"a & b", "own", at(-5*time.Second, time.RFC3339), found},
		"older":                    {"a & b", "own", at(-6*time.Second, time.RFC3339), ""},
		"much older":               {"a & b", "own", `"2024-01-01T00:00:00Z"`, ""},
		"in another zone":          {"a & b", "own", `"2025-06-01T14:00:00+02:00"`, found},
		"older in another zone":    {"a & b", "own", `"2025-06-01T12:30:00+02:00"`, ""},
		"without a zone":           {"a & b", "own", at(time.Second, noZone), found},
		"without, and fractions":   {"a & b", "own", at(time.Second, noZone+".000000"), found},
		"older without a zone":     {"a & b", "own", at(-time.Minute, noZone), possible},
		"younger without a zone":   {"a & b", "own", at(15*time.Hour, noZone), possible},
		"days older without one":   {"a & b", "own", at(-48*time.Hour, noZone), ""},
		"no time":                  {"a & b", "own", `null`, possible},
		"an empty time":            {"a & b", "own", `""`, possible},
		"a time nobody can read":   {"a & b", "own", `"yesterday"`, possible},
		"another project":          {"a & b", "other", at(0, time.RFC3339), ""},
		"another name":             {"a & bc", "own", at(0, time.RFC3339), ""},
		"another case":             {"A & B", "own", at(0, time.RFC3339), ""},
		"the name escaped":         {"a &amp; b", "own", at(0, time.RFC3339), found},
		"the name escaped, padded": {" a &#38; b", "own", at(0, time.RFC3339), found},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{ServiceID: "own"})
			s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: listOf(test.name, test.service, test.createdAt)})
			search, err := s.FindLostKey(t.Context(), "a & b", since)
			wantNoError(t, err)
			if (len(search.Found) == 1) != (test.want == found) || (len(search.Possible) == 1) != (test.want == possible) {
				t.Errorf("got %+v", search)
			}
		})
	}
}

func listOf(name, service, createdAt string) string {
	key := func(id, name string) map[string]any {
		return map[string]any{"id": id, "name": name, "service_id": service, "status": "creating", "created_at": json.RawMessage(createdAt)}
	}
	body, _ := json.Marshal([]any{key("another", "of another name"), key("k", name)})
	return string(body)
}

// TestLookThatCouldNotHaveSeenTheKeySaysSo keeps "probably not made" from being
// said of a key that may well have been.
func TestLookThatCouldNotHaveSeenTheKeySaysSo(t *testing.T) {
	created := `"` + time.Now().UTC().Format(time.RFC3339) + `"`
	t.Run("no project", func(t *testing.T) {
		s := connect(t, simulator.Config{}, clockAhead(0))
		s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 200, Body: `{"service_id": null}`})
		s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: listOf("new", "any", created)})
		search, err := s.FindLostKey(t.Context(), "new", time.Now())
		wantNoError(t, err)
		if len(search.Blind) != 1 || !strings.Contains(search.Blind[0], "which project") || len(search.Found) != 1 {
			t.Errorf("got %+v", search)
		}
	})
	t.Run("no clock", func(t *testing.T) {
		s := connect(t, simulator.Config{}, through(func(next http.RoundTripper) roundTrip {
			return func(req *http.Request) (*http.Response, error) {
				resp, err := next.RoundTrip(req)
				resp.Header.Del("Date")
				return resp, err
			}
		}))
		search, err := s.FindLostKey(t.Context(), "new", time.Now())
		wantNoError(t, err)
		if len(search.Blind) != 1 || !strings.Contains(search.Blind[0], "time") {
			t.Errorf("got %+v", search)
		}
	})
	t.Run("nothing", func(t *testing.T) {
		s := connect(t, simulator.Config{}, clockAhead(0))
		search, err := s.FindLostKey(t.Context(), "new", time.Now())
		wantNoError(t, err)
		if search.Blind != nil || search.Found != nil || search.Possible != nil {
			t.Errorf("got %+v", search)
		}
	})
	t.Run("no list", func(t *testing.T) {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: `null`})
		_, err := s.FindLostKey(t.Context(), "new", time.Now())
		wantA[*streamkap.AnswerError](t, err)
	})
}

// TestClocksThatDisagreeWidenTheSearch has one answer an hour off among others.
func TestClocksThatDisagreeWidenTheSearch(t *testing.T) {
	answers := 0
	s := connect(t, simulator.Config{}, through(func(next http.RoundTripper) roundTrip {
		return func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			skew := time.Duration(0)
			if answers++; answers == 1 {
				skew = time.Hour
			}
			resp.Header.Set("Date", time.Now().Add(skew).UTC().Format(http.TimeFormat))
			return resp, err
		}
	}))
	sentAt := time.Now().Add(time.Hour)
	s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: listOf("new", simulator.DefaultServiceID, `"`+time.Now().UTC().Format(time.RFC3339)+`"`)})
	search, err := s.FindLostKey(t.Context(), "new", sentAt)
	wantNoError(t, err)
	if len(search.Found) != 1 {
		t.Errorf("got %+v", search)
	}
}

func TestLostKeyIsFoundByTheTimeOfItsRequest(t *testing.T) {
	for _, skew := range []time.Duration{0, -time.Hour, time.Hour, 900 * time.Millisecond} {
		for _, first := range []bool{false, true} {
			t.Run(fmt.Sprintf("service ahead by %v, first call %v", skew, first), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := connect(t, simulator.Config{}, clockAhead(skew))
					s.Seed(simulator.Key{Name: "new", CreatedAt: time.Now().Add(-time.Minute), ServiceID: simulator.DefaultServiceID})
					if !first {
						s.callAfter(0)
					}
					s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Drop: simulator.DropAfter, Delay: time.Minute})
					_, err := s.CreateProjectKey(t.Context(), fullRequest())
					lost := wantAs[*streamkap.LostAnswerError](t, err)
					made := s.Keys()[1]
					s.Modify(made.ID, func(key *simulator.Key) { key.CreatedAt = key.CreatedAt.Add(skew) })
					s.Modify(s.Keys()[0].ID, func(key *simulator.Key) { key.CreatedAt = key.CreatedAt.Add(skew) })
					search, err := s.FindLostKey(t.Context(), "new", lost.SentAt)
					wantNoError(t, err)
					found := search.Found
					if len(found) != 1 || len(search.Possible) > 0 || found[0].ID != made.ID {
						t.Errorf("since %v found %+v, want the key made at %v", lost.SentAt, found, made.CreatedAt.Add(skew))
					}
				})
			})
		}
	}
}

// clockAhead is a service whose clock differs from the client's.
func clockAhead(skew time.Duration) func(*streamkap.Config) {
	return through(func(next http.RoundTripper) roundTrip {
		return func(req *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(req)
			if err == nil {
				resp.Header.Set("Date", time.Now().Add(skew).UTC().Format(http.TimeFormat))
			}
			return resp, err
		}
	})
}

func TestLostKeyIsNotSearchedWithoutKnowingTheProject(t *testing.T) {
	for _, path := range []string{"/auth/whoami", keysPath} {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Method: "GET", Path: path, Status: 403})
		found, err := s.FindLostKey(t.Context(), "new", time.Now())
		if got := wantAs[*streamkap.Error](t, err); got.Status != 403 || found != nil {
			t.Errorf("%s: found %v, error %v", path, found, err)
		}
	}
}
