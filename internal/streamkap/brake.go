package streamkap

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/time/rate"
)

const (
	// defaultHold is how long a 429 without Retry-After holds requests back.
	defaultHold = retryWaitMin
	// easeAfter is how long a pace has to go without a 429 before it is
	// quickened, and easeBy is by how much.
	easeAfter = 10 * time.Second
	easeBy    = 1.1
	// caution is how much slower than the refused pace the next one is.
	caution = 0.8
	// fewest is how many requests have to be served within a second or so
	// before a pace can be told from them.
	fewest = 3
)

// brake slows down every request of a client when one of them is answered 429.
// The rate limit is not published (contract, "Errors"), so the pace is learnt:
// a little less than what the service has just let through, and quickened with
// care while no further 429 comes. Until the first one there is no pace at all.
type brake struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	// until is when the service said that requests may go on.
	until time.Time
	// changed is when the pace was last set. learning says that it is to be set
	// when requests go on: until then answers still come in.
	changed  time.Time
	learning bool
	// served counts answers other than 429 in the current second, before the
	// one before it.
	second         time.Time
	served, before int
}

func newBrake() *brake { return &brake{limiter: rate.NewLimiter(rate.Inf, 1)} }

// wait returns when a request may be sent, or with the error of a context that
// ends first. A pause that the context can't outlast is not begun.
func (b *brake) wait(ctx context.Context) error {
	for {
		until := b.heldUntil()
		hold := time.Until(until)
		if hold <= 0 {
			break
		}
		if deadline, ok := ctx.Deadline(); ok && until.After(deadline) {
			return &HeldBackError{Until: until}
		}
		timer := time.NewTimer(hold)
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
	if err := b.limiter.Wait(ctx); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return &HeldBackError{}
	}
	return nil
}

// heldUntil is when requests may go on. Once that has come, the pace is learnt
// at which they do.
func (b *brake) heldUntil() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	if now := time.Now(); b.learning && !now.Before(b.until) {
		b.learning = false
		if served := max(b.served, b.before); served >= fewest {
			b.setPace(now, float64(served)*caution)
		}
	}
	return b.until
}

// note learns from an answer.
func (b *brake) note(resp *http.Response) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if age := now.Sub(b.second); age >= time.Second {
		b.before = 0
		if age < 2*time.Second {
			b.before = b.served
		}
		b.second, b.served = now, 0
	}
	if resp.StatusCode == http.StatusTooManyRequests {
		b.slow(now, resp)
		return
	}
	b.served++
	if b.limiter.Limit() != rate.Inf && now.Sub(b.changed) >= easeAfter {
		b.setPace(now, float64(b.limiter.Limit())*easeBy)
	}
}

func (b *brake) slow(now time.Time, resp *http.Response) {
	hold := retryablehttp.DefaultBackoff(defaultHold, defaultHold, 0, resp)
	if until := now.Add(hold); until.After(b.until) {
		b.until = until
	}
	// What was under way together is refused together, and counts once.
	if now.Sub(b.changed) < time.Second {
		return
	}
	if limit := b.limiter.Limit(); limit != rate.Inf {
		b.setPace(now, max(float64(limit)*caution, 1))
	} else {
		b.learning = true
	}
}

func (b *brake) setPace(now time.Time, pace float64) {
	b.changed = now
	b.limiter.SetLimit(rate.Limit(pace))
}
