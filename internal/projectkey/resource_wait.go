// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const (
	// lastLook is how long before its deadline a wait reads the key once more,
	// so that a change since the read before is not taken for a timeout.
	lastLook = 2 * time.Second

	// hiddenFor is how long a key that was just created may answer 404
	// (contract, dialect 4).
	hiddenFor = 2 * time.Minute

	// foreignFor is how long a wait goes on while something other than the API answers,
	// such as a proxy. Only a person can mend that.
	foreignFor = 2 * time.Minute

	// maxDeletes is how often a deletion that keeps failing is asked for.
	maxDeletes = 15
)

// watch spaces the reads of a key that is being waited for.
type watch struct {
	start time.Time
	// own is when the API last answered, or nothing did.
	own time.Time
}

func newWatch() *watch { return &watch{start: time.Now(), own: time.Now()} }

// pause waits for the next read. It returns the error of a context that ends first.
func (w *watch) pause(ctx context.Context) error { return w.pauseAfter(ctx, nil) }

// pauseAfter also returns the failure of the last read where nothing but foreign answers
// has come for too long.
func (w *watch) pauseAfter(ctx context.Context, failure error) error {
	switch {
	case !streamkap.IsForeign(failure):
		w.own = time.Now()
	case time.Since(w.own) >= foreignFor:
		return failure
	}
	return sleep(ctx, w.next(ctx))
}

// next is how long to wait for the next read: a second, and later a tenth of the time that has
// passed. So every change is seen at most that late, and ten minutes take 54 reads.
func (w *watch) next(ctx context.Context) time.Duration {
	pause := max(time.Second, time.Since(w.start)/10)
	if deadline, ok := ctx.Deadline(); ok {
		if left := time.Until(deadline) - lastLook; left > 0 {
			pause = min(pause, left)
		}
	}
	return pause
}

func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

type unsettledError struct {
	// Status is the last one seen; empty where none was.
	Status streamkap.Status
	// Err is why the waiting ended, or nil where the status is final.
	Err error
	// Failure is what the last read failed with, where it did and the wait went
	// on.
	Failure error
}

func (e *unsettledError) Error() string { return fmt.Sprintf("status %q: %v", e.Status, e.Err) }

func (e *unsettledError) Unwrap() error { return e.Err }

// waitActive reads a key until it is Active, and returns what was read last, or nil. A key
// that was created at hiddenSince may answer 404 for a while; none may where that is zero.
// Unknown statuses and transient failures are waited out: only a refusal or the deadline
// ends the wait.
func (r *Resource) waitActive(ctx context.Context, id string, hiddenSince time.Time) (*streamkap.ProjectKey, error) {
	return r.waitFor(ctx, id, hiddenSince, func(status streamkap.Status) bool { return status.Is(streamkap.StatusActive) })
}

// waitSettled reads a key after a change that was accepted. Only added Kafka access makes
// it wait for Active; otherwise any status but Creating is final. An answer without the
// added access may be older than the change, so the key is read once more.
func (r *Resource) waitSettled(ctx context.Context, id string, addsKafka bool) (*streamkap.ProjectKey, error) {
	if !addsKafka {
		return r.waitFor(ctx, id, time.Time{}, func(status streamkap.Status) bool { return !status.Is(streamkap.StatusCreating) })
	}
	key, err := r.waitActive(ctx, id, time.Time{})
	if err != nil || key.KafkaUsername != "" {
		return key, err
	}
	if err := newWatch().pause(ctx); err != nil {
		return key, unsettled(key, nil, err)
	}
	return r.waitActive(ctx, id, time.Time{})
}

func (r *Resource) waitFor(ctx context.Context, id string, hiddenSince time.Time, settled func(streamkap.Status) bool) (*streamkap.ProjectKey, error) {
	var last *streamkap.ProjectKey
	var failure error
	reads := newWatch()
	for {
		key, err := r.client.ProjectKey(ctx, id)
		switch {
		case err == nil && settled(key.Status):
			return key, nil
		case err == nil && key.Status.Dead():
			return key, &unsettledError{Status: key.Status}
		case err == nil:
			last, failure = key, nil
		case streamkap.IsNotFound(err) && last == nil && isHidden(hiddenSince):
			failure = nil
		case streamkap.IsTransient(err):
			failure = err
		default:
			return last, unsettled(last, failure, err)
		}
		if err := reads.pauseAfter(ctx, failure); err != nil {
			return last, unsettled(last, failure, err)
		}
	}
}

// isHidden reports whether a key that was created at this time may not show yet. A time in
// the future means that the clock was put back.
func isHidden(since time.Time) bool {
	passed := time.Since(since)
	return passed >= 0 && passed < hiddenFor
}

func unsettled(last *streamkap.ProjectKey, failure, err error) error {
	unsettled := &unsettledError{Err: err, Failure: failure}
	if last != nil {
		unsettled.Status = last.Status
	}
	return unsettled
}
