// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"cmp"
	"encoding/json"
	"strconv"
	"strings"
	"time"
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

// Time reads a text that is a time (contract, "Read": without a zone it is
// taken for UTC). It reports false for one that is empty or no time.
func (t Text) Time() (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if instant, err := time.Parse(layout, string(t)); err == nil {
			return instant, true
		}
	}
	return time.Time{}, false
}

// Seconds is a duration of which little depends, as a number or as a text. What is
// neither, or is beyond sense, is 0.
type Seconds int64

// UnmarshalJSON never fails.
func (s *Seconds) UnmarshalJSON(data []byte) error {
	*s = 0
	if value, _ := strconv.ParseFloat(strings.Trim(string(data), `" `), 64); value >= 1 && value <= 1<<53 {
		*s = Seconds(value)
	}
	return nil
}

// List is a list that decodes from null, "" and [] to the same empty list
// (contract, dialect 12). An empty list encodes as null.
type List[T any] []T

// UnmarshalJSON accepts every form of an empty list.
func (l *List[T]) UnmarshalJSON(data []byte) error {
	*l = nil
	if string(data) == `""` {
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

// UnmarshalJSON accepts the string with or without spaces, and every form of empty
// (contract, dialects 9 and 12).
func (l *AddressList) UnmarshalJSON(data []byte) error {
	*l = nil
	if strings.Trim(string(data), "[] ") == "" {
		return nil
	}
	var joined string
	if err := json.Unmarshal(data, &joined); err != nil {
		return err
	}
	for item := range strings.SplitSeq(joined, ",") {
		if item = strings.TrimSpace(item); item != "" {
			*l = append(*l, item)
		}
	}
	return nil
}

// String joins the addresses the way a request carries them.
func (l AddressList) String() string { return strings.Join(l, ",") }

// Resource types, operations and pattern types of an ACL (contract, "Kafka").
const (
	ResourceTopic   = "TOPIC"
	ResourceGroup   = "GROUP"
	PatternLiteral  = "LITERAL"
	PatternPrefixed = "PREFIXED"
)

// ACL is one rule of a key's Kafka user, as answers spell it.
type ACL struct {
	Name        string `json:"name"`
	Resource    string `json:"resource"`
	Operation   string `json:"operation"`
	PatternType string `json:"resource_pattern_type"`
}

// UnmarshalJSON accepts the name under both its names, and a resource that is
// left out because it is TOPIC (contract, dialect 8).
func (a *ACL) UnmarshalJSON(data []byte) error {
	var wire struct {
		Name                Text `json:"name"`
		TopicName           Text `json:"topic_name"`
		Resource            Text `json:"resource"`
		Operation           Text `json:"operation"`
		ResourcePatternType Text `json:"resource_pattern_type"`
		PatternType         Text `json:"pattern_type"`
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	*a = ACL{
		Name:        string(Compose(cmp.Or(wire.Name, wire.TopicName))),
		Resource:    strings.ToUpper(string(cmp.Or(wire.Resource, ResourceTopic))),
		Operation:   strings.ToUpper(string(wire.Operation)),
		PatternType: strings.ToUpper(string(cmp.Or(wire.ResourcePatternType, wire.PatternType, PatternLiteral))),
	}
	return nil
}

// ACLRequest is one rule as requests spell it: the name is called topic_name
// even where it names a consumer group.
type ACLRequest struct {
	TopicName           string `json:"topic_name"`
	Operation           string `json:"operation"`
	ResourcePatternType string `json:"resource_pattern_type"`
	Resource            string `json:"resource"`
}

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

// Status is a key's status as the API spells it. Spellings vary (contract,
// dialect 1), so compare it with Is, never with ==.
type Status string

// The statuses that are known. A status that is none of these is neither
// success nor failure.
const (
	StatusActive       Status = "active"
	StatusCreating     Status = "creating"
	StatusFailed       Status = "failed"
	StatusDeleting     Status = "deleting"
	StatusDeleteFailed Status = "delete_failed"
)

var statusSeparators = strings.NewReplacer(" ", "", "-", "", "_", "")

// Is reports whether both spell the same status. Case, spaces, hyphens and
// underscores make no difference.
func (s Status) Is(other Status) bool {
	return strings.EqualFold(statusSeparators.Replace(string(s)), statusSeparators.Replace(string(other)))
}

// Known reports whether the status is one of those that are known.
func (s Status) Known() bool { return s.Is(StatusActive) || s.Is(StatusCreating) || s.Dead() }

// Dead reports whether a key with this status can only be replaced: its
// creation failed, or its deletion has begun.
func (s Status) Dead() bool {
	return s.Is(StatusFailed) || s.Is(StatusDeleting) || s.Is(StatusDeleteFailed)
}
