// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestChange_NeedsToBeShownWhoseKeyItIs has a key read in every way that is not
// quite the run's own, and in those that are.
func TestChange_NeedsToBeShownWhoseKeyItIs(t *testing.T) {
	at := func(before time.Duration, layout string) func(time.Time) any {
		return func(meant time.Time) any { return meant.Add(-before).Format(layout) }
	}
	value := func(v any) func(time.Time) any { return func(time.Time) any { return v } }
	for name, test := range map[string]struct {
		member string
		value  func(meant time.Time) any
		why    string // it is not; empty where it is
	}{
		"the own key":                {"status", value("active"), ""},
		"another id":                 {"id", value("key-2"), "another id"},
		"no id":                      {"id", value(missing), "another id"},
		"another name":               {"name", value("orders"), "its name is none"},
		"a longer name":              {"name", value(ownName + "x"), "its name is none"},
		"a shorter name":             {"name", value(ownName[:len(ownName)-1]), "its name is none"},
		"a name in upper case":       {"name", value(strings.ToUpper(ownName)), "its name is none"},
		"no name":                    {"name", value(missing), "its name is none"},
		"another project":            {"service_id", value("other"), "another project"},
		"no project":                 {"service_id", value(missing), ""},
		"made before":                {"created_at", at(time.Hour, time.RFC3339), "before this run"},
		"made just before":           {"created_at", at(10*time.Second+1, time.RFC3339Nano), "before this run"},
		"made by a clock behind":     {"created_at", at(10*time.Second, time.RFC3339Nano), ""},
		"made by a clock ahead":      {"created_at", at(-time.Hour, time.RFC3339), ""},
		"made at no time":            {"created_at", value(missing), ""},
		"made at an odd time":        {"created_at", value("yesterday"), ""},
		"made in some zone":          {"created_at", at(12*time.Hour+10*time.Second, "2006-01-02T15:04:05"), ""},
		"made in no zone, before":    {"created_at", at(13*time.Hour, "2006-01-02T15:04:05"), "before this run"},
		"made with a space, before":  {"created_at", at(13*time.Hour, time.DateTime), "before this run"},
		"made just before that zone": {"created_at", at(12*time.Hour+11*time.Second, "2006-01-02T15:04:05"), "before this run"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				if err := f.Identify(t.Context()); err != nil { // it tells the time
					t.Fatal(err)
				}
				k := f.made(t, ownID)
				f.answer = func(string, string, map[string]any) (int, any) {
					return 200, own(map[string]any{test.member: test.value(k.entry.Meant)})
				}
				a := f.Change(t.Context(), k, http.MethodPatch, Request{Body: map[string]any{"description": "x"}})
				var notOwn *NotOwnError
				if owned := !errors.As(a.Err, &notOwn); owned != (test.why == "") || !owned && !strings.Contains(notOwn.Why, test.why) {
					t.Fatalf("%v", a.Err)
				}
				want := []string{"GET /project-keys/key-1"}
				if notOwn == nil {
					want = append(want, "PATCH /project-keys/key-1")
				}
				if !slices.Equal(f.asked, want) {
					t.Errorf("%q", f.asked)
				}
				if notOwn != nil && (!errors.Is(f.NotOwn, notOwn) || notOwn.ID != ownID || k.ID() != "") {
					t.Errorf("%v, %v, the id is %q", f.NotOwn, notOwn, k.ID())
				}
			})
		})
	}
}

// TestChange_NeedsAnIDOfOneSegment has ids pasted into the path.
func TestChange_NeedsAnIDOfOneSegment(t *testing.T) {
	for id, plausible := range map[any]bool{
		"65e94bbe0000000000000001": true, "6f0e2c7a-0000-4000-8000-000000000000": true, "pk_1.2:3": true, "a": true, 12345678901234567: true,
		strings.Repeat("a", 128): true, strings.Repeat("a", 129): false, "": false, ".": false, "..": false, "-a": false, "_a": false, "a/b": false, "a#b": false,
		"a?b": false, "a%23": false, "a b": false, "a\n": false, "a\\b": false, "ä": false, "../x": false, nil: false, true: false, 1.5: true,
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			k := f.made(t, id)
			f.answer = func(_, path string, _ map[string]any) (int, any) {
				return 200, own(map[string]any{"id": strings.TrimPrefix(path, "/project-keys/")})
			}
			a := f.Change(t.Context(), k, http.MethodDelete, Request{})
			if a.OK() != plausible || len(f.changes()) > 0 != plausible {
				t.Errorf("%v: %v, %q", id, a.Err, f.asked)
			}
			var notOwn *NotOwnError
			if !plausible && (!errors.As(a.Err, &notOwn) || len(f.asked) > 0) {
				t.Errorf("%v: %v, %q", id, a.Err, f.asked)
			}
		})
	}
}

// TestChange_NeedsAReadThatIsAnswered has reads that show nothing.
func TestChange_NeedsAReadThatIsAnswered(t *testing.T) {
	for _, test := range []struct {
		status int
		body   any
	}{
		{-200, own(nil)},
		{404, own(nil)},
		{403, own(nil)},
		{500, own(nil)},
		{201, own(nil)},
		{202, own(nil)},
		{301, own(nil)},
		{200, nil},
		{200, []any{own(nil)}},
		{200, ""},
		{200, []byte("{")},
		{0, nil},
		{200, []byte(strings.Repeat(" ", MaxAnswer) + `{"id": "key-1", "name": "` + ownName + `"}`)},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			k := f.made(t, ownID)
			f.cut = test.status < 0
			f.answer = func(string, string, map[string]any) (int, any) { return max(test.status, -test.status), test.body }
			a := f.Change(t.Context(), k, http.MethodDelete, Request{})
			if len(f.changes()) > 0 || f.NotOwn != nil || a.Step != stepProve {
				t.Errorf("%+v: %q, %v", test, f.asked, f.NotOwn)
			}
		})
	}
}

