// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// value is a part of an answer, whatever it turns out to be. Looking into it
// never fails: what is not there is missing.
type value struct {
	any   any
	there bool
}

func valueOf(v any) value { return value{v, true} }

// at follows names of members inwards.
func (v value) at(names ...string) value {
	for _, name := range names {
		object, _ := v.any.(map[string]any)
		inner, there := object[name]
		v = value{inner, there}
	}
	return v
}

// items are the items of a list; none where it is no list.
func (v value) items() []value {
	list, _ := v.any.([]any)
	items := make([]value, len(list))
	for i, item := range list {
		items[i] = valueOf(item)
	}
	return items
}

// text is the text, or empty where it is none.
func (v value) text() string {
	text, _ := v.any.(string)
	return text
}

func (v value) isText() bool {
	_, ok := v.any.(string)
	return ok
}

func (v value) isNull() bool { return v.there && v.any == nil }

func (v value) isList() bool {
	_, ok := v.any.([]any)
	return ok
}

func (v value) isObject() bool {
	_, ok := v.any.(map[string]any)
	return ok
}

func (v value) isNumber() bool {
	_, ok := v.any.(float64)
	return ok
}

// empty tells whether there is nothing in it: null, "", [] or no such member.
func (v value) empty() bool {
	switch inner := v.any.(type) {
	case nil:
		return true
	case string:
		return inner == ""
	case []any:
		return len(inner) == 0
	default:
		return false
	}
}

// names are the names of an object's members, in alphabetical order.
func (v value) names() []string {
	object, _ := v.any.(map[string]any)
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// identifier is what names of members look like. What does not may be a value
// of the account that serves as a name.
var identifier = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*(_[a-zA-Z0-9]+)*$`)

// shownNames lists names that can be shown to strangers.
func shownNames(names []string) string {
	var shown []string
	hidden := 0
	for _, name := range names {
		if len(name) <= 40 && identifier.MatchString(name) && len(shown) < 20 {
			shown = append(shown, name)
		} else {
			hidden++
		}
	}
	if hidden > 0 {
		shown = append(shown, fmt.Sprintf("%d more", hidden))
	}
	return strings.Join(shown, ", ")
}

// shape says what a value is without saying what is in it. Words that the
// contract names are shown.
func (v value) shape(words ...string) string {
	switch inner := v.any.(type) {
	case nil:
		if !v.there {
			return "missing"
		}
		return "null"
	case bool:
		return "a boolean"
	case float64:
		return "a number"
	case string:
		if inner == "" || slices.Contains(words, inner) {
			return fmt.Sprintf("%q", inner)
		}
		return fmt.Sprintf("a text of %d characters", utf8.RuneCountInString(inner))
	case []any:
		return fmt.Sprintf("a list of %d", len(inner))
	default:
		return fmt.Sprintf("an object with %d members", len(v.names()))
	}
}
