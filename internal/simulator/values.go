// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// value is a member of a form, or an item of a list in it, not decoded yet.
type value struct {
	raw      json.RawMessage
	loc      []any
	nullable bool
	problems *[]problem
}

// field is a decoded member: absent, null, or a value.
type field[T any] struct {
	present bool
	null    bool
	value   T
}

// given tells whether the member has a value.
func (f field[T]) given() bool { return f.present && !f.null }

func (v value) fault(kind, msg string, ctx map[string]any) {
	*v.problems = append(*v.problems, problem{Type: kind, Loc: v.loc, Msg: msg, Input: v.raw, Ctx: ctx})
}

// decode reads the value into a field; kind and msg describe a wrong type.
func decode[T any](v value, kind, msg string) field[T] {
	f := field[T]{present: v.raw != nil}
	switch {
	case !f.present:
	case isNull(v.raw):
		f.null = true
		if !v.nullable {
			v.fault(kind, msg, nil)
		}
	case json.Unmarshal(v.raw, &f.value) != nil:
		v.fault(kind, msg, nil)
		f.null = true
	}
	return f
}

// rule checks a text and says what is wrong with it through the value.
type rule func(v value, text string)

// text reads a string and applies the rules to it, up to the first it breaks.
func (v value) text(rules ...rule) field[string] {
	f := decode[string](v, "string_type", "Input should be a valid string")
	faults := len(*v.problems)
	for _, check := range rules {
		if f.given() && len(*v.problems) == faults {
			check(v, f.value)
		}
	}
	return f
}

// flag reads a boolean.
func (v value) flag() field[bool] {
	return decode[bool](v, "bool_type", "Input should be a valid boolean")
}

// items reads a list and passes on its items.
func (v value) items(atLeast int, each func(value)) field[[]json.RawMessage] {
	f := decode[[]json.RawMessage](v, "list_type", "Input should be a valid list")
	if !f.given() {
		return f
	}
	if len(f.value) < atLeast {
		v.fault("too_short", fmt.Sprintf("List should have at least %d item after validation, not %d", atLeast, len(f.value)),
			map[string]any{"field_type": "List", "min_length": atLeast, "actual_length": len(f.value)})
	}
	for i, raw := range f.value {
		each(value{raw: raw, loc: append(slices.Clone(v.loc), i), problems: v.problems})
	}
	return f
}

// texts reads a list of strings that are not empty.
func (v value) texts(atLeast int, rules ...rule) field[[]string] {
	texts := []string{}
	rules = append([]rule{length(1, 0)}, rules...)
	f := v.items(atLeast, func(item value) { texts = append(texts, item.text(rules...).value) })
	if !f.given() {
		texts = nil
	}
	return field[[]string]{present: f.present, null: f.null, value: texts}
}

// object reads a nested object; nil when it is absent or null.
func (v value) object() *form {
	if v.raw == nil || isNull(v.raw) {
		if v.raw != nil && !v.nullable {
			v.fault("model_attributes_type", notAnObject, nil)
		}
		return nil
	}
	f := &form{loc: v.loc, body: v.raw, problems: v.problems}
	f.open()
	return f
}

// length is the rule on the number of characters; a maximum of 0 is none.
func length(least, most int) rule {
	return func(v value, text string) {
		switch n := utf8.RuneCountInString(text); {
		case n < least:
			v.fault("string_too_short", fmt.Sprintf("String should have at least %s", characters(least)), map[string]any{"min_length": least})
		case most > 0 && n > most:
			v.fault("string_too_long", fmt.Sprintf("String should have at most %s", characters(most)), map[string]any{"max_length": most})
		}
	}
}

func characters(n int) string {
	if n == 1 {
		return "1 character"
	}
	return fmt.Sprintf("%d characters", n)
}

// oneOf is the rule that a text is one of a few.
func oneOf(allowed ...string) rule {
	return func(v value, text string) {
		if slices.Contains(allowed, text) {
			return
		}
		last := len(allowed) - 1
		expected := "'" + strings.Join(allowed[:last], "', '") + "' or '" + allowed[last] + "'"
		v.fault("enum", "Input should be "+expected, map[string]any{"expected": expected})
	}
}

// valueError is how the service words a rule of its own.
func (v value) valueError(msg string) {
	v.fault("value_error", "Value error, "+msg, map[string]any{"error": map[string]any{}})
}
