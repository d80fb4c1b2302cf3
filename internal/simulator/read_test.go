// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// summaryMembers are those of a list row.
var summaryMembers = []string{
	"allowed_tools", "api_client_id", "api_client_id_masked_secret", "blocked_tools", "created_at", "created_by_user",
	"description", "id", "kafka_username", "last_used_at", "name", "roles", "service_id", "status", "tool_profile",
}

func TestDetailOfEveryKindOfKey(t *testing.T) {
	c := start(t, simulator.Config{})
	members := slices.Sorted(slices.Values(append([]string{
		"kafka_acls", "whitelist_ips", "kafka_proxy_endpoint", "schema_proxy_endpoint", "token_ttl_seconds",
	}, summaryMembers...)))
	for _, body := range []object{roleBased(), permissionBased(), kafkaOnly()} {
		detail := c.read(c.create(body))
		if got := slices.Sorted(maps.Keys(detail)); !slices.Equal(got, members) {
			t.Errorf("the detail of a %s key has %v, want %v", body["name"], got, members)
		}
	}
	for i, row := range c.list() {
		if got := slices.Sorted(maps.Keys(row)); !slices.Equal(got, summaryMembers) {
			t.Errorf("row %d has %v, want %v", i, got, summaryMembers)
		}
	}
}

func TestDetail_ItemsThatRepeat(t *testing.T) {
	c := start(t, simulator.Config{Repeats: true})
	detail := c.read(c.create(withKafka("whitelist_ips", "10.0.0.1,10.0.0.2")))
	if detail["whitelist_ips"] != "10.0.0.1,10.0.0.2,10.0.0.1" {
		t.Errorf("the addresses are %v", detail["whitelist_ips"])
	}
	if roles := c.read(c.create(roleBased()))["roles"].([]any); len(roles) < 2 || !reflect.DeepEqual(roles[0], roles[len(roles)-1]) {
		t.Errorf("the roles are %v", roles)
	}
	if rows := c.list(); len(rows) != 2 {
		t.Errorf("%d keys are listed", len(rows))
	}
}

func TestDetailNeverHasSecrets(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(with(roleBased(), "kafka_config", kafkaConfig("orders")))
	k := c.held(id)
	for _, path := range []string{"/project-keys", "/project-keys/" + id, "/project-keys/" + id + "/mcp-config"} {
		_, text := c.call("GET", path, nil)
		wantAbsent(t, text, k.APISecret, k.KafkaPassword)
	}
	_, text := c.call("PATCH", "/project-keys/"+id, object{"name": "renamed"})
	wantAbsent(t, text, k.APISecret, k.KafkaPassword)
}

func TestDetailNamesTheEndpoints(t *testing.T) {
	c := start(t, simulator.Config{})
	registry := c.read(c.create(withKafka("is_create_schema_registry", true)))
	if registry["kafka_proxy_endpoint"] != "simulated-orders.kafka.invalid:32400" || registry["schema_proxy_endpoint"] != "simulated-orders.schema.invalid:32400" {
		t.Errorf("with a registry: %v, %v", registry["kafka_proxy_endpoint"], registry["schema_proxy_endpoint"])
	}
	without := c.read(c.create(withKafka("username", "others")))
	if without["kafka_proxy_endpoint"] == nil || without["schema_proxy_endpoint"] != nil {
		t.Errorf("without: %v, %v", without["kafka_proxy_endpoint"], without["schema_proxy_endpoint"])
	}
}

func TestConfiguredServersAreHandedOut(t *testing.T) {
	c := start(t, simulator.Config{KafkaServers: "127.0.0.1:1,127.0.0.1:2"})
	file := c.want(200, "POST", "/project-keys", kafkaOnly())
	if kafka, _ := file["kafka"].(object); kafka["bootstrap_servers"] != "127.0.0.1:1,127.0.0.1:2" {
		t.Errorf("the credential file has %v", file["kafka"])
	}
	if detail := c.list()[0]; c.read(detail["id"].(string))["kafka_proxy_endpoint"] != "127.0.0.1:1" {
		t.Errorf("the detail has another endpoint than the first server")
	}
}

func TestMCPConfig(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(with(with(roleBased(), "tool_profile", "infra-admin"), "allowed_tools", []string{"a", "b"}))
	want := object{
		"project_key_id": id, "tenant_id": simulator.DefaultTenantID, "service_id": simulator.DefaultServiceID, "kafka_username": nil,
		"tool_profile": "infra-admin", "allowed_tools": []any{"a", "b"}, "blocked_tools": nil,
	}
	if got := c.want(200, "GET", "/project-keys/"+id+"/mcp-config", nil); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	c.refused(404, "GET", "/project-keys/none/mcp-config", nil)
}

func TestListIsABareArrayOfTheTenant(t *testing.T) {
	c := start(t, simulator.Config{})
	if status, text := c.call("GET", "/project-keys", nil); status != 200 || text != "[]" {
		t.Errorf("without keys: %d %s", status, text)
	}
	mine := c.create(roleBased())
	foreign := c.server.Seed(simulator.Key{Name: "foreign", ServiceID: "other", RoleIDs: []string{simulator.RoleAdmin}}).ID
	rows := c.list()
	if len(rows) != 2 || rows[0]["id"] != mine || rows[1]["id"] != foreign || rows[1]["service_id"] != "other" {
		t.Errorf("rows %v", rows)
	}
	c.read(foreign)
	c.refused(403, "PATCH", "/project-keys/"+foreign, object{"name": "x"})
	c.refused(403, "DELETE", "/project-keys/"+foreign, nil)
	k := c.held(foreign)
	c.logIn(k.APIClientID, k.APISecret)
	c.want(200, "PATCH", "/project-keys/"+foreign, object{"name": "x"})
	if who := c.want(200, "GET", "/auth/whoami", nil); who["service_id"] != "other" {
		t.Errorf("whoami: %v", who)
	}
	c.refused(403, "DELETE", "/project-keys/"+mine, nil)
	if made := c.held(c.create(roleBased())); made.ServiceID != "other" {
		t.Errorf("the new key is in project %s", made.ServiceID)
	}
}

func TestUnknownPathsAndMethods(t *testing.T) {
	c := start(t, simulator.Config{})
	c.refused(404, "GET", "/", nil)
	c.refused(404, "GET", "/project-keys/", nil)
	c.refused(405, "PUT", "/project-keys/x", nil)
	c.refused(405, "GET", "/auth/access-token", nil)
}

func TestEveryAnswerHasARequestIDAndADate(t *testing.T) {
	c := start(t, simulator.Config{})
	seen := map[string]bool{}
	for _, path := range []string{"/auth/whoami", "/project-keys", "/project-keys/none", "/nowhere"} {
		c.call("GET", path, nil)
		id := c.header.Get("X-Request-Id")
		if id == "" || seen[id] || c.header.Get("Date") == "" {
			t.Errorf("GET %s: request id %q, date %q", path, id, c.header.Get("Date"))
		}
		seen[id] = true
	}
}
