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

func TestCreate_AnsweredWithTheCredentialFile(t *testing.T) {
	c := start(t, simulator.Config{})
	file := c.want(200, "POST", "/project-keys", object{
		"name":          "orders-consumer",
		"description":   "Reads the order topics",
		"role_ids":      []string{simulator.RoleReadOnly, simulator.RoleAdmin},
		"tool_profile":  "agent-operator",
		"blocked_tools": []string{"streamkap_delete_pipeline"},
		"kafka_config": object{
			"username":                  "orders-consumer",
			"password":                  password,
			"whitelist_ips":             "192.168.1.0/24,10.0.0.1",
			"is_create_schema_registry": true,
			"kafka_acls":                []object{acl("orders", "", "READ"), acl("orders-consumer", "GROUP", "READ")},
		},
	})
	k := c.held(file["project_key_id"].(string))
	want := object{
		"type":           "streamkap_project_key",
		"project_key_id": k.ID,
		"project":        object{"service_id": simulator.DefaultServiceID, "name": simulator.DefaultProjectName},
		"api": object{
			"client_id": k.APIClientID, "client_secret": k.APISecret,
			"token_endpoint": "http://simulator.test/auth/access-token", "api_url": "http://simulator.test",
			"roles": []any{simulator.RoleAdmin, simulator.RoleReadOnly}, // as the list of roles has them
		},
		"kafka": object{
			"username": "orders-consumer", "password": password,
			"bootstrap_servers": "simulated-orders-consumer.kafka.invalid:32400,simulated-orders-consumer.kafka.invalid:32401",
			"security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN",
			"schema_registry_url": "https://simulated-orders-consumer.schema.invalid:32400",
		},
		"kafka_acls": []any{
			object{"name": "orders", "resource": "TOPIC", "operation": "READ", "resource_pattern_type": "LITERAL"},
			object{"name": "orders-consumer", "resource": "GROUP", "operation": "READ", "resource_pattern_type": "LITERAL"},
		},
		"tool_profile":  "agent-operator",
		"allowed_tools": nil,
		"blocked_tools": []any{"streamkap_delete_pipeline"},
		"created_at":    k.CreatedAt.Format("2006-01-02T15:04:05.000000Z"),
		"created_by":    simulator.DefaultClientID,
	}
	if !reflect.DeepEqual(file, want) {
		t.Errorf("the file is\n%v, want\n%v", file, want)
	}
	if shown := c.read(k.ID)["created_at"]; shown != want["created_at"] {
		t.Errorf("the detail has another time: %v", shown)
	}
	if !k.SchemaRegistry || !slices.Equal(k.WhitelistIPs, []string{"192.168.1.0/24", "10.0.0.1"}) || k.Status != simulator.StatusActive {
		t.Errorf("the simulator holds %+v", k)
	}
}

func TestCreate_FileLacksWhatTheKeyHasNot(t *testing.T) {
	c := start(t, simulator.Config{})
	if file := c.want(200, "POST", "/project-keys", roleBased()); file["kafka"] != nil || file["api"] == nil {
		t.Errorf("an API-only key has the file %v", file)
	}
	if file := c.want(200, "POST", "/project-keys", kafkaOnly()); file["api"] != nil || file["kafka"] == nil {
		t.Errorf("a Kafka-only key has the file %v", file)
	}
}

func TestCreate_RepeatedMakesAnotherKey(t *testing.T) {
	c := start(t, simulator.Config{})
	if first, second := c.create(roleBased()), c.create(roleBased()); first == second || len(c.server.Keys()) != 2 {
		t.Error("the same creation twice did not make two keys")
	}
}

func TestKafkaUsername_UniqueUntilTheKeyIsGone(t *testing.T) {
	start(t, simulator.Config{}).play(`
		200 POST /project-keys {"name": "first", "kafka_config": {"username": "orders", "password": "Correct-Horse-1"}}
		409 POST /project-keys {"name": "second", "kafka_config": {"username": "orders", "password": "Correct-Horse-1"}}
		200 POST /project-keys {"name": "api", "role_ids": ["{admin}"]}
		409 PATCH /project-keys/{api} {"kafka_config": {"username": "orders", "password": "Correct-Horse-1"}}
		200 DELETE /project-keys/{first}
		200 PATCH /project-keys/{api} {"kafka_config": {"username": "orders", "password": "Correct-Horse-1"}}
	`)
}

