// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"
)

func TestBackoff_BriefAtFirst(t *testing.T) {
	for attempt, want := range []time.Duration{
		500 * time.Millisecond, time.Second, 2 * time.Second, 2 * time.Second, 2 * time.Second,
		4 * time.Second, 8 * time.Second, 16 * time.Second, 30 * time.Second, 30 * time.Second,
	} {
		for _, resp := range []*http.Response{nil, {StatusCode: 503}} {
			if got := backoff(retryWaitMin, retryWaitMax, attempt, resp); got != want {
				t.Errorf("before attempt %d after %v: %v, want %v", attempt+2, resp, got, want)
			}
		}
	}
	asked := http.Header{"Retry-After": {"7"}}
	for status, want := range map[int]time.Duration{429: 7 * time.Second, 503: 7 * time.Second} {
		if got := backoff(retryWaitMin, retryWaitMax, 0, &http.Response{StatusCode: status, Header: asked}); got != want {
			t.Errorf("asked to wait by %d: %v, want %v", status, got, want)
		}
	}
}

// TestNeverConnected_OnlyAFailedConnection keeps a create from being repeated
// after a connection that broke.
func TestNeverConnected_OnlyAFailedConnection(t *testing.T) {
	for op, want := range map[string]bool{"dial": true, "proxyconnect": true, "read": false, "write": false, "": false} {
		if got := neverConnected(fmt.Errorf("wrapped: %w", &net.OpError{Op: op, Err: errors.New("reset")})); got != want {
			t.Errorf("%q: %t", op, got)
		}
	}
	if neverConnected(errors.New("dial")) {
		t.Error("what is no error of the network counts for a connection that failed")
	}
}

// TestBase_IdleConnectionDroppedBeforeALoadBalancerDoes, which does after a minute.
func TestBase_IdleConnectionDroppedBeforeALoadBalancerDoes(t *testing.T) {
	if timeout := pooled().IdleConnTimeout; timeout < time.Second || timeout >= time.Minute {
		t.Errorf("it is dropped after %v", timeout)
	}
}
