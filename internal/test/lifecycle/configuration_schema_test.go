// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"slices"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"
)

// everyAttribute gives all attributes that go together.
func everyAttribute() *configuration {
	return &configuration{
		Name: "orders", Description: new("plain"), RoleIDs: roles, Recipients: recipients,
		Kafka: withRules(registry(writeOnly(1), true), rules, addresses), MCP: &mcpBlock{ToolProfile: new("read-only"), AllowedTools: tools, BlockedTools: tools},
	}
}

// TestConfiguration_EveryAttributeOfTheSchema fails for an attribute that no
// lifecycle configures.
func TestConfiguration_EveryAttributeOfTheSchema(t *testing.T) {
	full := everyAttribute()
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
	}
	for _, path := range mayBeUnknown(full) {
		if path != "timeouts" { // configuration only, and covered as a whole
			check(path)
		}
	}
}

// TestInvariants_EveryAttributeIsCompared makes a key with every attribute, and fails
// for one of which nobody would notice that the state, the key or a plan forgot it.
func TestInvariants_EveryAttributeIsCompared(t *testing.T) {
	_, found := walkFrom(t, nil, steps(apply(everyAttribute())), nil, func(w *world) {
		state, h := w.tf.state, stateOf(w.tf.state)
		key, _ := w.server.Key(h.ID)
		for path, attribute := range attributesOf(everyAttribute()) {
			if strings.HasPrefix(path, "kafka.password") || path == "secret_recipients" {
				continue // No request to read, and no key, has them.
			}
			nulled := &object{value: put(state.value, []string{path}, cty.NullVal)}
			if !isViolated(func() { w.checkState(stateOf(nulled), key) }) {
				t.Errorf("checkState does not compare %s", path)
			}
			if _, given := attributesOf(configurationOf(key))[path]; !given {
				t.Errorf("configurationOf leaves out %s", path)
			}
			if attribute.computed {
				continue // Without it, the key keeps what it has.
			}
			w.config = everyAttribute().without(path)
			if !isViolated(w.checkServer) {
				t.Errorf("checkServer does not compare %s", path)
			}
			if d := decide(h, w.config, false); d.kind == untouched {
				t.Errorf("decide takes the removal of %s for no change", path)
			}
		}
	})
	if found != nil {
		t.Fatal(found)
	}
}

// attributesOf are the attributes that a configuration gives, by their paths.
func attributesOf(c *configuration) map[string]attribute {
	given := map[string]attribute{}
	var walk func(prefix string, members map[string]any, schema *block)
	walk = func(prefix string, members map[string]any, schema *block) {
		for name, member := range members {
			object, isObject := member.(map[string]any)
			switch nested, isBlock := schema.blocks[name]; {
			case isObject && isBlock:
				walk(prefix+name+".", object, nested.block)
			default:
				given[prefix+name] = schema.attributes[name]
			}
		}
	}
	walk("", membersOf(c), resourceSchema)
	return given
}

func membersOf(c *configuration) (members map[string]any) {
	fromJSON(toJSON(c), &members)
	return members
}

// without is the configuration without one attribute.
func (c *configuration) without(path string) *configuration {
	members := membersOf(c)
	block, name, isNested := strings.Cut(path, ".")
	if isNested {
		nested, _ := members[block].(map[string]any)
		delete(nested, name)
	} else {
		delete(members, block)
	}
	fewer := new(configuration)
	fromJSON(toJSON(members), fewer)
	return fewer
}

// isViolated reports whether a check finds something.
func isViolated(check func()) (violated bool) {
	defer func() {
		found := recover()
		if _, violated = found.(*violation); found != nil && !violated {
			panic(found)
		}
	}()
	check()
	return false
}
