// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// values are the attributes of an object as Go writes them: texts, ints, bools,
// []any for lists and sets, values for objects, nil for null, and unknown. What
// is left out is null.
type values = map[string]any

// unknown is a value that only the apply knows.
type unknownValue struct{}

var unknown unknownValue

// encode gives a value the type that a schema has for it.
func encode(of tftypes.Type, value any) tftypes.Value {
	switch value := value.(type) {
	case unknownValue:
		return tftypes.NewValue(of, tftypes.UnknownValue)
	case values:
		return encodeObject(of, value)
	case []any:
		items := make([]tftypes.Value, len(value))
		for i, item := range value {
			items[i] = encode(elementOf(of), item)
		}
		return tftypes.NewValue(of, items)
	}
	return tftypes.NewValue(of, value)
}

func encodeObject(of tftypes.Type, value values) tftypes.Value {
	kind, _ := of.(tftypes.Object)
	attributes := make(map[string]tftypes.Value, len(kind.AttributeTypes))
	for name, attribute := range kind.AttributeTypes {
		attributes[name] = encode(attribute, value[name])
	}
	for name := range value {
		if _, known := kind.AttributeTypes[name]; !known {
			panic(fmt.Sprintf("no attribute is named %q: %s", name, of))
		}
	}
	return tftypes.NewValue(of, attributes)
}

func elementOf(of tftypes.Type) tftypes.Type {
	switch of := of.(type) {
	case tftypes.Set:
		return of.ElementType
	case tftypes.List:
		return of.ElementType
	}
	panic(fmt.Sprintf("%s has no elements", of))
}

// decode is the reverse of encode. A set is sorted.
func decode(value tftypes.Value) any {
	var text string
	var number *big.Float
	var is bool
	var items []tftypes.Value
	var attributes map[string]tftypes.Value
	switch {
	case !value.IsKnown():
		return unknown
	case value.IsNull():
		return nil
	case value.As(&text) == nil:
		return text
	case value.As(&is) == nil:
		return is
	case value.As(&number) == nil:
		n, _ := number.Int64()
		return int(n)
	case value.As(&attributes) == nil:
		object := values{}
		for name, attribute := range attributes {
			if !attribute.IsNull() {
				object[name] = decode(attribute)
			}
		}
		return object
	case value.As(&items) == nil:
		list := make([]any, len(items))
		for i, item := range items {
			list[i] = decode(item)
		}
		if value.Type().Is(tftypes.Set{}) {
			slices.SortFunc(list, func(a, b any) int { return strings.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
		}
		return list
	}
	panic(fmt.Sprintf("a value is a %s", value.Type()))
}

// under are the attributes of a block, none of one that is absent.
func under(object values, block string) values {
	inner, _ := object[block].(values)
	return inner
}

// with is an object with some attributes changed; nil takes one out.
func with(object, changes values) values {
	changed := values{}
	maps.Copy(changed, object)
	maps.Copy(changed, changes)
	return changed
}

// toldBy is what diagnostics tell.
func toldBy(diagnostics []*tfprotov6.Diagnostic) string {
	var all []string
	for _, d := range diagnostics {
		all = append(all, fmt.Sprintf("%s: %s: %s", d.Severity, d.Summary, d.Detail))
	}
	return strings.Join(all, "\n")
}

// placed is where a diagnostic points, such as kafka.acl[0].name.
func placed(d *tfprotov6.Diagnostic) string {
	var at strings.Builder
	for _, step := range d.Attribute.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			at.WriteString("." + string(step))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&at, "[%d]", step)
		case tftypes.ElementKeyValue:
			fmt.Fprintf(&at, "[%v]", decode(tftypes.Value(step)))
		}
	}
	return strings.TrimPrefix(at.String(), ".")
}

// summaries are the heads of diagnostics, each with where it points.
func summaries(diagnostics []*tfprotov6.Diagnostic) (all []string) {
	for _, d := range diagnostics {
		text := d.Summary
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			text = "ERROR: " + text
		}
		if at := placed(d); at != "" {
			text += " at " + at
		}
		all = append(all, text)
	}
	return all
}

// tells fails a test in which something else is said: nothing at all where no text
// is wanted.
func tells(t testing.TB, said string, wanted ...string) {
	t.Helper()
	if wanted = slices.DeleteFunc(wanted, func(text string) bool { return text == "" }); len(wanted) == 0 && said != "" {
		t.Errorf("it says %s", said)
	}
	for _, text := range wanted {
		if !strings.Contains(said, text) {
			t.Errorf("it lacks %q: %s", text, said)
		}
	}
}
