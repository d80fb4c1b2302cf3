// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func always(v any) value           { return func(*liar, any) any { return v } }
func truth(_ *liar, truth any) any { return truth }
func olderID(l *liar, _ any) any   { return l.older.ID }
func laterID(l *liar, _ any) any   { return l.later.ID }
func ownName(l *liar, _ any) any   { return l.name }
func olderName(l *liar, _ any) any { return l.older.Name }
func ago(d time.Duration) value {
	return func(*liar, any) any { return time.Now().Add(-d).UTC().Format(time.RFC3339) }
}

// around puts texts before and after a text.
func around(before string, of value, after string) value {
	return func(l *liar, truth any) any { text, _ := of(l, truth).(string); return before + text + after }
}

// lies are about ids, names, times and lists.
var lies = map[string]lie{
	"created: the id of an older key":          set(inFile, "project_key_id", olderID),
	"created: the id of a later key":           set(inFile, "project_key_id", laterID),
	"created: an older key with a fragment":    set(inFile, "project_key_id", around("", olderID, "#x")),
	"created: a later key with a query":        set(inFile, "project_key_id", around("", laterID, "?x")),
	"created: a later key by way of another":   set(inFile, "project_key_id", around("x/../", laterID, "")),
	"created: the own id with a fragment":      set(inFile, "project_key_id", around("", truth, "#x")),
	"created: the id of nobody":                set(inFile, "project_key_id", always("6f0e2c7a-0000-4000-8000-000000000000")),
	"created: no id":                           set(inFile, "project_key_id", always("")),
	"created: null for an id":                  set(inFile, "project_key_id", always(nil)),
	"created: a list for an id":                set(inFile, "project_key_id", func(l *liar, _ any) any { return []any{l.later.ID} }),
	"created: a number for an id":              set(inFile, "project_key_id", always(7)),
	"created: long ago":                        set(inFile, "created_at", ago(24*time.Hour)),
	"created: refused":                         code("POST", 0, 422, map[string]any{"detail": "no"}),
	"created: conflict":                        code("POST", 0, 409, map[string]any{"detail": "already exists"}),
	"created: failed":                          code("POST", 0, 500, nil),
	"created: an empty file":                   code("POST", 0, 201, map[string]any{}),
	"read: the id of an older key":             set(inRead, "id", olderID),
	"read: the id of a later key":              set(inRead, "id", laterID),
	"read: no id":                              set(inRead, "id", always(nil)),
	"read: the name of an older key":           set(inRead, "name", olderName),
	"read: no name":                            set(inRead, "name", always(nil)),
	"read: a longer name":                      set(inRead, "name", around("", truth, "x")),
	"read: the beginning of the name":          set(inRead, "name", func(l *liar, _ any) any { return l.name[:20] }),
	"read: made yesterday":                     set(inRead, "created_at", ago(24*time.Hour)),
	"read: made an hour ago":                   set(inRead, "created_at", ago(time.Hour)),
	"read: made tomorrow":                      set(inRead, "created_at", ago(-24*time.Hour)),
	"read: made at no time":                    set(inRead, "created_at", always(nil)),
	"read: made at an odd time":                set(inRead, "created_at", always("yesterday")),
	"read: of another project":                 set(inRead, "service_id", always("65e94bbe0000000000000002")),
	"read: deleting":                           set(inRead, "status", always("deleting")),
	"read: not deleted":                        set(inRead, "status", always("delete_failed")),
	"read: active":                             set(inRead, "status", always("active")),
	"read: gone":                               code("GET", 0, 404, map[string]any{"detail": "not found"}),
	"read: forbidden":                          code("GET", 0, 403, map[string]any{"detail": "no"}),
	"read: failed":                             code("GET", 0, 502, nil),
	"read: an older key instead":               instead(func(l *liar) simulator.Key { return l.older }),
	"read: a later key instead":                instead(func(l *liar) simulator.Key { return l.later }),
	"list: empty":                              list(func(*liar, *told) any { return []any{} }),
	"list: null":                               list(func(*liar, *told) any { return nil }),
	"list: an object":                          list(func(*liar, *told) any { return map[string]any{"items": []any{}} }),
	"list: without the own key":                list(func(l *liar, a *told) any { return inOthers(l, a) }),
	"list: the own key twice":                  list(func(l *liar, a *told) any { rows := inRows(l, a); return append(rows, rows...) }),
	"list: the own key with an older id":       set(inOwn, "id", olderID),
	"list: the own key with a later id":        set(inOwn, "id", laterID),
	"list: the own key with a later id and ?":  set(inOwn, "id", around("", laterID, "?x")),
	"list: the own key without an id":          set(inOwn, "id", always("")),
	"list: the own key with another name":      set(inOwn, "name", olderName),
	"list: the own key made yesterday":         set(inOwn, "created_at", ago(24*time.Hour)),
	"list: the own key in another project":     set(inOwn, "service_id", always("65e94bbe0000000000000002")),
	"list: others with the own name":           set(inOthers, "name", ownName),
	"list: others with the own name, made now": both(set(inOthers, "created_at", ago(0)), set(inOthers, "name", ownName)),
	"list: others with an older id":            set(inOthers, "id", olderID),
	"list: others without an id":               set(inOthers, "id", always(nil)),
	"list: others of no project":               set(inOthers, "service_id", always("")),
	"changed: the id of a later key":           set(inPatch, "id", laterID),
	"changed: the name of an older key":        set(inPatch, "name", olderName),
	"changed: failed":                          code("PATCH", 0, 500, nil),
	"changed: gone":                            code("PATCH", 0, 404, map[string]any{"detail": "not found"}),
	"deleted: failed":                          code("DELETE", 0, 500, nil),
	"deleted: gone":                            code("DELETE", 0, 404, map[string]any{"detail": "not found"}),
	"deleted: refused":                         code("DELETE", 0, 400, map[string]any{"detail": "no"}),
}

