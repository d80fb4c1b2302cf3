package lifecycle

import (
	"flag"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

var (
	every = flag.Int("every", 41, "of the lives with something that happens at one request, walk every so many; 1 walks them all")
	only  = flag.Int("only", 0, "of the lives with something that happens at one request, walk this one alone, counted from 1")
)

// mishap is what can happen at a request.
type mishap struct {
	name  string
	fault simulator.Fault
	event string
}

func wrong(name string, f simulator.Fault) mishap { return mishap{name: name, fault: f} }

// mishaps are all that can happen to any request.
var mishaps = []mishap{
	wrong("503 before it acts", simulator.Fault{Status: 503, Body: simulator.GatewayPage(503)}),
	wrong("503 after it acted", simulator.Fault{Status: 503, Body: simulator.GatewayPage(503), Processed: true}),
	wrong("500 that speaks of what is not found", simulator.Fault{Status: 500, Body: `{"detail":"project key not found in cache"}`, Processed: true}),
	wrong("refused", simulator.Fault{Drop: simulator.DropRefused}),
	wrong("dropped before it acts", simulator.Fault{Drop: simulator.DropBefore}),
	wrong("dropped after it acted", simulator.Fault{Drop: simulator.DropAfter}),
	wrong("truncated", simulator.Fault{Drop: simulator.DropTruncated}),
	wrong("a page in place of the answer", simulator.Fault{Status: 200, Body: simulator.GatewayPage(200), Processed: true}),
	wrong("an empty answer", simulator.Fault{Status: 200, Processed: true}),
	wrong("null", simulator.Fault{Status: 200, Body: "null", Processed: true}),
	wrong("401", simulator.Fault{Status: 401, Body: `{"detail":"Could not validate credentials"}`}),
	wrong("403", simulator.Fault{Status: 403, Body: `{"detail":"Forbidden"}`}),
	wrong("429", simulator.Fault{Status: 429}),
	wrong("429 for 2 seconds", simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"2"}}}),
	wrong("429 until a time", simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"Sat, 01 Jan 2000 00:00:30 GMT"}}}),
	wrong("429 for ever", simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"100000"}}}),
	wrong("429 until no time", simulator.Fault{Status: 429, Header: http.Header{"Retry-After": {"soon"}}}),
	wrong("a gateway's 404", simulator.Fault{Status: 404, Body: simulator.GatewayPage(404)}),
	wrong("slower than an attempt waits", simulator.Fault{Delay: 90 * time.Second}),
	wrong("slower than the deadline", simulator.Fault{Delay: 30 * time.Minute}),
	{name: "interrupted before", event: interruptBefore},
	{name: "interrupted after", event: interruptAfter},
	{name: "provider killed before", event: killBefore},
	{name: "provider killed after", event: killAfter},
	{name: "CLI killed after", event: killAll},
}

// undisturbed walks through the lives as they are, and returns what requests
// every run made.
var undisturbed = sync.OnceValues(func() ([]seen, map[string]*violation) {
	var steps []seen
	found := map[string]*violation{}
	t := walking
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		w, v := walkThrough(t, changes[name])
		if v != nil {
			found[name] = v
			continue
		}
		for i, s := range changes[name].Steps {
			if s.Do != stepDrift {
				steps = append(steps, seen{name, changes[name], i, w.requests[i]})
			}
		}
	}
	return steps, found
})

// walking is the test that walks first.
var walking *testing.T

func eachStep(t *testing.T, do func(seen)) {
	t.Helper()
	if walking == nil {
		walking = t
	}
	steps, found := undisturbed()
	for name, v := range found {
		t.Fatalf("%s, with nothing to disturb it: %v", name, v)
	}
	for _, s := range steps {
		do(s)
	}
}

// TestEveryFaultAtEveryRequest has everything go wrong that can with one request
// of a run, or with it and all that follow. The step is then repeated with
// nothing to disturb it, and has to lead where it should have.
func TestEveryFaultAtEveryRequest(t *testing.T) {
	var all []walked
	eachStep(t, func(s seen) {
		for at := range s.requests {
			for _, m := range mishaps {
				for _, times := range m.times() {
					all = append(all, walked{s.with(func(c *step) { m.strike(c, at, times) }), fmt.Sprintf("%s, %s at request %d", s.life, m.name, at+1)})
				}
			}
		}
	})
	walkShare(t, all)
}

func (m mishap) times() []int {
	if m.event != "" {
		return []int{1}
	}
	return []int{1, -1}
}

func (m mishap) strike(s *step, at, times int) {
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
func TestDriftAtEveryGap(t *testing.T) {
	names := slices.Concat(driftNames, slices.Sorted(maps.Keys(planDrift)))
	var all []walked
	eachStep(t, func(s seen) {
		if s.scenario.Steps[s.step].Do != stepApply || s.step == 0 {
			return
		}
		for at := range s.requests {
			for _, name := range names {
				all = append(all, walked{s.with(func(c *step) { c.Event, c.At, c.Drift = driftBefore, at+1, name }), ""})
			}
		}
	})
	walkShare(t, all)
}

// TestEveryLieOfEveryAnswer has one member of an answer be what it is not, once
// or as long as the run lasts. No run may lose what was issued, and the next one
// has to lead where it should have.
func TestEveryLieOfEveryAnswer(t *testing.T) {
	var all []walked
	eachStep(t, func(s seen) {
		if s.scenario.Steps[s.step].Do != stepApply && s.scenario.Steps[s.step].Do != stepRefresh {
			return
		}
		for at, r := range s.requests {
			for _, f := range lies(r) {
				f.Skip = len(slices.DeleteFunc(slices.Clone(s.requests[:at]), func(r simulator.Request) bool { return !matches(f, r) }))
				for _, f.Times = range []int{1, -1} {
					all = append(all, walked{s.with(func(c *step) { c.Faults = append(c.Faults, f) }), ""})
				}
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

// walkShare walks every so many of the lives, which ones depends on the seed.
func walkShare(t *testing.T, all []walked) {
	t.Helper()
	seed, _ := seedAndCount(1, 1)
	var share []walked
	for i, w := range all {
		w.repeat = fmt.Sprintf("%s -only=%d", t.Name(), i+1)
		if *only == i+1 || *only == 0 && uint64(i)%uint64(*every) == seed%uint64(*every) {
			share = append(share, w)
		}
	}
	t.Logf("%d of %d lives", len(share), len(all))
	walkAll(t, uint64(len(share)), func(i uint64) walked { return share[i] })
}
