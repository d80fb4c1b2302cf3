// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// form reads a JSON object member by member, and collects everything that is
// wrong with it, in the shape in which the service says so. A member that
// nobody asked for is wrong too.
type form struct {
	loc      []any
	body     json.RawMessage
	members  map[string]json.RawMessage
	asked    []string
	problems *[]problem // shared with the forms of nested objects
}

// problem is one item of the `detail` of a 422. Like the real one it echoes
// what was sent, which may be a password.
type problem struct {
	Type  string          `json:"type"`
	Loc   []any           `json:"loc"`
	Msg   string          `json:"msg"`
	Input json.RawMessage `json:"input"`
	Ctx   map[string]any  `json:"ctx,omitempty"`
}

// readForm starts reading the body of a request.
func readForm(r *http.Request) *form {
	body, _ := io.ReadAll(r.Body) // in memory already
	f := &form{loc: []any{"body"}, body: body, problems: new([]problem)}
	if len(body) == 0 {
		f.body = json.RawMessage("null")
		f.fault("missing", "Field required")
		return f
	}
	declared := r.Header.Get("Content-Type")
	if mediaType, _, _ := mime.ParseMediaType(declared); mediaType != "application/json" {
		f.body, _ = json.Marshal(string(body))
		f.fault("model_attributes_type", notAnObject+fmt.Sprintf(" (the Content-Type is %q and has to be application/json)", declared))
		return f
	}
	if !json.Valid(body) {
		f.body = json.RawMessage("{}")
		f.fault("json_invalid", "JSON decode error")
		return f
	}
	f.open()
	return f
}

const notAnObject = "Input should be a valid dictionary or object to extract fields from"

// open takes the members out of the body.
func (f *form) open() {
	f.body = bytes.TrimSpace(f.body)
	if f.body[0] != '{' || json.Unmarshal(f.body, &f.members) != nil {
		f.fault("model_attributes_type", notAnObject)
	}
}

// fault says that the object as a whole is wrong.
func (f *form) fault(kind, msg string) {
	*f.problems = append(*f.problems, problem{Type: kind, Loc: f.loc, Msg: msg, Input: f.body})
}

// member returns a member as it was sent, nil when it is absent.
func (f *form) member(name string) json.RawMessage {
	if !slices.Contains(f.asked, name) {
		f.asked = append(f.asked, name)
	}
	return f.members[name]
}

// raw returns a member as it was sent, nil when it is absent or null.
func (f *form) raw(name string) json.RawMessage {
	if raw := f.member(name); raw != nil && !isNull(raw) {
		return raw
	}
	return nil
}

// optional starts reading a member that may be absent or null.
func (f *form) optional(name string) value { return f.value(name, true) }

// plain starts reading a member that may be absent, but not null.
func (f *form) plain(name string) value { return f.value(name, false) }

// required starts reading a member that must be there and not null.
func (f *form) required(name string) value {
	v := f.value(name, false)
	if v.raw == nil && f.members != nil {
		v.fault("missing", "Field required", nil)
		(*f.problems)[len(*f.problems)-1].Input = f.body
	}
	return v
}

func (f *form) value(name string, nullable bool) value {
	return value{raw: f.member(name), loc: append(slices.Clone(f.loc), name), nullable: nullable, problems: f.problems}
}

// excludes refuses two members that cannot stand together.
func (f *form) excludes(one, other string) {
	if f.raw(one) != nil && f.raw(other) != nil {
		f.fault("value_error", "Value error, "+one+" and "+other+" exclude each other")
	}
}

// close refuses the members that nobody asked for.
func (f *form) close() {
	var extra []string
	for name := range f.members {
		if !slices.Contains(f.asked, name) {
			extra = append(extra, name)
		}
	}
	slices.Sort(extra)
	for _, name := range extra {
		f.value(name, true).fault("extra_forbidden", "Extra inputs are not permitted", nil)
	}
}

// refused closes the form and, if anything is wrong with it, answers 422.
func (f *form) refused(a *answer) bool {
	f.close()
	if len(*f.problems) == 0 {
		return false
	}
	a.refuseFields(*f.problems)
	return true
}

func isNull(raw json.RawMessage) bool { return strings.TrimSpace(string(raw)) == "null" }
