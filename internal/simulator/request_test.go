// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// wantProblem makes a request that must be answered with a 422 about one place
// alone.
func (c *caller) wantProblem(place, kind, method, path string, body any) {
	c.t.Helper()
	status, text := c.call(method, path, body)
	var answer struct {
		Detail []struct {
			Loc   []any           `json:"loc"`
			Type  string          `json:"type"`
			Msg   string          `json:"msg"`
			Input json.RawMessage `json:"input"`
		} `json:"detail"`
	}
	if err := json.Unmarshal([]byte(text), &answer); status != 422 || err != nil || len(answer.Detail) != 1 {
		c.t.Fatalf("answered %d %s, want a 422 with one item", status, text)
	}
	got := answer.Detail[0]
	if want := strings.TrimSpace("body " + place); fmt.Sprint(got.Loc) != "["+want+"]" || got.Type != kind || got.Msg == "" || got.Input == nil {
		c.t.Errorf("answered %s, want %s at %s", text, kind, want)
	}
}

// bad is a body that is refused because of one place in it.
type bad struct {
	body  object
	place string
	kind  string
}

// withACL is a creation with one ACL rule that has a member changed.
func withACL(name string, value any) object {
	return withKafka("kafka_acls", []object{with(acl("t", "TOPIC", "READ"), name, value)})
}

func TestCreate_WrongBodyRefused(t *testing.T) {
	c := start(t, simulator.Config{})
	for name, bad := range map[string]bad{
		"no name":                {with(roleBased(), "name", absent), "name", "missing"},
		"empty name":             {with(roleBased(), "name", ""), "name", "string_too_short"},
		"long name":              {with(roleBased(), "name", strings.Repeat("é", 101)), "name", "string_too_long"},
		"name of a wrong type":   {with(roleBased(), "name", 5), "name", "string_type"},
		"null name":              {with(roleBased(), "name", nil), "name", "string_type"},
		"no roles":               {with(roleBased(), "role_ids", []string{}), "role_ids", "too_short"},
		"roles not a list":       {with(roleBased(), "role_ids", simulator.RoleAdmin), "role_ids", "list_type"},
		"unknown role":           {with(roleBased(), "role_ids", []string{simulator.RoleAdmin, "nope"}), "role_ids 1", "value_error"},
		"empty role":             {with(roleBased(), "role_ids", []string{""}), "role_ids 0", "string_too_short"},
		"no permissions":         {with(permissionBased(), "permission_ids", []string{}), "permission_ids", "too_short"},
		"roles and permissions":  {with(permissionBased(), "role_ids", []string{simulator.RoleAdmin}), "", "value_error"},
		"no capability":          {object{"name": "idle"}, "", "value_error"},
		"unknown member":         {with(roleBased(), "service_id", "x"), "service_id", "extra_forbidden"},
		"unknown profile":        {with(roleBased(), "tool_profile", "read_only"), "tool_profile", "enum"},
		"empty profile":          {with(roleBased(), "tool_profile", ""), "tool_profile", "enum"},
		"tools not a list":       {with(roleBased(), "allowed_tools", "x"), "allowed_tools", "list_type"},
		"empty tool":             {with(roleBased(), "blocked_tools", []string{""}), "blocked_tools 0", "string_too_short"},
		"Kafka not an object":    {with(roleBased(), "kafka_config", "x"), "kafka_config", "model_attributes_type"},
		"no username":            {withKafka("username", absent), "kafka_config username", "missing"},
		"short username":         {withKafka("username", "ab"), "kafka_config username", "string_pattern_mismatch"},
		"long username":          {withKafka("username", strings.Repeat("a", 25)), "kafka_config username", "string_pattern_mismatch"},
		"upper-case user":        {withKafka("username", "Orders"), "kafka_config username", "string_pattern_mismatch"},
		"leading hyphen":         {withKafka("username", "-orders"), "kafka_config username", "string_pattern_mismatch"},
		"trailing hyphen":        {withKafka("username", "orders-"), "kafka_config username", "string_pattern_mismatch"},
		"no password":            {withKafka("password", absent), "kafka_config password", "missing"},
		"short password":         {withKafka("password", "Short-1"), "kafka_config password", "string_too_short"},
		"long password":          {withKafka("password", "Aa1-"+strings.Repeat("a", 125)), "kafka_config password", "string_too_long"},
		"no upper case":          {withKafka("password", "correct-horse-1"), "kafka_config password", "value_error"},
		"no lower case":          {withKafka("password", "CORRECT-HORSE-1"), "kafka_config password", "value_error"},
		"no digit":               {withKafka("password", "Correct-Horse-X"), "kafka_config password", "value_error"},
		"no special":             {withKafka("password", "CorrectHorse1"), "kafka_config password", "value_error"},
		"registry as text":       {withKafka("is_create_schema_registry", "true"), "kafka_config is_create_schema_registry", "bool_type"},
		"unknown in Kafka":       {withKafka("schema_registry", true), "kafka_config schema_registry", "extra_forbidden"},
		"whitelist a list":       {withKafka("whitelist_ips", []string{"10.0.0.1"}), "kafka_config whitelist_ips", "string_type"},
		"IPv6":                   {withKafka("whitelist_ips", "::1"), "kafka_config whitelist_ips", "value_error"},
		"IPv6 range":             {withKafka("whitelist_ips", "::/0"), "kafka_config whitelist_ips", "value_error"},
		"address too large":      {withKafka("whitelist_ips", "10.0.0.256"), "kafka_config whitelist_ips", "value_error"},
		"range too large":        {withKafka("whitelist_ips", "10.0.0.0/33"), "kafka_config whitelist_ips", "value_error"},
		"space in list":          {withKafka("whitelist_ips", "10.0.0.1, 10.0.0.2"), "kafka_config whitelist_ips", "value_error"},
		"trailing comma":         {withKafka("whitelist_ips", "10.0.0.1,"), "kafka_config whitelist_ips", "value_error"},
		"long whitelist":         {withKafka("whitelist_ips", strings.Repeat("10.0.0.1,", 111)+"10.0.0.1"), "kafka_config whitelist_ips", "string_too_long"},
		"GROUP and WRITE":        {withKafka("kafka_acls", []object{acl("g", "GROUP", "WRITE")}), "kafka_config kafka_acls 0 operation", "value_error"},
		"unknown operation":      {withACL("operation", "read"), "kafka_config kafka_acls 0 operation", "enum"},
		"unknown resource":       {withACL("resource", "CLUSTER"), "kafka_config kafka_acls 0 resource", "enum"},
		"unknown pattern":        {withACL("resource_pattern_type", "MATCH"), "kafka_config kafka_acls 0 resource_pattern_type", "enum"},
		"an answer's ACL member": {withACL("name", "t"), "kafka_config kafka_acls 0 name", "extra_forbidden"},
		"ACL without a name":     {withACL("topic_name", ""), "kafka_config kafka_acls 0 topic_name", "string_too_short"},
	} {
		t.Run(name, func(t *testing.T) {
			c.at(t).wantProblem(bad.place, bad.kind, "POST", "/project-keys", bad.body)
		})
	}
	if keys := c.server.Keys(); len(keys) != 0 {
		t.Errorf("refused creations made %d keys", len(keys))
	}
}

