// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"net/http"
	"sync"
	"time"
)

// clock knows how far the service's clock is ahead of ours, as the Date of its
// answers shows it.
type clock struct {
	mu       sync.Mutex
	observed bool
	// last is what the last answer showed; least and most are what any did.
	last, least, most time.Duration
}

// note learns from an answer. Its Date is cut to whole seconds.
func (c *clock) note(resp *http.Response) {
	date, err := http.ParseTime(resp.Header.Get("Date"))
	if err != nil {
		return
	}
	ahead := time.Until(date)
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.observed {
		c.observed, c.least, c.most = true, ahead, ahead
	}
	c.last, c.least, c.most = ahead, min(c.least, ahead), max(c.most, ahead)
}

// at is an instant of our clock by the service's, as far as it is known by now.
func (c *clock) at(instant time.Time) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return instant.Add(c.last)
}

// tolerance is how much older than its request a key may look, which grows with
// how far the answers of this run disagree. observed says whether any told the
// time.
func (c *clock) tolerance() (tolerance time.Duration, observed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return clockTolerance + c.most - c.least, c.observed
}
