// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestCreateAnswersWithTheCredentialFile(t *testing.T) {
	c := start(t, simulator.Config{})
	body := object{
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
	}
	file := c.want(200, "POST", "/project-keys", body)
	members := slices.Sorted(maps.Keys(file))
	wantMembers := []string{"allowed_tools", "api", "blocked_tools", "created_at", "created_by", "kafka", "kafka_acls", "project", "project_key_id", "tool_profile", "type"}
	if !slices.Equal(members, wantMembers) {
		t.Errorf("the file has %v, want %v", members, wantMembers)
	}
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
	if !k.SchemaRegistry || !slices.Equal(k.WhitelistIPs, []string{"192.168.1.0/24", "10.0.0.1"}) || k.Status != simulator.StatusActive {
		t.Errorf("the simulator holds %+v", k)
	}
}

func TestCreateLeavesOutWhatTheKeyHasNot(t *testing.T) {
	c := start(t, simulator.Config{})
	if file := c.want(200, "POST", "/project-keys", roleBased()); file["kafka"] != nil || file["api"] == nil {
		t.Errorf("an API-only key has the file %v", file)
	}
	if file := c.want(200, "POST", "/project-keys", kafkaOnly()); file["api"] != nil || file["kafka"] == nil {
		t.Errorf("a Kafka-only key has the file %v", file)
	}
}

func TestCreateHasNoIdempotencyKey(t *testing.T) {
	c := start(t, simulator.Config{})
	if first, second := c.create(roleBased()), c.create(roleBased()); first == second || len(c.server.Keys()) != 2 {
		t.Error("the same creation twice did not make two keys")
	}
}

func TestKafkaUsernamesAreUniqueUntilTheKeyIsGone(t *testing.T) {
	c := start(t, simulator.Config{})
	id := c.create(kafkaOnly())
	c.refused(409, "POST", "/project-keys", kafkaOnly())
	c.refused(409, "PATCH", "/project-keys/"+c.create(roleBased()), object{"kafka_config": kafkaConfig("orders")})
	c.want(200, "DELETE", "/project-keys/"+id, nil)
	c.create(kafkaOnly())
}

func TestKafkaNeedsAProjectThatCanHaveIt(t *testing.T) {
	c := start(t, simulator.Config{KafkaUnavailable: true})
	detail := c.refused(400, "POST", "/project-keys", kafkaOnly())
	if !strings.Contains(detail, "AWS") {
		t.Errorf("the refusal %q does not say why", detail)
	}
	c.refused(400, "PATCH", "/project-keys/"+c.create(roleBased()), object{"kafka_config": kafkaConfig("orders")})
}

func TestKafkaOnlyKeyHasNoScoping(t *testing.T) {
	c := start(t, simulator.Config{})
	c.refused(400, "POST", "/project-keys", with(kafkaOnly(), "tool_profile", "full"))
	c.want(200, "POST", "/project-keys", with(kafkaOnly(), "tool_profile", nil))
}

func TestCreationTimesAreToTheMicrosecond(t *testing.T) {
	c := start(t, simulator.Config{})
	text := c.read(c.create(roleBased()))["created_at"].(string)
	if _, err := time.Parse("2006-01-02T15:04:05.000000Z", text); err != nil {
		t.Error(err)
	}
}

