// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// summaryMembers are those of a list row.
var summaryMembers = []string{
	"allowed_tools", "api_client_id", "api_client_id_masked_secret", "blocked_tools", "created_at", "created_by_user",
	"description", "id", "kafka_username", "last_used_at", "name", "roles", "service_id", "status", "tool_profile",
}

func TestDetail_MembersOfEveryKindOfKey(t *testing.T) {
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

func TestAnswer_WithoutSecretsOfAKeyThatExists(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(both())
	k := c.held(id)
	for path, body := range map[string]any{
		"GET /project-keys": nil, "GET /project-keys/" + id: nil, "GET /project-keys/" + id + "/mcp-config": nil,
		"PATCH /project-keys/" + id: object{"name": "renamed"},
	} {
		method, path, _ := strings.Cut(path, " ")
		_, text := c.call(method, path, body)
		if strings.Contains(text, k.APISecret) || strings.Contains(text, k.KafkaPassword) {
			t.Errorf("%s %s shows a secret: %s", method, path, text)
		}
	}
}

func TestDetail_NamesTheEndpoints(t *testing.T) {
	c := start(t, simulator.Config{})
	registry := c.read(c.create(withKafka("is_create_schema_registry", true)))
	if registry["kafka_proxy_endpoint"] != "simulated-orders.kafka.invalid:32400" || registry["schema_proxy_endpoint"] != "simulated-orders.schema.invalid:32400" {
		t.Errorf("with a registry: %v, %v", registry["kafka_proxy_endpoint"], registry["schema_proxy_endpoint"])
	}
	without := c.read(c.create(withKafka("username", "others")))
	if without["kafka_proxy_endpoint"] == nil || without["schema_proxy_endpoint"] != nil {
		t.Errorf("without: %v, %v", without["kafka_proxy_endpoint"], without["schema_proxy_endpoint"])
	}
	c = start(t, simulator.Config{KafkaServers: "127.0.0.1:1,127.0.0.1:2"})
	file := c.want(200, "POST", "/project-keys", kafkaOnly())
	if kafka, _ := file["kafka"].(object); kafka["bootstrap_servers"] != "127.0.0.1:1,127.0.0.1:2" {
		t.Errorf("with servers of one's own the credential file has %v", file["kafka"])
	}
	if got := c.read(file["project_key_id"].(string))["kafka_proxy_endpoint"]; got != "127.0.0.1:1" {
		t.Errorf("with servers of one's own the detail has %v", got)
	}
}

func TestMCPConfig_IsTheScopeOfTheKey(t *testing.T) {
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

func TestAnswer_HasARequestIDAndADate(t *testing.T) {
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
