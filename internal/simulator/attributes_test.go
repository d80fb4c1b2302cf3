// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/json"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// filled is a creation that gives every attribute a value.
var filled = object{
	"name": "filled", "role_ids": []any{simulator.RoleReadOnly}, "description": "d",
	"tool_profile": "read-only", "allowed_tools": []any{"a"}, "blocked_tools": []any{"b"},
	"kafka_config": object{
		"username": "filled", "password": password, "is_create_schema_registry": true,
		"whitelist_ips": "10.0.0.1", "kafka_acls": []any{acl("t", "", "READ")},
	},
}

// TestClearing_AsDocumented walks the table of the package documentation. A row
// that it lacks is missed.
func TestClearing_AsDocumented(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	lines := regexp.MustCompile(`(?m)^//\t(\w*) +(null|""|\[\]|"full") +(.*)$`).FindAllStringSubmatch(string(text), -1)
	variants := []string{"empty-clears", "null-clears", "null-only", "nothing-clears"}
	var member string
	var documented []string
	for _, line := range lines {
		if line[1] != "" {
			member = line[1]
			documented = append(documented, member)
		}
		for i, effect := range regexp.MustCompile(` {2,}`).Split(line[3], -1) {
			t.Run(member+" "+line[2]+" "+variants[i], func(t *testing.T) {
				if got := effectOf(t, variants[i], member, json.RawMessage(line[2])); got != effect {
					t.Errorf("%s, documented as %s", got, effect)
				}
			})
		}
	}
	if members := simulator.Members(); !slices.Equal(slices.Sorted(slices.Values(documented)), slices.Sorted(slices.Values(members))) {
		t.Errorf("documented are %v, and there are %v", documented, members)
	}
}

// effectOf says what a member of an update does to a value.
func effectOf(t *testing.T, clearing, member string, value json.RawMessage) string {
	c := in(t, simulator.Dialect{Clearing: clearing})
	id := c.create(filled)
	before := c.read(id)[member]
	bare := c.read(c.create(with(with(roleBased(), "name", "bare"), "kafka_config", kafkaConfig("bare"))))[member]
	if status, _ := c.call("PATCH", "/project-keys/"+id, object{member: value}); status != 200 {
		return "422"
	}
	switch after := c.read(id)[member]; {
	case reflect.DeepEqual(after, before):
		return "kept"
	case reflect.DeepEqual(after, bare):
		return "cleared"
	case reflect.DeepEqual(after, []any{}):
		return "none " + strings.TrimSuffix(member, "_tools")
	default:
		return strings.Trim(string(value), `"`)
	}
}

func TestClearing_EmptyAllowListMeansNoTool(t *testing.T) {
	c := in(t, simulator.Dialect{Clearing: "null-clears"})
	id := c.create(with(roleBased(), "allowed_tools", []string{}))
	if k := c.held(id); k.AllowedTools == nil || k.BlockedTools != nil {
		t.Errorf("held: allowed %#v, blocked %#v", k.AllowedTools, k.BlockedTools)
	}
}
