// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestSeedFillsInWhatIsMissing(t *testing.T) {
	c := start(t, simulator.Config{})
	k := c.server.Seed(simulator.Key{Name: "seeded", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: "seeded"})
	if k.ID == "" || k.ServiceID != simulator.DefaultServiceID || k.Status != simulator.StatusActive || k.CreatedAt.IsZero() ||
		k.APIClientID == "" || k.APISecret == "" || k.KafkaPassword == "" {
		t.Errorf("seeded %+v", k)
	}
	if detail := c.read(k.ID); detail["api_client_id"] != k.APIClientID || detail["kafka_username"] != "seeded" {
		t.Errorf("detail %v", detail)
	}
	c.logIn(k.APIClientID, k.APISecret)
	if kafka := c.server.Seed(simulator.Key{KafkaUsername: "only"}); kafka.HasAPI() {
		t.Error("a Kafka-only key was seeded with API access")
	}
}

func TestKeysChangeBehindTheClientsBack(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	if !c.server.Modify(id, func(k *simulator.Key) { k.Name = "changed" }) || c.read(id)["name"] != "changed" {
		t.Error("the key was not modified")
	}
	if !c.server.Remove(id) || statusOf(c, id) != 404 {
		t.Error("the key was not removed")
	}
	if c.server.Modify(id, func(*simulator.Key) {}) || c.server.Remove(id) {
		t.Error("a key that does not exist was changed")
	}
}

// TestWhoWantsToKnowIsToldOfChanges sees the key as it is after each of them.
func TestWhoWantsToKnowIsToldOfChanges(t *testing.T) {
	c := start(t, simulator.Config{})
	var told []string
	c.server.OnChange(func() {
		names := ""
		for _, key := range c.server.Keys() {
			names += key.Name
		}
		told = append(told, names)
	})
	id := c.create(with(roleBased(), "name", "a"))
	c.want(200, "PATCH", "/project-keys/"+id, object{"name": "b"})
	c.read(id)
	c.server.Modify(id, func(k *simulator.Key) { k.Name = "c" })
	c.want(200, "DELETE", "/project-keys/"+id, nil)
	other := c.server.Seed(simulator.Key{Name: "d"})
	c.server.Remove(other.ID)
	if want := []string{"a", "b", "c", "", ""}; !slices.Equal(told, want) {
		t.Errorf("it was told of %q, expected %q", told, want)
	}
}

func TestForkHoldsTheSameAndGoesItsOwnWay(t *testing.T) {
	c := start(t, simulator.Config{RateLimit: 100})
	id := c.create(with(roleBased(), "allowed_tools", []string{"a"}))
	c.want(200, "PATCH", "/project-keys/"+id, object{"name": "second"})
	c.server.Inject(simulator.Fault{Method: "GET", Late: true})
	f := anonymous(t, c.server.Fork())
	f.bearer = c.bearer
	if !reflect.DeepEqual(f.server.Keys(), c.server.Keys()) || !slices.Equal(f.server.Secrets(), c.server.Secrets()) {
		t.Errorf("the fork holds %+v", f.server.Keys())
	}
	if name := f.read(id)["name"]; name == "second" {
		t.Error("the fork forgot the fault, or how the key was before its last PATCH")
	}
	if len(c.server.UnusedFaults()) != 1 || len(f.server.Requests()) != 1 {
		t.Error("what the fork does happens to the other one")
	}
	f.server.Modify(id, func(k *simulator.Key) { k.AllowedTools[0] = "changed" })
	f.create(with(roleBased(), "name", "third"))
	f.server.RevokeTokens()
	if k := c.held(id); k.AllowedTools[0] != "a" || len(c.server.Keys()) != 1 {
		t.Errorf("the fork changed %+v", c.server.Keys())
	}
	c.server.Remove(id)
	if name := c.create(with(roleBased(), "name", "fourth")); len(f.server.Keys()) != 2 {
		t.Errorf("%s changed the fork", name)
	}
}

func TestTheLogHasEveryRequest(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	c.read(id)
	c.want(404, "DELETE", "/project-keys/none", nil)
	c.call("PATCH", "/project-keys/"+id, "{")
	var got []string
	for _, r := range c.server.Requests() {
		got = append(got, r.Method+" "+r.Path)
		if r.Status == 0 || r.RequestID == "" || r.Time.IsZero() || r.ClientID != simulator.DefaultClientID {
			t.Errorf("logged %+v", r)
		}
	}
	want := []string{"POST /auth/access-token", "POST /project-keys", "GET /project-keys/" + id, "DELETE /project-keys/none", "PATCH /project-keys/" + id}
	if !slices.Equal(got, want) {
		t.Errorf("logged %v, want %v", got, want)
	}
	writes := c.server.Writes()
	if len(writes) != 3 || string(writes[0].Body) == "" || writes[1].Body != nil || string(writes[2].Body) != `"{"` {
		t.Errorf("writes %+v", writes)
	}
	c.server.ResetRequests()
	if len(c.server.Requests()) != 0 {
		t.Error("the log was not reset")
	}
}

func TestManyClientsAtOnce(t *testing.T) {
	c := start(t, simulator.Config{})
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			own := anonymous(t, c.server)
			own.logIn(simulator.DefaultClientID, simulator.DefaultSecret)
			for range 20 {
				_, _ = own.call("POST", "/project-keys", roleBased())
				_, _ = own.call("GET", "/project-keys", nil)
				for _, k := range c.server.Keys() {
					_, _ = own.call("PATCH", "/project-keys/"+k.ID, object{"name": "renamed"})
					break
				}
				c.server.Requests()
				c.server.Secrets()
			}
		})
	}
	clients.Wait()
	if n := len(c.server.Keys()); n != 160 {
		t.Errorf("%d keys, want 160", n)
	}
}