func TestUpdate_WrongBodyRefused(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(both())
	for name, bad := range map[string]bad{
		"empty name":      {object{"name": ""}, "name", "string_too_short"},
		"null name":       {object{"name": nil}, "name", "string_type"},
		"no roles":        {object{"role_ids": []string{}}, "role_ids", "too_short"},
		"null roles":      {object{"role_ids": nil}, "role_ids", "list_type"},
		"no permissions":  {object{"permission_ids": []string{}}, "permission_ids", "too_short"},
		"null Kafka":      {object{"kafka_config": nil}, "kafka_config", "model_attributes_type"},
		"null password":   {object{"kafka_password": nil}, "kafka_password", "string_type"},
		"short password":  {object{"kafka_password": "Weak-1"}, "kafka_password", "string_too_short"},
		"password kinds":  {object{"kafka_password": "only-lower-case"}, "kafka_password", "value_error"},
		"unknown member":  {object{"schema_registry": true}, "schema_registry", "extra_forbidden"},
		"username":        {object{"kafka_username": "x"}, "kafka_username", "extra_forbidden"},
		"whitelist":       {object{"whitelist_ips": "x"}, "whitelist_ips", "value_error"},
		"both accesses":   {object{"role_ids": []string{simulator.RoleAdmin}, "permission_ids": []string{"x"}}, "", "value_error"},
		"GROUP and ALTER": {object{"kafka_acls": []object{acl("g", "GROUP", "ALTER")}}, "kafka_acls 0 operation", "value_error"},
		"profile":         {object{"tool_profile": ""}, "tool_profile", "enum"},
	} {
		t.Run(name, func(t *testing.T) {
			c.at(t).wantProblem(bad.place, bad.kind, "PATCH", "/project-keys/"+id, with(bad.body, "description", "not saved"))
		})
	}
	c.wantProblem("", "value_error", "PATCH", "/project-keys/"+id, object{})
	if c.held(id).Description != "" {
		t.Error("a refused update changed the key")
	}
}

func TestBody_OtherThanAnObjectRefused(t *testing.T) {
	c := start(t, simulator.Config{})
	for body, kind := range map[string]string{
		`{"name":`: "json_invalid",
		`[]`:       "model_attributes_type",
		`"text"`:   "model_attributes_type",
		`null`:     "model_attributes_type",
		``:         "missing",
	} {
		c.wantProblem("", kind, "POST", "/project-keys", body)
	}
}

func TestRefusal_ListsEverythingAndEchoesTheInput(t *testing.T) {
	c := start(t, simulator.Config{})
	_, text := c.call("POST", "/project-keys", with(withKafka("password", "weak-password"), "name", ""))
	if !strings.Contains(text, `"name"`) || !strings.Contains(text, `"input":"weak-password"`) {
		t.Errorf("the refusal is %s", text)
	}
	if !slices.Contains(c.server.Secrets(), "weak-password") {
		t.Error("a refused password is not among the secrets")
	}
}

func TestRequest_UnknownPathOrMethodRefused(t *testing.T) {
	start(t, simulator.Config{}).play(`
		404 GET /
		404 GET /project-keys/
		405 PUT /project-keys/x
		405 GET /auth/access-token
	`)
}
