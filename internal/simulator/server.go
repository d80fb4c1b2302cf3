// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"
)

// maxBody bounds what is read of a request.
const maxBody = 8 << 20

// Server is the simulated service. It is an http.Handler, and RoundTripper
// gives a client that needs no socket. All methods may be called at any time
// from any goroutine.
type Server struct {
	mux *http.ServeMux

	mu      sync.Mutex // guards everything below; held while a request is worked on
	cfg     Config
	records []*record
	clients map[string]client
	tokens  []*token
	faults  []*Fault
	bucket  bucket
	log     []Request
	secrets []string
	served  uint64
	changed []func()
}

// New returns a simulator without keys. It panics on a Config that Validate refuses.
func New(cfg Config) *Server {
	s := &Server{clients: make(map[string]client)}
	s.adopt(cfg)
	s.mux = s.routes()
	return s
}

// Config returns the configuration in force, with its defaults filled in.
func (s *Server) Config() Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg
}

// SetConfig changes the configuration between two requests. The function must
// not call the server.
func (s *Server) SetConfig(change func(*Config)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cfg := s.cfg
	change(&cfg)
	s.adopt(cfg)
}

// SetDialect changes the dialect between two requests.
func (s *Server) SetDialect(d Dialect) {
	s.SetConfig(func(cfg *Config) { cfg.Dialect = d })
}

// OnChange has a function called whenever a key may have changed: after every
// request that is more than a look, and every call that changes a key. The
// function may call the server.
func (s *Server) OnChange(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.changed = append(s.changed, do)
}

// tell calls who wants to know of changes. The server must not be locked.
func (s *Server) tell() {
	s.mu.Lock()
	told := slices.Clone(s.changed)
	s.mu.Unlock()
	for _, do := range told {
		do()
	}
}

func (s *Server) adopt(cfg Config) {
	if err := cfg.Validate(); err != nil {
		panic("simulator: " + err.Error())
	}
	s.cfg = cfg.withDefaults()
	for _, p := range s.cfg.projects() {
		s.remember(p.Secret)
	}
}

// handler answers one request while the server is locked.
type handler func(a *answer, r *http.Request)

// routes is the list of everything that the simulator answers.
func (s *Server) routes() *http.ServeMux {
	mux := http.NewServeMux()
	for pattern, handle := range map[string]handler{
		"POST /auth/access-token":           s.exchangeCredentials,
		"GET /auth/whoami":                  s.authorized("", s.whoami),
		"GET /auth/roles":                   s.authorized(PermissionReadRoles, s.listRoles),
		"POST /project-keys":                s.authorized(PermissionWriteKeys, s.createKey),
		"GET /project-keys":                 s.authorized(PermissionReadKeys, s.listKeys),
		"GET /project-keys/{id}":            s.authorized(PermissionReadKeys, s.readKey),
		"PATCH /project-keys/{id}":          s.authorized(PermissionWriteKeys, s.updateKey),
		"DELETE /project-keys/{id}":         s.authorized(PermissionWriteKeys, s.deleteKey),
		"GET /project-keys/{id}/mcp-config": s.authorized(PermissionReadKeys, s.readMCPConfig),
	} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			a, _ := w.(*answer) // nothing else calls the mux
			handle(a, r)
		})
	}
	return mux
}

// serve lets the handler of a request answer it.
func (s *Server) serve(a *answer, r *http.Request) {
	s.mux.ServeHTTP(a, r)
	if r.Pattern == "" { // the ServeMux has refused it, in plain text
		a.header.Del("X-Content-Type-Options")
		a.refuse(a.status, http.StatusText(a.status))
	}
}

// respond works on a request and returns the answer once it is due. It returns
// errDropped or errRefused where there is none, and the context's error when
// the client stopped waiting.
func (s *Server) respond(r *http.Request) (*answer, error) {
	var body []byte
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(io.LimitReader(r.Body, maxBody)); err != nil {
			return nil, err
		}
	}
	ctx := r.Context()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	r = r.Clone(ctx)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	a, delay := s.work(r, body)
	if err := wait(ctx, delay); err != nil {
		return nil, err
	}
	switch a.drop {
	case DropRefused:
		return nil, errRefused
	case DropBefore, DropAfter:
		return nil, errDropped
	default:
		return a, nil
	}
}

// work does what a request asks, logs it, and says how long its answer takes.
func (s *Server) work(r *http.Request, body []byte) (*answer, time.Duration) {
	if r.Method != http.MethodGet {
		defer s.tell()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.served++
	s.settle()
	a := s.newAnswer(r)
	fault := s.takeFault(r)
	a.late = fault.Late
	if fault.letsThrough() {
		if retryAfter, limited := s.limit(); limited {
			a.refuseRate(retryAfter)
		} else {
			s.serve(a, fault.redirect(r))
		}
	}
	fault.apply(a)
	s.record(a, r, body)
	return a, s.cfg.Latency + fault.Delay
}

// wait is a sleep that ends early when the client gives up.
func wait(ctx context.Context, delay time.Duration) error {
	if delay <= 0 {
		return nil
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
