// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// value is a member of a form, or an item of a list in it, not decoded yet.
type value struct {
	raw      json.RawMessage
	loc      []any
	nullable bool
	problems *[]problem
}

// field is a decoded member.
type field[T any] struct {
	presence
	value T
}

// presence tells whether a member is there, and has a value.
type presence struct {
	present bool
	null    bool
	empty   bool // it is "" or []
}

// given tells whether the member has a value.
func (p presence) given() bool { return p.present && !p.null }

func (v value) fault(kind, msg string, ctx map[string]any) {
	*v.problems = append(*v.problems, problem{Type: kind, Loc: v.loc, Msg: msg, Input: v.raw, Ctx: ctx})
}

// decode reads the value into a field; kind and msg describe a wrong type.
func decode[T any](v value, kind, msg string) field[T] {
	f := field[T]{presence: presence{present: v.raw != nil}}
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
	f.empty = f.given() && f.value == ""
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

// time reads a time.
func (v value) time() field[time.Time] {
	return decode[time.Time](v, "datetime_type", "Input should be a valid datetime")
}

// list reads a list, and its items with read.
func list[T any](v value, atLeast int, read func(value) T) field[[]T] {
	f := decode[[]json.RawMessage](v, "list_type", "Input should be a valid list")
	if !f.given() {
		return field[[]T]{presence: f.presence}
	}
	f.empty = len(f.value) == 0
	if len(f.value) < atLeast {
		v.fault("too_short", fmt.Sprintf("List should have at least %d item after validation, not %d", atLeast, len(f.value)),
			map[string]any{"field_type": "List", "min_length": atLeast, "actual_length": len(f.value)})
	}
	items := make([]T, len(f.value))
	for i, raw := range f.value {
		items[i] = read(value{raw: raw, loc: append(slices.Clone(v.loc), i), problems: v.problems})
	}
	return field[[]T]{f.presence, items}
}

// texts reads a list of strings that are not empty.
func (v value) texts(atLeast int, rules ...rule) field[[]string] {
	rules = append([]rule{length(1, 0)}, rules...)
	return list(v, atLeast, func(item value) string { return item.text(rules...).value })
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
