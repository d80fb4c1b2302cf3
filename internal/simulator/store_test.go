// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestSeed_FillsInWhatIsMissing(t *testing.T) {
	c := start(t, simulator.Config{})
	k := c.server.Seed(simulator.Key{Name: "seeded", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: "seeded"})
	if k.ID == "" || k.ServiceID != simulator.DefaultServiceID || k.Status != simulator.StatusActive || k.CreatedAt.IsZero() || k.KafkaPassword == "" {
		t.Errorf("seeded %+v", k)
	}
	if detail := c.read(k.ID); detail["api_client_id"] != k.APIClientID || detail["kafka_username"] != "seeded" {
		t.Errorf("detail %v", detail)
	}
	c.owner(k)
	if kafka := c.server.Seed(simulator.Key{KafkaUsername: "only"}); kafka.HasAPI() {
		t.Error("a Kafka-only key was seeded with API access")
	}
}

// planted puts a key there as a seed file does.
func planted(server *simulator.Server, seed object) (simulator.Key, error) {
	text, err := json.Marshal(seed)
	if err != nil {
		panic(err)
	}
	return server.Plant(text)
}

func TestPlant_KeyIsWhatItsCreationMakes(t *testing.T) {
	c := start(t, simulator.Config{})
	created := c.held(c.create(filled))
	c.server.Remove(created.ID)
	k, err := planted(c.server, with(with(filled, "api_client_id", created.APIClientID), "api_client_secret", created.APISecret))
	if err != nil {
		t.Fatal(err)
	}
	if k.ID == "" || k.ID == created.ID || k.CreatedAt.IsZero() {
		t.Errorf("planted %+v", k)
	}
	k.ID, k.CreatedAt = created.ID, created.CreatedAt
	if !reflect.DeepEqual(k, created) {
		t.Errorf("planted %+v\ncreated %+v", k, created)
	}
	c.owner(k)
}

func TestPlant_WhatOnlyAnExistingKeyHas(t *testing.T) {
	at := time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
	config := several()
	config.Dialect = simulator.Dialect{SameName: "409", Granting: "own"}
	server := simulator.New(config)
	server.Seed(simulator.Key{Name: "n", KafkaUsername: "orders"}) // in another project
	k, err := planted(server, object{
		"name": "n", "kafka_config": object{"username": "orders"}, "id": "an-id", "service_id": billing,
		"status": "failed", "created_by": "somebody", "created_at": at, "last_used_at": at,
	})
	if err != nil || !strings.HasPrefix(k.KafkaPassword, simulator.PasswordPrefix) {
		t.Errorf("planted %+v, %v", k, err)
	}
	if want := (simulator.Key{
		ID: "an-id", ServiceID: billing, Name: "n", Status: simulator.StatusFailed, CreatedBy: "somebody", CreatedAt: at, LastUsedAt: at,
		KafkaUsername: "orders", KafkaPassword: k.KafkaPassword,
	}); !reflect.DeepEqual(k, want) {
		t.Errorf("planted %+v\nwant %+v", k, want)
	}
	if k, err = planted(server, with(roleBased(), "service_id", billing)); err != nil || k.CreatedBy != "billing" {
		t.Errorf("planted %+v, %v", k, err)
	}
}

func TestPlant_RefusesWhatTheServiceWould(t *testing.T) {
	for want, seed := range map[string]object{
		"name: String should have":                    with(roleBased(), "name", ""),
		"needs role_ids":                              {"name": "n"},
		"role_ids.0: 'r' is not a role":               with(roleBased(), "role_ids", []string{"r"}),
		"kafka_config.password: String should":        withKafka("password", "short"),
		"kafka_config.kafka_acls.0.operation: a GROU": withKafka("kafka_acls", []object{acl("g", "GROUP", "WRITE")}),
		"MCP tool scoping":                            with(kafkaOnly(), "tool_profile", "full"),
		"kafka_username: Extra inputs":                with(roleBased(), "kafka_username", "orders"),
		"there is no project none":                    with(roleBased(), "service_id", "none"),
		"status: Input should be 'active'":            with(roleBased(), "status", "odd"),
		"created_at: Input should be a valid":         with(roleBased(), "created_at", "yesterday"),
		"id: one is taken":                            with(roleBased(), "id", "one"),
		"api_client_id: client is taken":              with(roleBased(), "api_client_id", "client"),
		"Kafka username 'taken' is already used":      withKafka("username", "taken"),
		"with this name already exists":               with(roleBased(), "name", "taken"),
	} {
		server := simulator.New(simulator.Config{Dialect: simulator.Dialect{SameName: "409"}})
		server.Seed(simulator.Key{Name: "taken", ID: "one", APIClientID: "client", KafkaUsername: "taken"})
		_, err := planted(server, seed)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "short") {
			t.Errorf("%v: %v, want %q in it", seed, err, want)
		}
		if len(server.Keys()) != 1 {
			t.Errorf("%v: it was planted", seed)
		}
	}
	for _, text := range []string{`[]`, `null`} {
		if _, err := simulator.New(simulator.Config{}).Plant(json.RawMessage(text)); err == nil {
			t.Errorf("%s was planted", text)
		}
	}
}