func TestKafka_RefusedWhereTheProjectCannotHaveIt(t *testing.T) {
	c := start(t, simulator.Config{KafkaUnavailable: true})
	if detail := c.refused(400, "POST", "/project-keys", kafkaOnly()); !strings.Contains(detail, "AWS") {
		t.Errorf("the refusal %q does not say why", detail)
	}
	c.refused(400, "PATCH", "/project-keys/"+c.create(roleBased()), object{"kafka_config": kafkaConfig("orders")})
}

// TestName_TakenInItsProject is about whom a name keeps from using it, where
// names are unique.
func TestName_TakenInItsProject(t *testing.T) {
	for name, lines := range map[string]string{
		"a key may keep its name": `
			200 POST /project-keys {"name": "n", "role_ids": ["{admin}"]}
			200 PATCH /project-keys/{n} {"name": "n"}`,
		"another project's key has its own": `
			200 POST /project-keys {"name": "theirs", "role_ids": ["{admin}"]}`,
		"a key without a name": `
			200 POST /project-keys {"name": "n", "role_ids": ["{admin}"]}
			200 PATCH /project-keys/{n} {"description": "d"}`,
		"a key has its name until it is gone": `
			200 POST /project-keys {"name": "n", "role_ids": ["{admin}"]}
			200 DELETE /project-keys/{n}
			409 POST /project-keys {"name": "n", "role_ids": ["{admin}"]}
			200 DELETE /project-keys/{n}
			200 POST /project-keys {"name": "n", "role_ids": ["{admin}"]}`,
	} {
		t.Run(name, func(t *testing.T) {
			c := in(t, simulator.Dialect{SameName: "409", DeleteTiming: "failed-once"})
			c.server.Seed(simulator.Key{})
			c.server.Seed(simulator.Key{Name: "theirs", ServiceID: "other"})
			c.play(lines)
		})
	}
	c := in(t, simulator.Dialect{SameName: "409"})
	c.create(roleBased())
	id := c.create(permissionBased())
	c.refused(409, "PATCH", "/project-keys/"+id, object{"name": "role-based", "description": "not saved"})
	if k := c.held(id); k.Name != "permission-based" || k.Description != "" {
		t.Errorf("a refused change has changed the key: %+v", k)
	}
}

func TestUpdate_ChangesWhatItNamesAlone(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(with(both(), "description", "d"))
	want := c.held(id)
	answer := c.update(id, object{"name": "renamed"})
	wantMembers := slices.Sorted(slices.Values(append([]string{"new_api_credentials", "new_kafka_credentials"}, summaryMembers...)))
	if got := slices.Sorted(maps.Keys(answer)); !slices.Equal(got, wantMembers) {
		t.Errorf("the answer has %v, want %v", got, wantMembers)
	}
	if answer["name"] != "renamed" || answer["new_api_credentials"] != nil || answer["new_kafka_credentials"] != nil {
		t.Errorf("the answer is %v", answer)
	}
	if want.Name = "renamed"; !reflect.DeepEqual(c.held(id), want) {
		t.Errorf("held: %+v", c.held(id))
	}
	c.update(id, object{
		"description": "new", "whitelist_ips": "10.0.0.1", "kafka_acls": []object{acl("t", "", "WRITE")},
		"tool_profile": "read-only", "allowed_tools": []string{"a"}, "blocked_tools": []string{"b"}, "kafka_password": newPassword,
	})
	want.Description, want.WhitelistIPs = "new", []string{"10.0.0.1"}
	want.ACLs = []simulator.ACL{{Name: "t", Resource: "TOPIC", Operation: "WRITE", PatternType: "LITERAL"}}
	want.ToolProfile, want.AllowedTools, want.BlockedTools = "read-only", []string{"a"}, []string{"b"}
	want.KafkaPassword, want.PasswordRotations = newPassword, 1
	if !reflect.DeepEqual(c.held(id), want) {
		t.Errorf("held: %+v", c.held(id))
	}
}

func TestUpdate_AddsKafkaToAnAPIOnlyKey(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	answer := c.update(id, object{"kafka_config": kafkaConfig("orders")})
	issued, _ := answer["new_kafka_credentials"].(object)
	if issued["username"] != "orders" || issued["password"] != password || issued["bootstrap_servers"] == nil || answer["new_api_credentials"] != nil {
		t.Errorf("the answer is %v", answer)
	}
	c.refused(400, "PATCH", "/project-keys/"+id, object{"kafka_config": kafkaConfig("second")})
}

