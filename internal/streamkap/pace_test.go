// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"math"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// answer notes an answer of the service.
func (b *brake) answer(status int, retryAfter string) {
	b.note(&http.Response{StatusCode: status, Header: http.Header{"Retry-After": {retryAfter}}})
}

// serve notes answers, evenly spread over a time that it lets pass.
func (b *brake) serve(count int, over time.Duration) {
	start := time.Now()
	for i := range count {
		time.Sleep(time.Until(start.Add(over * time.Duration(i+1) / time.Duration(count))))
		b.answer(200, "")
	}
}

// wantPace is how many requests a second may be sent now; 0 is no limit.
func (b *brake) wantPace(t *testing.T, want float64, when string) {
	t.Helper()
	if got := b.paceAt(time.Now()); math.Abs(got-want) > want/1e6 {
		t.Errorf("%s: %v requests a second, want %v", when, got, want)
	}
}

// TestAFirstRefusalIsAPauseAndARamp has the pace begin after the pause with a
// little less than what was served in one second, and double every 100 ms.
func TestAFirstRefusalIsAPauseAndARamp(t *testing.T) {
	for name, test := range map[string]struct {
		before func(b *brake)
		from   float64
	}{
		"nothing was served":                       {func(*brake) {}, 5},
		"little was served":                        {func(b *brake) { b.serve(5, 500*time.Millisecond) }, 5},
		"much was served":                          {func(b *brake) { b.serve(20, 900*time.Millisecond) }, 16},
		"much was served in the second before":     {func(b *brake) { b.serve(20, 0); time.Sleep(time.Second); b.serve(2, 0) }, 16},
		"much was served nearly two seconds ago":   {func(b *brake) { b.serve(20, 0); time.Sleep(2*time.Second - 1) }, 16},
		"much was served longer ago":               {func(b *brake) { b.serve(20, 0); time.Sleep(2 * time.Second); b.serve(7, 0) }, 5.6},
		"a second is counted for itself":           {func(b *brake) { b.serve(10, 0); time.Sleep(time.Second); b.serve(10, 0) }, 8},
		"a second has not passed until it is over": {func(b *brake) { b.serve(10, 0); time.Sleep(time.Second - 1); b.serve(10, 0) }, 16},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var b brake
				test.before(&b)
				b.answer(429, "3")
				if pause, held := b.take(time.Now()); pause != 3*time.Second || !held.Until.Equal(time.Now().Add(pause)) {
					t.Errorf("the pause is %v, for %v", pause, held)
				}
				time.Sleep(3 * time.Second)
				b.wantPace(t, test.from, "after the pause")
				time.Sleep(100 * time.Millisecond)
				b.wantPace(t, 2*test.from, "a tenth of a second later")
				time.Sleep(899 * time.Millisecond)
				b.wantPace(t, test.from*math.Exp2(9.99), "at the end of the ramp")
				time.Sleep(time.Millisecond)
				b.wantPace(t, 0, "after the ramp")
			})
		})
	}
}

// TestRequestsKeepThePace has one request sent and the next one wait for its
// turn.
func TestRequestsKeepThePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := limitedTo(4)
		for turn := range 3 {
			if pause, _ := b.take(time.Now()); pause != 0 {
				t.Fatalf("turn %d has to wait %v", turn, pause)
			}
			// It asks again no later than the pace of a ramp may have doubled.
			if pause, held := b.take(time.Now()); pause != 100*time.Millisecond || !held.Until.IsZero() {
				t.Errorf("another request has to wait %v, for %v", pause, held)
			}
			time.Sleep(240 * time.Millisecond)
			if pause, _ := b.take(time.Now()); pause != 10*time.Millisecond {
				t.Errorf("then it has to wait %v", pause)
			}
			time.Sleep(10 * time.Millisecond)
		}
	})
}

// limitedTo is a brake that has learnt a pace.
func limitedTo(pace float64) *brake {
	now := time.Now()
	return &brake{pace: pace, refused: now, changed: now, second: now}
}

func TestAFurtherRefusalSetsThePaceToLessThanWhatWasServed(t *testing.T) {
	for name, test := range map[string]struct {
		between func(b *brake)
		pace    float64
	}{
		"over seconds":               {func(b *brake) { b.serve(40, 4*time.Second) }, 8},
		"in less than a second":      {func(b *brake) { b.serve(10, 400*time.Millisecond) }, 8},
		"just within two minutes":    {func(b *brake) { b.serve(120, 2*time.Minute) }, 1},
		"beside nothing that counts": {func(b *brake) { b.serve(1, time.Second) }, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var b brake
				b.answer(429, "0")
				test.between(&b)
				b.answer(429, "0")
				b.wantPace(t, test.pace, "after the second refusal")
			})
		})
	}
}