func TestModify_BehindTheClientsBack(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	if !c.server.Modify(id, func(k *simulator.Key) { k.Name = "changed" }) || c.read(id)["name"] != "changed" {
		t.Error("the key was not modified")
	}
	if !c.server.Remove(id) || c.status(id) != 404 {
		t.Error("the key was not removed")
	}
	if c.server.Modify(id, func(*simulator.Key) {}) || c.server.Remove(id) {
		t.Error("a key that does not exist was changed")
	}
}

// TestOnChange_SeesTheKeysAsTheyAreAfterEachChange is not called for what only
// looks, nor for a seed.
func TestOnChange_SeesTheKeysAsTheyAreAfterEachChange(t *testing.T) {
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
	c.update(id, object{"name": "b"})
	c.read(id)
	c.server.Modify(id, func(k *simulator.Key) { k.Name = "c" })
	c.want(200, "DELETE", "/project-keys/"+id, nil)
	other := c.server.Seed(simulator.Key{Name: "d"})
	c.server.Remove(other.ID)
	if want := []string{"a", "b", "c", "", ""}; !slices.Equal(told, want) {
		t.Errorf("it was told of %q, expected %q", told, want)
	}
}

func TestFork_HoldsTheSameAndGoesItsOwnWay(t *testing.T) {
	c := start(t, simulator.Config{RateLimit: 100})
	id := c.create(with(roleBased(), "allowed_tools", []string{"a"}))
	c.update(id, object{"name": "second"})
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
	f.create(with(roleBased(), "name", "third"))
	f.server.RevokeTokens()
	if len(c.server.Keys()) != 1 {
		t.Errorf("the fork changed %+v", c.server.Keys())
	}
	c.server.Remove(id)
	c.create(with(roleBased(), "name", "fourth"))
	if len(f.server.Keys()) != 2 {
		t.Errorf("the fork was changed: %+v", f.server.Keys())
	}
}

// TestKey_CopiesShareNothing changes every list of a key in what the simulator
// was given, has returned, and has forked off.
func TestKey_CopiesShareNothing(t *testing.T) {
	lists := func(k *simulator.Key) (lists []reflect.Value) {
		for _, field := range reflect.ValueOf(k).Elem().Fields() {
			if field.Kind() == reflect.Slice {
				lists = append(lists, field)
			}
		}
		return lists
	}
	spoil := func(k *simulator.Key) {
		for _, list := range lists(k) {
			list.Index(0).Set(reflect.Zero(list.Type().Elem()))
		}
	}
	k := simulator.Key{ID: "an-id", ACLs: []simulator.ACL{{Name: "t"}}}
	for _, list := range lists(&k) {
		if list.IsNil() {
			list.Set(reflect.ValueOf([]string{"item"}))
		}
	}
	server := simulator.New(simulator.Config{})
	seeded := server.Seed(k)
	listed, held := server.Keys()[0], server.Keys()[0]
	server.Fork().Modify("an-id", spoil)
	for _, copied := range []*simulator.Key{&k, &seeded, &listed} {
		spoil(copied)
	}
	for _, list := range append(lists(&held), lists(&server.Keys()[0])...) {
		if list.Index(0).IsZero() {
			t.Errorf("a list of %s is shared", list.Type())
		}
	}
}

func TestRequests_HaveEveryRequest(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	c.read(id)
	c.refused(404, "DELETE", "/project-keys/none", nil)
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

func TestServer_ManyClientsAtOnce(t *testing.T) {
	c := start(t, simulator.Config{})
	var clients sync.WaitGroup
	for range 8 {
		clients.Go(func() {
			own := c.as(simulator.DefaultClientID, simulator.DefaultSecret)
			for range 20 {
				_, _ = own.call("POST", "/project-keys", roleBased())
				_, _ = own.call("GET", "/project-keys", nil)
				_, _ = own.call("PATCH", "/project-keys/"+c.server.Keys()[0].ID, object{"name": "renamed"})
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
