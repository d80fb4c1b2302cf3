// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"errors"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// every has tests tell every lie, and end a run at each of its requests.
var every = flag.Bool("every", false, "walk through everything that can go wrong, which takes minutes")

// stride is how far tests go at a time along the requests of a run: they walk a
// part of what can go wrong, which is spread over the whole run.
func stride() int {
	switch {
	case *every:
		return 1
	case testing.Short():
		return 97
	default:
		return 11
	}
}

// world is a service with keys of others, one of them in another project, and a
// run that sees all there is to see.
type world struct {
	server  *simulator.Server
	before  []simulator.Key
	options Options
}

// in runs a test in a world, in virtual time.
func in(t *testing.T, config simulator.Config, test func(t *testing.T, w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := simulator.New(config)
		server.Seed(simulator.Key{Name: "orders", Description: "the <b>orders</b>", RoleIDs: []string{simulator.RoleAdmin, simulator.RoleReadOnly}})
		server.Seed(simulator.Key{Name: "verify-lookalike", KafkaUsername: "payments-consumer", WhitelistIPs: []string{"10.1.2.3"}})
		server.Seed(simulator.Key{Name: "elsewhere", ServiceID: "65e94bbe0000000000000002", PermissionIDs: []string{"topics:read"}})
		config := server.Config()
		test(t, &world{server, server.Keys(), Options{
			Config: owned.Config{
				Host: "https://api.simulated.invalid", ClientID: config.ClientID, Secret: config.Secret, ServiceID: config.ServiceID,
				Journal: filepath.Join(t.TempDir(), "journal"), Transport: server.RoundTripper(),
				// What is on the disk is not lost here: no process ends.
				Sync: func(owned.Syncer) error { return nil },
			},
			Roles: []string{"Read Only", "admin", "Data Admin"}, Permissions: []string{simulator.PermissionReadKeys, simulator.PermissionWriteKeys},
			Kafka: true, EmptyWhitelist: true,
		}})
	})
}

// run is a run that has to go well.
func (w *world) run(t *testing.T) *Report {
	t.Helper()
	report, err := Run(t.Context(), w.options)
	if err != nil {
		t.Fatalf("%v, %+v", err, report)
	}
	return report
}

// untouched fails a test in which anything but the keys of others is there.
func (w *world) untouched(t *testing.T) {
	t.Helper()
	if after := w.server.Keys(); !reflect.DeepEqual(after, w.before) {
		t.Errorf("%d keys are there, and %d were there before:\n%+v\n%+v", len(after), len(w.before), after, w.before)
	}
}

// journal is what is in the journal, and whether there is one.
func (w *world) journal() (text string, there bool) {
	data, err := os.ReadFile(w.options.Journal)
	return string(data), err == nil
}

// watch has the requests of a run seen before the service works on them, and
// after.
func (w *world) watch(before, after func(*http.Request)) {
	service := w.options.Transport
	w.options.Transport = transport(func(r *http.Request) (*http.Response, error) {
		before(r)
		response, err := service.RoundTrip(r)
		after(r)
		return response, err
	})
}

func nobody(*http.Request) {}

// strike calls a function at the nth request, before the service works on it or
// after.
func (w *world) strike(n int, before bool, do func()) {
	at := func(here bool) func(*http.Request) {
		return func(*http.Request) {
			if here && n == 0 {
				do()
			}
		}
	}
	w.watch(func(r *http.Request) { n--; at(before)(r) }, at(!before))
}

// errKilled is what a request panics with where the process is killed at it.
var errKilled = errors.New("killed")

// killed runs until the nth request, where nothing of the run goes on, and tells
// whether it came to that.
func (w world) killed(n int, before bool, run func(Options)) (struck bool) {
	defer func() {
		if caught := recover(); caught != nil && caught != errKilled { //nolint:errorlint // It is a panic's value, never wrapped.
			panic(caught)
		}
	}()
	w.strike(n, before, func() {
		struck = true
		panic(errKilled)
	})
	run(w.options)
	return struck
}

// running is a run for killed.
func running(t *testing.T) func(Options) {
	return func(o Options) { _, _ = Run(t.Context(), o) }
}

// transport lets tests see and change requests and answers.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (r *Report) row(t *testing.T, name string) RowResult {
	t.Helper()
	for _, row := range r.Rows {
		if row.Row == name {
			return row
		}
	}
	t.Fatalf("there is no row %s", name)
	return RowResult{}
}
