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

// interceptor stands between the provider and the service. It counts the requests of
// a run, and has an event happen at one of them.
type interceptor struct {
	next http.RoundTripper
	// A provider that was interrupted may leave a request under way, which comes here
	// while the next run is being prepared.
	run    atomic.Pointer[interceptedRun]
	killed *atomic.Bool
}

// interceptedRun is the event of one run.
type interceptedRun struct {
	passed        atomic.Int64
	at            int
	before, after func()
	// during is called when the service has done its work, and before the provider
	// has the answer.
	during func()
}

func (g *interceptor) RoundTrip(r *http.Request) (*http.Response, error) {
	run := g.run.Load()
	here := int(run.passed.Add(1)) == run.at
	if here && run.before != nil {
		run.before()
	}
	if g.killed.Load() {
		return nil, errKilled
	}
	response, err := g.next.RoundTrip(r)
	if here && run.during != nil && err == nil {
		run.during()
		if err := r.Context().Err(); err != nil {
			return nil, err // Nobody waits for the answer any more.
		}
	}
	if here && run.after != nil {
		run.after()
	}
	if g.killed.Load() {
		return nil, errKilled
	}
	return response, err
}

// arm has the event of a step happen in its next run.
func (w *world) arm(s step) {
	run := &interceptedRun{at: s.At}
	defer w.interceptor.run.Store(run)
	w.tf.losesState = s.Event == killAll
	switch s.Event {
	case interruptBefore:
		run.before = w.tf.interrupt
	case interruptAfter:
		run.after = w.tf.interrupt
	case interruptDuring:
		run.during = w.tf.interrupt
	case killBefore:
		run.before = w.tf.kill
	case killAfter, killAll:
		run.after = w.tf.kill
	case driftBefore:
		run.before = func() { w.change(s.Drift, s.Config) }
	}
}

// kill ends the provider at once.
func (tf *terraform) kill() {
	tf.killed.Store(true)
	tf.cancel()
}
