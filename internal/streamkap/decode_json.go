// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// Text is a nullable string. The API writes null and "" for the same thing
// (contract, dialect 12), so both decode to "", which encodes as null.
type Text string

// MarshalJSON writes an empty text as null.
func (t Text) MarshalJSON() ([]byte, error) {
	if t == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(t))
}

// Issued is a nullable client id or Kafka username. Blanks around it are no
// part of it, so a blank one is none: what is read into a state first is held
// against every later answer.
type Issued string

// UnmarshalJSON takes the blanks off.
func (i *Issued) UnmarshalJSON(data []byte) error {
	var text Text
	err := json.Unmarshal(data, &text)
	*i = Issued(strings.TrimSpace(string(text)))
	return err
}

// number is a number of which little depends, as a text or not. What is none is
// 0, NaN or infinity.
type number float64

// UnmarshalJSON never fails.
func (n *number) UnmarshalJSON(data []byte) error {
	value, _ := strconv.ParseFloat(strings.Trim(string(data), `" `), 64)
	*n = number(value)
	return nil
}

// List is a list that decodes from null, "" and [] to the same empty list
// (contract, dialect 12). An empty list encodes as null.
type List[T any] []T

// UnmarshalJSON accepts every form of an empty list.
func (l *List[T]) UnmarshalJSON(data []byte) error {
	*l = nil
	if string(bytes.TrimSpace(data)) == `""` {
		return nil
	}
	var items []T
	if err := json.Unmarshal(data, &items); err != nil {
		return err
	}
	if len(items) > 0 {
		*l = items
	}
	return nil
}

// MarshalJSON writes an empty list as null.
func (l List[T]) MarshalJSON() ([]byte, error) {
	if len(l) == 0 {
		return []byte("null"), nil
	}
	return json.Marshal([]T(l))
}

// AddressList holds IPv4 addresses and CIDR ranges. On the wire it is one
// string, joined by commas.
type AddressList []string

// UnmarshalJSON accepts the documented string, with or without spaces
// (contract, dialect 9), every form of empty, and a JSON list.
func (l *AddressList) UnmarshalJSON(data []byte) error {
	*l = nil
	var joined *string
	if err := json.Unmarshal(data, &joined); err != nil {
		var items []string
		if json.Unmarshal(data, &items) != nil {
			return err
		}
		text := strings.Join(items, ",")
		joined = &text
	}
	if joined == nil {
		return nil
	}
	for item := range strings.SplitSeq(*joined, ",") {
		if item = strings.TrimSpace(item); item != "" {
			*l = append(*l, item)
		}
	}
	return nil
}

// String joins the addresses the way a request carries them.
func (l AddressList) String() string { return strings.Join(l, ",") }

// Field is one field of a PATCH: left out, null, or a value. Use it with the
// omitzero option; its zero value is left out.
type Field[T any] struct {
	set   bool
	value *T
}

// Value is a field that carries v.
func Value[T any](v T) Field[T] { return Field[T]{set: true, value: &v} }

// Null is a field that carries null.
func Null[T any]() Field[T] { return Field[T]{set: true} }

// IsZero reports whether the field is left out.
func (f Field[T]) IsZero() bool { return !f.set }

// MarshalJSON writes the value, or null.
func (f Field[T]) MarshalJSON() ([]byte, error) { return json.Marshal(f.value) }

// Get returns the value, or nil for null and for a field that is left out.
func (f Field[T]) Get() *T { return f.value }

// IsNull reports whether the field carries null.
func (f Field[T]) IsNull() bool { return f.set && f.value == nil }
