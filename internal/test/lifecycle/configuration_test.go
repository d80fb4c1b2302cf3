// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// configuration is a resource block as its author writes it: nil is what is left
// out.
type configuration struct {
	Name          string            `json:"name"`
	Description   *string           `json:"description,omitempty"`
	RoleIDs       []string          `json:"role_ids,omitempty"`
	PermissionIDs []string          `json:"permission_ids,omitempty"`
	Recipients    []string          `json:"secret_recipients,omitempty"` // names of people
	Kafka         *kafkaBlock       `json:"kafka,omitempty"`
	MCP           *mcpBlock         `json:"mcp,omitempty"`
	Timeouts      map[string]string `json:"timeouts,omitempty"`
}

type kafkaBlock struct {
	Username          string   `json:"username"`
	Password          *string  `json:"password,omitempty"`
	PasswordWO        *string  `json:"password_wo,omitempty"`
	PasswordWOVersion *int64   `json:"password_wo_version,omitempty"`
	WhitelistIPs      []string `json:"whitelist_ips,omitempty"`
	SchemaRegistry    *bool    `json:"schema_registry,omitempty"`
	ACL               []rule   `json:"acl,omitempty"`
}

// rule has the members of the simulator's rules, which can be left out here.
type rule struct {
	Name        string `json:"name"`
	Resource    string `json:"resource,omitempty"`
	Operation   string `json:"operation"`
	PatternType string `json:"pattern_type,omitempty"`
}

// whole is the rule with all that it can leave out.
func (r rule) whole() rule {
	r.Resource, r.PatternType = cmp.Or(r.Resource, "TOPIC"), cmp.Or(r.PatternType, "LITERAL")
	return r
}

type mcpBlock struct {
	ToolProfile  *string  `json:"tool_profile,omitempty"`
	AllowedTools []string `json:"allowed_tools,omitempty"`
	BlockedTools []string `json:"blocked_tools,omitempty"`
}

func (c *configuration) wantsAPI() bool { return c.RoleIDs != nil || c.PermissionIDs != nil }

// password is the Kafka password, in whichever attribute it is given.
func (c *configuration) password() string {
	switch {
	case c.Kafka == nil:
		return ""
	case deref(c.Kafka.PasswordWO) != "":
		return *c.Kafka.PasswordWO
	}
	return deref(c.Kafka.Password)
}

// written is the block as Terraform's JSON has it, before template sequences are escaped.
func (c *configuration) written() *configuration {
	named := *c
	named.Recipients = nil
	for _, name := range c.Recipients {
		named.Recipients = append(named.Recipients, publicKeys[name])
	}
	return &named
}

// file is a configuration for the CLI.
func (c *configuration) file() string {
	block := map[string]any{"resource": map[string]any{typeName: map[string]any{"test": c.written()}}}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(string(toJSON(block)))
}

// value is what core makes of the block.
func (c *configuration) value() cty.Value { return resourceSchema.value(c.written()) }

func toJSON(value any) []byte {
	data, err := json.Marshal(value)
	must(err)
	return data
}

func jsonText(s string) string { return string(toJSON(s)) }

func fromJSON(data []byte, into any) {
	must(json.Unmarshal(data, into))
}

// unknown makes values unknown, as references to what does not exist yet are. A block
// is a dynamic one then: core has all that is written in it unknown, whether or not
// there turns out to be such a block.
func unknown(config cty.Value, paths []string) cty.Value {
	values := config.AsValueMap()
	for name, usual := range map[string][]string{"kafka": {"username", "password"}, "mcp": {"tool_profile"}, "timeouts": {"create"}} {
		if slices.Contains(paths, name) {
			values[name] = dynamicBlock(values[name], usual)
		}
	}
	return put(cty.ObjectVal(values), paths, cty.UnknownVal)
}

func dynamicBlock(final cty.Value, usual []string) cty.Value {
	values := map[string]cty.Value{}
	for name, ty := range final.Type().AttributeTypes() {
		values[name] = normalize(cty.NullVal(ty))
		if final.IsNull() && slices.Contains(usual, name) || !final.IsNull() && !final.GetAttr(name).RawEquals(values[name]) {
			values[name] = cty.UnknownVal(ty)
		}
	}
	return cty.ObjectVal(values)
}

// put replaces the values at some paths: with unknown ones, or null.
func put(whole cty.Value, paths []string, other func(cty.Type) cty.Value) cty.Value {
	return transform(whole, func(path string, value cty.Value) cty.Value {
		if slices.Contains(paths, path) && !value.Type().IsObjectType() {
			return other(value.Type())
		}
		return value
	})
}
