// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// wired is a service on loopback that notes when a request comes in.
func wired(t *testing.T, handler http.HandlerFunc) (*Service, func() []time.Time) {
	t.Helper()
	var mu sync.Mutex
	var times []time.Time
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		times = append(times, time.Now())
		mu.Unlock()
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	s := New(Config{
		Host: server.URL, Transport: NewTransport(), Pace: 200 * time.Millisecond, Sync: Syncer.Sync,
		Heard: func(Answer) {}, Row: func(Value) {}, Say: func(string, ...any) {},
	})
	return s, func() []time.Time {
		mu.Lock()
		defer mu.Unlock()
		return times
	}
}

// TestService_KeepsItsPaceOnTheWire has connections reset after the first
// request: net/http would repeat what comes second, unasked.
func TestService_KeepsItsPaceOnTheWire(t *testing.T) {
	n := 0
	s, times := wired(t, func(w http.ResponseWriter, _ *http.Request) {
		if n++; n == 1 {
			_, _ = w.Write([]byte("{}"))
			return
		}
		connection, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = connection.(*net.TCPConn).SetLinger(0)
			_ = connection.Close()
		}
	})
	if a := s.Get(t.Context(), Request{Path: "/auth/whoami"}); !a.OK() {
		t.Fatal(a.Err)
	}
	if a := s.send(t.Context(), Request{Path: "/auth/whoami", method: http.MethodGet}); a.Err == nil {
		t.Fatal("it was answered")
	}
	s.send(t.Context(), Request{Path: "/auth/whoami", method: http.MethodGet})
	came := times()
	if len(came) != 3 {
		t.Fatalf("%d requests came in", len(came))
	}
	for i := 1; i < len(came); i++ {
		if passed := came[i].Sub(came[i-1]); passed < 150*time.Millisecond {
			t.Errorf("%s between two requests", passed)
		}
	}
}

func TestService_FollowsNoRedirect(t *testing.T) {
	s, times := wired(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	a := s.send(t.Context(), Request{Path: "/auth/whoami", method: http.MethodGet})
	if a.Status != http.StatusTemporaryRedirect || len(times()) != 1 {
		t.Errorf("%d, %d requests", a.Status, len(times()))
	}
}

// TestService_BoundsAnswers has answers without an end.
func TestService_BoundsAnswers(t *testing.T) {
	s, _ := wired(t, func(w http.ResponseWriter, r *http.Request) {
		part := []byte(`"` + strings.Repeat("x", 1<<16) + `",`)
		_, _ = w.Write([]byte("["))
		for range 1 << 12 {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	})
	if a := s.send(t.Context(), Request{Path: "/auth/roles", method: http.MethodGet}); a.OK() || a.Err == nil || len(a.Raw) > 0 {
		t.Errorf("%v, %d bytes", a.Err, len(a.Raw))
	}
	list := &List{}
	if a := s.send(t.Context(), Request{Path: "/project-keys", method: http.MethodGet, list: list}); a.OK() || list.Whole {
		t.Errorf("%v", a.Err)
	}
}
