// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestDo_HopelessConnectionTriedOnce has a client meet what keeps a request from
// being answered. What stays until somebody removes it is met once.
func TestDo_HopelessConnectionTriedOnce(t *testing.T) {
	untrusted := httptest.NewTLSServer(http.NotFoundHandler())
	untrusted.Config.ErrorLog = log.New(io.Discard, "", 0)
	t.Cleanup(untrusted.Close)
	plain := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(plain.Close)
	// A port on which somebody listened, and nobody does any more.
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	rude := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	t.Cleanup(rude.Close)
	for name, test := range map[string]struct {
		host string
		once bool
	}{
		"untrusted": {untrusted.URL, true},
		"no TLS":    {strings.Replace(plain.URL, "http:", "https:", 1), true},
		"refused":   {closed.URL, false},
		"closed":    {rude.URL, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			attempts := 0
			client := New(Config{Host: test.host, MaxRetries: 1, Base: newBase(), Log: countAttempts(&attempts)})
			_, err := client.Do(t.Context(), Request{Method: http.MethodGet, Path: "/", Anonymous: true, Read: func(*Response) error { return nil }})
			var connection *ConnectionError
			if !errors.As(err, &connection) || !strings.Contains(err.Error(), test.host) {
				t.Fatalf("the error is %v", err)
			}
			if (attempts == 1) != test.once {
				t.Errorf("%d attempts were made", attempts)
			}
		})
	}
}

func countAttempts(attempts *int) func(context.Context, string, map[string]any) {
	return func(context.Context, string, map[string]any) { *attempts++ }
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
