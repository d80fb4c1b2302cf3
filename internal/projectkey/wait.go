package projectkey

import (
	"context"
	"fmt"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const (
	// firstPause, pauseGrowth and longestPause space the reads of a key that
	// is being waited for: close together at first, so that a quick change is
	// seen quickly, and ever further apart.
	firstPause   = 500 * time.Millisecond
	pauseGrowth  = 1.4
	longestPause = 30 * time.Second

	// hiddenFor is how long a key that was just created may answer 404
	// (contract, dialect 4).
	hiddenFor = 2 * time.Minute

	// maxDeletes is how often a deletion that keeps failing is asked for.
	maxDeletes = 15
)

// pacer spaces reads.
type pacer struct {
	next   time.Duration
	growth float64
	max    time.Duration
}

func newReadPacer() *pacer { return &pacer{next: firstPause, growth: pauseGrowth, max: longestPause} }

// pause waits, or returns the error of a context that ends first.
func (p *pacer) pause(ctx context.Context) error {
	timer := time.NewTimer(p.next)
	defer timer.Stop()
	p.next = min(time.Duration(float64(p.next)*p.growth), p.max)
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// unsettledError is a key that is not what was waited for.
type unsettledError struct {
	// Status is the last one seen; empty where none was.
	Status streamkap.Status
	// Err is why the waiting ended, or nil where the status is final.
	Err error
}

func (e *unsettledError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("status %q: %v", e.Status, e.Err)
	}
	return fmt.Sprintf("status %q", e.Status)
}

func (e *unsettledError) Unwrap() error { return e.Err }

// waitActive reads a key until it is Active and returns what was read last,
// which is nil where the key was never seen. A key created later than
// hiddenSince may answer 404 for a while; a zero time allows none. A status
// that nobody has heard of is waited out.
func (r *ProjectKeyResource) waitActive(ctx context.Context, id string, hiddenSince time.Time) (*streamkap.ProjectKey, error) {
	var last *streamkap.ProjectKey
	pacer := newReadPacer()
	for {
		key, err := r.client.ProjectKey(ctx, id)
		switch {
		case err == nil:
			last = key
			if key.Status.Is(streamkap.StatusActive) {
				return key, nil
			}
			if key.Status.Dead() {
				return key, &unsettledError{Status: key.Status}
			}
		case streamkap.IsGone(err) && last == nil && time.Since(hiddenSince) < hiddenFor:
		default:
			return last, unsettled(last, err)
		}
		if err := pacer.pause(ctx); err != nil {
			return last, unsettled(last, err)
		}
	}
}

// readSoon reads a key that was created at hiddenSince and may answer 404 for
// a while yet.
func (r *ProjectKeyResource) readSoon(ctx context.Context, id string, hiddenSince time.Time) (*streamkap.ProjectKey, error) {
	pacer := newReadPacer()
	for {
		key, err := r.client.ProjectKey(ctx, id)
		if !streamkap.IsGone(err) || time.Since(hiddenSince) >= hiddenFor {
			return key, err
		}
		if err := pacer.pause(ctx); err != nil {
			return nil, err
		}
	}
}

func unsettled(last *streamkap.ProjectKey, err error) error {
	if last == nil {
		return &unsettledError{Err: err}
	}
	return &unsettledError{Status: last.Status, Err: err}
}
