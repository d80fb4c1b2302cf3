// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"math"
	"net/http"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// defaultHold is how long a 429 without Retry-After holds requests back.
	defaultHold = retryWaitMin
	// calmAfter is how long after a refusal the next one counts as a first one.
	calmAfter = 2 * time.Minute
	// rampFor is how long it takes from the end of a pause to full speed, and
	// rampDouble how long the pace takes to double meanwhile.
	rampFor    = time.Second
	rampDouble = 100 * time.Millisecond
	// slowest is the pace, in requests a second, at which a ramp begins at least.
	slowest = 5.0
	// caution is how much slower than the refused pace requests go on.
	caution = 0.8
	// together is how soon after the pace was set refusals say nothing of it.
	together = 250 * time.Millisecond
	// A pace is quickened by easeBy when it has gone for easeAfter and let
	// easeServed requests through, so that about one in fifty tries what else the
	// service takes. One that was learnt from little, and was not refused since,
	// is quickened by leaps.
	easeAfter  = 10 * time.Second
	easeServed = 20
	easeBy     = 1.1
	leapAfter  = 2 * time.Second
	leapServed = 8
	leapBy     = 1.25
)

// brake slows down every request of a client when one of them is answered 429.
// The rate limit is not published (contract, "Errors"), so what to do is learnt.
// A first refusal is a pause for all, as long as the service asks for, and full
// speed soon after. A further one within two minutes shows that there is a
// limit: then the pace is a little less than what was let through, and it is
// quickened with care.
type brake struct {
	mu sync.Mutex
	// until is the end of the pause, and held how long it was asked to be.
	until time.Time
	held  time.Duration
	// refused is when a request was last refused, and served counts the other
	// answers since.
	refused time.Time
	served  int
	// pace is how many requests a second may be sent. It is 0 for no limit and
	// while a ramp lasts, which begins with the pace from when the pause ends.
	pace, from float64
	// next is when the next request may be sent at this pace.
	next time.Time
	// changed is when the pace was last set, and eased how many were served by
	// then. leaping says that this pace was not refused yet.
	changed time.Time
	eased   int
	leaping bool
	// second is when the current second of counting began; recent and before
	// count the answers in it and in the one before.
	second         time.Time
	recent, before int
}

// wait returns when a request may be sent, or with the error of a context that
// ends first. A wait that the context can't outlast is not begun.
func (b *brake) wait(ctx context.Context) error {
	for {
		pause, held := b.take(time.Now())
		if pause <= 0 {
			return ctx.Err()
		}
		if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < pause {
			return held
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

// take lets a request be sent, or says how long to wait before asking again, and
// what that is for.
func (b *brake) take(now time.Time) (time.Duration, *HeldBackError) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if pause := b.until.Sub(now); pause > 0 {
		return pause, &HeldBackError{Until: b.until}
	}
	pace := b.paceAt(now)
	if pace == 0 {
		return 0, nil
	}
	if pause := b.next.Sub(now); pause > 0 {
		// A ramp grows steeper than the pause that was reckoned with.
		return min(pause, rampDouble), &HeldBackError{}
	}
	b.next = now.Add(time.Duration(float64(time.Second) / pace))
	return 0, nil
}

func (b *brake) paceAt(now time.Time) float64 {
	if now.Sub(b.refused) > calmAfter {
		b.pace = 0
	}
	climbed := now.Sub(b.until)
	if b.pace > 0 || b.from == 0 || climbed >= rampFor {
		return b.pace
	}
	return b.from * math.Exp2(float64(climbed)/float64(rampDouble))
}

// note learns from an answer.
func (b *brake) note(resp *http.Response) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	b.count(now)
	if resp.StatusCode == http.StatusTooManyRequests {
		b.slow(now, retryablehttp.DefaultBackoff(defaultHold, defaultHold, 0, resp))
		return
	}
	b.recent++
	b.served++
	after, served, by := easeAfter, easeServed, easeBy
	if b.leaping {
		after, served, by = leapAfter, leapServed, leapBy
	}
	if b.pace > 0 && b.served-b.eased >= served && now.Sub(b.changed) >= after {
		b.setPace(now, b.pace*by, b.leaping)
	}
}

func (b *brake) setPace(now time.Time, pace float64, leaping bool) {
	b.pace, b.changed, b.eased, b.leaping = max(pace, 1), now, b.served, leaping
}

func (b *brake) count(now time.Time) {
	age := now.Sub(b.second)
	if age < time.Second {
		return
	}
	b.before = 0
	if age < 2*time.Second {
		b.before = b.recent
	}
	b.second, b.recent = now, 0
}

func (b *brake) slow(now time.Time, hold time.Duration) {
	since := now.Sub(b.refused)
	first := since > calmAfter
	switch {
	case first:
		b.hold(now, hold)
		b.from = max(float64(max(b.recent, b.before))*caution, slowest)
	case now.Before(b.until):
		// What was under way together is refused together, and counts once.
		b.hold(now, hold)
		return
	case hold > b.held:
		b.hold(now, hold)
	}
	// A pause that was kept serves all that were told to wait as long: only the
	// refused request waits again, and the others go on with more care.
	if !first {
		b.learn(now, since)
	}
	b.refused, b.served, b.eased = now, 0, 0
}

func (b *brake) hold(now time.Time, hold time.Duration) {
	if until := now.Add(hold); until.After(b.until) {
		b.until, b.held = until, hold
	}
}

// learn sets the pace after a further refusal. Where nothing was served since
// the one before, nothing can be learnt, and a ramp begins anew.
func (b *brake) learn(now time.Time, since time.Duration) {
	switch {
	case now.Sub(b.changed) < together:
		// They were refused at the pace before.
	case b.pace > 0 && b.leaping:
		b.setPace(now, b.pace/leapBy*caution, false)
	case b.pace > 0:
		b.setPace(now, b.pace*caution, false)
	case b.served > 0:
		b.setPace(now, float64(b.served)/max(since.Seconds(), 1)*caution, true)
	default:
		b.from = slowest
		if now.After(b.until) {
			b.until = now
		}
	}
}
