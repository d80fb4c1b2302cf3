// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// block is a schema as core sees it. A nested attribute counts as one value, because
// this provider's only one is computed as a whole.
type block struct {
	attributes map[string]attribute
	blocks     map[string]nestedBlock
	implied    cty.Type
}

type attribute struct {
	ty        cty.Type
	optional  bool
	computed  bool
	sensitive bool
	writeOnly bool
}

type nestedBlock struct {
	*block
	list bool
}

// newBlock translates a schema from the protocol. It panics on what this provider
// does not use.
func newBlock(from *tfprotov6.SchemaBlock) *block {
	b := &block{attributes: map[string]attribute{}, blocks: map[string]nestedBlock{}}
	types := map[string]cty.Type{}
	for _, a := range from.Attributes {
		if a.NestedType != nil && (a.Optional || a.Required) {
			panic("a nested attribute that can be configured: " + a.Name)
		}
		b.attributes[a.Name] = attribute{
			ty: typeOf(a.ValueType()), optional: a.Optional, computed: a.Computed, sensitive: a.Sensitive, writeOnly: a.WriteOnly,
		}
		types[a.Name] = b.attributes[a.Name].ty
	}
	for _, n := range from.BlockTypes {
		nested := nestedBlock{block: newBlock(n.Block)}
		types[n.TypeName] = nested.implied
		switch n.Nesting {
		case tfprotov6.SchemaNestedBlockNestingModeSingle:
		case tfprotov6.SchemaNestedBlockNestingModeList:
			nested.list = true
			types[n.TypeName] = cty.List(nested.implied)
		default:
			panic(fmt.Sprintf("nesting mode %s of block %s", n.Nesting, n.TypeName))
		}
		b.blocks[n.TypeName] = nested
	}
	b.implied = cty.Object(types)
	return b
}

func typeOf(ty tftypes.Type) cty.Type {
	data, err := ty.MarshalJSON() //nolint:staticcheck // The only way from one library's types to the other's.
	if err != nil {
		panic(err)
	}
	converted, err := ctyjson.UnmarshalType(data)
	if err != nil {
		panic(err)
	}
	return converted
}

// empty is the value of an empty configuration block.
func (b *block) empty() cty.Value {
	values := map[string]cty.Value{}
	for name, attribute := range b.attributes {
		values[name] = cty.NullVal(attribute.ty)
	}
	for name, nested := range b.blocks {
		values[name] = nested.absent()
	}
	return cty.ObjectVal(values)
}

// absent is the value of a block that is not in the configuration.
func (n nestedBlock) absent() cty.Value {
	if n.list {
		return cty.ListValEmpty(n.implied)
	}
	return cty.NullVal(n.implied)
}

// normalize makes a null list of blocks empty, as core does.
func (b *block) normalize(value cty.Value) cty.Value {
	if value.IsNull() || !value.IsKnown() {
		return value
	}
	values := maps.Clone(value.AsValueMap())
	for name, nested := range b.blocks {
		switch inner := values[name]; {
		case !nested.list:
			values[name] = nested.normalize(inner)
		case inner.IsNull():
			values[name] = nested.absent()
		}
	}
	return cty.ObjectVal(values)
}

// writeOnly lists the write-only attributes that have a value.
func (b *block) writeOnly(value cty.Value, at cty.Path) []error {
	if value.IsNull() || !value.IsKnown() {
		return nil
	}
	var errs []error
	for name, attribute := range b.attributes {
		if attribute.writeOnly && !value.GetAttr(name).IsNull() {
			errs = append(errs, ruleError(at.GetAttr(name), "a write-only attribute has a value"))
		}
	}
	for name, nested := range b.blocks {
		if !nested.list {
			errs = append(errs, nested.writeOnly(value.GetAttr(name), at.GetAttr(name))...)
		}
	}
	return errs
}

// configurable are the paths of the attributes and blocks that a configuration can give.
func (b *block) configurable(prefix string) []string {
	var paths []string
	for name, attribute := range b.attributes {
		if attribute.optional || !attribute.computed {
			paths = append(paths, prefix+name)
		}
	}
	for name := range b.blocks {
		paths = append(paths, prefix+name)
	}
	slices.Sort(paths)
	return paths
}
