// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestConnectionError_Obstacles has a client meet each of them on loopback. One
// that stays until somebody removes it is met once.
func TestConnectionError_Obstacles(t *testing.T) {
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
		host     string
		want     Obstacle
		hopeless bool
	}{
		"untrusted": {untrusted.URL, Untrusted, true},
		"no TLS":    {strings.Replace(plain.URL, "http:", "https:", 1), NoTLS, true},
		"refused":   {closed.URL, Refused, false},
		"closed":    {rude.URL, Closed, false},
	} {
		t.Run(name, func(t *testing.T) {
			attempts := 0
			client := New(Config{Host: test.host, MaxRetries: 1, Base: newBase(), Log: countAttempts(&attempts)})
			_, err := client.Do(t.Context(), Request{Method: http.MethodGet, Path: "/", Anonymous: true, Read: func(*Response) error { return nil }})
			var connection *ConnectionError
			if !errors.As(err, &connection) {
				t.Fatalf("the error is %v", err)
			}
			if connection.Obstacle() != test.want || connection.IsHopeless() != test.hopeless || !strings.Contains(err.Error(), test.host) {
				t.Errorf("the obstacle is %v of %v", connection.Obstacle(), err)
			}
			if (attempts == 1) != test.hopeless {
				t.Errorf("%d attempts were made", attempts)
			}
		})
	}
	for err, want := range map[error]Obstacle{
		&net.DNSError{Name: "api.example.com", IsNotFound: true}: Unresolved,
		errors.New("connection refused"):                         UnknownObstacle,
	} {
		if got := (&ConnectionError{Err: err}).Obstacle(); got != want {
			t.Errorf("the obstacle is %v of %v", got, err)
		}
	}
}

func countAttempts(attempts *int) func(context.Context, string, map[string]any) {
	return func(context.Context, string, map[string]any) { *attempts++ }
}
