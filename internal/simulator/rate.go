// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"math"
	"net/http"
	"strconv"
	"time"
)

// RetryAfterForm is how a 429 says when to try again.
type RetryAfterForm string

const (
	RetryAfterSeconds RetryAfterForm = "seconds" // the default
	RetryAfterDate    RetryAfterForm = "date"
	RetryAfterAbsent  RetryAfterForm = "absent"
)

// bucket holds the requests that may be served right now. It fills up at the
// rate limit, to at most one second's worth.
type bucket struct {
	left   float64
	filled time.Time
}

// limit takes one request out of the bucket, or says how long to stay away.
func (s *Server) limit() (time.Duration, bool) {
	rate := float64(s.cfg.RateLimit)
	if rate <= 0 {
		return 0, false
	}
	now := time.Now()
	if s.bucket.filled.IsZero() {
		s.bucket.left = rate
	} else {
		s.bucket.left = min(rate, s.bucket.left+now.Sub(s.bucket.filled).Seconds()*rate)
	}
	s.bucket.filled = now
	if s.bucket.left >= 1 {
		s.bucket.left--
		return 0, false
	}
	return time.Duration((1 - s.bucket.left) / rate * float64(time.Second)), true
}

// refuseRate answers 429. Both forms of Retry-After count whole seconds, so
// they are rounded up.
func (a *answer) refuseRate(retryAfter time.Duration) {
	a.refuse(http.StatusTooManyRequests, "Too many requests")
	seconds := int(math.Ceil(retryAfter.Seconds()))
	switch a.view.cfg.RetryAfter {
	case RetryAfterAbsent:
	case RetryAfterDate:
		due := time.Now().Add(time.Duration(seconds+1) * time.Second)
		a.header.Set("Retry-After", due.UTC().Format(http.TimeFormat))
	default:
		a.header.Set("Retry-After", strconv.Itoa(seconds))
	}
}
