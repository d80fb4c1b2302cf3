// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"
)

// Value is a part of an answer, whatever it is. Looking into it never fails:
// what is not there is missing.
type Value struct {
	any   any
	There bool
}

// ValueOf makes a Value of decoded JSON.
func ValueOf(v any) Value { return Value{v, true} }

// decode reads one JSON value. Numbers keep their digits, as ids need them.
func decode(raw []byte) (Value, error) {
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return Value{}, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Value{}, errors.New("there is more than one value")
	}
	return ValueOf(v), nil
}

// At follows names of members inwards.
func (v Value) At(names ...string) Value {
	for _, name := range names {
		inner, there := v.Members()[name]
		v = Value{inner, there}
	}
	return v
}

// Members are the members of an object; none of anything else.
func (v Value) Members() map[string]any {
	object, _ := v.any.(map[string]any)
	return object
}

// Items are the items of a list; none of anything else.
func (v Value) Items() []Value {
	list, _ := v.any.([]any)
	items := make([]Value, len(list))
	for i, item := range list {
		items[i] = ValueOf(item)
	}
	return items
}

// Text is the text, or empty where it is none.
func (v Value) Text() string {
	text, _ := v.any.(string)
	return text
}

// ID is an id, which can be a number.
func (v Value) ID() string {
	if number, ok := v.any.(json.Number); ok {
		return number.String()
	}
	return v.Text()
}

// IsText tells whether it is a text.
func (v Value) IsText() bool { _, ok := v.any.(string); return ok }

// IsList tells whether it is a list.
func (v Value) IsList() bool { _, ok := v.any.([]any); return ok }

// IsObject tells whether it is an object.
func (v Value) IsObject() bool { return v.Members() != nil }

// Empty tells whether there is nothing in it: null, "", [] or no such member.
func (v Value) Empty() bool {
	return v.any == nil || (v.IsText() && v.Text() == "") || (v.IsList() && len(v.Items()) == 0)
}

// Shape says what a value is without saying what is in it. Words that the
// contract names are shown.
func (v Value) Shape(words ...string) string {
	switch inner := v.any.(type) {
	case nil:
		if !v.There {
			return "missing"
		}
		return "null"
	case bool:
		return "a boolean"
	case json.Number:
		return "a number"
	case string:
		if inner == "" || slices.Contains(words, inner) {
			return fmt.Sprintf("%q", inner)
		}
		return fmt.Sprintf("a text of %d characters", utf8.RuneCountInString(inner))
	case []any:
		return fmt.Sprintf("a list of %d", len(inner))
	default:
		return fmt.Sprintf("an object with %d members", len(v.Members()))
	}
}
