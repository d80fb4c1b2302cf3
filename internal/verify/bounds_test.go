// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"errors"
	"io"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// Each of these services makes a run long. What is left is named, and can be
// deleted once the fault is over.
func TestRun_EndsInItsAnnouncedTimeAndNamesWhatIsLeft(t *testing.T) {
	limited := http.Header{"Retry-After": {"3600"}}
	for name, service := range map[string]struct {
		config simulator.Config
		fault  simulator.Fault
	}{
		"deletions fail":             {fault: simulator.Fault{Method: "DELETE", Status: 500}},
		"deletions are limited":      {fault: simulator.Fault{Method: "DELETE", Status: 429, Header: limited}},
		"deletions are not answered": {fault: simulator.Fault{Method: "DELETE", Delay: time.Hour}},
		"updates are not answered":   {fault: simulator.Fault{Method: "PATCH", Delay: time.Hour}},
		"creations are not answered": {fault: simulator.Fault{Method: "POST", Path: "/project-keys", Delay: time.Hour}},
		"reads are limited":          {fault: simulator.Fault{Method: "GET", Path: "/project-keys/*", Status: 429, Header: limited}},
		"reads fail":                 {fault: simulator.Fault{Method: "GET", Path: "/project-keys/*", Status: 503}},
		"lists fail later":           {fault: simulator.Fault{Method: "GET", Path: "/project-keys", Skip: 1, Status: 503}},
		"the exchange is limited":    {fault: simulator.Fault{Method: "POST", Path: "/auth/access-token", Status: 429, Header: limited}},
		"all answers are slow":       {config: simulator.Config{Latency: 59 * time.Second}},
		"keys are never ready":       {config: simulator.Config{Dialect: simulator.Dialect{CreateTiming: "creating"}, ProvisionTime: 24 * time.Hour}},
		"keys are never gone":        {config: simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "deleting"}, DeleteTime: 24 * time.Hour}},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, service.config, func(t *testing.T, w *world) {
				if service.fault.Method != "" {
					service.fault.Times = -1
					w.server.Inject(service.fault)
				}
				began := time.Now()
				report, err := Run(t.Context(), w.options)
				if took := time.Since(began); took > Longest {
					t.Errorf("it took %s", took)
				}
				if report != nil && report.Requests > 400 {
					t.Errorf("%d requests", report.Requests)
				}
				keys := w.server.Keys()[len(w.before):]
				if len(keys) == 0 {
					return
				}
				var left *owned.LeftError
				for _, key := range keys {
					if !errors.As(err, &left) || !slices.Contains(left.Left, owned.Left{Name: key.Name, ID: key.ID}) && !slices.Contains(left.Left, owned.Left{Name: key.Name}) {
						t.Fatalf("%s is left, and not named: %v", key.Name, err)
					}
				}
				if service.fault.Method == "" {
					return
				}
				if !strings.Contains(err.Error(), "-clean "+w.options.Journal) || report.Left != len(keys) || report.Stopped == "" {
					t.Errorf("%v, %+v", err, report)
				}
				w.server.ClearFaults()
				if err := Clean(t.Context(), w.options); err != nil {
					t.Error(err)
				}
				w.untouched(t)
			})
		})
	}
}

// Answers have 15 MB, and lists 30.
func TestRun_BoundsItsMemory(t *testing.T) {
	if !*every {
		t.Skip("it moves a gigabyte; the nightly run does it")
	}
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		filler := strings.Repeat("x", 15<<20)
		rows := strings.Repeat(`,{"id":"other","name":"n","service_id":"s","status":"active","description":"`+strings.Repeat("y", 1000)+`"}`, 28_000)
		most := uint64(0)
		service := w.options.Transport
		w.options.Transport = transport(func(r *http.Request) (*http.Response, error) {
			response, err := service.RoundTrip(r)
			if err != nil {
				return nil, err
			}
			raw, _ := io.ReadAll(response.Body)
			parts := []string{strings.TrimSpace(string(raw))}
			switch text := parts[0]; {
			case strings.HasSuffix(text, "}]") && r.URL.Path == "/project-keys":
				parts = []string{text[:len(text)-1], rows, "]"}
			case strings.HasPrefix(text, "{") && strings.HasPrefix(r.URL.Path, "/project-keys/"):
				parts = []string{`{"filler":"`, filler, `",` + text[1:]}
			}
			var readers []io.Reader
			for _, part := range parts {
				readers = append(readers, strings.NewReader(part))
			}
			response.Body = io.NopCloser(io.MultiReader(readers...))
			var stats runtime.MemStats
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapAlloc)
			return response, err
		})
		// Its keys can't be read, so they are left, and named.
		_, err := Run(t.Context(), w.options)
		var left *owned.LeftError
		if !errors.As(err, &left) {
			t.Errorf("%v", err)
		}
		if most > 200<<20 {
			t.Errorf("it held %d MB", most>>20)
		}
	})
}
