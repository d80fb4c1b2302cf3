// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"time"
)

// Key is a key that the run has asked for.
type Key struct {
	Kind string
	File Value // the answer to its creation

	entry   entry  // what the journal says of it
	shownAs string // the name that the service showed when the id was shown to be its own
	proof   *proof
	removal removal
}

// ID is what the service calls its id.
func (k *Key) ID() string { return k.entry.ID }

// Name is the name that it was given last.
func (k *Key) Name() string { return k.entry.Names[len(k.entry.Names)-1] }

// Gone tells whether it was never made, or is gone for certain.
func (k *Key) Gone() bool { return k.entry.Gone }

// shown tells whether the id was shown to be its own.
func (k *Key) shown() bool { return k.shownAs != "" }

func (k *Key) isNamed(name string) bool { return slices.Contains(k.entry.Names, name) }

// proof is that a key is the run's own. Only show makes one, and it serves for
// one change.
type proof struct{ id string }

// NotOwnError says that the service named a key that is not this run's.
type NotOwnError struct{ ID, Name, Why string }

func (e *NotOwnError) Error() string {
	return fmt.Sprintf("the service named a key that is not this run's: id %.100q, name %.100q (%s). Nothing was sent to it", e.ID, e.Name, e.Why)
}

// plausible is what ids look like: one segment of a path, and not a dotted one.
var plausible = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}$`)

// PathOf is the path of a key.
func PathOf(id string) string { return pathKeys + "/" + url.PathEscape(id) }

// Create asks for a key by a name that nobody else has. It is in the journal
// before that.
func (s *Service) Create(ctx context.Context, kind, name string, q Request) (*Key, Answer) {
	k := &Key{Kind: kind, entry: entry{Key: len(s.Keys) + 1, Names: []string{name}, Meant: s.clock}}
	if err := s.note(k); err != nil {
		return nil, Answer{Err: err}
	}
	s.Keys = append(s.Keys, k)
	q.Key, q.method, q.Path = k, http.MethodPost, pathKeys
	a := s.ask(ctx, q)
	if k.File = a.Body; a.OK() {
		k.entry.ID = a.Body.At("project_key_id").ID()
	} else if a.undone() {
		s.leave(k)
	}
	return k, a
}

// leave notes that nothing is left of a key.
func (s *Service) leave(k *Key) {
	k.entry.Gone, k.proof = true, nil
	_ = s.note(k)
}

// Look reads a key by the id that the service has named. Where that shows that
// the key is the run's own, it can be changed, once.
func (s *Service) Look(ctx context.Context, step string, k *Key) Answer {
	return s.show(ctx, step, k, k.ID())
}

// show is what ownership rests on.
func (s *Service) show(ctx context.Context, step string, k *Key, id string) Answer {
	k.proof = nil
	if !plausible.MatchString(id) {
		return Answer{Step: step, Err: s.disown(k, id, "", "that is no id")}
	}
	a := s.Get(ctx, Request{Step: step, Key: k, Path: PathOf(id)})
	if a.Err != nil || a.Status != http.StatusOK || !a.Body.IsObject() {
		return a
	}
	if why := s.differs(k, id, a.Body); why != "" {
		a.Err = s.disown(k, id, a.Body.At("name").Text(), why)
		return a
	}
	if !k.shown() {
		k.entry.ID = id
		_ = s.note(k)
	}
	k.proof, k.shownAs = &proof{id}, a.Body.At("name").Text()
	return a
}

// differs says in what a key that was just read is not the one that the run has
// asked for.
func (s *Service) differs(k *Key, id string, read Value) string {
	project := read.At("service_id").ID()
	_, listed := s.before[id]
	switch {
	case listed:
		return "it was there before this run"
	case read.At("id").ID() != id:
		return "it was answered with another id"
	case !k.isNamed(read.At("name").Text()):
		return "its name is none that this run gave it"
	case project != "" && project != s.ServiceID:
		return "it is in another project"
	case isBefore(read.At("created_at").Text(), k.entry.Meant):
		return "it was made before this run asked for it"
	}
	return ""
}

// Clocks of one service may differ by a few seconds, and a time without a zone
// may be of any.
const (
	clockTolerance = 10 * time.Second
	zoneTolerance  = 12 * time.Hour
)

// isBefore tells whether a time is told, and before another for certain.
func isBefore(text string, other time.Time) bool {
	if t, err := time.Parse(time.RFC3339Nano, text); err == nil {
		return t.Add(clockTolerance).Before(other)
	}
	for _, layout := range []string{"2006-01-02T15:04:05", time.DateTime} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.Add(zoneTolerance + clockTolerance).Before(other)
		}
	}
	return false
}

// disown takes back what the service has said of a key's id.
func (s *Service) disown(k *Key, id, name, why string) error {
	err := &NotOwnError{id, name, why}
	if s.NotOwn == nil {
		s.NotOwn = err
	}
	if k.entry.ID == id {
		k.entry.ID, k.shownAs = "", ""
	}
	return err
}

// Change changes or deletes a key. It sends nothing without a proof: that of the
// last look serves, where nothing has been sent since.
func (s *Service) Change(ctx context.Context, k *Key, method string, q Request) Answer {
	if k.proof == nil {
		if a := s.Look(ctx, stepProve, k); k.proof == nil {
			a.Step = stepProve
			return a
		}
	}
	q.Key, q.method, q.proof = k, method, k.proof
	k.proof = nil
	return s.ask(ctx, q)
}

const stepProve = "show whose key it is"

// Rename notes a name that a key is about to be given.
func (s *Service) Rename(k *Key, name string) error {
	k.entry.Names = append(k.entry.Names, name)
	return s.note(k)
}
