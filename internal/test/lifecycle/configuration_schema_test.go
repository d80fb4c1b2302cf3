// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// TestConfiguration_EveryAttributeOfTheSchema fails for an attribute that no
// lifecycle configures or leaves unknown.
func TestConfiguration_EveryAttributeOfTheSchema(t *testing.T) {
	full := &configuration{
		Name: "orders", Description: new("plain"), RoleIDs: roles, Recipients: recipients,
		Kafka: withRules(registry(writeOnly(1), true), rules, addresses), MCP: &mcpBlock{ToolProfile: new("read-only"), AllowedTools: tools, BlockedTools: tools},
	}
	other := &configuration{Name: "orders", PermissionIDs: permissions, Kafka: stored(1)}
	given := func(path string) bool {
		return slices.ContainsFunc([]*configuration{full, other}, func(c *configuration) bool {
			value := c.value()
			for name := range strings.SplitSeq(path, ".") {
				if value.IsNull() {
					return false
				}
				value = value.GetAttr(name)
			}
			empty := value.Type().IsListType() && !value.IsNull() && value.LengthInt() == 0
			return !value.IsNull() && !empty && value.Type() != cty.DynamicPseudoType
		})
	}
	check := func(path string) {
		if !given(path) {
			t.Errorf("no configuration gives %s", path)
		}
		if !slices.Contains(mayBeUnknown(full), path) {
			t.Errorf("%s is never unknown", path)
		}
	}
	walk := func(prefix string, b *block) {
		for name, attribute := range b.attributes {
			if attribute.optional || !attribute.computed {
				check(prefix + name)
			}
		}
	}
	walk("", resourceSchema)
	for name, nested := range resourceSchema.blocks {
		if name == "timeouts" {
			continue // configuration only, and covered as a whole
		}
		walk(name+".", nested.block)
		for inner := range nested.block.blocks {
			check(name + "." + inner)
		}
	}
}
