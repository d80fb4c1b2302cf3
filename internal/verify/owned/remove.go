// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	// maxPause is how long it is between two looks at the most.
	maxPause = 10 * time.Second
	// removeTimeout is when no more deletions of a key are tried: with the last
	// request and pause it makes three minutes.
	removeTimeout = 3*time.Minute - requestTimeout - maxPause
	// deletingTimeout is how long a key that the service is deleting is waited for.
	deletingTimeout = 8 * time.Minute
	// oddTimeout is how long an accepted deletion may show no effect.
	oddTimeout = time.Minute
	// absences is how many lists have to lack a key whose id is not known.
	absences = 3
)

// The steps of a removal, for observers.
const (
	StepDelete      = "delete"
	StepReadDeleted = "read the deleted key"
	StepListDeleted = "list without the deleted key"
)

// removal is how far the removal of a key has come.
type removal struct {
	began    time.Time
	tries    int
	sent     time.Time // when the last deletion was
	accepted bool      // it was answered well
	deleting bool      // the service says that it is at it
	absent   int       // how often the key was nowhere
}

// gaveUp tells whether the deletion of a key was tried for as long as it ever is.
func (r removal) gaveUp() bool { return !r.began.IsZero() && time.Since(r.began) > r.limit() }

func (r removal) limit() time.Duration {
	if r.deleting {
		return deletingTimeout
	}
	return removeTimeout
}

// Remove deletes a key and waits until it is gone, which it tells.
func (s *Service) Remove(ctx context.Context, k *Key) bool {
	r := &k.removal
	if r.began.IsZero() {
		r.began = time.Now()
	}
	for !k.Gone() && !r.gaveUp() && ctx.Err() == nil {
		within, cancel := context.WithDeadline(ctx, r.began.Add(r.limit()))
		pause := s.removeOnce(within, k)
		cancel()
		if !k.Gone() {
			_ = Sleep(ctx, min(pause, maxPause))
		}
	}
	return k.Gone()
}

// removeOnce looks for a key, deletes it where that is due, and says how long to
// wait for the next look. The key is gone when a read and a list agree. One that
// no answer has shown has to be missing in several lists, for its creation may
// still be under way.
func (s *Service) removeOnce(ctx context.Context, k *Key) time.Duration {
	r := &k.removal
	pause := min(time.Since(r.began), time.Since(r.sent)) / 10
	missing := k.ID() == "" || s.removeID(ctx, k, k.ID())
	if k.shown() && !missing {
		return pause
	}
	list := s.List(ctx, StepListDeleted, k)
	ids := s.listed(list, k)
	for _, id := range ids {
		if s.removeID(ctx, k, id); k.shown() {
			return pause
		}
	}
	if !missing || !list.Whole || len(ids) > 0 {
		return pause
	}
	if r.absent++; k.shown() || r.absent >= absences {
		s.leave(k)
	}
	return maxPause
}

// listed are the ids of the rows that have a key's id or name, but for those of
// other keys of the run.
func (s *Service) listed(list *List, k *Key) []string {
	var ids []string
	for _, row := range list.Own {
		id := row.At("id").ID()
		others := func(other *Key) bool { return other != k && other.ID() == id }
		if id == k.ID() || k.isNamed(row.At("name").Text()) && !slices.ContainsFunc(s.Keys, others) {
			ids = append(ids, id)
		}
	}
	return ids
}

// removeID deletes what is shown to be the key. It tells whether a read says that
// there is nothing.
func (s *Service) removeID(ctx context.Context, k *Key, id string) (missing bool) {
	r := &k.removal
	a := s.show(ctx, StepReadDeleted, k, id)
	if k.proof == nil {
		return a.SaysGone()
	}
	status := a.Body.At("status").Text()
	r.deleting = IsStatus(status, "deleting")
	wait := min(time.Second<<r.tries, 30*time.Second)
	if r.accepted && !IsStatus(status, "delete_failed") {
		wait = oddTimeout
	}
	if !r.deleting && time.Since(r.sent) >= wait {
		r.tries, r.sent = r.tries+1, time.Now()
		r.accepted = s.Change(ctx, k, http.MethodDelete, Request{Step: StepDelete}).OK()
	}
	return false
}

// IsStatus tells whether a text spells a status in any of the ways.
func IsStatus(text, status string) bool {
	return strings.EqualFold(separators.Replace(text), separators.Replace(status))
}

var separators = strings.NewReplacer(" ", "", "-", "", "_", "")

// LeftError says which keys may be left, as the service has shown them.
type LeftError struct {
	Left    []Left
	Journal string
}

// Left is a key that may be left.
type Left struct{ Name, ID string }

func (e *LeftError) Error() string {
	text := "these keys may be left, and have to be deleted:\n"
	for _, key := range e.Left {
		text += fmt.Sprintf("  name %s, id %s\n", key.Name, cmp.Or(key.ID, "unknown: no answer has told it"))
	}
	return text + fmt.Sprintf("Try again with -clean %s, or delete them in Streamkap under Project Settings > Project Keys.", e.Journal)
}

// Clean deletes every key that is left, and looks at the list for what may have
// been made against the service's word. The list is the last one.
func (s *Service) Clean(ctx context.Context, step string) (list *List, err error) {
	for range 2 {
		for _, k := range s.Keys {
			s.Remove(ctx, k)
		}
		if list = s.List(ctx, step, nil); !s.reopen(list) {
			break
		}
	}
	var left []Left
	for _, k := range s.Keys {
		if !k.Gone() {
			left = append(left, Left{cmp.Or(k.shownAs, k.entry.Names[0]), k.ID()})
		}
	}
	for _, row := range list.Own {
		id := row.At("id").ID()
		if !slices.ContainsFunc(left, func(key Left) bool { return key.ID == id }) {
			left = append(left, Left{row.At("name").Text(), id})
		}
	}
	if len(left) > 0 {
		return list, &LeftError{left, s.Journal}
	}
	return list, nil
}

// reopen takes up the keys that a list shows although they were taken for gone.
func (s *Service) reopen(list *List) (again bool) {
	for _, k := range s.Keys {
		if k.Gone() && len(s.listed(list, k)) > 0 {
			k.entry.Gone, k.entry.ID, k.shownAs, k.removal, again = false, "", "", removal{}, true
		}
	}
	return again
}
