// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// ended is what came of a deletion: how often it was asked for, how long it
// took, and whether the key is gone.
type ended struct {
	deletes int
	took    time.Duration
	there   bool
	said    string // of the error
}

// deleting deletes a key on virtual time, of which the service says what
// happens.
func deleting(t *testing.T, config simulator.Config, happens func(*simulator.Server, simulator.Key, *deletion)) (e ended) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := simulator.New(config)
		key := server.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders", CreatedAt: time.Now().Add(-time.Hour)})
		d := &deletion{client: clientOf(server), id: key.ID, serviceID: key.ServiceID}
		happens(server, key, d)
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		err := d.run(ctx)
		e.took = time.Since(start)
		if err != nil {
			e.said = err.Error()
		}
		for _, request := range server.Requests() {
			if request.Method == http.MethodDelete {
				e.deletes++
			}
		}
		_, e.there = server.Key(key.ID)
		if d.requests > e.deletes {
			t.Errorf("%d deletions are counted, and %d were asked for", d.requests, e.deletes)
		}
	})
	return e
}

// TestDelete_RefusalDecidedByStatus has a service that refuses
// the first DELETE, and a key that shows why.
func TestDelete_RefusalDecidedByStatus(t *testing.T) {
	refused := simulator.Fault{Method: http.MethodDelete, Status: http.StatusConflict, Body: `{"detail":"not now"}`}
	refused400 := refused
	refused400.Status = http.StatusBadRequest
	becomes := func(status string) func(*simulator.Server, simulator.Key, *deletion) {
		return func(s *simulator.Server, key simulator.Key, _ *deletion) {
			s.Inject(refused)
			s.Modify(key.ID, func(k *simulator.Key) { k.Status = status })
		}
	}
	for name, test := range map[string]struct {
		happens func(*simulator.Server, simulator.Key, *deletion)
		want    ended
		says    string
	}{
		"it is being deleted already": {func(s *simulator.Server, key simulator.Key, d *deletion) {
			becomes(simulator.StatusDeleting)(s, key, d)
			time.AfterFunc(2500*time.Millisecond, func() { s.Remove(key.ID) })
		}, ended{deletes: 1, took: 3 * time.Second}, ""},
		"it is still being created": {becomes(simulator.StatusCreating), ended{deletes: 2, took: time.Second}, ""},
		"it is still being created, 400": {func(s *simulator.Server, key simulator.Key, _ *deletion) {
			s.Inject(refused400)
			s.Modify(key.ID, func(k *simulator.Key) { k.Status = simulator.StatusCreating })
		}, ended{deletes: 2, took: time.Second}, ""},
		"it is gone": {func(s *simulator.Server, key simulator.Key, _ *deletion) {
			s.Inject(refused)
			s.Remove(key.ID)
		}, ended{deletes: 1}, ""},
		"nothing explains it": {becomes(simulator.StatusActive), ended{deletes: 1, there: true}, "HTTP 409"},
		"it can't be seen now": {func(s *simulator.Server, _ simulator.Key, _ *deletion) {
			s.Inject(refused)
			s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 503, Times: 4})
		}, ended{deletes: 2}, ""},
		"it can't be seen ever": {func(s *simulator.Server, _ simulator.Key, _ *deletion) {
			s.Inject(refused)
			s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 403, Times: -1})
		}, ended{deletes: 1, there: true}, "HTTP 409"},
	} {
		t.Run(name, func(t *testing.T) {
			got := deleting(t, simulator.Config{}, test.happens)
			if test.want.took == 0 && test.want.deletes == 2 {
				test.want.took = got.took // that of the client's attempts
			}
			said := got.said
			got.said = ""
			if got != test.want || (said == "") != (test.says == "") || !strings.Contains(said, test.says) {
				t.Errorf("it came to %+v, %s; expected %+v", got, said, test.want)
			}
		})
	}
}

// TestDelete_HiddenNewKey has a service that does not find a
// key that it has, for as long as it may, and longer.
func TestDelete_HiddenNewKey(t *testing.T) {
	hidden := func(since time.Duration) func(*simulator.Server, simulator.Key, *deletion) {
		return func(s *simulator.Server, _ simulator.Key, d *deletion) {
			s.Inject(simulator.Fault{Method: http.MethodDelete, Status: http.StatusNotFound, Body: `{"detail":"Project key not found"}`, Times: 3})
			d.hiddenSince = time.Now().Add(-since)
		}
	}
	if got := deleting(t, simulator.Config{}, hidden(0)); got != (ended{deletes: 4, took: 3 * time.Second}) {
		t.Errorf("a new one: %+v", got)
	}
	// The list has it, so it is not gone; and it is not new.
	if got := deleting(t, simulator.Config{}, hidden(hiddenFor)); got != (ended{deletes: 4, took: 3 * time.Second}) {
		t.Errorf("one that is listed: %+v", got)
	}
	gone := deleting(t, simulator.Config{}, func(s *simulator.Server, key simulator.Key, _ *deletion) { s.Remove(key.ID) })
	if gone != (ended{deletes: 1}) {
		t.Errorf("one that is gone: %+v", gone)
	}
}

