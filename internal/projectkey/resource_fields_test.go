// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// schemaAttributes are the attributes of the schema by their paths: those of blocks
// among them, and rules as one.
func schemaAttributes(t *testing.T) map[string]schema.Attribute {
	t.Helper()
	var response resource.SchemaResponse
	NewResource(nil).Schema(t.Context(), resource.SchemaRequest{}, &response)
	found := map[string]schema.Attribute{}
	add := func(at path.Path, nested schema.NestedBlockObject) {
		for name, attribute := range nested.Attributes {
			found[at.AtName(name).String()] = attribute
		}
		for name := range nested.Blocks {
			found[at.AtName(name).String()] = schema.StringAttribute{Optional: true}
		}
	}
	for name, attribute := range response.Schema.Attributes {
		if object, ok := attribute.(schema.SingleNestedAttribute); ok {
			add(path.Root(name), schema.NestedBlockObject{Attributes: object.Attributes})
			continue
		}
		found[name] = attribute
	}
	for name, block := range response.Schema.Blocks {
		if single, ok := block.(schema.SingleNestedBlock); ok && name != "timeouts" {
			add(path.Root(name), schema.NestedBlockObject{Attributes: single.Attributes, Blocks: single.Blocks})
		}
	}
	return found
}

// What the table of fields does not decide, and why.
var (
	// A password rotates, and what rotates it is decided in resource_plan_diff.go.
	passwords = []string{"kafka.password", "kafka.password_wo", "kafka.password_wo_version"}
	// No request and no answer has recipients.
	local = []string{"secret_recipients"}
	// Permissions, and whether there is a registry, are never told (contract, "Read").
	untold = []string{"permission_ids"}
	// These are made of what other attributes hold.
	derived = []string{"credential_json", "api.encrypted_client_secret", "kafka.encrypted_password"}
)

func fieldAt(at string) field {
	for _, f := range fields {
		if f.about().name == at {
			return f
		}
	}
	return nil
}

