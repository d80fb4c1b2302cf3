// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// moment is what is done, or asked, of a key at a time after its creation.
type moment struct {
	at     time.Duration
	method string // GET where it is empty
	body   any
	want   any // the status that is shown, or the code of the answer
}

func TestStatus_TakesItsTime(t *testing.T) {
	const almost = time.Minute - time.Nanosecond
	kafka := object{"kafka_config": kafkaConfig("orders")}
	for name, test := range map[string]struct {
		config  simulator.Config
		moments []moment
	}{
		"creation": {simulator.Config{ProvisionTime: time.Minute}, []moment{
			{almost, "", nil, "creating"},
			{almost, "PATCH", object{"name": "x"}, 400},
			{time.Minute, "", nil, "active"},
		}},
		"creation that fails": {simulator.Config{ProvisionTime: time.Minute, Dialect: simulator.Dialect{CreateOutcome: "failed"}}, []moment{
			{almost, "", nil, "creating"},
			{time.Minute, "", nil, "failed"},
		}},
		"creation and Kafka without a time": {simulator.Config{Dialect: simulator.Dialect{CreateTiming: "creating", UpdateTiming: "creating"}}, []moment{
			{0, "", nil, "creating"},
			{time.Second, "PATCH", object{"name": "x"}, 200},
			{time.Second, "", nil, "active"},
			{time.Second, "PATCH", kafka, 200},
			{time.Second, "", nil, "creating"},
			{2 * time.Second, "", nil, "active"},
		}},
		"first reads": {simulator.Config{NotFoundReads: 3, Dialect: simulator.Dialect{CreateTiming: "not-found-first"}}, []moment{
			{0, "", nil, 404}, {0, "", nil, 404}, {0, "", nil, 404}, {0, "", nil, "active"},
		}},
		"first reads, in the first minute alone": {simulator.Config{NotFoundReads: 3, Dialect: simulator.Dialect{CreateTiming: "not-found-first"}}, []moment{
			{almost, "", nil, 404}, {time.Minute, "", nil, "active"},
		}},
		"deletion": {simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "deleting"}, DeleteTime: time.Minute}, []moment{
			{0, "DELETE", nil, 200},
			{40 * time.Second, "", nil, "deleting"},
			{40 * time.Second, "DELETE", nil, 200}, // accepted, and starts nothing anew
			{almost, "", nil, "deleting"},
			{time.Minute, "", nil, 404},
		}},
		"deletion that fails twice": {simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "failed-once"}, DeleteFailures: 2, DeleteTime: time.Minute}, []moment{
			{0, "DELETE", nil, 200},
			{0, "", nil, "deleting"},
			{time.Minute, "", nil, "delete_failed"},
			{time.Minute, "DELETE", nil, 200},
			{time.Minute, "", nil, "deleting"},
			{2 * time.Minute, "", nil, "delete_failed"},
			{2 * time.Minute, "DELETE", nil, 200},
			{2 * time.Minute, "", nil, "deleting"},
			{3 * time.Minute, "", nil, 404},
		}},
		"deletion that fails for ever": {simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "failed-forever"}}, []moment{
			{0, "DELETE", nil, 200},
			{0, "", nil, "delete_failed"},
			{0, "DELETE", nil, 200},
			{0, "", nil, "delete_failed"},
			{time.Minute, "DELETE", nil, 200},
			{time.Minute, "", nil, "delete_failed"},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := start(t, test.config)
				id, created := c.create(roleBased()), time.Now()
				for _, m := range test.moments {
					time.Sleep(time.Until(created.Add(m.at)))
					var got any
					if m.method == "" {
						got = c.status(id)
					} else {
						got, _ = c.call(m.method, "/project-keys/"+id, m.body)
					}
					if got != m.want {
						t.Errorf("%s %v later: %v, want %v", m.method, m.at, got, m.want)
					}
				}
			})
		})
	}
}

func TestDetail_AccessHiddenUntilActive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{HidesAccess: true, ProvisionTime: time.Minute})
		id := c.create(both())
		if detail := c.read(id); detail["api_client_id"] != nil || detail["kafka_username"] != nil {
			t.Errorf("a key that is being created shows %v, %v", detail["api_client_id"], detail["kafka_username"])
		}
		time.Sleep(time.Minute)
		if detail := c.read(id); detail["api_client_id"] == nil || detail["kafka_username"] != "orders" {
			t.Errorf("an active key shows %v, %v", detail["api_client_id"], detail["kafka_username"])
		}
		c.server.Modify(id, func(k *simulator.Key) { k.Status = "suspended" })
		if detail := c.read(id); detail["kafka_username"] != "orders" {
			t.Errorf("a key of a status that is not documented shows %v", detail["kafka_username"])
		}
	})
}

// TestAnswer_DelayedAfterTheWork is about latency, and about a fault's delay.
func TestAnswer_DelayedAfterTheWork(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{Latency: time.Minute})
		c.server.Inject(simulator.Fault{Method: "POST", Path: "/project-keys", Delay: time.Hour})
		begin := time.Now()
		c.create(roleBased())
		if took := time.Since(begin); took != time.Hour+time.Minute {
			t.Errorf("took %v", took)
		}
		if made := c.server.Keys()[0].CreatedAt; !made.Equal(begin) {
			t.Errorf("made at %v, asked at %v", made, begin)
		}
	})
}

func TestAnswer_WorkDoneForAClientThatGivesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{})
		id := c.create(roleBased())
		c.server.SetConfig(func(cfg *simulator.Config) { cfg.Latency = time.Hour })
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for range 2 {
			request, _ := http.NewRequestWithContext(ctx, "DELETE", "http://simulator.test/project-keys/"+id, nil)
			request.Header.Set("Authorization", "Bearer "+c.bearer)
			if _, err := c.server.RoundTripper().RoundTrip(request); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("error %v", err)
			}
		}
		if _, exists := c.server.Key(id); exists {
			t.Error("the key still exists")
		}
		if n := len(c.server.Writes()); n != 2 { // the creation and the first deletion; the second came too late to be sent
			t.Errorf("%d writes", n)
		}
	})
}
