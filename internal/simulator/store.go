// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"maps"
	"slices"
	"time"
)

// record is a key and what is still to happen to it. Nothing runs in the
// background: a change that is due is made when the key is next looked at.
type record struct {
	Key
	due         time.Time
	next        string // the status to take when due; gone to disappear
	hiddenReads int    // reads still to be answered as if the key did not exist
	deletions   int    // deletions accepted so far
	before      *Key   // before the last PATCH
}

// hiddenFor is how long a key is hidden at most, however few reads there are.
const hiddenFor = time.Minute

// hides tells whether a read is answered as if the key did not exist yet.
func (r *record) hides() bool {
	if r.hiddenReads == 0 || time.Since(r.CreatedAt) >= hiddenFor {
		return false
	}
	r.hiddenReads--
	return true
}

// shown is the key as it is, or as one sees it who is a PATCH behind.
func (r *record) shown(late bool) Key {
	if late && r.before != nil {
		return *r.before
	}
	return r.Key
}

// gone is the status of a key about to disappear; no answer ever shows it.
const gone = "gone"

// become gives the key a passing status for a while, and a lasting one after it.
func (r *record) become(passing string, delay time.Duration, lasting string) {
	r.Status, r.next, r.due = passing, lasting, time.Now().Add(delay)
}

// settle makes the changes that are due by now.
func (s *Server) settle() {
	now := time.Now()
	for _, r := range slices.Clone(s.records) {
		if r.next == "" || now.Before(r.due) {
			continue
		}
		if r.next == gone {
			s.forget(r)
			continue
		}
		r.Status, r.next = r.next, ""
	}
}

// forget removes a key and everything that was issued to it.
func (s *Server) forget(r *record) {
	s.records = slices.DeleteFunc(s.records, func(other *record) bool { return other == r })
	s.revokeKey(r.ID)
}

func (s *Server) find(id string) *record {
	for _, r := range s.records {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// Keys returns the keys that exist, in the order of their creation.
func (s *Server) Keys() []Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	keys := make([]Key, len(s.records))
	for i, r := range s.records {
		keys[i] = r.Key.clone()
	}
	return keys
}

// Key returns the key with this id, if it exists.
func (s *Server) Key(id string) (Key, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	if r := s.find(id); r != nil {
		return r.Key.clone(), true
	}
	return Key{}, false
}

// Modify changes a key behind the client's back, as another user could, and
// tells whether the key exists. A status set here stays until a request or
// another Modify changes it. The function must not call the server.
func (s *Server) Modify(id string, change func(*Key)) bool {
	defer s.tell()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	r := s.find(id)
	if r == nil {
		return false
	}
	before := r.Status
	change(&r.Key)
	if r.Status != before {
		r.next = ""
	}
	s.remember(r.APISecret, r.KafkaPassword)
	return true
}

// Remove deletes a key behind the client's back, at once, and tells whether it
// existed.
func (s *Server) Remove(id string) bool {
	defer s.tell()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle()
	r := s.find(id)
	if r == nil {
		return false
	}
	s.forget(r)
	return true
}

// Fork returns a simulator that holds all that this one holds now, and goes its
// own way from here. It has an empty log, and tells nobody of changes.
func (s *Server) Fork() *Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &Server{
		cfg: s.cfg, clients: maps.Clone(s.clients), tokens: slices.Clone(s.tokens), bucket: s.bucket,
		secrets: slices.Clone(s.secrets), served: s.served,
	}
	for _, r := range s.records {
		f.records = append(f.records, r.clone())
	}
	for _, fault := range s.faults {
		f.faults = append(f.faults, new(*fault))
	}
	f.mux = f.routes()
	return f
}

func (r *record) clone() *record {
	c := *r
	c.Key = r.Key.clone()
	if r.before != nil {
		c.before = new(r.before.clone())
	}
	return &c
}
