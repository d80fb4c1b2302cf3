// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"errors"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// probeEvery is how often one request tries whether the service is back.
const probeEvery = time.Second

// breaker is a circuit breaker. It keeps the requests of a run from waiting, each
// by itself, for a service that is out of reach. It trips when a request has used
// up its retries. From then on one request a second is sent, without retries, and
// the others fail at once. Any answer resets it.
type breaker struct {
	next     http.RoundTripper
	disabled bool
	onReset  func()

	mu    sync.Mutex
	err   error
	probe time.Time
}

// allow returns an error for a request that should not be sent.
func (b *breaker) allow() error {
	if b.disabled {
		return nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if b.err != nil && now.Before(b.probe) {
		return &OpenError{Err: b.err}
	}
	b.probe = now.Add(probeEvery)
	return nil
}

func (b *breaker) isOpen() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.err != nil
}

// trip notes what a request met that has used up its retries.
func (b *breaker) trip(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err == nil {
		b.err, b.probe = err, time.Time{}
	}
}

// reset notes that the service has answered.
func (b *breaker) reset() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		b.onReset()
	}
	b.err = nil
}

func (b *breaker) RoundTrip(req *http.Request) (*http.Response, error) {
	if callOf(req.Context()).Optional {
		return b.next.RoundTrip(req)
	}
	if err := b.allow(); err != nil {
		return nil, &unsentError{err: err, final: true}
	}
	resp, err := b.next.RoundTrip(req)
	if err == nil && !isOutOfReach(resp, nil) {
		b.reset()
	}
	return resp, err
}

// isOutOfReach reports whether an attempt found the service out of reach: nobody
// listening, no such host, or a gateway that says so. A host name or a port
// concerns all requests; a connection that broke may concern the one.
func isOutOfReach(resp *http.Response, err error) bool {
	if err != nil {
		var dns *net.DNSError
		return neverConnected(err) || errors.As(err, &dns)
	}
	return slices.Contains([]int{http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}, resp.StatusCode)
}
