// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// answer notes the answer to a request that was sent just now.
func (l *limiter) answer(status int, retryAfter string) {
	sent := time.Now()
	time.Sleep(time.Nanosecond)
	l.note(&http.Response{StatusCode: status, Header: http.Header{"Retry-After": {retryAfter}}}, sent)
}

// serve notes answers, evenly spread over a time that it lets pass.
func (l *limiter) serve(count int, over time.Duration) {
	start := time.Now()
	for i := range count {
		time.Sleep(time.Until(start.Add(over * time.Duration(i+1) / time.Duration(count))))
		l.note(&http.Response{StatusCode: http.StatusOK}, start)
	}
}

// wantRate is how many requests a second may be sent now.
func (l *limiter) wantRate(t *testing.T, want float64, when string) {
	t.Helper()
	if got := l.rateAt(time.Now()); math.Abs(got-want) > want/1e6 {
		t.Errorf("%s: %v requests a second, want %v", when, got, want)
	}
}

func TestLimiter_FirstRefusalIsAPauseAndFullSpeedASecondLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(nil)
		l.serve(100, time.Second)
		l.answer(429, "3")
		if pause, until := l.take(time.Now()); pause != 3*time.Second || !until.Equal(time.Now().Add(pause)) {
			t.Errorf("the pause is %v, until %v", pause, until)
		}
		time.Sleep(3 * time.Second)
		l.wantRate(t, 20, "after the pause")
		time.Sleep(100 * time.Millisecond)
		l.wantRate(t, 40, "a tenth of a second later")
		time.Sleep(900 * time.Millisecond)
		for range 100 {
			if pause, _ := l.take(time.Now()); pause > 0 {
				t.Fatalf("a second later a request has to wait %v", pause)
			}
		}
	})
}

// limitedTo is a limiter that has learnt a rate.
func limitedTo(rate float64) *limiter {
	l := newLimiter(nil)
	now := time.Now()
	l.from, l.doubling, l.until, l.refused = rate, doubleSlowly, now, now
	time.Sleep(time.Nanosecond)
	return l
}

func TestLimiter_FurtherRefusalHalvesTheRate(t *testing.T) {
	for name, test := range map[string]struct {
		between func(l *limiter)
		rate    float64
	}{
		"over seconds":            {func(l *limiter) { l.serve(40, 4*time.Second) }, 5},
		"in less than a second":   {func(l *limiter) { l.serve(10, 400*time.Millisecond) }, 5},
		"just within two minutes": {func(l *limiter) { l.serve(1200, 2*time.Minute-time.Second) }, 1200.0 / 119 / 2},
		"never below one":         {func(l *limiter) { l.serve(1, time.Second) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := newLimiter(nil)
				l.answer(429, "0")
				test.between(l)
				l.answer(429, "0")
				l.wantRate(t, test.rate, "after the second refusal")
				time.Sleep(10 * time.Second)
				l.wantRate(t, 2*test.rate, "ten seconds later")
				l.serve(1, 0)
				l.answer(429, "0")
				l.wantRate(t, max(test.rate, 1), "after the third refusal")
			})
		})
	}
}

func TestLimiter_RefusalsTogetherCountForOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limitedTo(80)
		l.serve(1, 0)
		together := time.Now()
		time.Sleep(time.Millisecond)
		for range 5 {
			l.note(&http.Response{StatusCode: 429}, together)
			l.serve(1, 0)
			time.Sleep(time.Millisecond)
		}
		if rate := l.rateAt(time.Now().Add(defaultPause)); rate < 35 || rate > 45 {
			t.Errorf("the rate is %v, want half of 80", rate)
		}
	})
}

// TestLimiter_LongestPauseCounts has refusals that were under way together ask
// for different pauses.
func TestLimiter_LongestPauseCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(nil)
		sent := time.Now()
		refuse := func(retryAfter string) {
			l.note(&http.Response{StatusCode: 429, Header: http.Header{"Retry-After": {retryAfter}}}, sent)
		}
		for _, step := range []struct {
			retryAfter string
			want       time.Duration
		}{{"5", 5 * time.Second}, {"2", 5 * time.Second}, {"5", 5 * time.Second}, {"7", 7 * time.Second}} {
			refuse(step.retryAfter)
			if pause, _ := l.take(time.Now()); pause != step.want {
				t.Errorf("%s s: the pause is %v", step.retryAfter, pause)
			}
		}
		// It is kept once by all that were told to wait no longer.
		time.Sleep(7 * time.Second)
		refuse("7")
		if pause, until := l.take(time.Now()); pause > 0 {
			t.Errorf("after the pause: another one of %v, until %v", pause, until)
		}
		refuse("8")
		if pause, _ := l.take(time.Now()); pause != 8*time.Second {
			t.Errorf("after the pause, one that has to wait longer: the pause is %v", pause)
		}
	})
}

func TestLimiter_PauseBeyondTheDeadlineFailsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		paused := newLimiter(nil)
		paused.answer(429, "60")
		slow := limitedTo(1)
		_, _ = slow.take(time.Now())
		start := time.Now()
		for name, l := range map[string]*limiter{"a pause": paused, "a rate": slow} {
			ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
			var limited *RateLimitError
			if err := l.wait(ctx); !errors.As(err, &limited) || limited.Until.IsZero() != (l == slow) || time.Since(start) > 0 {
				t.Errorf("%s: after %v: %v", name, time.Since(start), err)
			}
			cancel()
		}
	})
}

func TestLimiter_LimitForgottenAfterTwoCalmMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := limitedTo(3)
		l.serve(50, 2*time.Minute+time.Second)
		l.answer(429, "1")
		time.Sleep(time.Second)
		l.wantRate(t, 20, "refused as if for the first time")
		time.Sleep(100 * time.Millisecond)
		l.wantRate(t, 40, "a tenth of a second later")
		time.Sleep(2*time.Minute + time.Second)
		l.answer(429, "1")
		if pause, _ := l.take(time.Now()); pause != time.Second {
			t.Errorf("after calm minutes the same pause is one of %v", pause)
		}
	})
}
