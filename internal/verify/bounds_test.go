// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// TestRun_EndsInItsAnnouncedTime has services that make a run long.
func TestRun_EndsInItsAnnouncedTime(t *testing.T) {
	always := func(fault simulator.Fault) func(*simulator.Server) {
		return func(server *simulator.Server) {
			fault.Times = -1
			server.Inject(fault)
		}
	}
	for name, make := range map[string]func(*simulator.Server){
		"deletions fail":             always(simulator.Fault{Method: "DELETE", Status: 500}),
		"deletions are limited":      always(simulator.Fault{Method: "DELETE", Status: 429, Header: http.Header{"Retry-After": {"3600"}}}),
		"deletions are not answered": always(simulator.Fault{Method: "DELETE", Delay: time.Hour}),
		"all answers are slow":       func(s *simulator.Server) { s.SetConfig(func(c *simulator.Config) { c.Latency = 59 * time.Second }) },
		"updates are not answered":   always(simulator.Fault{Method: "PATCH", Delay: time.Hour}),
		"creations are not answered": always(simulator.Fault{Method: "POST", Path: "/project-keys", Delay: time.Hour}),
		"reads are limited":          always(simulator.Fault{Method: "GET", Path: "/project-keys/*", Status: 429, Header: http.Header{"Retry-After": {"3600"}}}),
		"reads fail":                 always(simulator.Fault{Method: "GET", Path: "/project-keys/*", Status: 503}),
		"lists fail later":           always(simulator.Fault{Method: "GET", Path: "/project-keys", Skip: 1, Status: 503}),
		"the exchange is limited":    always(simulator.Fault{Method: "POST", Path: "/auth/access-token", Status: 429, Header: http.Header{"Retry-After": {"3600"}}}),
		"keys are never ready": func(s *simulator.Server) {
			s.SetConfig(func(c *simulator.Config) {
				c.Dialect.CreateTiming = simulator.CreatingFirst
				c.ProvisionTime = 24 * time.Hour
			})
		},
		"keys are never gone": func(s *simulator.Server) {
			s.SetConfig(func(c *simulator.Config) {
				c.Dialect.DeleteTiming = simulator.DeletingFirst
				c.DeleteTime = 24 * time.Hour
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := seeded(simulator.Config{})
				before := len(server.Keys())
				make(server)
				began := time.Now()
				report, err := Run(t.Context(), everything(t, server))
				if took := time.Since(began); took > Longest {
					t.Errorf("it took %s", took)
				}
				var left *owned.LeftError
				if n := len(server.Keys()) - before; n > 0 && (!errors.As(err, &left) || len(left.Left) < n) {
					t.Errorf("%d keys are left: %v", n, err)
				}
				if report != nil && report.Requests > 400 {
					t.Errorf("%d requests", report.Requests)
				}
			})
		})
	}
}

// TestRun_BoundsItsMemory has answers of 15 MB, and lists of 30.
func TestRun_BoundsItsMemory(t *testing.T) {
	if !*every {
		t.Skip("it moves a gigabyte; the nightly run does it")
	}
	server := seeded(simulator.Config{})
	options := everything(t, server)
	filler := strings.Repeat("x", 15<<20)
	rows := strings.Repeat(`,{"id":"other","name":"n","service_id":"s","status":"active","description":"`+strings.Repeat("y", 1000)+`"}`, 28_000)
	most := uint64(0)
	options.Transport = transport(func(r *http.Request) (*http.Response, error) {
		response, err := server.RoundTripper().RoundTrip(r)
		if err != nil {
			return nil, err
		}
		raw, _ := io.ReadAll(response.Body)
		text := strings.TrimSpace(string(raw))
		switch {
		case strings.HasSuffix(text, "}]") && r.URL.Path == "/project-keys":
			response.Body = io.NopCloser(io.MultiReader(strings.NewReader(text[:len(text)-1]), strings.NewReader(rows), strings.NewReader("]")))
		case strings.HasPrefix(text, "{") && strings.HasPrefix(r.URL.Path, "/project-keys/"):
			response.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"filler":"`), strings.NewReader(filler), strings.NewReader(`",`+text[1:])))
		default:
			response.Body = io.NopCloser(strings.NewReader(text))
		}
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		most = max(most, stats.HeapAlloc)
		return response, err
	})
	synctest.Test(t, func(t *testing.T) {
		_, err := Run(t.Context(), options)
		// Its keys can't be read, so they are left, and named.
		var left *owned.LeftError
		if !errors.As(err, &left) {
			t.Errorf("%v", err)
		}
	})
	t.Logf("at most %d MB", most>>20)
	if most > 200<<20 {
		t.Errorf("it held %d MB", most>>20)
	}
}

// TestRun_CountsStrangeMembers has members that may be customers of the account.
func TestRun_CountsStrangeMembers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		options := everything(t, server)
		options.Transport = altered(server, inKeys(func(key map[string]any) {
			for i := range 3 {
				key[fmt.Sprintf("customer_acme_%d", i)] = map[string]any{"inner": 1}
			}
		}))
		report, err := Run(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		row := report.row(t, "extra-fields")
		encoded, _ := json.Marshal(report)
		if row.Variant != "some" || !strings.HasPrefix(row.Detail, "3 names") || strings.Contains(string(encoded), "acme") {
			t.Errorf("%+v", row)
		}
	})
}
