// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"
)

// configuration is a resource block as its author writes it: nil is what is
// left out.
type configuration struct {
	Name          string            `json:",omitempty"`
	Description   *string           `json:",omitempty"`
	RoleIDs       []string          `json:",omitempty"`
	PermissionIDs []string          `json:",omitempty"`
	Recipients    []string          `json:",omitempty"` // names of people
	Kafka         *kafkaBlock       `json:",omitempty"`
	MCP           *mcpBlock         `json:",omitempty"`
	Timeouts      map[string]string `json:",omitempty"`
}

type kafkaBlock struct {
	Username          string   `json:",omitempty"`
	Password          *string  `json:",omitempty"`
	PasswordWO        *string  `json:",omitempty"`
	PasswordWOVersion *int64   `json:",omitempty"`
	WhitelistIPs      []string `json:",omitempty"`
	SchemaRegistry    *bool    `json:",omitempty"`
	ACL               []rule   `json:",omitempty"`
}

type rule struct {
	Name        string
	Operation   string
	Resource    *string `json:",omitempty"`
	PatternType *string `json:",omitempty"`
}

type mcpBlock struct {
	ToolProfile  *string  `json:",omitempty"`
	AllowedTools []string `json:",omitempty"`
	BlockedTools []string `json:",omitempty"`
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

// value is what core makes of the block.
func (c *configuration) value(schema *block) cty.Value {
	values := schema.empty().AsValueMap()
	values["name"] = cty.StringVal(c.Name)
	values["description"] = text(c.Description)
	values["role_ids"] = textSet(c.RoleIDs)
	values["permission_ids"] = textSet(c.PermissionIDs)
	values["secret_recipients"] = textSet(publicKeys(c.Recipients))
	if c.Kafka != nil {
		values["kafka"] = c.Kafka.value(schema.blocks["kafka"])
	}
	if c.MCP != nil {
		values["mcp"] = c.MCP.value()
	}
	if c.Timeouts != nil {
		inner := schema.blocks["timeouts"].empty().AsValueMap()
		for name, duration := range c.Timeouts {
			inner[name] = cty.StringVal(duration)
		}
		values["timeouts"] = cty.ObjectVal(inner)
	}
	return cty.ObjectVal(values)
}

func (k *kafkaBlock) value(schema nestedBlock) cty.Value {
	values := schema.empty().AsValueMap()
	values["username"] = cty.StringVal(k.Username)
	values["password"] = text(k.Password)
	values["password_wo"] = text(k.PasswordWO)
	if k.PasswordWOVersion != nil {
		values["password_wo_version"] = cty.NumberIntVal(*k.PasswordWOVersion)
	}
	values["whitelist_ips"] = textSet(k.WhitelistIPs)
	if k.SchemaRegistry != nil {
		values["schema_registry"] = cty.BoolVal(*k.SchemaRegistry)
	}
	var rules []cty.Value
	for _, r := range k.ACL {
		rules = append(rules, cty.ObjectVal(map[string]cty.Value{
			"name": cty.StringVal(r.Name), "operation": cty.StringVal(r.Operation),
			"resource": text(r.Resource), "pattern_type": text(r.PatternType),
		}))
	}
	if rules != nil {
		values["acl"] = cty.ListVal(rules)
	}
	return cty.ObjectVal(values)
}

func (m *mcpBlock) value() cty.Value {
	return cty.ObjectVal(map[string]cty.Value{
		"tool_profile":  text(m.ToolProfile),
		"allowed_tools": textSet(m.AllowedTools),
		"blocked_tools": textSet(m.BlockedTools),
	})
}

func text(s *string) cty.Value {
	if s == nil {
		return cty.NullVal(cty.String)
	}
	return cty.StringVal(*s)
}

func textSet(items []string) cty.Value {
	if items == nil {
		return cty.NullVal(cty.Set(cty.String))
	}
	if len(items) == 0 {
		return cty.SetValEmpty(cty.String)
	}
	var values []cty.Value
	for _, item := range items {
		values = append(values, cty.StringVal(item))
	}
	return cty.SetVal(values)
}

// unknown puts unknown values where a configuration refers to what is not
// there yet. A block is a dynamic one then: core has all that is written in it
// unknown, whether or not there turns out to be such a block.
func unknown(config cty.Value, paths []string) cty.Value {
	values := config.AsValueMap()
	for name, usual := range map[string][]string{"kafka": {"username", "password"}, "mcp": {"tool_profile"}, "timeouts": {"create"}} {
		if slices.Contains(paths, name) {
			values[name] = dynamicBlock(values[name], resourceSchema.blocks[name], usual)
		}
	}
	return put(cty.ObjectVal(values), paths, cty.UnknownVal)
}

func dynamicBlock(final cty.Value, schema nestedBlock, usual []string) cty.Value {
	values := schema.empty().AsValueMap()
	written := func(name string, empty cty.Value) bool {
		if final.IsNull() {
			return slices.Contains(usual, name)
		}
		return !final.GetAttr(name).RawEquals(empty)
	}
	for name, empty := range values {
		if written(name, empty) {
			values[name] = cty.UnknownVal(empty.Type())
		}
	}
	return cty.ObjectVal(values)
}

// put has other values in some places: unknown ones, or null.
func put(whole cty.Value, paths []string, other func(cty.Type) cty.Value) cty.Value {
	whole, err := cty.Transform(whole, func(at cty.Path, value cty.Value) (cty.Value, error) {
		if slices.Contains(paths, pathText(at)) && (!value.Type().IsObjectType()) {
			return other(value.Type()), nil
		}
		return value, nil
	})
	if err != nil {
		panic(err)
	}
	return whole
}

// hcl writes the block.
func (c *configuration) hcl() string {
	w := &hclWriter{}
	w.open(fmt.Sprintf("resource %q \"test\"", typeName))
	w.text("name", &c.Name)
	w.text("description", c.Description)
	w.list("role_ids", c.RoleIDs)
	w.list("permission_ids", c.PermissionIDs)
	w.list("secret_recipients", publicKeys(c.Recipients))
	if k := c.Kafka; k != nil {
		k.writeTo(w)
	}
	if m := c.MCP; m != nil {
		w.open("mcp")
		w.text("tool_profile", m.ToolProfile)
		w.list("allowed_tools", m.AllowedTools)
		w.list("blocked_tools", m.BlockedTools)
		w.close()
	}
	if c.Timeouts != nil {
		w.open("timeouts")
		for _, name := range []string{"create", "read", "update", "delete"} {
			if duration, ok := c.Timeouts[name]; ok {
				w.text(name, &duration)
			}
		}
		w.close()
	}
	w.close()
	return w.String()
}

func (k *kafkaBlock) writeTo(w *hclWriter) {
	w.open("kafka")
	w.text("username", &k.Username)
	w.text("password", k.Password)
	w.text("password_wo", k.PasswordWO)
	if k.PasswordWOVersion != nil {
		w.line("password_wo_version = %d", *k.PasswordWOVersion)
	}
	w.list("whitelist_ips", k.WhitelistIPs)
	if k.SchemaRegistry != nil {
		w.line("schema_registry = %t", *k.SchemaRegistry)
	}
	for _, r := range k.ACL {
		w.open("acl")
		w.text("name", &r.Name)
		w.text("resource", r.Resource)
		w.text("operation", &r.Operation)
		w.text("pattern_type", r.PatternType)
		w.close()
	}
	w.close()
}

// hclWriter writes blocks and attributes.
type hclWriter struct {
	strings.Builder
	depth int
}

func (w *hclWriter) line(format string, arguments ...any) {
	w.WriteString(strings.Repeat("  ", w.depth) + fmt.Sprintf(format, arguments...) + "\n")
}

func (w *hclWriter) open(header string) {
	w.line("%s {", header)
	w.depth++
}

func (w *hclWriter) close() {
	w.depth--
	w.line("}")
}

func (w *hclWriter) text(name string, value *string) {
	if value != nil {
		w.line("%s = %s", name, quoted(*value))
	}
}

func (w *hclWriter) list(name string, items []string) {
	if items == nil {
		return
	}
	var list []string
	for _, item := range items {
		list = append(list, quoted(item))
	}
	w.line("%s = [%s]", name, strings.Join(list, ", "))
}

func quoted(value string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "${", "$${", "%{", "%%{").Replace(value) + `"`
}
