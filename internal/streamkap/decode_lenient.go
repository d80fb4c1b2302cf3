// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// What only informs, such as when a key was last used, must not keep a key from
// being read because it came in an unforeseen shape. What a state is made of is
// not guessed at: a list of rules that can't be read is an error, not an empty
// list.

// decodeObject decodes an object into a fresh value, so that nothing of one
// attempt shows in the next.
func decodeObject[T any](body []byte, target *T) error {
	if body = bytes.TrimSpace(body); len(body) == 0 || body[0] != '{' {
		return errNoObject
	}
	var value T
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	*target = value
	return nil
}

// decodeKey decodes a key, as a row of the list or in detail.
func decodeKey[T any](body []byte, target *T) error {
	return decodeMended(body, target, map[string]func(json.RawMessage) any{
		"id":                          scalar,
		"service_id":                  scalar,
		"created_at":                  scalar,
		"last_used_at":                scalar,
		"api_client_id_masked_secret": scalar,
		"token_ttl_seconds":           whole,
		"created_by_user":             person,
		"roles":                       roles,
	})
}

func decodeRole(body []byte, target *Role) error { return decodeMended(body, target, mendRole) }

var mendRole = map[string]func(json.RawMessage) any{
	"id": scalar, "key": scalar, "name": scalar, "description": scalar, "permissions": names,
}

// decodeMended decodes an object, and where that fails does it again with some
// of its members mended or left out.
func decodeMended[T any](body []byte, target *T, mend map[string]func(json.RawMessage) any) error {
	err := decodeObject(body, target)
	if isShapeError(err) {
		if mended, ok := mendMembers(body, mend); ok {
			err = decodeObject(mended, target)
		}
	}
	if named, ok := any(target).(interface{ compose() }); ok && err == nil {
		named.compose()
	}
	return err
}

// compose has the names of a key in the form in which Terraform has those that
// they are compared with.
func (s *ProjectKeySummary) compose() {
	s.Name, s.KafkaUsername = Compose(s.Name), Compose(s.KafkaUsername)
	composeAll(s.AllowedTools)
	composeAll(s.BlockedTools)
	for i := range s.Roles {
		s.Roles[i].compose()
	}
}

func (r *Role) compose() { r.Key, r.Name = Compose(r.Key), Compose(r.Name) }

func composeAll(texts []string) {
	for i := range texts {
		texts[i] = Compose(texts[i])
	}
}

func mendMembers(body []byte, mend map[string]func(json.RawMessage) any) ([]byte, bool) {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil {
		return nil, false
	}
	for name, mend := range mend {
		if raw, ok := members[name]; ok {
			members[name], _ = json.Marshal(mend(raw))
		}
	}
	mended, err := json.Marshal(members)
	return mended, err == nil
}

// scalar is a text, or a number as a text; nil for anything else.
func scalar(raw json.RawMessage) any {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return text
	}
	var number json.Number
	if json.Unmarshal(raw, &number) == nil {
		return number.String()
	}
	return nil
}

// whole is a positive number without its fraction, as a text or not.
func whole(raw json.RawMessage) any {
	if value, _ := strconv.ParseFloat(strings.Trim(string(raw), `" `), 64); value >= 1 && value <= 1<<53 {
		return int64(value)
	}
	return nil
}

// person is an object of texts; a text by itself is a name.
func person(raw json.RawMessage) any {
	if name, ok := scalar(raw).(string); ok {
		return User{Name: Text(name)}
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(raw, &members) != nil {
		return nil
	}
	found := make(map[string]any)
	for _, name := range []string{"id", "email", "name"} {
		found[name] = scalar(members[name])
	}
	return found
}

// roles are objects that have ids; an id by itself is one.
func roles(raw json.RawMessage) any {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return raw
	}
	found := make([]any, len(items))
	for i, item := range items {
		if id := scalar(item); id != nil {
			found[i] = map[string]any{"id": id}
		} else if mended, ok := mendMembers(item, mendRole); ok {
			found[i] = json.RawMessage(mended)
		} else {
			found[i] = item
		}
	}
	return found
}

// names are texts, or of objects what they are called.
func names(raw json.RawMessage) any {
	var items []json.RawMessage
	if json.Unmarshal(raw, &items) != nil {
		return nil
	}
	var found []any
	for _, item := range items {
		if name := scalar(item); name != nil {
			found = append(found, name)
			continue
		}
		var members map[string]json.RawMessage
		_ = json.Unmarshal(item, &members)
		for _, called := range []string{"key", "name", "id"} {
			if name := scalar(members[called]); name != nil && name != "" {
				found = append(found, name)
				break
			}
		}
	}
	return found
}
