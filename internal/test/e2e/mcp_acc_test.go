// SPDX-License-Identifier: MPL-2.0

package e2e_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// scope is a key's MCP scoping, as it is configured and as it is answered. What
// is not set is null.
type scope struct {
	ToolProfile  *string  `json:"tool_profile"`
	AllowedTools []string `json:"allowed_tools"`
	BlockedTools []string `json:"blocked_tools"`
}

// scopes is every combination of a profile, or none, with tools allowed and
// blocked, or not.
func scopes() map[string]scope {
	all := map[string]scope{}
	for _, profile := range []string{"", "full", "read-only", "agent-operator", "infra-admin"} {
		for _, allowed := range [][]string{nil, {"read_a", "delete_b"}} {
			for _, blocked := range [][]string{nil, {"read_a", "delete_a"}} {
				one := scope{AllowedTools: allowed, BlockedTools: blocked}
				if profile != "" {
					one.ToolProfile = &profile
				}
				all[fmt.Sprintf("%02d", len(all))] = one
			}
		}
	}
	return all
}

const everyScope = `
variable "scopes" {
  type = map(object({ tool_profile = string, allowed_tools = set(string), blocked_tools = set(string) }))
}

resource "streamkap_project_key" "this" {
  for_each = var.scopes
  name     = each.key
  role_ids = ["` + simulator.RoleReadOnly + `"]

  dynamic "mcp" {
    for_each = each.value.tool_profile == null && each.value.allowed_tools == null && each.value.blocked_tools == null ? [] : [each.value]
    content {
      tool_profile  = mcp.value.tool_profile
      allowed_tools = mcp.value.allowed_tools
      blocked_tools = mcp.value.blocked_tools
    }
  }
}

data "streamkap_mcp_config" "this" {
  for_each       = streamkap_project_key.this
  project_key_id = each.value.id
}

output "scopes" {
  value = { for name, answer in data.streamkap_mcp_config.this : name => {
    tool_profile  = answer.tool_profile
    allowed_tools = answer.allowed_tools
    blocked_tools = answer.blocked_tools
  } }
}
`

func TestAccMCPScope_EnforcedAsConfigured(t *testing.T) {
	for name, dialect := range map[string]simulator.Dialect{
		"null is no restriction": {},
		"full is no restriction": {DefaultScope: "full"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newTestbed(t, simulator.Config{Dialect: dialect})
			configured := scopes()
			h.enforce(configured)
			// Every key takes over the scope of the next: from none to some, from
			// some to none, and from each kind to another.
			names := slices.Sorted(maps.Keys(configured))
			changed := map[string]scope{}
			for i, name := range names {
				changed[name] = configured[names[(i+1)%len(names)]]
			}
			h.enforce(changed)
		})
	}
}

// enforce applies scopes and compares them with what the service answers.
func (h *testbed) enforce(configured map[string]scope) {
	h.t.Helper()
	encoded, err := json.Marshal(configured)
	if err != nil {
		h.t.Fatal(err)
	}
	h.Setenv("TF_VAR_scopes", string(encoded))
	h.apply(everyScope)
	var answered map[string]scope
	h.output("scopes", &answered)
	if len(answered) != len(configured) {
		h.t.Errorf("%d keys, expected %d", len(answered), len(configured))
	}
	for name, want := range configured {
		if got := normal(answered[name]); !reflect.DeepEqual(got, normal(want)) {
			h.t.Errorf("%s: the answer is %+v, expected %+v", name, got, want)
		}
	}
}

// normal puts a scope into the one form that it has among those that mean the
// same: the profile "full" restricts no more than none does.
func normal(s scope) scope {
	if s.ToolProfile != nil && *s.ToolProfile == "full" {
		s.ToolProfile = nil
	}
	slices.Sort(s.AllowedTools)
	slices.Sort(s.BlockedTools)
	return s
}
