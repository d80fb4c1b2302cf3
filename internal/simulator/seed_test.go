// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

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
	body := with(filled, "name", "n")
	created := c.held(c.create(body))
	c.server.Remove(created.ID)
	k, err := planted(c.server, with(with(body, "api_client_id", created.APIClientID), "api_client_secret", created.APISecret))
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
	c.logIn(k.APIClientID, k.APISecret)
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
	if err != nil || k.ID != "an-id" || k.ServiceID != billing || k.Status != simulator.StatusFailed || k.CreatedBy != "somebody" ||
		k.CreatedAt != at || k.LastUsedAt != at || !strings.HasPrefix(k.KafkaPassword, simulator.PasswordPrefix) || k.HasAPI() {
		t.Errorf("planted %+v, %v", k, err)
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
