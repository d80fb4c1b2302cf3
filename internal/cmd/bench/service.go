// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// service is the simulated API on a free port of loopback. It counts
// connections, and requests in flight.
type service struct {
	url  string
	stop func()

	mu       sync.Mutex
	server   *simulator.Server
	inFlight int
	load     load
}

// load is what the service was asked to bear.
type load struct {
	connections int
	// atOnce is how many requests were in flight at once, at most.
	atOnce int
}

func startService(ctx context.Context) (*service, error) {
	s := &service{server: simulator.New(simulator.Config{})}
	var err error
	s.url, s.stop, err = simulator.Listen(ctx, http.HandlerFunc(s.count), func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			s.note(func() { s.load.connections++ })
		}
	})
	return s, err
}

func (s *service) note(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

func (s *service) count(w http.ResponseWriter, r *http.Request) {
	s.note(func() {
		s.inFlight++
		s.load.atOnce = max(s.load.atOnce, s.inFlight)
	})
	defer s.note(func() { s.inFlight-- })
	s.simulator().ServeHTTP(w, r)
}

func (s *service) simulator() *simulator.Server {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.server
}

// empty puts a service without keys in the place of this one.
func (s *service) empty() {
	s.note(func() { s.server = simulator.New(simulator.Config{}) })
}

// forget starts the counting anew.
func (s *service) forget() {
	s.simulator().ResetRequests()
	s.note(func() { s.load = load{} })
}

// borne is the load since the counting began.
func (s *service) borne() load {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.load
}

// requests counts requests since the counting began, by method; token exchanges
// are counted as "token".
func (s *service) requests() map[string]int {
	counts := make(map[string]int)
	for _, r := range s.simulator().Requests() {
		switch {
		case strings.HasPrefix(r.Path, "/auth/access-token"):
			counts["token"]++
		case r.Path == "/auth/whoami":
			counts["whoami"]++
		case r.Method == http.MethodGet && r.Path == "/project-keys":
			counts["list"]++
		default:
			counts[r.Method]++
		}
	}
	return counts
}

// setLatency sets how long every answer takes.
func (s *service) setLatency(latency time.Duration) {
	s.simulator().SetConfig(func(config *simulator.Config) { config.Latency = latency })
}
