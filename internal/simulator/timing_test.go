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

func TestProvisioningTakesItsTime(t *testing.T) {
	for outcome, want := range map[string]string{"active": "active", "failed": "failed"} {
		synctest.Test(t, func(t *testing.T) {
			c := start(t, simulator.Config{ProvisionTime: time.Minute, Dialect: simulator.Dialect{CreateOutcome: outcome}})
			id := c.create(roleBased())
			time.Sleep(time.Minute - time.Nanosecond)
			if status := statusOf(c, id); status != "creating" {
				t.Errorf("status %v before", status)
			}
			c.refused(400, "PATCH", "/project-keys/"+id, object{"name": "x"})
			time.Sleep(time.Nanosecond)
			if status := statusOf(c, id); status != want {
				t.Errorf("status %v after, want %v", status, want)
			}
		})
	}
}

func TestCreatingWithoutATimeTakesASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{Dialect: simulator.Dialect{CreateTiming: "creating", UpdateTiming: "creating"}})
		id := c.create(roleBased())
		time.Sleep(time.Second)
		c.want(200, "PATCH", "/project-keys/"+id, object{"name": "renamed"})
		if status := statusOf(c, id); status != "active" {
			t.Errorf("status %v after the name was changed", status)
		}
		c.want(200, "PATCH", "/project-keys/"+id, object{"kafka_config": kafkaConfig("orders")})
		if status := statusOf(c, id); status != "creating" {
			t.Errorf("status %v after Kafka was added", status)
		}
		time.Sleep(time.Second)
		if status := statusOf(c, id); status != "active" {
			t.Errorf("status %v in the end", status)
		}
	})
}

func TestTheNumberOfHiddenReadsCanBeChosen(t *testing.T) {
	c := start(t, simulator.Config{NotFoundReads: 5, Dialect: simulator.Dialect{CreateTiming: "not-found-first"}})
	id := c.create(roleBased())
	if len(c.list()) != 1 {
		t.Error("the list does not have the key")
	}
	for range 5 {
		c.refused(404, "GET", "/project-keys/"+id, nil)
	}
	c.read(id)
}

func TestLatencyDelaysEveryAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{Latency: time.Minute})
		begin := time.Now()
		c.list()
		if took := time.Since(begin); took != time.Minute {
			t.Errorf("took %v", took)
		}
	})
}

func TestAClientThatGivesUpLeavesTheWorkDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{})
		id := c.create(roleBased())
		c.server.SetConfig(func(cfg *simulator.Config) { cfg.Latency = time.Hour })
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
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

func TestDetail_AccessHiddenUntilActive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{HidesAccess: true, ProvisionTime: time.Minute})
		id := c.create(with(roleBased(), "kafka_config", kafkaConfig("orders")))
		if detail := c.read(id); detail["api_client_id"] != nil || detail["kafka_username"] != nil {
			t.Errorf("a key that is being created shows %v, %v", detail["api_client_id"], detail["kafka_username"])
		}
		time.Sleep(time.Minute)
		if detail := c.read(id); detail["api_client_id"] == nil || detail["kafka_username"] != "orders" {
			t.Errorf("an active key shows %v, %v", detail["api_client_id"], detail["kafka_username"])
		}
	})
}
