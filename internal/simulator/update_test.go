// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const newPassword = "Battery-Staple-2"

func wantAbsent(t *testing.T, text string, secrets ...string) {
	t.Helper()
	for _, secret := range secrets {
		if secret == "" || strings.Contains(text, secret) {
			t.Errorf("%q is in %s", secret, text)
		}
	}
}

func TestUpdateMakesPlainChanges(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(with(roleBased(), "kafka_config", kafkaConfig("orders")))
	answer := c.want(200, "PATCH", "/project-keys/"+id, object{
		"name": "renamed", "description": "new", "whitelist_ips": "10.0.0.1", "kafka_acls": []object{acl("t", "", "WRITE")},
		"tool_profile": "read-only", "allowed_tools": []string{"a"}, "blocked_tools": []string{"b"},
	})
	wantMembers := slices.Sorted(slices.Values(append([]string{"new_api_credentials", "new_kafka_credentials"}, summaryMembers...)))
	if got := slices.Sorted(maps.Keys(answer)); !slices.Equal(got, wantMembers) {
		t.Errorf("the answer has %v, want %v", got, wantMembers)
	}
	if answer["name"] != "renamed" || answer["new_api_credentials"] != nil || answer["new_kafka_credentials"] != nil {
		t.Errorf("the answer is %v", answer)
	}
	k := c.held(id)
	wantACL := simulator.ACL{Name: "t", Resource: "TOPIC", Operation: "WRITE", PatternType: "LITERAL"}
	if k.Name != "renamed" || k.Description != "new" || !slices.Equal(k.ACLs, []simulator.ACL{wantACL}) ||
		!slices.Equal(k.WhitelistIPs, []string{"10.0.0.1"}) || k.ToolProfile != "read-only" ||
		!slices.Equal(k.AllowedTools, []string{"a"}) || !slices.Equal(k.BlockedTools, []string{"b"}) {
		t.Errorf("held: %+v", k)
	}
}

func TestUpdateLeavesAloneWhatItDoesNotName(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(with(with(roleBased(), "description", "kept"), "allowed_tools", []string{"a"}))
	before := c.held(id)
	c.want(200, "PATCH", "/project-keys/"+id, object{"name": "renamed"})
	after := c.held(id)
	if after.Description != "kept" || !slices.Equal(after.AllowedTools, []string{"a"}) || after.APISecret != before.APISecret {
		t.Errorf("held: %+v", after)
	}
}

func TestUpdate_BodyWithoutMembersRefused(t *testing.T) {
	c := start(t, simulator.Config{})
	status, text := c.call("PATCH", "/project-keys/"+c.create(roleBased()), object{})
	wantProblem(t, status, text, `["body"]`, "value_error")
}

func TestRotatingTheKafkaPassword(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(kafkaOnly())
	c.want(200, "PATCH", "/project-keys/"+id, object{"kafka_password": newPassword})
	if k := c.held(id); k.KafkaPassword != newPassword || k.PasswordRotations != 1 {
		t.Errorf("held: %+v", k)
	}
	c.refused(400, "PATCH", "/project-keys/"+c.create(roleBased()), object{"kafka_password": newPassword})
	status, text := c.call("PATCH", "/project-keys/"+id, object{"kafka_password": "Weak-1"})
	wantProblem(t, status, text, `["body","kafka_password"]`, "string_too_short")
}

func TestAddingKafkaToAnAPIOnlyKey(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	answer := c.want(200, "PATCH", "/project-keys/"+id, object{"kafka_config": kafkaConfig("orders")})
	issued, _ := answer["new_kafka_credentials"].(object)
	if issued["username"] != "orders" || issued["password"] != password || issued["bootstrap_servers"] == nil || answer["new_api_credentials"] != nil {
		t.Errorf("the answer is %v", answer)
	}
	c.refused(400, "PATCH", "/project-keys/"+id, object{"kafka_config": kafkaConfig("second")})
}

func TestAddingAPIAccessToAKafkaOnlyKey(t *testing.T) {
	for _, addition := range []object{
		{"role_ids": []string{simulator.RoleReadOnly}},
		{"permission_ids": []string{simulator.PermissionReadKeys}},
	} {
		c := start(t, simulator.Config{})
		id := c.create(kafkaOnly())
		addition["tool_profile"] = "full" // allowed in the update that adds API access
		answer := c.want(200, "PATCH", "/project-keys/"+id, addition)
		issued, _ := answer["new_api_credentials"].(object)
		k := c.held(id)
		if k.APISecret == "" || issued["client_id"] != k.APIClientID || issued["client_secret"] != k.APISecret || answer["new_kafka_credentials"] != nil {
			t.Errorf("the answer is %v, held %+v", answer, k)
		}
		c.logIn(k.APIClientID, k.APISecret)
	}
}