// badCreations are refused with 422 because of the member at loc.
var badCreations = map[string]struct {
	body object
	loc  string
	kind string
}{
	"no name":              {object{"role_ids": []string{simulator.RoleAdmin}}, `["body","name"]`, "missing"},
	"empty name":           {with(roleBased(), "name", ""), `["body","name"]`, "string_too_short"},
	"long name":            {with(roleBased(), "name", strings.Repeat("é", 101)), `["body","name"]`, "string_too_long"},
	"name of a wrong type": {with(roleBased(), "name", 5), `["body","name"]`, "string_type"},
	"null name":            {with(roleBased(), "name", nil), `["body","name"]`, "string_type"},
	"no roles":             {with(roleBased(), "role_ids", []string{}), `["body","role_ids"]`, "too_short"},
	"roles not a list":     {with(roleBased(), "role_ids", simulator.RoleAdmin), `["body","role_ids"]`, "list_type"},
	"unknown role":         {with(roleBased(), "role_ids", []string{simulator.RoleAdmin, "nope"}), `["body","role_ids",1]`, "value_error"},
	"empty role":           {with(roleBased(), "role_ids", []string{""}), `["body","role_ids",0]`, "string_too_short"},
	"no permissions":       {with(permissionBased(), "permission_ids", []string{}), `["body","permission_ids"]`, "too_short"},
	"roles and permissions": {
		with(permissionBased(), "role_ids", []string{simulator.RoleAdmin}),
		`["body"]`, "value_error",
	},
	"no capability":  {object{"name": "idle"}, `["body"]`, "value_error"},
	"unknown member": {with(roleBased(), "service_id", "x"), `["body","service_id"]`, "extra_forbidden"},
	"unknown profile": {
		with(roleBased(), "tool_profile", "read_only"),
		`["body","tool_profile"]`, "enum",
	},
	"empty profile":    {with(roleBased(), "tool_profile", ""), `["body","tool_profile"]`, "enum"},
	"tools not a list": {with(roleBased(), "allowed_tools", "x"), `["body","allowed_tools"]`, "list_type"},
	"empty tool":       {with(roleBased(), "blocked_tools", []string{""}), `["body","blocked_tools",0]`, "string_too_short"},
	"Kafka not an object": {
		with(roleBased(), "kafka_config", "x"),
		`["body","kafka_config"]`, "model_attributes_type",
	},
	"no username":       {withKafka("username", absent), `["body","kafka_config","username"]`, "missing"},
	"short username":    {withKafka("username", "ab"), `["body","kafka_config","username"]`, "string_pattern_mismatch"},
	"long username":     {withKafka("username", strings.Repeat("a", 25)), `["body","kafka_config","username"]`, "string_pattern_mismatch"},
	"upper-case user":   {withKafka("username", "Orders"), `["body","kafka_config","username"]`, "string_pattern_mismatch"},
	"leading hyphen":    {withKafka("username", "-orders"), `["body","kafka_config","username"]`, "string_pattern_mismatch"},
	"trailing hyphen":   {withKafka("username", "orders-"), `["body","kafka_config","username"]`, "string_pattern_mismatch"},
	"no password":       {withKafka("password", absent), `["body","kafka_config","password"]`, "missing"},
	"short password":    {withKafka("password", "Short-1"), `["body","kafka_config","password"]`, "string_too_short"},
	"long password":     {withKafka("password", "Aa1-"+strings.Repeat("a", 125)), `["body","kafka_config","password"]`, "string_too_long"},
	"no upper case":     {withKafka("password", "correct-horse-1"), `["body","kafka_config","password"]`, "value_error"},
	"no lower case":     {withKafka("password", "CORRECT-HORSE-1"), `["body","kafka_config","password"]`, "value_error"},
	"no digit":          {withKafka("password", "Correct-Horse-X"), `["body","kafka_config","password"]`, "value_error"},
	"no special":        {withKafka("password", "CorrectHorse1"), `["body","kafka_config","password"]`, "value_error"},
	"registry as text":  {withKafka("is_create_schema_registry", "true"), `["body","kafka_config","is_create_schema_registry"]`, "bool_type"},
	"unknown in Kafka":  {withKafka("schema_registry", true), `["body","kafka_config","schema_registry"]`, "extra_forbidden"},
	"whitelist a list":  {withKafka("whitelist_ips", []string{"10.0.0.1"}), `["body","kafka_config","whitelist_ips"]`, "string_type"},
	"IPv6":              {withKafka("whitelist_ips", "::1"), `["body","kafka_config","whitelist_ips"]`, "value_error"},
	"IPv6 range":        {withKafka("whitelist_ips", "::/0"), `["body","kafka_config","whitelist_ips"]`, "value_error"},
	"address too large": {withKafka("whitelist_ips", "10.0.0.256"), `["body","kafka_config","whitelist_ips"]`, "value_error"},
	"range too large":   {withKafka("whitelist_ips", "10.0.0.0/33"), `["body","kafka_config","whitelist_ips"]`, "value_error"},
	"space in list":     {withKafka("whitelist_ips", "10.0.0.1, 10.0.0.2"), `["body","kafka_config","whitelist_ips"]`, "value_error"},
	"trailing comma":    {withKafka("whitelist_ips", "10.0.0.1,"), `["body","kafka_config","whitelist_ips"]`, "value_error"},
	"long whitelist":    {withKafka("whitelist_ips", strings.Repeat("10.0.0.1,", 111)+"10.0.0.1"), `["body","kafka_config","whitelist_ips"]`, "string_too_long"},
	"GROUP and WRITE": {
		withKafka("kafka_acls", []object{acl("g", "GROUP", "WRITE")}),
		`["body","kafka_config","kafka_acls",0,"operation"]`, "value_error",
	},
	"unknown operation": {
		withKafka("kafka_acls", []object{acl("t", "TOPIC", "read")}),
		`["body","kafka_config","kafka_acls",0,"operation"]`, "enum",
	},
	"unknown resource": {
		withKafka("kafka_acls", []object{acl("t", "CLUSTER", "READ")}),
		`["body","kafka_config","kafka_acls",0,"resource"]`, "enum",
	},
	"unknown pattern": {
		withKafka("kafka_acls", []object{with(acl("t", "", "READ"), "resource_pattern_type", "MATCH")}),
		`["body","kafka_config","kafka_acls",0,"resource_pattern_type"]`, "enum",
	},
	"ACL with the name of answers": {
		withKafka("kafka_acls", []object{acl("t", "", "READ"), with(acl("t", "", "READ"), "name", "t")}),
		`["body","kafka_config","kafka_acls",1,"name"]`, "extra_forbidden",
	},
	"ACL without a name": {
		withKafka("kafka_acls", []object{with(acl("t", "", "READ"), "topic_name", "")}),
		`["body","kafka_config","kafka_acls",0,"topic_name"]`, "string_too_short",
	},
}

