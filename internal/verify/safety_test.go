// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// slow are services on which a run is at its longest.
func slow(t *testing.T) []simulator.Config {
	t.Helper()
	return []simulator.Config{
		{Dialect: dialectOf(t, "create-timing=not-found-first,delete-timing=failed-once,gone=400,empty-values=both")},
		{Dialect: dialectOf(t, "create-timing=creating,delete-timing=deleting,update-timing=creating,status=title,acl-order=shuffled")},
	}
}

// atEveryRequest runs a test at the first request of a run, at the second, and
// so on, until a run is over before.
func atEveryRequest(t *testing.T, test func(t *testing.T, w *world, n int, before bool) (struck bool)) {
	t.Helper()
	for _, config := range slow(t) {
		for _, before := range []bool{true, false} {
			n := 1
			for struck := true; struck; n += stride() {
				in(t, config, func(t *testing.T, w *world) {
					struck = test(t, w, n, before)
					w.untouched(t)
					if _, left := w.journal(); left {
						t.Errorf("struck at request %d, the journal is left", n)
					}
				})
			}
			t.Logf("%d requests, struck before they are worked on: %t", n/stride(), before)
			if n < 80 {
				t.Errorf("a run has %d requests", n)
			}
		}
	}
}

func TestRun_AnInterruptAtAnyRequestLeavesNothing(t *testing.T) {
	atEveryRequest(t, func(t *testing.T, w *world, n int, before bool) bool {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		w.strike(n, before, cancel)
		if report, err := Run(ctx, w.options); report != nil && err != nil {
			t.Errorf("interrupted at request %d: %v", n, err)
		}
		return ctx.Err() != nil
	})
}

// clean finishes what a journal tells, if there is one.
func (w *world) clean(t *testing.T) {
	t.Helper()
	if _, there := w.journal(); there {
		if err := Clean(t.Context(), w.options); err != nil {
			t.Error(err)
		}
	}
}

func TestClean_FinishesAKilledRunFromItsJournal(t *testing.T) {
	atEveryRequest(t, func(t *testing.T, w *world, n int, before bool) bool {
		struck := w.killed(n, before, running(t))
		w.clean(t)
		return struck
	})
}

func TestClean_FinishesAnotherThatWasKilled(t *testing.T) {
	for n, struck := 1, true; struck; n++ {
		in(t, slow(t)[0], func(t *testing.T, w *world) {
			w.killed(60, true, running(t))
			struck = w.killed(n, false, func(o Options) {
				if err := Clean(t.Context(), o); err != nil {
					t.Error(err)
				}
			})
			w.clean(t)
			w.untouched(t)
		})
	}
}

func TestRun_RefusesWhatItMayNotTouch(t *testing.T) {
	const project, journalOf = "do not belong to the project", "another host or project"
	elsewhere := func(w *world) {
		w.server.SetConfig(func(c *simulator.Config) { c.ServiceID = "65e94bbe0000000000000002" })
	}
	run := func(ctx context.Context, o Options) error { _, err := Run(ctx, o); return err }
	for name, test := range map[string]struct {
		killed bool // an earlier run was
		change func(*world)
		do     func(context.Context, Options) error
		says   string
	}{
		"a run in another project":              {false, func(w *world) { w.options.ServiceID = "65e94bbe0000000000000002" }, run, project},
		"a run over another's journal":          {true, func(*world) {}, run, "-clean"},
		"cleaning in another project":           {true, func(w *world) { w.options.ServiceID = "65e94bbe0000000000000002" }, Clean, journalOf},
		"cleaning at another host":              {true, func(w *world) { w.options.Host = "https://elsewhere.invalid" }, Clean, journalOf},
		"cleaning with another's credentials":   {true, elsewhere, Clean, project},
		"a run with another's credentials":      {false, elsewhere, run, project},
		"a run at a service that is not there":  {false, gone, run, "at https://api.simulated.invalid: no answer"},
		"cleaning, where there is no such file": {false, func(*world) {}, Clean, "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, simulator.Config{}, func(t *testing.T, w *world) {
				if test.killed {
					w.killed(60, false, running(t))
				}
				journal, _ := w.journal()
				requests, writes := len(w.server.Requests()), len(w.server.Writes())
				test.change(w)
				if err := test.do(t.Context(), w.options); err == nil || !strings.Contains(err.Error(), test.says) {
					t.Errorf("%v", err)
				}
				if len(w.server.Writes()) > writes || test.says == journalOf && len(w.server.Requests()) > requests {
					t.Errorf("%v", w.server.Requests()[requests:])
				}
				if now, there := w.journal(); now != journal || there != test.killed {
					t.Errorf("the journal has %q, and had %q", now, journal)
				}
			})
		})
	}
}