func TestPermissionsOfAnAPICredentialAreFixed(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(permissionBased())
	before := c.held(id)
	c.refused(400, "PATCH", "/project-keys/"+id, object{"permission_ids": []string{"other"}})
	answer := c.want(200, "PATCH", "/project-keys/"+id, object{"role_ids": []string{simulator.RoleAdmin}})
	k := c.held(id)
	if k.PermissionIDs != nil || !slices.Equal(k.RoleIDs, []string{simulator.RoleAdmin}) || k.APISecret != before.APISecret {
		t.Errorf("moved to roles: %+v", k)
	}
	if answer["new_api_credentials"] != nil {
		t.Error("the move to roles issued new credentials")
	}
	c.refused(400, "PATCH", "/project-keys/"+id, object{"permission_ids": []string{"other"}})
}

func TestUpdateRefusesWhatTheKeyHasNot(t *testing.T) {
	c := start(t, simulator.Config{})
	api, kafka := "/project-keys/"+c.create(roleBased()), "/project-keys/"+c.create(kafkaOnly())
	for _, body := range []object{{"kafka_acls": []object{}}, {"whitelist_ips": ""}} {
		c.refused(400, "PATCH", api, body)
		c.want(200, "PATCH", kafka, body)
	}
	for _, body := range []object{{"tool_profile": "full"}, {"allowed_tools": []string{}}, {"blocked_tools": []string{"a"}}} {
		c.refused(400, "PATCH", kafka, body)
		c.want(200, "PATCH", api, body)
	}
	for _, path := range []string{api, kafka} {
		c.want(200, "PATCH", path, object{"description": "d"})
	}
	c.want(200, "PATCH", api, object{"kafka_acls": nil, "whitelist_ips": nil})
	c.want(200, "PATCH", kafka, object{"tool_profile": nil, "allowed_tools": nil, "blocked_tools": nil})
}

func TestUpdateRefusesWhatIsWrong(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(with(roleBased(), "kafka_config", kafkaConfig("orders")))
	before := c.held(id)
	for name, bad := range map[string]struct {
		body object
		loc  string
		kind string
	}{
		"empty name":      {object{"name": ""}, `["body","name"]`, "string_too_short"},
		"null name":       {object{"name": nil}, `["body","name"]`, "string_type"},
		"no roles":        {object{"role_ids": []string{}}, `["body","role_ids"]`, "too_short"},
		"null roles":      {object{"role_ids": nil}, `["body","role_ids"]`, "list_type"},
		"no permissions":  {object{"permission_ids": []string{}}, `["body","permission_ids"]`, "too_short"},
		"null Kafka":      {object{"kafka_config": nil}, `["body","kafka_config"]`, "model_attributes_type"},
		"null password":   {object{"kafka_password": nil}, `["body","kafka_password"]`, "string_type"},
		"unknown member":  {object{"schema_registry": true}, `["body","schema_registry"]`, "extra_forbidden"},
		"username":        {object{"kafka_username": "x"}, `["body","kafka_username"]`, "extra_forbidden"},
		"whitelist":       {object{"whitelist_ips": "x"}, `["body","whitelist_ips"]`, "value_error"},
		"both accesses":   {object{"role_ids": []string{simulator.RoleAdmin}, "permission_ids": []string{"x"}}, `["body"]`, "value_error"},
		"password kinds":  {object{"kafka_password": "only-lower-case"}, `["body","kafka_password"]`, "value_error"},
		"GROUP and ALTER": {object{"kafka_acls": []object{acl("g", "GROUP", "ALTER")}}, `["body","kafka_acls",0,"operation"]`, "value_error"},
		"profile":         {object{"tool_profile": ""}, `["body","tool_profile"]`, "enum"},
	} {
		t.Run(name, func(t *testing.T) {
			status, text := c.call("PATCH", "/project-keys/"+id, with(bad.body, "description", "not saved"))
			wantProblem(t, status, text, bad.loc, bad.kind)
		})
	}
	if after := c.held(id); after.Description != before.Description {
		t.Error("a refused update changed the key")
	}
}

func TestUpdateDependsOnTheStatus(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(roleBased())
	for status, code := range map[string]int{
		simulator.StatusCreating: 400, simulator.StatusDeleting: 400, simulator.StatusDeleteFailed: 400,
		simulator.StatusFailed: 200, simulator.StatusActive: 200,
	} {
		c.server.Modify(id, func(k *simulator.Key) { k.Status = status })
		c.want(code, "PATCH", "/project-keys/"+id, object{"name": "renamed"})
	}
	c.refused(404, "PATCH", "/project-keys/none", object{"name": "x"})
}
