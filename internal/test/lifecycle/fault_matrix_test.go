// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"path"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

var (
	share        = flag.Int("share", 60, "how many of the lives in which something happens at one request to walk, and of the roads; 0 walks them all")
	from         = flag.Int("from", 0, "how many of them to leave out, in the order of the seed, so that the whole can be walked in parts")
	only         = flag.Int("only", 0, "walk this one of them alone, counted from 1")
	everyDialect = flag.Bool("every-dialect", false, "walk them at each of the services that cover the dialects, and not only at one that makes the change in the longest way")
)

// mishap is what can happen at a request.
type disturbance struct {
	fault simulator.Fault
	event string
}

// mishaps are all that can happen to any request.
var disturbances = []disturbance{
	{fault: simulator.Fault{Status: 503, Body: simulator.GatewayPage(503)}},
	{fault: simulator.Fault{Status: 503, Body: simulator.GatewayPage(503), Processed: true}},
	{fault: simulator.Fault{Status: 500, Body: `{"detail":"project key not found in cache"}`, Processed: true}}, // not what is gone
	{fault: simulator.Fault{Drop: simulator.DropRefused}},
	{fault: simulator.Fault{Drop: simulator.DropBefore}},
	{fault: simulator.Fault{Drop: simulator.DropAfter}},
	{fault: simulator.Fault{Drop: simulator.DropTruncated}},
	{fault: simulator.Fault{Status: 200, Body: simulator.GatewayPage(200), Processed: true}},
	{fault: simulator.Fault{Status: 200, Processed: true}},
	{fault: simulator.Fault{Status: 200, Body: "null", Processed: true}},
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

// steps are those of the lives as they are, with the requests that each makes
// when nothing disturbs it. They are the same for every test.
var undisturbed struct {
	once sync.Once
	all  []*undisturbedStep
	err  error
}

// eachStep visits every run of the CLI in them. The first test to ask walks
// through them.
func forEachStep(t *testing.T, do func(*undisturbedStep)) {
	t.Helper()
	undisturbed.once.Do(func() { undisturbed.all, undisturbed.err = walkUndisturbed(t) })
	if undisturbed.err != nil {
		t.Fatal(undisturbed.err)
	}
	for _, s := range undisturbed.all {
		do(s)
	}
}

func walkUndisturbed(t *testing.T) (all []*undisturbedStep, err error) {
	t.Helper()
	var lively []map[string]string
	if *everyDialect {
		lively, _ = coveringDialects()
	}
	for _, name := range slices.Sorted(maps.Keys(everyChange)) {
		for _, s := range atServices(everyChange[name], lively) {
			arrivals, before := make([]string, len(s.Steps)+1), make([]*world, len(s.Steps)+1)
			w, found := walkTo(t, nil, s, func(w *world) bool {
				// With preflight a plan asks the service, and its answer is not for ever.
				if w.at == 0 && !s.Service.Preflight {
					w.tf.cache = newResponseCache()
				}
				arrivals[w.at], before[w.at] = w.fingerprint(), w.fork()
				return false
			}, (*world).end)
			if found != nil {
				return nil, fmt.Errorf("%s, with nothing to disturb it: %w\n%s", name, found, s)
			}
			for i, step := range s.Steps {
				if step.Do != stepDrift {
					all = append(all, &undisturbedStep{name, s, i, before[i], arrivals[i], w.requests[i], arrivals[i+1]})
				}
			}
		}
	}
	return all, nil
}

// atServices is the life at a service of each of the dialects, or at its own
// where there are none.
func atServices(s scenario, dialects []map[string]string) []scenario {
	if len(dialects) == 0 {
		return []scenario{s}
	}
	var all []scenario
	for _, s.Service.Dialect = range dialects {
		all = append(all, s)
	}
	return all
}

// TestEveryFaultAtEveryRequest has everything go wrong that can with one request
// of a run, or with it and all that follow. The step is then repeated with
// nothing to disturb it, and has to lead where it should have.
func TestFaultMatrix_EveryRequest(t *testing.T) {
	var all []disturbedWalk
	forEachStep(t, func(s *undisturbedStep) {
		for at := range s.requests {
			for _, m := range disturbances {
				for _, times := range m.repeats() {
					all = append(all, s.with(func(c *step) { m.addTo(c, at, times) }))
				}
			}
		}
	})
	walkShare(t, all)
}

// TestEveryPairOfFaults has two things go wrong in one run. The second one may
// hit what the first one has led to.
func TestFaultMatrix_PairsInOneRun(t *testing.T) {
	var all []disturbedWalk
	forEachStep(t, func(s *undisturbedStep) {
		if !slices.Contains(riskiest, s.name) {
			return
		}
		for second := range s.requests {
			for first := range second {
				for _, m := range disturbances {
					for _, n := range disturbances {
						if m.event == "" || n.event == "" {
							all = append(all, s.with(func(c *step) { m.addTo(c, first, 1); n.addTo(c, second, 1) }))
						}
					}
				}
			}
		}
	})
	walkShare(t, all)
}

func (m disturbance) repeats() []int {
	// What is late for ever is never seen.
	if m.event != "" || m.fault.Late {
		return []int{1}
	}
	return []int{1, -1}
}

func (m disturbance) addTo(s *step, at, times int) {
	if m.event != "" {
		s.Event, s.At = m.event, at+1
		return
	}
	f := m.fault
	f.Skip, f.Times = at, times
	s.Faults = append(s.Faults, f)
}

// TestDriftAtEveryGap has someone else change the key between any two requests
// of an apply: between what it read and what it planned with it, between its
// plan and what it does, and before it looks at what it did.
func TestDrift_BetweenAnyTwoRequests(t *testing.T) {
	names := slices.Concat(driftNames, slices.Sorted(maps.Keys(planDrift)))
	var all []disturbedWalk
	forEachStep(t, func(s *undisturbedStep) {
		if s.scenario.Steps[s.step].Do != stepApply || s.step == 0 {
			return
		}
		for at := range s.requests {
			for _, name := range names {
				all = append(all, s.with(func(c *step) { c.Event, c.At, c.Drift = driftBefore, at+1, name }))
			}
		}
	})
	walkShare(t, all)
}

// TestEveryLieOfEveryAnswer has one member of an answer be what it is not, once
// or as long as the run lasts. No run may lose what was issued, and the next one
// has to lead where it should have.
func TestTamperedResponse_NothingIssuedIsLost(t *testing.T) {
	var all []disturbedWalk
	forEachStep(t, func(s *undisturbedStep) {
		if s.scenario.Steps[s.step].Do != stepApply && s.scenario.Steps[s.step].Do != stepRefresh {
			return
		}
		for at, r := range s.requests {
			for _, f := range tamperedResponses(r) {
				f.Skip = len(slices.DeleteFunc(slices.Clone(s.requests[:at]), func(r simulator.Request) bool { return !matches(f, r) }))
				m := disturbance{fault: f}
				for _, times := range m.repeats() {
					all = append(all, s.with(func(c *step) { m.addTo(c, f.Skip, times) }))
				}
			}
		}
	})
	walkShare(t, all)
}

// TestEveryValueUnknownAtEveryApply has a plan not know one value of the
// configuration, which the apply knows: another one than before, the same, or
// none at all.
func TestUnknownValue_AtEveryApply(t *testing.T) {
	var all []disturbedWalk
	forEachStep(t, func(s *undisturbedStep) {
		if s.scenario.Steps[s.step].Do != stepApply {
			return
		}
		for _, path := range mayBeUnknown(s.scenario.Steps[s.step].Config) {
			all = append(all, s.with(func(c *step) { c.Unknown = []string{path} }))
		}
	})
	walkShare(t, all)
}

// TestForeignCredentials_KeyStays has a run ask with the credentials of another
// project or tenant, about a key whose project is known and about one whose is
// not.
func TestForeignCredentials_KeyStays(t *testing.T) {
	var all []disturbedWalk
	forEachStep(t, func(s *undisturbedStep) {
		is := s.scenario.Steps[s.step]
		if s.before.tf.state == nil || is.Do == stepImport || is.UsernameHeld != nil {
			return
		}
		_, there := s.before.server.Key(stateOf(s.before.tf.state).ID)
		for _, credentials := range []string{anotherProject, anotherTenant} {
			for _, noProject := range []bool{false, true} {
				if noProject && !there {
					continue // People have to take it out of the state.
				}
				all = append(all, s.with(func(c *step) { c.Credentials, c.NoProject = credentials, noProject }))
			}
		}
	})
	walkShare(t, all)
}

func matches(f simulator.Fault, r simulator.Request) bool {
	matched, err := path.Match(f.Path, r.Path)
	if err != nil {
		panic(err)
	}
	return matched && f.Method == r.Method
}

// walkShare walks a share of the lives. Which ones depends on the seed.
func walkShare(t *testing.T, all []disturbedWalk) {
	t.Helper()
	numbers := shareOf(len(all))
	t.Logf("%d of %d lives", len(numbers), len(all))
	walkAll(t, uint64(len(numbers)), func(i uint64) run {
		number := numbers[i]
		d := all[number-1]
		return run{d.scenario(), d.before, d.converged, fmt.Sprintf("%s -only=%d -every-dialect=%t", t.Name(), number, *everyDialect)}
	})
}

// shareOf draws numbers from 1.
func shareOf(count int) []int {
	if *only != 0 {
		return []int{min(*only, count)}
	}
	seed, size := seedAndCount(*share, 20)
	numbers := rand.New(rand.NewPCG(seed, 0x5a4e)).Perm(count)
	for i := range numbers {
		numbers[i]++
	}
	numbers = numbers[min(max(*from, 0), count):]
	if size > 0 {
		numbers = numbers[:min(int(size), len(numbers))]
	}
	return numbers
}