func TestAFurtherRefusalWithNothingServedBeginsTheRampAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b brake
		b.serve(100, 0)
		b.answer(429, "0")
		b.wantPace(t, 80, "after the first refusal")
		time.Sleep(900 * time.Millisecond)
		b.answer(429, "0")
		b.wantPace(t, 5, "after the second one")
		time.Sleep(300 * time.Millisecond)
		b.wantPace(t, 40, "on the ramp")
	})
}

func TestRefusalsTogetherCountForOne(t *testing.T) {
	for apart, pace := range map[time.Duration]float64{0: 80, 249 * time.Millisecond: 80, 250 * time.Millisecond: 64} {
		synctest.Test(t, func(t *testing.T) {
			b := limitedTo(100)
			time.Sleep(time.Minute)
			b.answer(429, "0")
			time.Sleep(apart)
			b.answer(429, "0")
			b.wantPace(t, pace, apart.String()+" apart")
		})
	}
}

// TestPauseIsAsLongAsTheLongestThatIsAskedFor has refusals that were under way
// together ask for different pauses.
func TestPauseIsAsLongAsTheLongestThatIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b brake
		for retryAfter, want := range map[string]time.Duration{"2": 5 * time.Second, "4": 5 * time.Second, "5": 5 * time.Second} {
			b.answer(429, "5")
			b.answer(429, retryAfter)
			if pause, _ := b.take(time.Now()); pause != want {
				t.Errorf("5 s and %s s: the pause is %v", retryAfter, pause)
			}
		}
		b.answer(429, "7")
		if pause, _ := b.take(time.Now()); pause != 7*time.Second {
			t.Errorf("a longer one: the pause is %v", pause)
		}
		// It is kept once by all that were told to wait no longer.
		time.Sleep(7 * time.Second)
		b.answer(429, "7")
		if pause, _ := b.take(time.Now()); pause > 0 {
			t.Errorf("after the pause, one that was refused before: the pause is %v", pause)
		}
		b.answer(429, "8")
		if pause, _ := b.take(time.Now()); pause != 8*time.Second {
			t.Errorf("after the pause, one that has to wait longer: the pause is %v", pause)
		}
	})
}

// TestPaceIsQuickenedInLeapsUntilItIsRefusedAndThenWithCare follows a pace that
// was learnt from little.
func TestPaceIsQuickenedInLeapsUntilItIsRefusedAndThenWithCare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b brake
		b.answer(429, "0")
		b.serve(10, time.Second)
		b.answer(429, "0")
		b.wantPace(t, 8, "as learnt")
		b.serve(7, 2*time.Second)
		b.wantPace(t, 8, "too few were served")
		b.serve(1, 0)
		b.wantPace(t, 10, "after eight in two seconds")
		b.serve(9, 2*time.Second-9)
		b.wantPace(t, 10, "too soon")
		b.serve(1, 9)
		b.wantPace(t, 12.5, "after two seconds more")
		time.Sleep(250*time.Millisecond - 1)
		b.answer(429, "0")
		b.wantPace(t, 12.5, "refused at the pace before")
		time.Sleep(time.Nanosecond)
		b.answer(429, "0")
		b.wantPace(t, 12.5/1.25*0.8, "refused")
		b.serve(20, 10*time.Second-20)
		b.wantPace(t, 8, "too soon again")
		b.serve(1, 20)
		b.wantPace(t, 8.8, "after ten seconds")
		b.serve(19, 10*time.Second)
		b.wantPace(t, 8.8, "too few again")
		b.serve(1, 0)
		b.wantPace(t, 8.8*1.1, "after twenty more")
		time.Sleep(time.Second)
		b.answer(429, "0")
		b.wantPace(t, 8.8*1.1*0.8, "refused again")
	})
}

func TestPaceIsNeverLessThanOneASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := limitedTo(1.1)
		time.Sleep(time.Second)
		b.answer(429, "0")
		b.wantPace(t, 1, "refused")
	})
}

func TestLimitIsForgottenAfterTwoCalmMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := limitedTo(3)
		b.leaping = true
		time.Sleep(2 * time.Minute)
		b.wantPace(t, 3, "after two minutes")
		time.Sleep(time.Nanosecond)
		b.wantPace(t, 0, "after more than two minutes")
		b.serve(50, 0)
		b.answer(429, "1")
		time.Sleep(time.Second)
		b.wantPace(t, 40, "refused once more, as if for the first time")
		b.serve(40, 3*time.Second)
		b.answer(429, "0")
		b.wantPace(t, 8, "and again, with 40 served in four seconds")
	})
}
