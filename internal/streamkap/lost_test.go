package streamkap_test

import (
	"encoding/json"
	"fmt"
	"net/http"
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
	const noZone = "2006-01-02T15:04:05"
	for name, test := range map[string]struct {
		name, service, createdAt string
		found                    bool
	}{
		"made right then":        {"new", "own", at(0, time.RFC3339), true},
		"made later":             {"new", "own", at(time.Minute, time.RFC3339Nano), true},
		"clocks disagree":        {"new", "own", at(-5*time.Second, time.RFC3339), true},
		"older":                  {"new", "own", at(-6*time.Second, time.RFC3339), false},
		"much older":             {"new", "own", `"2024-01-01T00:00:00Z"`, false},
		"in another zone":        {"new", "own", `"2025-06-01T14:00:00+02:00"`, true},
		"older in another zone":  {"new", "own", `"2025-06-01T12:30:00+02:00"`, false},
		"without a zone":         {"new", "own", at(time.Second, noZone), true},
		"without, and fractions": {"new", "own", at(time.Second, noZone+".000000"), true},
		"older without a zone":   {"new", "own", at(-time.Minute, noZone), false},
		"no time":                {"new", "own", `null`, true},
		"an empty time":          {"new", "own", `""`, true},
		"a time nobody can read": {"new", "own", `"yesterday"`, true},
		"another project":        {"new", "other", at(0, time.RFC3339), false},
		"another name":           {"newer", "own", at(0, time.RFC3339), false},
		"another case":           {"New", "own", at(0, time.RFC3339), false},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{ServiceID: "own"})
			body, _ := json.Marshal([]map[string]any{{
				"id": "k", "name": test.name, "service_id": test.service, "status": "creating", "created_at": json.RawMessage(test.createdAt),
			}})
			s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: string(body)})
			found, err := s.ProjectKeysCreatedSince(t.Context(), "new", since)
			wantNoError(t, err)
			if (len(found) == 1) != test.found {
				t.Errorf("found %+v", found)
			}
		})
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
					found, err := s.ProjectKeysCreatedSince(t.Context(), "new", lost.SentAt)
					wantNoError(t, err)
					if len(found) != 1 || found[0].ID != made.ID {
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
		found, err := s.ProjectKeysCreatedSince(t.Context(), "new", time.Now())
		if got := wantAs[*streamkap.Error](t, err); got.Status != 403 || found != nil {
			t.Errorf("%s: found %v, error %v", path, found, err)
		}
	}
}