// TestFields_EveryAttributeOfTheSchema walks the schema and says what a row lacks.
func TestFields_EveryAttributeOfTheSchema(t *testing.T) {
	attributes := schemaAttributes(t)
	page, err := os.ReadFile("../../templates/resources/project_key.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	effects, _, _ := strings.Cut(string(page), "SchemaMarkdown")
	for at, attribute := range attributes {
		t.Run(at, func(t *testing.T) {
			f := fieldAt(at)
			if f == nil {
				t.Fatal("it has no row: see the table of fields")
			}
			configurable := attribute.IsRequired() || attribute.IsOptional()
			if f.about().computed != attribute.IsComputed() {
				t.Errorf("computed is %t", f.about().computed)
			}
			if named := at[strings.LastIndex(at, ".")+1:]; configurable && !strings.HasPrefix(at, "mcp.") && !strings.Contains(effects, "`"+named+"`") {
				t.Error("the documentation of the resource does not say what a change of it does")
			}
			model := someParts(t, "1")
			create := streamkap.CreateProjectKeyRequest{KafkaConfig: &streamkap.KafkaConfig{}}
			var update streamkap.UpdateProjectKeyRequest
			f.expandCreate(&create, someParts(t, "2").withPermissions())
			f.expandUpdate(&update, someParts(t, "2").withPermissions())
			sent := !reflect.DeepEqual(create, streamkap.CreateProjectKeyRequest{KafkaConfig: &streamkap.KafkaConfig{}})
			elsewhere := slices.Contains(passwords, at) || slices.Contains(local, at)
			if sent != (configurable && !elsewhere) {
				t.Errorf("it is sent where a key is made: %t", sent)
			}
			if changed := !update.IsEmpty() || f.about().replaces != ""; changed != (configurable && !elsewhere) {
				t.Errorf("a change of it is sent, or replaces the key: %t", changed)
			}
			if named := len(f.about().members) > 0; named != (configurable && !slices.Contains(local, at)) && !slices.Contains(passwords, at) {
				t.Errorf("a refusal of it can be found: %t", named)
			}
			model.Kafka.known.Password = types.StringValue("given")
			for _, member := range f.about().members {
				if at, _ := model.refused([]string{"body", member}); !at.Equal(f.about().at()) {
					t.Errorf("a refusal of %s lands on %q", member, at)
				}
			}
		})
	}
	for _, f := range fields {
		if attributes[f.about().name] == nil {
			t.Errorf("the schema has no %s", f.about().at())
		}
	}
}

// valueIn is what a model holds of an attribute.
func valueIn(m *Model, f field) attr.Value {
	value, _ := f.(interface{ holds(model *Model) attr.Value })
	return value.holds(m)
}

func (a attribute[V]) holds(model *Model) attr.Value { return a.value(model) }

// TestFields_RoundTrip makes a key at the simulator, reads it into a model that has nothing but its id, and changes all of it.
func TestFields_RoundTrip(t *testing.T) {
	client := streamkap.New(streamkap.Config{
		Host: "http://simulator", ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret, Transport: simulator.New(simulator.Config{}).RoundTripper(),
	})
	wanted := func(value, role string) *Model {
		m := someParts(t, value)
		m.RoleIDs, m.Kafka.known.Username, m.Kafka.known.SchemaRegistry = stringSet([]string{role}), types.StringValue("orders"), types.BoolValue(true)
		return m
	}
	shows := func(id string, want *Model) {
		t.Helper()
		key, err := client.ProjectKey(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		read := &Model{ID: types.StringValue(id)}
		read.flatten(key, "https://api.example", nil)
		for at, attribute := range schemaAttributes(t) {
			f := fieldAt(at)
			secret := attribute.IsSensitive() || slices.Contains(passwords, at) || slices.Contains(derived, at) || slices.Contains(local, at) || slices.Contains(untold, at)
			if value := valueIn(read, f); value.IsNull() != secret {
				t.Errorf("%s is read as %s", at, value)
			}
			if f.changes(want, read) && !slices.Contains(local, at) {
				t.Errorf("%s is read as %s, and it was sent as %s", at, valueIn(read, f), valueIn(want, f))
			}
		}
	}
	first, second := wanted("1", simulator.RoleAdmin), wanted("2", simulator.RoleReadOnly)
	file, err := client.CreateProjectKey(t.Context(), first.expandCreate("Not-a-secret-1"))
	if err != nil {
		t.Fatal(err)
	}
	shows(file.ProjectKeyID, first)
	if _, err := client.UpdateProjectKey(t.Context(), file.ProjectKeyID, diff(first, second, second).patch); err != nil {
		t.Fatal(err)
	}
	shows(file.ProjectKeyID, second)
}

func (p *Model) withPermissions() *Model {
	p.PermissionIDs = p.RoleIDs
	return p
}

func aRule(name string) streamkap.ACL {
	return streamkap.ACL{Name: name, Resource: streamkap.ResourceTopic, Operation: "READ", PatternType: streamkap.PatternLiteral}
}

// someParts is a key in which every attribute has a value of its own.
func someParts(t *testing.T, value string) *Model {
	t.Helper()
	profiles := map[string]string{"1": "read-only", "2": "infra-admin"}
	return &Model{
		ID: types.StringValue("id"), Name: types.StringValue(value), Description: types.StringValue(value),
		RoleIDs: stringSet([]string{value}), PermissionIDs: stringSet(nil), SecretRecipients: stringSet(nil), Status: types.StringValue("Active"),
		API: nestedOf(apiModel{ClientID: types.StringValue("client"), ClientSecret: types.StringValue("a secret of nothing")}),
		Kafka: nestedOf(kafkaModel{
			Username: types.StringValue("username-" + value), WhitelistIPs: stringSet([]string{"10.0.0." + value}),
			SchemaRegistry: types.BoolValue(value == "2"), ACL: ruleList([]streamkap.ACL{aRule(value)}),
		}),
		MCP: nestedOf(mcpModel{ToolProfile: types.StringValue(profiles[value]), AllowedTools: stringSet([]string{value}), BlockedTools: stringSet([]string{value})}),
	}
}