func both(one, other lie) lie {
	return func(l *liar, a *told) bool { fits := one(l, a); return other(l, a) && fits }
}

func instead(of func(*liar) simulator.Key) lie {
	return func(l *liar, a *told) bool {
		key := of(l)
		return change(inRead, func(read map[string]any) {
			read["id"], read["name"], read["service_id"] = key.ID, key.Name, key.ServiceID
			read["created_at"] = key.CreatedAt.Format(time.RFC3339)
		})(l, a)
	}
}

// aboutOthers has a world's service tell a lie about keys of others.
func (w *world) aboutOthers(lie lie, at int) *liar {
	l := w.lie(lie)
	l.of, l.older, l.at = w.server, w.before[0], at
	return l
}

// honest fails a test in which a key of others was touched, or one of the run
// is left that neither the error nor the journal names.
func (w *world) honest(t *testing.T, l *liar, err error) {
	t.Helper()
	foreign := map[string]simulator.Key{l.later.ID: l.later}
	for _, key := range w.before {
		foreign[key.ID] = key
	}
	left := 0
	for _, key := range w.server.Keys() {
		was, known := foreign[key.ID]
		switch {
		case !known:
			left++
		case !reflect.DeepEqual(key, was):
			t.Errorf("a key of others was changed:\n%+v\n%+v", was, key)
		}
		delete(foreign, key.ID)
	}
	delete(foreign, "") // no later key was made
	for _, key := range foreign {
		t.Errorf("a key of others was deleted: %s", key.Name)
	}
	journal, _ := w.journal()
	if l.at == 0 && left > 0 && journal == "" && strings.HasPrefix(t.Name(), "TestClean_ALieTouchesNoKeyOfOthers/list:") {
		return // every list lacks a key whose id is not known: nobody could tell
	}
	if left > 0 && (err == nil || journal == "") {
		t.Errorf("%d keys are left, the journal has %d bytes, and the error is %v", left, len(journal), err)
	}
	if journal != "" {
		w.options.Transport = w.server.RoundTripper()
		if err := Clean(t.Context(), w.options); err != nil {
			t.Errorf("it can't be cleaned up after: %v", err)
		}
		if n := len(w.server.Keys()); n > len(w.before)+1 {
			t.Errorf("%d keys are left after cleaning", n-len(w.before)-1)
		}
	}
}

// tellLies tells every lie in one answer after the other, and in all of its kind.
// It fails a test that told too few to mean anything.
func tellLies(t *testing.T, each int, test func(t *testing.T, w *world, lie lie, at int) *liar) {
	t.Helper()
	var lied atomic.Int32
	t.Cleanup(func() {
		t.Logf("%d lies were told", lied.Load())
		if int(lied.Load()) < each*len(lies)/stride() {
			t.Errorf("only %d lies were told", lied.Load())
		}
	})
	for name, lie := range lies {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for at, struck := 0, true; struck; at += stride() {
				in(t, slow(t)[0], func(t *testing.T, w *world) { struck = test(t, w, lie, at).struck })
				if struck {
					lied.Add(1)
				}
			}
		})
	}
}

func TestRun_ALieTouchesNoKeyOfOthers(t *testing.T) {
	tellLies(t, 10, func(t *testing.T, w *world, lie lie, at int) *liar {
		l := w.aboutOthers(lie, at)
		_, err := Run(t.Context(), w.options)
		w.honest(t, l, err)
		return l
	})
}

// The run was killed at its first key: when that was asked for, and when it was
// known.
func TestClean_ALieTouchesNoKeyOfOthers(t *testing.T) {
	for _, killedAt := range []int{9, 30} {
		tellLies(t, 1, func(t *testing.T, w *world, lie lie, at int) *liar {
			l := w.aboutOthers(func(*liar, *told) bool { return false }, at)
			w.killed(killedAt, false, running(t))
			l.lie = lie
			err := Clean(t.Context(), w.options)
			w.honest(t, l, err)
			return l
		})
	}
}