// TestDelete_WatchedUntilGone has reads in between that can't tell,
// or that say it is gone while the list has it.
func TestDelete_WatchedUntilGone(t *testing.T) {
	config := simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "deleting"}, DeleteTime: 2500 * time.Millisecond}
	for name, test := range map[string]struct {
		read simulator.Fault
		want ended
	}{
		"a stray 404":      {simulator.Fault{Status: 404, Body: `{"detail":"Project key not found"}`}, ended{deletes: 1, took: 3 * time.Second}},
		"nothing readable": {simulator.Fault{Status: 403, Body: `{"detail":"Forbidden"}`}, ended{deletes: 1, there: true, said: "HTTP 403"}},
	} {
		t.Run(name, func(t *testing.T) {
			test.read.Method, test.read.Path = http.MethodGet, "/project-keys/*"
			got := deleting(t, config, func(s *simulator.Server, _ simulator.Key, _ *deletion) { s.Inject(test.read) })
			if strings.Contains(got.said, test.want.said) && test.want.said != "" {
				got.said = test.want.said
			}
			if got != test.want {
				t.Errorf("it came to %+v, expected %+v", got, test.want)
			}
		})
	}
}

func TestDelete_FailedDeletionRepeated15Times(t *testing.T) {
	failing := func(failures int) simulator.Config {
		return simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "failed-once"}, DeleteTime: time.Second, DeleteFailures: failures}
	}
	none := func(*simulator.Server, simulator.Key, *deletion) {}
	// Pauses of 1, 2, 4, 8, 16, 32 and eight times 60 seconds, and time to see each failure.
	const pauses = 543 * time.Second
	if got := deleting(t, failing(maxDeletes-1), none); got.deletes != maxDeletes || got.there || got.said != "" || got.took < pauses || got.took > pauses+maxDeletes*2*time.Second {
		t.Errorf("at the last attempt: %+v", got)
	}
	if got := deleting(t, failing(maxDeletes), none); got.deletes != maxDeletes || !got.there || got.said != errDeleteFailed.Error() {
		t.Errorf("at none: %+v", got)
	}
}

// errCutOff is a call that the end of a timeout ended, after an attempt that failed.
var errCutOff = &streamkap.ConnectionError{Method: "GET", Path: "/project-keys/1", Err: context.DeadlineExceeded, Before: "HTTP 503, request id req-1"}

func TestExplainDelete_WhyItEnded(t *testing.T) {
	model := someParts(t, "1")
	refusal := &streamkap.Error{Method: "DELETE", Path: "/p", Status: 403}
	for name, test := range map[string]struct {
		deletion      deletion
		err           error
		summary, says string
	}{
		"it keeps failing":          {deletion{requests: 15, status: "delete_failed"}, errDeleteFailed, "Project key can't be deleted", `Streamkap failed 15 times to delete project key "1" (id id); its status is "delete_failed".`},
		"the time is up":            {deletion{requests: 1, status: "deleting"}, context.DeadlineExceeded, "Project key is not deleted yet", `was asked for once, but the key was still there when the timeout of 20m0s ended; its status is "deleting".`},
		"the time is up in a call":  {deletion{requests: 1, status: "deleting"}, errCutOff, "Project key is not deleted yet", `its status is "deleting", and the last request ended with HTTP 503, request id req-1.`},
		"it was interrupted":        {deletion{requests: 2, status: "deleting"}, context.Canceled, "Project key is not deleted yet", "was asked for 2 times, but the key was still there when the run was interrupted;"},
		"nothing was seen":          {deletion{requests: 1, failure: refusal}, context.DeadlineExceeded, "Project key is not deleted yet", "its status was never seen, and the last request failed: Streamkap answered DELETE /p with HTTP 403"},
		"interrupted before it all": {deletion{requests: 1}, context.Canceled, "Interrupted", `Could not delete project key "1" (id id).`},
		"it is refused":             {deletion{requests: 1, status: "active"}, refusal, "Permission missing", `Could not delete project key "1" (id id).`},
	} {
		t.Run(name, func(t *testing.T) {
			var resp resource.DeleteResponse
			new(Resource).explainDelete(t.Context(), model, &test.deletion, test.err, &resp)
			diags := resp.Diagnostics
			if len(diags) != 1 || diags[0].Summary() != test.summary || !strings.Contains(diags[0].Detail(), test.says) || !strings.Contains(diags[0].Detail(), "\n\nThe key stays in the state. Destroy it again") {
				t.Errorf("told: %v", diags)
			}
		})
	}
}
