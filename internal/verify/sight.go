// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"slices"
	"time"
)

// sight is everything that a run has asked and been answered: all that an
// observer gets to see.
type sight struct {
	options Options
	answers []answer
	keys    []*key
	// before and after are the tenant's keys that are none of the run's.
	before, after answer
	// stopped is why the run ended early, if it did.
	stopped string
}

func (s *sight) add(a answer) { s.answers = append(s.answers, a) }

// key is one key of the run.
type key struct {
	kind    string
	name    string
	id      string // empty as long as no answer has told it
	sent    map[string]any
	intent  time.Time // the service's time before the request
	file    value     // the answer to the creation
	secrets []string
	token   string
	roleIDs []string
	gone    bool
	stuck   bool // its deletion failed for good
}

// The kinds of keys that a run makes.
const (
	kindRole        = "role"
	kindPermissions = "permissions"
	kindKafka       = "kafka"
	kindRefused     = "refused" // one that the service is expected to refuse
)

// steps returns the answers of some steps: what the service itself said, and
// said last.
func (s *sight) steps(steps ...string) []answer {
	var found []answer
	for _, a := range s.answers {
		if a.clear() && slices.Contains(steps, a.step) {
			found = append(found, a)
		}
	}
	return found
}

// step returns the last answer of a step.
func (s *sight) step(step string) (answer, bool) {
	found := s.steps(step)
	if len(found) == 0 {
		return answer{}, false
	}
	return found[len(found)-1], true
}

// details are the reads of keys of a kind that were answered with a key; of
// all kinds where none is named.
func (s *sight) details(kinds ...string) []answer {
	return slices.DeleteFunc(slices.Clone(s.answers), func(a answer) bool {
		return !a.ok() || a.method != "GET" || a.path != pathKey || !a.body.isObject() ||
			(len(kinds) > 0 && !slices.Contains(kinds, a.key))
	})
}

// made finds a key of a kind that was made.
func (s *sight) made(kind string) *key {
	for _, k := range s.keys {
		if k.kind == kind && k.id != "" {
			return k
		}
	}
	return nil
}

// isOwn tells whether a row of a list is one of the run's keys.
func (s *sight) isOwn(row value) bool {
	return slices.ContainsFunc(s.keys, func(k *key) bool {
		return (k.id != "" && k.id == row.at("id").text()) || k.name == row.at("name").text()
	})
}

// ownRow finds a key's row in an answer to a list.
func ownRow(list answer, k *key) value {
	for _, row := range list.body.items() {
		if k.id != "" && row.at("id").text() == k.id {
			return row
		}
	}
	return value{}
}