func noList(_ *testing.T, w *world) {
	w.server.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Times: -1, Status: 503})
}

func TestRun_MakesNothingWithoutTheList(t *testing.T) {
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		noList(t, w)
		w.watch(func(r *http.Request) {
			if asks(r) != "" {
				t.Error("a key is asked for")
			}
		}, nobody)
		if report := w.run(t); !strings.Contains(report.Stopped, "list of keys can't be read") {
			t.Errorf("%+v", report)
		}
	})
}

func gone(w *world) {
	w.options.Transport = transport(func(*http.Request) (*http.Response, error) { return nil, errors.New("nobody listens") })
}

// asks is the name of the key that a request asks for, if it does.
func asks(r *http.Request) string {
	var body struct{ Name string }
	if r.Method == http.MethodPost && r.URL.Path == "/project-keys" {
		_ = json.Unmarshal(peek(r), &body)
	}
	return body.Name
}

// The journal is looked at whenever a key is about to be made: as it was synced.
func TestRun_IntentionsAreOnTheDiskFirst(t *testing.T) {
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		synced := ""
		w.options.Sync = func(s owned.Syncer) error {
			file, ok := s.(*os.File)
			if folder, err := file.Stat(); !ok || err != nil || folder.IsDir() {
				return err
			}
			synced, _ = w.journal()
			return nil
		}
		creations := 0
		w.watch(func(r *http.Request) {
			if name := asks(r); name != "" {
				creations++
				if !strings.Contains(synced, `"names":["`+name+`"]`) {
					t.Errorf("the intention is not on the disk: %s", synced)
				}
			}
		}, nobody)
		w.run(t)
		if creations != 5 {
			t.Errorf("%d keys were asked for", creations)
		}
	})
}

// The disk is full at the first intention, or later.
func TestRun_EndsWhereTheJournalCantBeWritten(t *testing.T) {
	for _, room := range []int{2, 8} {
		in(t, simulator.Config{}, func(t *testing.T, w *world) {
			full := errors.New("no space left")
			syncs := 0
			w.options.Sync = func(owned.Syncer) error {
				if syncs++; syncs > room {
					return full
				}
				return nil
			}
			w.watch(func(r *http.Request) {
				if asks(r) != "" && syncs > room {
					t.Error("a key is asked for")
				}
			}, nobody)
			if _, err := Run(t.Context(), w.options); !errors.Is(err, full) {
				t.Errorf("%v", err)
			}
			w.untouched(t)
		})
	}
}

// Of every two answers to a creation one is lost, so the last key is one too many.
func TestRun_AsksForNoMoreThanEightKeys(t *testing.T) {
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		asked := 0
		w.lie(func(_ *liar, a *told) bool {
			if a.method != http.MethodPost || a.path != "/project-keys" {
				return false
			}
			asked++
			a.status += 300 * (asked % 2)
			return true
		})
		if report := w.run(t); asked != 8 || !strings.Contains(report.Stopped, "asked for 8 keys") {
			t.Errorf("%d keys were asked for: %s", asked, report.Stopped)
		}
		w.untouched(t)
	})
}

// But for two of one name. The first answer to a creation is lost.
func TestRun_HasOneKeyAtATime(t *testing.T) {
	in(t, slow(t)[1], func(t *testing.T, w *world) {
		w.server.Inject(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 504, Processed: true, Times: 1})
		w.watch(nobody, func(*http.Request) {
			if keys := w.server.Keys()[len(w.before):]; len(keys) > 2 || len(keys) == 2 && keys[0].Name != keys[1].Name {
				t.Errorf("%d keys are there", len(keys))
			}
		})
		w.run(t)
	})
}

func TestRun_KafkaUsersAdmitNobody(t *testing.T) {
	in(t, simulator.Config{}, func(t *testing.T, w *world) {
		w.options.EmptyWhitelist = false
		users := map[string]bool{}
		w.watch(nobody, func(*http.Request) {
			for _, key := range w.server.Keys()[len(w.before):] {
				if key.HasKafka() {
					users[key.KafkaUsername] = true
					if !slices.Equal(key.WhitelistIPs, addresses) {
						t.Errorf("a Kafka user admits %q", key.WhitelistIPs)
					}
				}
			}
		})
		if w.run(t); len(users) != 2 {
			t.Errorf("%d users", len(users))
		}
	})
}
