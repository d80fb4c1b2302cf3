// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"maps"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// disturbance is what can happen at a request: a fault of the service, or an
// event of the run.
type disturbance struct {
	fault simulator.Fault
	event string
}

// disturbances are the rows of the fault matrix. Its columns are the requests of
// every step of [everyChange].
var disturbances = []disturbance{
	{fault: simulator.Fault{Status: 503, Body: simulator.GatewayPage(503)}},
	{fault: simulator.Fault{Status: 503, Body: simulator.GatewayPage(503), Processed: true}},
	{fault: simulator.Fault{Status: 500, Body: `{"detail":"project key not found in cache"}`, Processed: true}}, // does not say that it is gone
	{fault: simulator.Fault{Drop: simulator.DropRefused}},
	{fault: simulator.Fault{Drop: simulator.DropBefore}},
	{fault: simulator.Fault{Drop: simulator.DropAfter}},
	{fault: simulator.Fault{Drop: simulator.DropTruncated}},
	{fault: simulator.Fault{Status: 200, Body: simulator.GatewayPage(200), Processed: true}},
	{fault: simulator.Fault{Status: 200, Processed: true}},
	{fault: simulator.Fault{Status: 200, Body: "null", Processed: true}},
	{fault: simulator.Fault{Status: 200, Body: "{}", Processed: true}},
	{fault: simulator.Fault{Status: 401, Body: `{"detail":"Could not validate credentials"}`}},
	{fault: simulator.Fault{Status: 403, Body: `{"detail":"Forbidden"}`}},
	{fault: simulator.Fault{Status: 429}},
	{fault: simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"2"}}}},
	{fault: simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"Sat, 01 Jan 2000 00:00:30 GMT"}}}}, // a time
	{fault: simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"100000"}}}},                        // longer than anyone waits
	{fault: simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"soon"}}}},                          // no time at all
	{fault: simulator.Fault{Status: 404, Body: simulator.GatewayPage(404)}},
	{fault: simulator.Fault{Late: true}},
	{fault: simulator.Fault{Delay: 90 * time.Second}}, // slower than an attempt waits
	{fault: simulator.Fault{Delay: 30 * time.Minute}}, // slower than a call may be
	{event: interruptBefore},
	{event: interruptAfter},
	{event: interruptDuring},
	{event: killBefore},
	{event: killAfter},
	{event: killAll},
}

// repeats are how often it happens: once, and where that makes a difference, at
// all following requests too.
func (d disturbance) repeats() []int {
	if d.event != "" || d.fault.Late {
		return []int{1}
	}
	return []int{1, -1}
}

// addTo has it happen at a request of the step, counted from 0.
func (d disturbance) addTo(s *step, at, times int) {
	if d.event != "" {
		s.Event, s.At = d.event, at+1
		return
	}
	f := d.fault
	f.Skip, f.Times = at, times
	s.Faults = append(s.Faults, f)
}

// undisturbedStep is a run of the CLI that nothing disturbs: the world before it,
// the requests that it makes, and the fingerprints before and after it.
type undisturbedStep struct {
	scenario scenario
	step     int
	before   *world
	from     string
	requests []simulator.Request
	to       string
}

func (s *undisturbedStep) is() step { return s.scenario.Steps[s.step] }

// undisturbed are the steps of every lifecycle of [everyChange]. They are walked
// once for all tests.
var undisturbed struct {
	once sync.Once
	all  []*undisturbedStep
}

func walkUndisturbed(t *testing.T) (all []*undisturbedStep) {
	t.Helper()
	var scenarios []scenario
	for _, name := range slices.Sorted(maps.Keys(everyChange)) {
		s := everyChange[name]
		dialects := []map[string]string{s.Service.Dialect}
		if *everyDialect {
			dialects, _ = coveringDialects()
		}
		for _, s.Service.Dialect = range dialects {
			s.Name, scenarios = name, append(scenarios, s)
		}
	}
	walked := make([][]*undisturbedStep, len(scenarios))
	inParallel(t, len(scenarios), func(t *testing.T, i int) {
		s := scenarios[i]
		fingerprints, before := make([]string, len(s.Steps)+1), make([]*world, len(s.Steps)+1)
		w, found := walk{scenario: s, converged: func(w *world) bool {
			fingerprints[w.at], before[w.at] = w.fingerprint(), w.fork()
			return false
		}}.take(t)
		if found != nil {
			t.Errorf("%s, with nothing to disturb it: %v\n%s", s.Name, found, s)
			return
		}
		for n, step := range s.Steps {
			if step.Do != stepDrift {
				walked[i] = append(walked[i], &undisturbedStep{s, n, before[n], fingerprints[n], w.requests[n], fingerprints[n+1]})
			}
		}
	})
	return slices.Concat(walked...)
}

// disturbedWalk is the lifecycle of an undisturbed step with another step in its
// place.
type disturbedWalk struct {
	*undisturbedStep
	change func(*step)
}

// scenario takes the disturbed step, and then the undisturbed one, as a user
// would who saw it fail.
func (d disturbedWalk) scenario() scenario {
	c, disturbed := clone(d.undisturbedStep.scenario), clone(d.is())
	d.change(&disturbed)
	c.Steps = slices.Insert(c.Steps, d.step, disturbed)
	return c
}

// converged reports whether the walk has the fingerprint of one that was walked
// to its end: after the disturbed step, where that succeeded or changed nothing,
// or after the step that repeated it.
func (d disturbedWalk) converged(w *world) bool {
	failed := w.outcome.failed() || w.outcome.interrupted
	switch {
	case w.at == d.step+1 && failed:
		return w.fingerprint() == d.from
	case w.at == d.step+1, w.at == d.step+2:
		return w.fingerprint() == d.to
	default:
		return false
	}
}

// walkDisturbed walks a share of the steps, each with one of the changes that are added
// for it. Which ones depends on the seed.
func walkDisturbed(t *testing.T, changes func(s *undisturbedStep, add func(func(*step)))) {
	t.Helper()
	undisturbed.once.Do(func() { undisturbed.all = walkUndisturbed(t) })
	if len(undisturbed.all) == 0 {
		t.Fatal("no lifecycle can be walked without a disturbance")
	}
	var all []disturbedWalk
	for _, s := range undisturbed.all {
		changes(s, func(change func(*step)) { all = append(all, disturbedWalk{s, change}) })
	}
	walkShare(t, len(all), func(i int) walk {
		return walk{scenario: all[i].scenario(), from: all[i].before, converged: all[i].converged}
	})
}
