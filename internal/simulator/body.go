// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"mime"
	"net/http"
	"slices"
)

// value is what stands at one place of a request's body. Everything that is
// wrong with the body is collected, in the shape in which the service says so.
type value struct {
	is       any // decoded JSON
	loc      []any
	problems *[]problem
}

// problem is one item of the `detail` of a 422. Like the real one it echoes
// what was sent, which may be a password.
type problem struct {
	Type  string `json:"type"`
	Loc   []any  `json:"loc"`
	Msg   string `json:"msg"`
	Input any    `json:"input"`
	Ctx   object `json:"ctx,omitempty"`
}

// check looks for what is wrong with a value.
type check func(value)

// checked reads the body of a request, or answers what the check finds wrong with
// it.
func (a *answer) checked(r *http.Request, check check) (body json.RawMessage, ok bool) {
	sent, _ := io.ReadAll(r.Body) // in memory already
	var compact bytes.Buffer
	v := value{is: string(sent), loc: []any{"body"}, problems: new([]problem)}
	declared := r.Header.Get("Content-Type")
	mediaType, _, _ := mime.ParseMediaType(declared)
	switch {
	case len(sent) == 0:
		v.is = nil
		v.fault("missing", "Field required", nil)
	case mediaType != "application/json":
		v.fault("model_attributes_type", fmt.Sprintf("%s (the Content-Type is %q and has to be application/json)", notAnObject, declared), nil)
	case json.Compact(&compact, sent) != nil:
		v.is = object{}
		v.fault("json_invalid", "JSON decode error", nil)
	default:
		v.is, _ = decodeAny(sent)
		check(v)
	}
	if *v.problems != nil {
		a.refuse(http.StatusUnprocessableEntity, *v.problems)
		return nil, false
	}
	return compact.Bytes(), true
}

func (v value) fault(kind, msg string, ctx object) {
	*v.problems = append(*v.problems, problem{Type: kind, Loc: v.loc, Msg: msg, Input: v.is, Ctx: ctx})
}

// invalid is how the service words a rule of its own.
func (v value) invalid(msg string) {
	v.fault("value_error", "Value error, "+msg, object{"error": object{}})
}

// at is a member or an item of the value.
func (v value) at(place, is any) value {
	return value{is: is, loc: append(slices.Clone(v.loc), place), problems: v.problems}
}

// member is what an object may have.
type member struct {
	name     string
	required bool
	nullable bool
	check    check
}

// optional is a member that may be absent or null.
func optional(name string, check check) member {
	return member{name: name, nullable: true, check: check}
}

// plain is a member that may be absent, but not null.
func plain(name string, check check) member { return member{name: name, check: check} }

// required is a member that must be there and not null.
func required(name string, check check) member {
	return member{name: name, required: true, check: check}
}

const notAnObject = "Input should be a valid dictionary or object to extract fields from"

// object checks an object with these members and no other, and returns it.
func (v value) object(members ...member) object {
	given, isObject := v.is.(object)
	if !isObject {
		v.fault("model_attributes_type", notAnObject, nil)
		return nil
	}
	unknown := maps.Clone(given)
	for _, m := range members {
		is, there := given[m.name]
		delete(unknown, m.name)
		switch {
		case there && (is != nil || !m.nullable):
			m.check(v.at(m.name, is))
		case !there && m.required:
			missing := v.at(m.name, given)
			missing.fault("missing", "Field required", nil)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(unknown)) {
		v.at(name, unknown[name]).fault("extra_forbidden", "Extra inputs are not permitted", nil)
	}
	return given
}

// excludes refuses two members that cannot stand together.
func (v value) excludes(one, other string) {
	if given, _ := v.is.(object); given[one] != nil && given[other] != nil {
		v.invalid(one + " and " + other + " exclude each other")
	}
}

// boolean accepts true and false.
func boolean(v value) {
	if _, isBool := v.is.(bool); !isBool {
		v.fault("bool_type", "Input should be a valid boolean", nil)
	}
}

// list accepts a list of such items.
func list(atLeast int, item check) check {
	return func(v value) {
		items, isList := v.is.([]any)
		switch {
		case !isList:
			v.fault("list_type", "Input should be a valid list", nil)
		case len(items) < atLeast:
			v.fault("too_short", fmt.Sprintf("List should have at least %d item after validation, not %d", atLeast, len(items)),
				object{"field_type": "List", "min_length": atLeast, "actual_length": len(items)})
		}
		for i, is := range items {
			item(v.at(i, is))
		}
	}
}

// text accepts a string that keeps the rules. Only the first that it breaks is
// told.
func text(rules ...rule) check {
	return func(v value) {
		text, isText := v.is.(string)
		if !isText {
			v.fault("string_type", "Input should be a valid string", nil)
			return
		}
		before := len(*v.problems)
		for _, check := range rules {
			if len(*v.problems) == before {
				check(v, text)
			}
		}
	}
}