// TestChange_AProofServesOnce counts the reads.
func TestChange_AProofServesOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		k := f.made(t, ownID)
		f.hold(own(nil))
		f.Look(t.Context(), "look", k)
		for range 2 {
			f.Change(t.Context(), k, http.MethodPatch, Request{Body: map[string]any{"description": "x"}})
		}
		read, patch := "GET /project-keys/key-1", "PATCH /project-keys/key-1"
		if !slices.Equal(f.asked, []string{read, patch, read, patch}) {
			t.Errorf("%q", f.asked)
		}
		if data, err := os.ReadFile(f.Journal); err != nil || strings.Count(string(data), `"id":"key-1"`) != 1 {
			t.Errorf("%v: %s", err, data)
		}
		// What is read then takes the proof away again.
		f.Look(t.Context(), "look", k)
		f.answer = func(string, string, map[string]any) (int, any) { return 200, own(map[string]any{"name": "orders"}) }
		f.Look(t.Context(), "look", k)
		f.asked = nil
		if a := f.Change(t.Context(), k, http.MethodDelete, Request{}); a.Err == nil || len(f.changes()) > 0 {
			t.Errorf("%v, %q", a.Err, f.asked)
		}
	})
}

// TestChange_AKeyThatWasListedBeforeIsNoOwn has everything but the list be right.
func TestChange_AKeyThatWasListedBeforeIsNoOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		f.answer = func(string, string, map[string]any) (int, any) {
			return 200, []any{own(map[string]any{"name": "orders"})}
		}
		if _, err := f.Before(t.Context(), "list"); err != nil {
			t.Fatal(err)
		}
		k := f.made(t, ownID)
		f.hold(own(nil))
		if a := f.Change(t.Context(), k, http.MethodDelete, Request{}); a.Err == nil || !strings.Contains(a.Err.Error(), "before this run") || len(f.changes()) > 0 {
			t.Errorf("%v, %q", a.Err, f.asked)
		}
	})
}

// TestChange_ARenamedKeyIsTheOwn under either name.
func TestChange_ARenamedKeyIsTheOwn(t *testing.T) {
	for _, name := range []string{ownName, ownName + "-renamed"} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			k := f.made(t, ownID)
			if err := f.Rename(k, ownName+"-renamed"); err != nil {
				t.Fatal(err)
			}
			f.answer = func(string, string, map[string]any) (int, any) { return 200, own(map[string]any{"name": name}) }
			if a := f.Change(t.Context(), k, http.MethodDelete, Request{}); !a.OK() {
				t.Errorf("%v", a.Err)
			}
		})
	}
}

// TestCreate_ARefusedKeyWasNeverMade for certain, unlike one whose answer is lost.
func TestCreate_ARefusedKeyWasNeverMade(t *testing.T) {
	for code, gone := range map[int]bool{200: false, 302: false, 400: true, 401: true, 408: false, 422: true, 429: true, 499: true, 500: false, 0: false} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(t)
			f.answer = func(string, string, map[string]any) (int, any) { return code, map[string]any{"project_key_id": ownID} }
			k, _ := f.Create(t.Context(), "role", ownName, Request{})
			if k.Gone() != gone || (k.ID() == ownID) != (code == 200) {
				t.Errorf("%d: gone is %t, the id %q", code, k.Gone(), k.ID())
			}
		})
	}
}

func TestCreate_AsksForNothingThatCantBeNoted(t *testing.T) {
	f := newFake(t)
	f.Release() // so that it can't be written any more
	if k, a := f.Create(t.Context(), "role", ownName, Request{}); k != nil || a.Err == nil || f.Broken == nil || len(f.asked) > 0 {
		t.Errorf("%v, %v, %q", a.Err, f.Broken, f.asked)
	}
}

// TestProof_IsMadeInOnePlace reads the source: no other function makes a proof,
// and none but Change uses one, or sends a PATCH or a DELETE.
func TestProof_IsMadeInOnePlace(t *testing.T) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile(`^(?:\([^)]*\) )?(\w+)`)
	proof, method := regexp.MustCompile(`\bproof\{|new\(proof`), regexp.MustCompile(`\bmethod(, [\w.]+)* =|\bmethod:`)
	var made, sent []string
	for _, name := range slices.DeleteFunc(names, func(name string) bool { return strings.HasSuffix(name, "_test.go") }) {
		source, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, function := range strings.Split(string(source), "\nfunc ")[1:] {
			if proof.MatchString(function) {
				made = append(made, named.FindStringSubmatch(function)[1])
			}
			if method.MatchString(function) {
				sent = append(sent, named.FindStringSubmatch(function)[1])
			}
		}
	}
	if !slices.Equal(made, []string{"show"}) || !slices.Equal(sent, []string{"Create", "Change", "Get", "Exchange"}) {
		t.Errorf("proofs are made in %q, and methods set in %q", made, sent)
	}
}

// TestService_SendsNoChangeWithoutAProof is the last line.
func TestService_SendsNoChangeWithoutAProof(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFake(t)
		for _, method := range []string{http.MethodPatch, http.MethodDelete, http.MethodPut} {
			if a := f.ask(t.Context(), Request{Path: "/project-keys/key-2", method: method}); a.Err == nil || len(f.asked) > 0 {
				t.Errorf("%s: %v, %q", method, a.Err, f.asked)
			}
		}
	})
}
