// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// schema is one as core sees it: the type of its values, and its attributes by their
// paths. A nested attribute counts as one value, because this provider's only one is
// computed as a whole.
type schema struct {
	ty         cty.Type
	attributes map[string]*tfprotov6.SchemaAttribute
	// configurable are the paths of what a configuration can give, blocks included.
	configurable []string
}

func newSchema(of *tfprotov6.Schema) *schema {
	ty, err := of.ValueType().MarshalJSON() //nolint:staticcheck // The only way from one library's types to the other's.
	must(err)
	s := &schema{attributes: map[string]*tfprotov6.SchemaAttribute{}}
	s.ty, err = ctyjson.UnmarshalType(ty)
	must(err)
	s.add("", of.Block)
	slices.Sort(s.configurable)
	return s
}

// add panics on what this provider does not use.
func (s *schema) add(prefix string, b *tfprotov6.SchemaBlock) {
	for _, a := range b.Attributes {
		s.attributes[prefix+a.Name] = a
		if given := a.Optional || a.Required; given && a.NestedType != nil {
			panic("a nested attribute that can be configured: " + a.Name)
		} else if given {
			s.configurable = append(s.configurable, prefix+a.Name)
		}
	}
	for _, n := range b.BlockTypes {
		if n.Nesting != tfprotov6.SchemaNestedBlockNestingModeSingle && n.Nesting != tfprotov6.SchemaNestedBlockNestingModeList {
			panic(fmt.Sprintf("nesting mode %s of block %s", n.Nesting, n.TypeName))
		}
		s.configurable = append(s.configurable, prefix+n.TypeName)
		s.add(prefix+n.TypeName+".", n.Block)
	}
}

// value is what core makes of a block that is written in JSON.
func (s *schema) value(block any) cty.Value {
	value, err := ctyjson.Unmarshal(toJSON(block), s.ty)
	must(err)
	return normalize(value)
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

// blockNumber is that of a block in a path.
var blockNumber = regexp.MustCompile(`\.\d+\b`)

// attributeAt is the attribute at a path, and attributeOf also the one whose value has it.
// What is of no attribute has the zero value.
func (s *schema) attributeAt(path string) tfprotov6.SchemaAttribute {
	if a := s.attributes[blockNumber.ReplaceAllString(path, "")]; a != nil {
		return *a
	}
	return tfprotov6.SchemaAttribute{}
}

func (s *schema) attributeOf(path string) tfprotov6.SchemaAttribute {
	a := s.attributeAt(path)
	if above := strings.LastIndex(path, "."); a.Name == "" && above > 0 {
		return s.attributeOf(path[:above])
	}
	return a
}

// writeOnly lists the write-only attributes that have a value.
func (s *schema) writeOnly(value cty.Value) (errs []error) {
	for path, value := range leaves(value) {
		if s.attributeOf(path).WriteOnly && !value.IsNull() {
			errs = append(errs, fmt.Errorf("%s: a write-only attribute has a value", path))
		}
	}
	return errs
}
