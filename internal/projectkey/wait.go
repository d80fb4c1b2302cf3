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

	// maxDeletes is how often a deletion that keeps failing is asked for.
	maxDeletes = 15
)

// looks are when a key that is being waited for is read, counted from the
// first read. They are 20 reads in ten minutes. With so few, some changes must
// be seen late: never by more than half of the time they took, or a second in
// the first five. One that comes at one of these times is seen at once.
var looks = []time.Duration{
	1 * time.Second, 2 * time.Second, 3 * time.Second, 4 * time.Second, 5 * time.Second,
	7 * time.Second, 10 * time.Second, 15 * time.Second, 20 * time.Second, 30 * time.Second,
	45 * time.Second, 60 * time.Second, 90 * time.Second, 2 * time.Minute, 3 * time.Minute,
	4 * time.Minute, 5 * time.Minute, 7 * time.Minute, 10 * time.Minute,
}

// lookPause is how long to wait for the next read. After the last of the looks
// it is a tenth of what has passed.
func lookPause(passed time.Duration) time.Duration {
	for _, look := range looks {
		if look > passed {
			return look - passed
		}
	}
	return passed / 10
}

// watch spaces the reads of a key that is being waited for.
type watch struct {
	start time.Time
}

func newWatch() watch { return watch{start: time.Now()} }

// pause waits for the next read, or returns the error of a context that ends
// first.
func (w watch) pause(ctx context.Context) error {
	pause := lookPause(time.Since(w.start))
	if deadline, ok := ctx.Deadline(); ok {
		if left := time.Until(deadline) - lastLook; left > 0 {
			pause = min(pause, left)
		}
	}
	return sleep(ctx, pause)
}

// sleep returns the error of a context that ends first.
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
	reads := newWatch()
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
		if err := reads.pause(ctx); err != nil {
			return last, unsettled(last, err)
		}
	}
}

// readSoon reads a key that was created at hiddenSince and may answer 404 for
// a while yet.
func (r *ProjectKeyResource) readSoon(ctx context.Context, id string, hiddenSince time.Time) (*streamkap.ProjectKey, error) {
	reads := newWatch()
	for {
		key, err := r.client.ProjectKey(ctx, id)
		if !streamkap.IsGone(err) || time.Since(hiddenSince) >= hiddenFor {
			return key, err
		}
		if err := reads.pause(ctx); err != nil {
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