// absent is the value of a member that is to be left out.
const absent = "\x00"

// withKafka is a creation whose kafka_config has one member changed.
func withKafka(name string, value any) object {
	cfg := with(kafkaConfig("orders"), name, value)
	if value == absent {
		delete(cfg, name)
	}
	return with(kafkaOnly(), "kafka_config", cfg)
}

func TestCreateRefusesWhatIsWrong(t *testing.T) {
	c := start(t, simulator.Config{})
	for name, bad := range badCreations {
		t.Run(name, func(t *testing.T) {
			status, text := c.call("POST", "/project-keys", bad.body)
			wantProblem(t, status, text, bad.loc, bad.kind)
		})
	}
	if keys := c.server.Keys(); len(keys) != 0 {
		t.Errorf("refused creations made %d keys", len(keys))
	}
}

// wantProblem checks that an answer is a 422 about one place alone.
func wantProblem(t *testing.T, status int, text, loc, kind string) {
	t.Helper()
	var answer struct {
		Detail []struct {
			Loc   json.RawMessage `json:"loc"`
			Type  string          `json:"type"`
			Msg   string          `json:"msg"`
			Input json.RawMessage `json:"input"`
		} `json:"detail"`
	}
	if err := json.Unmarshal([]byte(text), &answer); status != 422 || err != nil || len(answer.Detail) != 1 {
		t.Fatalf("answered %d %s, want a 422 with one item", status, text)
	}
	got := answer.Detail[0]
	if string(got.Loc) != loc || got.Type != kind || got.Msg == "" || got.Input == nil {
		t.Errorf("answered %s, want %s at %s", text, kind, loc)
	}
}

func TestRefusalsListEverythingAndEchoTheInput(t *testing.T) {
	c := start(t, simulator.Config{})
	_, text := c.call("POST", "/project-keys", with(withKafka("password", "weak-password"), "name", ""))
	if !strings.Contains(text, `"name"`) || !strings.Contains(text, `"input":"weak-password"`) {
		t.Errorf("the refusal is %s", text)
	}
	if !slices.Contains(c.server.Secrets(), "weak-password") {
		t.Error("a refused password is not among the secrets")
	}
}

func TestBodiesThatAreNoObjectAreRefused(t *testing.T) {
	c := start(t, simulator.Config{})
	for body, kind := range map[string]string{
		`{"name":`: "json_invalid",
		`[]`:       "model_attributes_type",
		`"text"`:   "model_attributes_type",
		`null`:     "model_attributes_type",
	} {
		status, text := c.call("POST", "/project-keys", body)
		wantProblem(t, status, text, `["body"]`, kind)
	}
	status, text := c.call("POST", "/project-keys", nil)
	wantProblem(t, status, text, `["body"]`, "missing")
}
