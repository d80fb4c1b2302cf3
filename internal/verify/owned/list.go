// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// The bounds of a list, which are the provider's.
const (
	maxList = 32 << 20
	maxRows = 100_000
)

// List is an answer to a list of keys. What is kept of it are the rows of the
// run's own keys, and a digest of each other one.
type List struct {
	Answer
	// Whole tells whether it was a list, to its end, of keys that all have an id.
	Whole  bool
	Own    []Value
	Others map[string]Digest
	// Elsewhere is the id of a key of another project, if there is one.
	Elsewhere string
}

// Digest tells rows apart without keeping them.
type Digest [sha256.Size]byte

// List reads the list of keys.
func (s *Service) List(ctx context.Context, step string, about *Key) *List {
	list := &List{}
	list.Answer = s.Get(ctx, Request{Step: step, Key: about, Path: pathKeys, list: list})
	list.Whole = list.Whole && list.OK()
	return list
}

// readList takes in the rows, one at a time. What is no list does not end as one.
func (s *Service) readList(list *List, body io.Reader) error {
	*list = List{Whole: true, Others: make(map[string]Digest)}
	decoder := json.NewDecoder(io.LimitReader(body, maxList))
	decoder.UseNumber()
	token, err := decoder.Token()
	for n := 0; err == nil && decoder.More() && n < maxRows; n++ {
		row := Value{There: true}
		err = decoder.Decode(&row.any)
		s.take(list, row)
	}
	if err == nil {
		token, err = decoder.Token()
	}
	list.Whole = list.Whole && token == json.Delim(']')
	return err
}

func (s *Service) take(list *List, row Value) {
	s.Row(row)
	id, project := row.At("id").ID(), row.At("service_id").ID()
	switch {
	case id == "":
		list.Whole = false
	case s.isOwn(row):
		list.Own = append(list.Own, row)
	default:
		list.Others[id] = digest(row)
		if project != "" && project != s.ServiceID {
			list.Elsewhere = id
		}
	}
}

// Before reads the list before anything is made: none of its keys is ever taken
// for one of the run.
func (s *Service) Before(ctx context.Context, step string) (list *List, err error) {
	if list = s.List(ctx, step, nil); !list.Whole {
		err = errors.New("the list of keys can't be read, so nothing could be found again: " + list.Shape())
	}
	s.before = list.Others
	return list, err
}

// isOwn tells whether a row may be of a key of the run. It is no proof.
func (s *Service) isOwn(row Value) bool {
	id, name := row.At("id").ID(), row.At("name").Text()
	return strings.HasPrefix(name, s.run+"-") ||
		slices.ContainsFunc(s.Keys, func(k *Key) bool { return k.shown() && k.ID() == id })
}

// digest leaves out what use changes, and the order of lists.
func digest(row Value) Digest {
	members := maps.Clone(row.Members())
	delete(members, "last_used_at")
	for name, member := range members {
		if items, ok := member.([]any); ok {
			texts := make([]string, len(items))
			for i, item := range items {
				texts[i] = fmt.Sprint(item) // maps are printed in order
			}
			slices.Sort(texts)
			members[name] = texts
		}
	}
	return sha256.Sum256([]byte(fmt.Sprintf("%q", members)))
}
