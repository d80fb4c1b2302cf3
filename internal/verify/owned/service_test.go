// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// wired is a service on loopback that counts requests.
func wired(t *testing.T, handler http.HandlerFunc) (s *Service, requests *atomic.Int32) {
	t.Helper()
	requests = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		handler(w, r)
	}))
	t.Cleanup(server.Close)
	return New(Config{Host: server.URL}), requests
}

// Connections are reset after the first request: net/http would repeat what
// comes second, unasked.
func TestService_SendsEachRequestOnce(t *testing.T) {
	first := true
	s, requests := wired(t, func(w http.ResponseWriter, _ *http.Request) {
		if first {
			first = false
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
	for range 2 {
		if a := s.send(t.Context(), Request{Path: "/auth/whoami", method: http.MethodGet}); a.Err == nil {
			t.Fatal("it was answered")
		}
	}
	if n := requests.Load(); n != 3 {
		t.Errorf("%d requests came in", n)
	}
}

// An interrupt comes while the request is under way.
func TestService_WaitsForTheAnswerToAChange(t *testing.T) {
	f := newFake(t)
	ctx, interrupt := context.WithCancel(t.Context())
	f.answer = func(string, string, map[string]any) (int, any) {
		interrupt()
		return 200, map[string]any{"project_key_id": ownID}
	}
	if k, a := f.Create(ctx, "role", ownName, Request{}); !a.OK() || k.ID() != ownID {
		t.Errorf("%v", a.Err)
	}
	if a := f.Get(ctx, Request{Path: "/auth/roles"}); a.Err == nil {
		t.Error("it goes on")
	}
}

func TestService_FollowsNoRedirect(t *testing.T) {
	s, requests := wired(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	a := s.send(t.Context(), Request{Path: "/auth/whoami", method: http.MethodGet})
	if a.Status != http.StatusTemporaryRedirect || requests.Load() != 1 {
		t.Errorf("%d, %d requests", a.Status, requests.Load())
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
	for _, path := range []string{"/auth/roles", "/project-keys"} {
		if a := s.send(t.Context(), Request{Path: path, method: http.MethodGet}); a.OK() || a.Err == nil || len(a.Raw) > 0 {
			t.Errorf("%s: %v, %d bytes", path, a.Err, len(a.Raw))
		}
	}
}
