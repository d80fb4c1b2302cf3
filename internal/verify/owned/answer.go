// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"time"
	"unicode/utf8"
)

// Answer is one request and what came back.
type Answer struct {
	Step   string // what the request was for
	Key    string // the kind of the key that it was about, if any
	Method string

	Began, Ended time.Time
	Status       int // 0 where there was no answer
	Header       http.Header
	Raw          []byte
	Body         Value // missing where the body is no JSON
	Err          error // why there is no answer that can be used
	Repeated     bool  // the same request was sent again because of it
	form         string
}

// OK tells whether the request was accepted.
func (a Answer) OK() bool { return a.Status >= 200 && a.Status <= 299 && a.Err == nil }

// Refused tells whether the service said no, and meant it.
func (a Answer) Refused() bool {
	return a.Status >= 400 && a.Status <= 499 && a.Status != http.StatusTooManyRequests &&
		a.Status != http.StatusRequestTimeout && a.Status != http.StatusUnauthorized
}

// Clear tells whether the answer is the service's last word on the request.
func (a Answer) Clear() bool { return !a.Repeated && (a.OK() || a.Err == nil && a.Refused()) }

// undone tells whether the request has certainly not been worked on.
func (a Answer) undone() bool {
	return a.Err == nil && (a.Refused() || a.Status == http.StatusTooManyRequests || a.Status == http.StatusUnauthorized)
}

// gone are the wordings of contract, "Errors".
var gone = regexp.MustCompile(`(?i)not found|does not exist|no such`)

// SaysGone tells whether the answer says that there is no such key.
func (a Answer) SaysGone() bool {
	detail := a.Body.At("detail")
	says := gone.MatchString(detail.Text()) || gone.MatchString(detail.At("message").Text())
	for _, problem := range detail.Items() {
		says = says || gone.MatchString(problem.At("msg").Text())
	}
	return a.Err == nil && (a.Status == http.StatusNotFound || says && a.Refused() && a.Status != http.StatusForbidden)
}

// Token is the token in either spelling of an answer.
func (a Answer) Token() string {
	return cmp.Or(a.Body.At("accessToken").Text(), a.Body.At("access_token").Text())
}

// Shape says what came back without saying what is in it.
func (a Answer) Shape() string {
	switch {
	case a.Status == 0:
		return "no answer"
	case a.Body.There:
		return fmt.Sprintf("%d with %s", a.Status, a.Body.Shape())
	default:
		return fmt.Sprintf("%d %s", a.Status, a.form)
	}
}

// read takes in the body.
func (a *Answer) read(raw []byte) {
	trimmed := bytes.TrimSpace(raw)
	a.Raw = raw
	switch value, err := decode(raw); {
	case err == nil:
		a.Body = value
	case len(trimmed) == 0:
		a.form = "without a body"
	case trimmed[0] == '<':
		a.form = "with a web page"
	default:
		a.form = fmt.Sprintf("with %d bytes that are no JSON", len(raw))
	}
}

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
