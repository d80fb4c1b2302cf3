// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/time/rate"
)

const (
	// defaultPause is how long a 429 without Retry-After holds requests back.
	defaultPause = retryWaitMin
	// calmAfter is how long after a 429 the next one counts as a first one.
	calmAfter = 2 * time.Minute
	// rateAtFirst is the rate, in requests a second, with which requests go on
	// after a first 429. It doubles in doubleFast: a single 429 is forgotten a
	// second later. After a further one the rate doubles in doubleSlowly.
	rateAtFirst  = 20
	doubleFast   = 100 * time.Millisecond
	doubleSlowly = 10 * time.Second
	// unlimited is a rate that is no limit any more.
	unlimited = 10_000
)

// limiter slows down all requests when one of them is answered 429. No rate limit
// is published, so it is learnt. A first 429 is a pause for all requests, as long as
// the service asks for, with full speed soon after: it may be a stray one. A further
// one shows that there is a limit. Then requests go on at half the rate that was
// refused, and that rate grows again slowly.
type limiter struct {
	next     http.RoundTripper
	requests *rate.Limiter

	mu sync.Mutex
	// until is the end of the pause, and pause how long it was asked to be.
	until time.Time
	pause time.Duration
	// refused is when a 429 last set the rate, and served counts the other answers
	// since.
	refused time.Time
	served  int
	// from is the rate at the end of the pause, and doubling how long it takes to
	// double from there.
	from     float64
	doubling time.Duration
}

func newLimiter(next http.RoundTripper) *limiter {
	return &limiter{next: next, requests: rate.NewLimiter(rate.Inf, 1)}
}

// wait returns when a request may be sent, or with the error of a context that
// ends first. A wait that the context can't outlast is not begun.
func (l *limiter) wait(ctx context.Context) error {
	for {
		pause, paused := l.take(time.Now())
		if pause <= 0 {
			return ctx.Err()
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < pause {
			return &RateLimitError{Until: paused}
		}
		if paused.IsZero() {
			// The rate may grow or fall meanwhile.
			pause = min(pause, doubleFast)
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}

// take allows a request, or says how long it has to wait, and until when there is a
// pause.
func (l *limiter) take(now time.Time) (pause time.Duration, paused time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Before(l.until) {
		return l.until.Sub(now), l.until
	}
	limit := l.rateAt(now)
	if limit > unlimited {
		return 0, time.Time{}
	}
	l.requests.SetLimitAt(now, rate.Limit(limit))
	reservation := l.requests.ReserveN(now, 1)
	if pause = reservation.DelayFrom(now); pause > 0 {
		reservation.CancelAt(now)
	}
	return pause, time.Time{}
}

func (l *limiter) rateAt(now time.Time) float64 {
	if l.from == 0 {
		return math.Inf(1)
	}
	return l.from * math.Exp2(now.Sub(l.until).Seconds()/l.doubling.Seconds())
}

// note learns from the answer to a request that was sent then.
func (l *limiter) note(resp *http.Response, sent time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if resp.StatusCode != http.StatusTooManyRequests {
		l.served++
		return
	}
	now := time.Now()
	pause := retryablehttp.DefaultBackoff(defaultPause, defaultPause, 0, resp)
	// After a pause only the refused request waits again. The others go on more
	// slowly.
	kept := now.Sub(l.refused) <= calmAfter && !now.Before(l.until) && pause <= l.pause
	// What was under way together is refused together, and counts once.
	if l.refused.IsZero() || sent.After(l.refused) {
		l.slowDown(now)
	}
	if end := now.Add(pause); !kept && end.After(l.until) {
		l.until, l.pause = end, pause
	}
}

func (l *limiter) slowDown(now time.Time) {
	since := now.Sub(l.refused)
	switch reached := l.rateAt(now); {
	case since > calmAfter:
		l.from, l.doubling = rateAtFirst, doubleFast
	case l.served == 0:
		// Nothing is learnt. The rate grows again from the same value.
	case l.doubling == doubleFast:
		// A rate that grows so fast says little, so the answers are counted.
		l.from, l.doubling = max(float64(l.served)/max(since.Seconds(), 1)/2, 1), doubleSlowly
	default:
		l.from = max(reached/2, 1)
	}
	l.refused, l.served = now, 0
	if now.After(l.until) {
		l.until = now
	}
}

func (l *limiter) RoundTrip(req *http.Request) (*http.Response, error) {
	if callOf(req.Context()).Optional {
		return l.next.RoundTrip(req)
	}
	err := l.wait(req.Context())
	switch {
	case err != nil && req.Context().Err() != nil:
		return nil, interrupted(err)
	case err != nil:
		return nil, &unsentError{err: err, final: true}
	}
	sent := time.Now()
	resp, err := l.next.RoundTrip(req)
	if err == nil {
		l.note(resp, sent)
	}
	return resp, err
}