func TestUpdate_AddsAPIAccessToAKafkaOnlyKey(t *testing.T) {
	for _, addition := range []object{
		{"role_ids": []string{simulator.RoleReadOnly}},
		{"permission_ids": []string{simulator.PermissionReadKeys}},
	} {
		c := start(t, simulator.Config{})
		id := c.create(kafkaOnly())
		answer := c.update(id, with(addition, "tool_profile", "full")) // allowed in the update that adds API access
		issued, _ := answer["new_api_credentials"].(object)
		k := c.held(id)
		if k.APISecret == "" || issued["client_id"] != k.APIClientID || issued["client_secret"] != k.APISecret || answer["new_kafka_credentials"] != nil {
			t.Errorf("the answer is %v, held %+v", answer, k)
		}
		c.owner(k)
	}
}

func TestUpdate_PermissionsMoveToRolesAlone(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(permissionBased())
	before := c.held(id)
	c.refused(400, "PATCH", "/project-keys/"+id, object{"permission_ids": []string{"other"}})
	answer := c.update(id, object{"role_ids": []string{simulator.RoleAdmin}})
	if k := c.held(id); k.PermissionIDs != nil || !slices.Equal(k.RoleIDs, []string{simulator.RoleAdmin}) || k.APISecret != before.APISecret {
		t.Errorf("moved to roles: %+v", k)
	}
	if answer["new_api_credentials"] != nil {
		t.Error("the move to roles issued new credentials")
	}
	c.refused(400, "PATCH", "/project-keys/"+id, object{"permission_ids": []string{"other"}})
}

func TestUpdate_WhatTheKeyHasNotRefused(t *testing.T) {
	c := start(t, simulator.Config{})
	c.create(with(roleBased(), "name", "api"))
	c.create(with(kafkaOnly(), "name", "kafka"))
	c.play(`
		400 PATCH /project-keys/{api} {"kafka_acls": []}
		200 PATCH /project-keys/{kafka} {"kafka_acls": []}
		400 PATCH /project-keys/{api} {"whitelist_ips": ""}
		200 PATCH /project-keys/{kafka} {"whitelist_ips": ""}
		400 PATCH /project-keys/{api} {"kafka_password": "Battery-Staple-2"}
		200 PATCH /project-keys/{kafka} {"kafka_password": "Battery-Staple-2"}
		200 PATCH /project-keys/{api} {"tool_profile": "full"}
		400 PATCH /project-keys/{kafka} {"tool_profile": "full"}
		200 PATCH /project-keys/{api} {"allowed_tools": []}
		400 PATCH /project-keys/{kafka} {"allowed_tools": []}
		200 PATCH /project-keys/{api} {"blocked_tools": ["a"]}
		400 PATCH /project-keys/{kafka} {"blocked_tools": ["a"]}
		200 PATCH /project-keys/{api} {"description": "d"}
		200 PATCH /project-keys/{kafka} {"description": "d"}
		200 PATCH /project-keys/{api} {"kafka_acls": null, "whitelist_ips": null}
		200 PATCH /project-keys/{kafka} {"tool_profile": null, "allowed_tools": null, "blocked_tools": null}
		404 PATCH /project-keys/none {"name": "x"}
		400 POST /project-keys {"name": "n", "tool_profile": "full", "kafka_config": {"username": "other", "password": "Correct-Horse-1"}}
		200 POST /project-keys {"name": "n", "tool_profile": null, "kafka_config": {"username": "other", "password": "Correct-Horse-1"}}
	`)
}

func TestUpdate_DependsOnTheStatus(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	for status, code := range map[string]int{
		simulator.StatusCreating: 400, simulator.StatusDeleting: 400, simulator.StatusDeleteFailed: 400,
		simulator.StatusFailed: 200, simulator.StatusActive: 200,
	} {
		c.server.Modify(id, func(k *simulator.Key) { k.Status = status })
		c.want(code, "PATCH", "/project-keys/"+id, object{"name": "renamed"})
	}
}

func TestDelete_KeyIsGone(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	c.play(`
		200 DELETE /project-keys/{role-based}
		404 GET /project-keys/` + id + `
		404 DELETE /project-keys/` + id)
	if len(c.list()) != 0 || len(c.server.Keys()) != 0 {
		t.Error("the key is still listed")
	}
}

func TestDelete_CredentialsStopWorkingAtOnce(t *testing.T) {
	for _, timing := range []string{"at-once", "deleting", "failed-forever"} {
		c := in(t, simulator.Dialect{DeleteTiming: timing})
		k := c.held(c.create(roleBased()))
		owner := c.owner(k)
		owner.play(`200 GET /auth/whoami`)
		c.want(200, "DELETE", "/project-keys/"+k.ID, nil)
		owner.refused(401, "GET", "/auth/whoami", nil)
		owner.refused(401, "POST", "/auth/access-token", object{"client_id": k.APIClientID, "secret": k.APISecret})
	}
}
