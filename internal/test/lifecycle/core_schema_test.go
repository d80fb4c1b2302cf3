// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"slices"
	"strings"

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
	must(err)
	converted, err := ctyjson.UnmarshalType(data)
	must(err)
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

// isBlockList reports whether a value is a list of blocks: no attribute has such a type.
func isBlockList(ty cty.Type) bool { return ty.IsListType() && ty.ElementType().IsObjectType() }

// normalize makes a null list of blocks empty, as core does.
func normalize(value cty.Value) cty.Value {
	return transform(value, func(_ string, value cty.Value) cty.Value {
		if ty := value.Type(); isBlockList(ty) && value.IsNull() {
			return cty.ListValEmpty(ty.ElementType())
		}
		return value
	})
}

// attributeAt is the attribute at a path, and attributeOf also the one whose value has it.
func (b *block) attributeAt(path string) (attribute, bool) {
	for {
		name, rest, more := strings.Cut(path, ".")
		nested, isBlock := b.blocks[name]
		if !isBlock || !more {
			a, is := b.attributes[name]
			return a, is && !more
		}
		if b = nested.block; nested.list {
			_, rest, _ = strings.Cut(rest, ".")
		}
		path = rest
	}
}

func (b *block) attributeOf(path string) (attribute, bool) {
	a, is := b.attributeAt(path)
	if above := strings.LastIndex(path, "."); !is && above > 0 {
		return b.attributeOf(path[:above])
	}
	return a, is
}

// writeOnly lists the write-only attributes that have a value.
func (b *block) writeOnly(value cty.Value) (errs []error) {
	for path, value := range leaves(value) {
		if a, _ := b.attributeOf(path); a.writeOnly && !value.IsNull() {
			errs = append(errs, fmt.Errorf("%s: a write-only attribute has a value", path))
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
