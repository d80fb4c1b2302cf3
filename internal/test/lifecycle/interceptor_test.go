// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"errors"
	"net/http"
	"sync/atomic"
)

// The events that can happen at a request, beside the service's faults.
const (
	interruptBefore = "the run is interrupted before the request"
	interruptAfter  = "the run is interrupted after the request"
	interruptDuring = "the run is interrupted while the answer is on its way"
	killBefore      = "the provider is killed before the request"
	killAfter       = "the provider is killed after the request"
	killAll         = "the CLI is killed after the request, and its state is not saved"
	driftBefore     = "someone else changes the key before the request"
)

// errKilled is what a killed provider gets in place of an answer.
var errKilled = errors.New("the provider was killed")

// moment is when an event happens: during is when the service has done its work, and
// the provider has no answer yet.
type moment int

const (
	before moment = iota
	during
	after
)

var events = map[string]struct {
	moment moment
	happen func(w *world, s step)
}{
	interruptBefore: {before, interrupt},
	interruptDuring: {during, interrupt},
	interruptAfter:  {after, interrupt},
	killBefore:      {before, kill},
	killAfter:       {after, kill},
	killAll:         {after, kill},
	driftBefore:     {before, func(w *world, s step) { w.change(s.Drift, s.Config) }},
}

func interrupt(w *world, _ step) { w.tf.interrupt() }

// kill ends the provider at once.
func kill(w *world, _ step) {
	w.tf.killed.Store(true)
	w.tf.cancel()
}

// interceptor stands between the provider and the service. It counts the requests of
// a run, and has an event happen at one of them.
type interceptor struct {
	next http.RoundTripper
	w    *world
	// A provider that was interrupted may leave a request under way, which comes here
	// while the next run is being prepared.
	run atomic.Pointer[interceptedRun]
}

// interceptedRun has the step of one run, and how many requests have passed.
type interceptedRun struct {
	step
	passed atomic.Int64
}

func (g *interceptor) RoundTrip(r *http.Request) (*http.Response, error) {
	run := g.run.Load()
	number := int(run.passed.Add(1))
	event := func(now moment) {
		if e := events[run.Event]; number == run.At && e.happen != nil && e.moment == now {
			e.happen(g.w, run.step)
		}
	}
	event(before)
	if g.w.tf.killed.Load() {
		return nil, errKilled
	}
	response, err := g.next.RoundTrip(r)
	if err == nil {
		event(during)
		err = r.Context().Err() // Then nobody waits for the answer any more.
	}
	event(after)
	if g.w.tf.killed.Load() {
		err = errKilled
	}
	if err != nil {
		return nil, err
	}
	return response, nil
}

// arm has the event of a step happen in its next run.
func (w *world) arm(s step) {
	w.tf.losesState = s.Event == killAll
	w.interceptor.run.Store(&interceptedRun{step: s})
}
