// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// waited is what came of waiting for a key that takes some time to become
// Active.
type waited struct {
	late  time.Duration // how long after it did the wait was over
	reads int
	err   error
}

func clientOf(server *simulator.Server) *streamkap.Client {
	return streamkap.New(streamkap.Config{
		Host: "http://simulator", ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret, Transport: server.RoundTripper(),
	})
}

// waitFor makes a key that is Active after the time it takes, and waits for it
// no longer than the timeout, on virtual time.
func waitFor(t *testing.T, takes, timeout time.Duration) (w waited) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := simulator.New(simulator.Config{ProvisionTime: takes})
		client := clientOf(server)
		file, err := client.CreateProjectKey(t.Context(), streamkap.CreateProjectKeyRequest{
			Name: "orders", RoleIDs: []string{simulator.DefaultRoles()[0].ID},
		})
		if err != nil {
			t.Fatal(err)
		}
		server.ResetRequests()
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		defer cancel()
		start := time.Now()
		_, w.err = (&Resource{client: client}).waitActive(ctx, file.ProjectKeyID, start)
		w.late, w.reads = time.Since(start)-takes, len(server.Requests())
	})
	return w
}

func TestWait_EndsSoonWithFewReads(t *testing.T) {
	for takes := time.Second; takes <= 20*time.Minute; takes += max(time.Second, takes/29) {
		w := waitFor(t, takes, time.Hour)
		if allowed := max(time.Second, takes/10); w.late > allowed || w.err != nil {
			t.Errorf("a key that takes %s is seen %s late, error %v", takes, w.late, w.err)
		}
		if takes <= 10*time.Minute && w.reads > 54 {
			t.Errorf("a key that takes %s is read %d times", takes, w.reads)
		}
	}
}

func TestWait_LastReadBeforeTheTimeout(t *testing.T) {
	for _, timeout := range []time.Duration{10 * time.Second, time.Minute, 6 * time.Minute, 9 * time.Minute, time.Hour} {
		if w := waitFor(t, timeout-lastLook-time.Second, timeout); w.err != nil {
			t.Errorf("timeout %s: %v", timeout, w.err)
		}
		w := waitFor(t, timeout+time.Second, timeout)
		if !errors.Is(w.err, context.DeadlineExceeded) || w.late != -time.Second {
			t.Errorf("timeout %s: over %s late, error %v", timeout, w.late, w.err)
		}
	}
}

// TestWait_EndsWithARefusal has one read of a key that is being created be
// answered in another way.
func TestWait_EndsWithARefusal(t *testing.T) {
	for name, test := range map[string]struct {
		status, skip int
		age          time.Duration
		ends         time.Duration
	}{
		"a new key is hidden":              {404, 0, 0, 5 * time.Second},
		"a new key is hidden after a look": {404, 1, 0, time.Second},
		"an older key is missing":          {404, 0, hiddenFor, 0},
		"a new key may not be read":        {403, 0, 0, 0},
		"it can't be read now":             {503, 0, 0, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := simulator.New(simulator.Config{})
				key := server.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders", Status: simulator.StatusCreating})
				start := time.Now()
				time.AfterFunc(4500*time.Millisecond, func() { server.Modify(key.ID, func(k *simulator.Key) { k.Status = simulator.StatusActive }) })
				server.Inject(simulator.Fault{Method: "GET", Path: "/project-keys/*", Status: test.status, Body: `{"detail":"no"}`, Skip: test.skip})
				_, err := (&Resource{client: clientOf(server)}).waitActive(t.Context(), key.ID, start.Add(-test.age))
				if took := time.Since(start); took != test.ends || (err == nil) != (test.ends == 5*time.Second) {
					t.Errorf("it ended after %s, %v", took, err)
				}
				time.Sleep(time.Minute)
			})
		})
	}
}

// TestIsHidden_ClockPutBack reads a key that is gone, and that was
// created a while ago, just now, or, by a clock that was put back, tomorrow.
func TestIsHidden_ClockPutBack(t *testing.T) {
	for age, looks := range map[time.Duration]bool{hiddenFor: false, 0: true, -24 * time.Hour: false} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			_, err := (&Resource{client: clientOf(simulator.New(simulator.Config{}))}).readSoon(t.Context(), "gone", start.Add(-age))
			if waited := time.Since(start) > 0; waited != looks || !streamkap.IsNotFound(err) {
				t.Errorf("a key that was created %s ago is looked for again: %t, error %v", age, waited, err)
			}
		})
	}
}

// TestWait_ForeignAnswersEndIt has a gateway answer in the place of the API, for
// ever or for a while, at a wait for a new key and at a deletion. A gateway that
// fails is waited out.
func TestWait_ForeignAnswersEndIt(t *testing.T) {
	page := func(status, times int) simulator.Fault {
		return simulator.Fault{Path: "/project-keys/*", Status: status, Body: simulator.GatewayPage(status), Times: times}
	}
	for name, test := range map[string]struct {
		fault simulator.Fault
		ends  bool
	}{
		"404 for ever":             {page(404, -1), true},
		"403 for ever":             {page(403, -1), true},
		"404 for a while":          {page(404, 20), false},
		"a failure for five times": {page(503, 40), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server := simulator.New(simulator.Config{})
				key := server.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders"})
				client := clientOf(server)
				ends := func(what string, run func(context.Context) error) {
					server.ClearFaults()
					server.Inject(test.fault)
					ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
					defer cancel()
					start := time.Now()
					err := run(ctx)
					if took := time.Since(start); (err != nil) != test.ends || test.ends && (!streamkap.IsForeign(err) || took > foreignFor+time.Minute) {
						t.Errorf("the %s ends after %s: %v", what, took, err)
					}
				}
				ends("wait", func(ctx context.Context) error {
					_, err := (&Resource{client: client}).waitActive(ctx, key.ID, time.Time{})
					return err
				})
				ends("deletion", (&deletion{client: client, id: key.ID, serviceID: key.ServiceID}).run)
			})
		})
	}
}
