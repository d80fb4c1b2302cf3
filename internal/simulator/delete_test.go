// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestADeletedKeyIsGone(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	c.want(200, "DELETE", "/project-keys/"+id, nil)
	c.refused(404, "GET", "/project-keys/"+id, nil)
	c.refused(404, "DELETE", "/project-keys/"+id, nil)
	if len(c.list()) != 0 || len(c.server.Keys()) != 0 {
		t.Error("the key is still listed")
	}
}

func TestDeletingForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "deleting"}, DeleteTime: time.Minute})
		id := c.create(roleBased())
		c.want(200, "DELETE", "/project-keys/"+id, nil)
		time.Sleep(40 * time.Second)
		if status := c.read(id)["status"]; status != "deleting" {
			t.Errorf("status %v", status)
		}
		c.want(200, "DELETE", "/project-keys/"+id, nil) // accepted, and starts nothing anew
		time.Sleep(20 * time.Second)
		c.refused(404, "GET", "/project-keys/"+id, nil)
	})
}

func TestAFailedDeletionIsRetriedByTheSameCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "failed-once"}, DeleteFailures: 2, DeleteTime: time.Minute})
		id := c.create(roleBased())
		for range 2 {
			c.want(200, "DELETE", "/project-keys/"+id, nil)
			if status := c.read(id)["status"]; status != "deleting" {
				t.Errorf("status %v", status)
			}
			time.Sleep(time.Minute)
			if status := c.read(id)["status"]; status != "delete_failed" {
				t.Errorf("status %v", status)
			}
		}
		c.want(200, "DELETE", "/project-keys/"+id, nil)
		time.Sleep(time.Minute)
		c.refused(404, "GET", "/project-keys/"+id, nil)
	})
}

func TestADeletionThatFailsForEver(t *testing.T) {
	c := start(t, simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "failed-forever"}})
	id := c.create(roleBased())
	for range 5 {
		c.want(200, "DELETE", "/project-keys/"+id, nil)
		if status := c.read(id)["status"]; status != "delete_failed" {
			t.Fatalf("status %v", status)
		}
	}
}

func TestNothingOfADeletedKeyWorks(t *testing.T) {
	for _, timing := range []string{"at-once", "deleting", "failed-forever"} {
		c := start(t, simulator.Config{Dialect: simulator.Dialect{DeleteTiming: timing}})
		k := c.held(c.create(roleBased()))
		owner := anonymous(t, c.server)
		owner.logIn(k.APIClientID, k.APISecret)
		owner.want(200, "GET", "/auth/whoami", nil)
		c.want(200, "DELETE", "/project-keys/"+k.ID, nil)
		owner.refused(401, "GET", "/auth/whoami", nil)
		owner.refused(401, "POST", "/auth/access-token", object{"client_id": k.APIClientID, "secret": k.APISecret})
	}
}
