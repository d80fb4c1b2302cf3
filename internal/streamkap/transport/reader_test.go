// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"errors"
	"fmt"
	"net"
	"testing"
	"time"
)

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
