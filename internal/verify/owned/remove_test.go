// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestRemove_IsGivenUp has deletions that never come to anything.
func TestRemove_IsGivenUp(t *testing.T) {
	for name, test := range map[string]struct {
		status string // of the key
		code   int    // of the answer to a deletion; 0 for none
		within time.Duration
		most   int
	}{
		"failing":           {"active", 500, 3 * time.Minute, 15},
		"forbidden":         {"active", 403, 3 * time.Minute, 15},
		"never answered":    {"active", 0, 3 * time.Minute, 5},
		"limited":           {"active", 429, 3 * time.Minute, 30},
		"without an effect": {"active", 204, 3 * time.Minute, 5},
		"delete_failed":     {"Delete Failed", 202, 3 * time.Minute, 15},
		"deleting":          {"deleting", 204, deletingTimeout + 20*time.Second, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				k := f.made(t, ownID)
				if err := f.Rename(k, ownName+"-renamed"); err != nil {
					t.Fatal(err)
				}
				f.answer = func(method, path string, _ map[string]any) (int, any) {
					shown := own(map[string]any{"status": test.status, "name": ownName + "-renamed"})
					switch {
					case method == "DELETE":
						return test.code, nil
					case path == "/project-keys":
						return 200, []any{shown}
					}
					return 200, shown
				}
				began := time.Now()
				_, err := f.Clean(t.Context(), "list")
				var left *LeftError
				if !errors.As(err, &left) || !slices.Equal(left.Left, []Left{{ownName + "-renamed", ownID}}) {
					t.Errorf("%v", err)
				}
				if took := time.Since(began); took > test.within || test.code != 0 && took < 100*time.Second || len(f.changes()) > test.most {
					t.Errorf("%s, %d deletions, %d requests", took, len(f.changes()), len(f.asked))
				}
				if f.End(err) == nil {
					t.Error("it ended well")
				}
				if _, err := os.Stat(f.Journal); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// TestRemove_NeedsTwoAnswersThatAgree has a key that one answer says is gone.
func TestRemove_NeedsTwoAnswersThatAgree(t *testing.T) {
	for name, test := range map[string]struct {
		read      int
		list      any
		gone      bool
		deletions int
	}{
		"both":              {404, []any{}, true, 1},
		"the read alone":    {404, []any{own(nil)}, false, 1},
		"its id is listed":  {404, []any{own(map[string]any{"name": "orders"})}, false, 1},
		"no list":           {404, nil, false, 1},
		"half a list":       {404, []byte(`[{"id": "key-2"}`), false, 1},
		"a row without id":  {404, []any{map[string]any{"name": "x"}}, false, 1},
		"an object":         {404, map[string]any{}, false, 1},
		"forbidden to read": {403, []any{}, false, 1},
		"a failing service": {500, []any{}, false, 1},
		// The key was never shown.
		"none that it is there":      {500, []any{}, false, 0},
		"the read of a listed key":   {404, []any{own(nil)}, false, 0},
		"no read, and no list of it": {404, []any{}, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				k := f.made(t, ownID)
				f.answer = func(method, path string, _ map[string]any) (int, any) {
					switch {
					case path == "/project-keys":
						return 200, test.list
					case method == "GET" && len(f.changes()) == test.deletions:
						return test.read, gone404
					}
					return 200, own(nil)
				}
				if f.Remove(t.Context(), k) != test.gone || k.Gone() != test.gone || k.removal.gaveUp() == test.gone {
					t.Errorf("gone: %t", k.Gone())
				}
				if len(f.changes()) != test.deletions {
					t.Errorf("%q", f.changes())
				}
			})
		})
	}
}

// TestRemove_FindsAKeyByItsName where no answer has told its id, or a wrong one.
func TestRemove_FindsAKeyByItsName(t *testing.T) {
	for told, id := range map[any]any{"": ownID, "key-2": ownID, "key-2?x": ownID, "key-404": ownID, nil: 12345678901234567} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			k := f.made(t, told)
			f.hold(own(map[string]any{"id": "key-2", "name": "orders"}), own(map[string]any{"id": id}))
			if !f.Remove(t.Context(), k) || !slices.Equal(f.changes(), []string{fmt.Sprintf("DELETE /project-keys/%v", id)}) {
				t.Errorf("%v: gone %t, %q", told, k.Gone(), f.asked)
			}
			if named := told == "key-2" || told == "key-2?x"; (f.NotOwn != nil) != named {
				t.Errorf("%v: %v", told, f.NotOwn)
			}
		})
	}
}

// TestRemove_DeletesBothKeysOfAName where the service has made two for one request,
// each by its own id.
func TestRemove_DeletesBothKeysOfAName(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		k := f.made(t, ownID)
		f.hold(own(nil), own(map[string]any{"id": "key-2"}))
		if !f.Remove(t.Context(), k) || !slices.Equal(f.changes(), []string{"DELETE /project-keys/key-1", "DELETE /project-keys/key-2"}) {
			t.Errorf("gone %t, %q", k.Gone(), f.changes())
		}
	})
}

// TestRemove_LooksThriceForALostKey that turns up late.
func TestRemove_LooksThriceForALostKey(t *testing.T) {
	for shows, gone := range map[int]bool{1: true, 3: true, 4: false} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			k := f.made(t, "")
			lists := 0
			holding := f.hold(own(nil))
			f.answer = func(method, path string, body map[string]any) (int, any) {
				if path == "/project-keys" {
					if lists++; lists < shows {
						return 200, []any{}
					}
				}
				return holding(method, path, body)
			}
			began := time.Now()
			if f.Remove(t.Context(), k); len(f.changes()) > 0 != gone {
				t.Errorf("%d: %q", shows, f.changes())
			}
			if !gone && time.Since(began) < 20*time.Second {
				t.Errorf("it looked for %s", time.Since(began))
			}
			// The last list finds it all the same.
			if _, err := f.Clean(t.Context(), "list"); err != nil || len(f.changes()) != 1 {
				t.Errorf("%d: %v, %q", shows, err, f.changes())
			}
		})
	}
}

// TestClean_NamesWhatTheJournalLacks has a row that looks like one of the run.
func TestClean_NamesWhatTheJournalLacks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		stray := own(map[string]any{"id": "key-3", "name": "verify-abcdefghijkl-other"})
		f.answer = func(string, string, map[string]any) (int, any) {
			return 200, []any{stray, own(map[string]any{"id": "key-4", "name": "verify-abcdefghijklm"})}
		}
		_, err := f.Clean(t.Context(), "list")
		if err == nil || !strings.Contains(err.Error(), "id key-3") || strings.Contains(err.Error(), "key-4") || len(f.changes()) > 0 {
			t.Errorf("%v, %q", err, f.changes())
		}
	})
}
