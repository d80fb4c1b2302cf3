// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"
)

// Fault makes something go wrong with the requests it matches. The package
// documentation describes the fault model.
type Fault struct {
	// Method and Path choose the requests; empty matches any. In Path a `*`
	// stands for one segment or a part of one, as in "/project-keys/*".
	Method string
	Path   string
	// Skip lets this many matching requests pass first.
	Skip int
	// Times is how many requests are hit: 0 and 1 mean one, -1 all.
	Times int

	// Status, if not 0, answers in the service's place, with Header and Body
	// as they are: an empty Body is an empty answer. The Content-Type is
	// guessed from the body unless Header has one.
	Status int
	Header http.Header
	Body   string
	// Processed has the service do its work although Status answers for it,
	// as when a gateway times out over a request that succeeds.
	Processed bool

	// As has the service answer another path, as a router does that mixes up
	// two requests: "/project-keys/B" for what was asked at "/project-keys/A".
	As string
	// Set is a JSON object whose members take the place of those that a
	// successful answer has, or every row of it where it is a list.
	Set string
	// Late shows a key as it was before its last PATCH, as a replica does that
	// is behind.
	Late bool

	// Drop closes the connection.
	Drop DropKind
	// Delay holds the answer back, after the work.
	Delay time.Duration
}

// DropKind says when a connection is closed.
type DropKind string

const (
	DropNone      DropKind = ""
	DropRefused   DropKind = "refused"   // no connection is made; in memory only, a socket sees DropBefore
	DropBefore    DropKind = "before"    // nothing was done, nothing is answered
	DropAfter     DropKind = "after"     // the work was done, nothing is answered
	DropTruncated DropKind = "truncated" // the work was done, half of the answer's body arrives
)

// GatewayPage is the HTML that a gateway answers with when the service is out
// of reach; a Fault can have it as Body.
func GatewayPage(status int) string {
	title := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>gateway</center>\r\n</body>\r\n</html>\r\n"
}

// pendingFault is a fault and what is left of it.
type pendingFault struct {
	Fault
	skip  int
	times int // -1 for ever
}

// Inject adds a fault. Every fault counts the requests that match it; of those
// ready to strike, the one injected first does. Inject panics on a fault that
// makes no sense.
func (s *Server) Inject(f Fault) {
	if err := f.validate(); err != nil {
		panic("simulator: " + err.Error())
	}
	f.Header = f.Header.Clone()
	times := f.Times
	if times == 0 {
		times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &pendingFault{Fault: f, skip: f.Skip, times: times})
}

func (f Fault) validate() error {
	if _, err := path.Match(f.Path, "/"); err != nil {
		return fmt.Errorf("fault path %q: %w", f.Path, err)
	}
	switch f.Drop {
	case DropNone, DropRefused, DropBefore, DropAfter, DropTruncated:
	default:
		return fmt.Errorf("fault drop %q: expected refused, before, after or truncated", f.Drop)
	}
	if f.Times < -1 || f.Skip < 0 || f.Delay < 0 {
		return fmt.Errorf("fault for %s %s: negative count or delay", f.Method, f.Path)
	}
	if err := f.validateAnswer(); err != nil {
		return err
	}
	if f.Status == 0 && f.Drop == DropNone && f.Delay == 0 && f.As == "" && f.Set == "" && !f.Late {
		return fmt.Errorf("fault for %s %s does nothing: it has no status, drop, delay, as, set or late", f.Method, f.Path)
	}
	return nil
}

func (f Fault) validateAnswer() error {
	switch {
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("fault status %d: expected 200 to 599", f.Status)
	case f.Set != "" && json.Unmarshal([]byte(f.Set), new(map[string]any)) != nil:
		return fmt.Errorf("fault set %s: expected a JSON object", f.Set)
	case f.As != "" && !strings.HasPrefix(f.As, "/"):
		return fmt.Errorf("fault as %q: expected a path", f.As)
	default:
		return nil
	}
}

// UnusedFaults returns the faults of limited number that have not struck as
// often as they should, with Times set to what is left. A test that injects
// faults can then fail when a request it counts on was never made.
func (s *Server) UnusedFaults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unused []Fault
	for _, p := range s.faults {
		if p.times > 0 {
			f := p.Fault
			f.Times, f.Skip = p.times, p.skip
			unused = append(unused, f)
		}
	}
	return unused
}

// ClearFaults removes all faults, lasting ones included.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = nil
}

func (f Fault) matches(method, requestPath string) bool {
	if f.Method != "" && f.Method != method {
		return false
	}
	if f.Path == "" {
		return true
	}
	matched, _ := path.Match(f.Path, requestPath)
	return matched
}

// takeFault returns the fault that strikes this request, or the zero Fault.
func (s *Server) takeFault(method, requestPath string) Fault {
	var struck *pendingFault
	for _, p := range s.faults {
		switch {
		case p.times == 0 || !p.matches(method, requestPath):
		case p.skip > 0:
			p.skip--
		case struck == nil:
			struck = p
		}
	}
	if struck == nil {
		return Fault{}
	}
	if struck.times > 0 {
		struck.times--
	}
	return struck.Fault
}

// letsThrough tells whether the service gets to see the request.
func (f Fault) letsThrough() bool {
	return !f.Drop.beforeWork() && (f.Status == 0 || f.Processed)
}

func (d DropKind) beforeWork() bool { return d == DropRefused || d == DropBefore }
