// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"iter"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// nested is a block, or an attribute that is an object, with a model of its content. The
// zero value is absent.
type nested[M objectModel] struct {
	// known is nil where the object is absent, or unknown as a whole.
	known   *M
	unknown bool
}

type objectModel interface {
	types() map[string]attr.Type
}

var (
	_ basetypes.ObjectValuable = nested[kafkaModel]{}
	_ basetypes.ObjectTypable  = nestedType[kafkaModel]{}
)

func nestedOf[M objectModel](model M) nested[M] { return nested[M]{known: &model} }

// nestedOfNulls is an object with nothing in it.
func nestedOfNulls[M objectModel]() nested[M] {
	model := new(M)
	of := (*model).types()
	for name, field := range fieldsOf(model) {
		field.Set(reflect.ValueOf(nullOf(of[name])))
	}
	return nested[M]{known: model}
}

func (n nested[M]) model() any {
	if n.known == nil {
		return nil
	}
	return n.known
}

// copied can be changed without changing the original.
func (n nested[M]) copied() nested[M] {
	if n.known != nil {
		return nestedOf(*n.known)
	}
	return n
}

func (n nested[M]) ToObjectValue(context.Context) (types.Object, diag.Diagnostics) {
	return n.object(), nil
}

func (n nested[M]) object() types.Object {
	of := (*new(M)).types()
	switch {
	case n.unknown:
		return types.ObjectUnknown(of)
	case n.known == nil:
		return types.ObjectNull(of)
	}
	attributes := make(map[string]attr.Value, len(of))
	for name, field := range fieldsOf(n.known) {
		attributes[name], _ = field.Interface().(attr.Value)
	}
	return types.ObjectValueMust(of, attributes)
}

func (n nested[M]) IsNull() bool { return n.known == nil && !n.unknown }

func (n nested[M]) IsUnknown() bool { return n.unknown }

func (n nested[M]) Equal(other attr.Value) bool {
	o, ok := other.(nested[M])
	return ok && n.object().Equal(o.object())
}

func (n nested[M]) Type(context.Context) attr.Type { return nestedTypeOf[M]() }

func (n nested[M]) ToTerraformValue(ctx context.Context) (tftypes.Value, error) {
	return n.object().ToTerraformValue(ctx)
}

func (n nested[M]) String() string { return n.object().String() }

// nestedType has the framework read an object as a nested one.
type nestedType[M objectModel] struct{ types.ObjectType }

func nestedTypeOf[M objectModel]() nestedType[M] {
	return nestedType[M]{types.ObjectType{AttrTypes: (*new(M)).types()}}
}

// nestedBlock and nestedAttribute have an object read as a nested one.
func nestedBlock[M objectModel](block schema.SingleNestedBlock) schema.SingleNestedBlock {
	block.CustomType = nestedTypeOf[M]()
	return block
}

func nestedAttribute[M objectModel](attribute schema.SingleNestedAttribute) schema.SingleNestedAttribute {
	attribute.CustomType = nestedTypeOf[M]()
	return attribute
}

func (t nestedType[M]) Equal(other attr.Type) bool {
	o, ok := other.(nestedType[M])
	return ok && t.ObjectType.Equal(o.ObjectType)
}

func (t nestedType[M]) ValueFromObject(_ context.Context, object types.Object) (basetypes.ObjectValuable, diag.Diagnostics) {
	if object.IsNull() || object.IsUnknown() {
		return nested[M]{unknown: object.IsUnknown()}, nil
	}
	model, attributes := new(M), object.Attributes()
	for name, field := range fieldsOf(model) {
		field.Set(reflect.ValueOf(attributes[name]))
	}
	return nested[M]{known: model}, nil
}

func (t nestedType[M]) ValueFromTerraform(ctx context.Context, value tftypes.Value) (attr.Value, error) {
	read, err := t.ObjectType.ValueFromTerraform(ctx, value)
	object, _ := read.(types.Object)
	valuable, _ := t.ValueFromObject(ctx, object)
	return valuable, err
}

func (t nestedType[M]) ValueType(context.Context) attr.Value { return nested[M]{} }

func fieldNamed(model any, name string) (named reflect.Value) {
	for of, field := range fieldsOf(model) {
		if of == name {
			return field
		}
	}
	return named
}

// fieldsOf are the fields of a model by the names of their attributes.
func fieldsOf(model any) iter.Seq2[string, reflect.Value] {
	fields := reflect.ValueOf(model).Elem()
	return func(yield func(string, reflect.Value) bool) {
		for i := range fields.NumField() {
			if !yield(fields.Type().Field(i).Tag.Get("tfsdk"), fields.Field(i)) {
				return
			}
		}
	}
}

func nullOf(of attr.Type) attr.Value {
	switch of := of.(type) {
	case basetypes.StringType:
		return types.StringNull()
	case basetypes.BoolType:
		return types.BoolNull()
	case basetypes.Int64Type:
		return types.Int64Null()
	case types.SetType:
		return types.SetNull(of.ElemType)
	case types.ListType:
		return types.ListNull(of.ElemType)
	}
	panic(fmt.Sprintf("no attribute is a %s", of))
}
