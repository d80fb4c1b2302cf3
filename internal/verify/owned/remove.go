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
	missing  bool      // the last read says that the key is gone
	absent   int
}

// Removing tells when the removal of a key began.
func (k *Key) Removing() time.Time { return k.removal.began }

// GaveUp tells whether the deletion of a key was tried for as long as it ever is.
func (k *Key) GaveUp() bool {
	return !k.gone && !k.removal.began.IsZero() && time.Since(k.removal.began) > k.removal.limit()
}

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
	for !k.gone && !k.GaveUp() && ctx.Err() == nil {
		within, cancel := context.WithDeadline(ctx, r.began.Add(r.limit()))
		pause := s.removeOnce(within, k)
		cancel()
		if !k.gone {
			_ = Sleep(ctx, min(pause, maxPause))
		}
	}
	return k.gone
}

// removeOnce looks at a key, deletes it where that is due, and says how long to
// wait for the next look. A key whose id was never shown to be its own is looked
// for by its name as well.
func (s *Service) removeOnce(ctx context.Context, k *Key) time.Duration {
	pause := min(time.Since(k.removal.began), time.Since(k.removal.sent)) / 10
	gone := true
	if k.id != "" {
		if gone = s.removeID(ctx, k, k.id); k.shown {
			return pause
		}
	}
	list := s.List(ctx, StepListDeleted, k)
	ids := s.named(list, k)
	for _, id := range ids {
		if s.removeID(ctx, k, id); k.shown {
			return pause
		}
	}
	if gone && list.Whole && len(ids) == 0 {
		s.missed(k)
		return maxPause
	}
	return pause
}

// named are the ids of the rows that have a key's name, but for those of other
// keys of the run.
func (s *Service) named(list *List, k *Key) []string {
	var ids []string
	for _, row := range list.Own {
		id := row.At("id").ID()
		others := func(other *Key) bool { return other != k && other.id == id }
		if k.isNamed(row.At("name").Text()) && !slices.ContainsFunc(s.Keys, others) {
			ids = append(ids, id)
		}
	}
	return ids
}

// removeID deletes what is shown to be the key. It tells whether a read says that
// there is nothing; of a key that was shown before, the list has to agree.
func (s *Service) removeID(ctx context.Context, k *Key, id string) (gone bool) {
	r := &k.removal
	a := s.show(ctx, StepReadDeleted, k, id)
	switch {
	case a.SaysGone() && k.shown && id == k.id:
		r.missing = true
		s.agree(s.List(ctx, StepListDeleted, k), k)
		return true
	case k.proof == nil:
		return a.SaysGone()
	}
	r.missing = false
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

// agree has a list agree with the read that says that a key is gone.
func (s *Service) agree(list *List, k *Key) {
	listed := slices.ContainsFunc(list.Own, func(row Value) bool { return row.At("id").ID() == k.id })
	if k.removal.missing && list.Whole && !listed {
		s.leave(k)
	}
}

// missed counts the lists without a key whose creation was not answered: it may
// still be under way.
func (s *Service) missed(k *Key) {
	if k.removal.absent++; k.removal.absent >= absences {
		s.leave(k)
	}
}

// IsStatus tells whether a text spells a status in any of the ways.
func IsStatus(text, status string) bool {
	return strings.EqualFold(separators.Replace(text), separators.Replace(status))
}

var separators = strings.NewReplacer(" ", "", "-", "", "_", "")

// LeftError says which keys may be left. Their names and ids are those that the
// service has shown.
type LeftError struct {
	Names, IDs []string
	Journal    string
}

func (e *LeftError) Error() string {
	var text strings.Builder
	text.WriteString("these keys may be left, and have to be deleted:\n")
	for i, name := range e.Names {
		id := e.IDs[i]
		if id == "" {
			id = "unknown: no answer has told it"
		}
		fmt.Fprintf(&text, "  name %s, id %s\n", name, id)
	}
	fmt.Fprintf(&text, "Try again with -clean %s, or delete them in Streamkap under Project Settings > Project Keys.", e.Journal)
	return text.String()
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
	left := &LeftError{Journal: s.journal.file.Name()}
	for _, k := range s.Keys {
		if !k.gone {
			s.agree(list, k)
		}
		if !k.gone {
			left.Names, left.IDs = append(left.Names, cmp.Or(k.shownAs, k.names[0])), append(left.IDs, k.id)
		}
	}
	for _, row := range list.Own {
		if id := row.At("id").ID(); !slices.Contains(left.IDs, id) {
			left.Names, left.IDs = append(left.Names, row.At("name").Text()), append(left.IDs, id)
		}
	}
	if len(left.Names) > 0 {
		return list, left
	}
	return list, nil
}

// reopen takes up the keys that a list shows although they were taken for gone.
func (s *Service) reopen(list *List) (again bool) {
	for _, k := range s.Keys {
		if ids := s.named(list, k); k.gone && len(ids) > 0 {
			k.gone, k.id, k.shown, k.removal, again = false, "", false, removal{}, true
		}
	}
	return again
}
