// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"encoding/json"
	"slices"
)

// changedByOthers compares the tenant's other keys before the run with those
// after it. The run asks for none of them, so what differs others did. known
// is false where one of the lists is missing.
func (s *sight) changedByOthers() (added, removed, changed, total int, known bool) {
	before, after := s.otherRows(s.before), s.otherRows(s.after)
	if before == nil || after == nil {
		return 0, 0, 0, 0, false
	}
	for id, row := range before {
		now, there := after[id]
		switch {
		case !there:
			removed++
		case now != row:
			changed++
		}
	}
	for id := range after {
		if _, there := before[id]; !there {
			added++
		}
	}
	return added, removed, changed, len(before), true
}

// otherRows are the rows of keys that are none of the run's, in a form that can
// be compared. Use by others is no change.
func (s *sight) otherRows(list answer) map[string]string {
	if !isKeyList(list) {
		return nil
	}
	rows := make(map[string]string)
	for _, row := range list.body.items() {
		if s.isOwn(row) {
			continue
		}
		members := make(map[string]any)
		for _, name := range row.names() {
			if name != "last_used_at" {
				members[name] = ordered(row.at(name).any)
			}
		}
		encoded, err := json.Marshal(members)
		if err != nil {
			return nil
		}
		rows[row.at("id").text()] = string(encoded)
	}
	return rows
}

// ordered sorts lists: their order may differ from answer to answer.
func ordered(v any) any {
	list, ok := v.([]any)
	if !ok {
		return v
	}
	texts := make([]string, len(list))
	for i, item := range list {
		encoded, err := json.Marshal(item)
		if err != nil {
			return v
		}
		texts[i] = string(encoded)
	}
	slices.Sort(texts)
	return texts
}
