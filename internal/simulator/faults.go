// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"slices"
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

// Inject adds a fault. Every fault counts the requests that match it; of those
// ready to strike, the one injected first does. Inject panics on a fault that
// makes no sense.
func (s *Server) Inject(f Fault) {
	if err := f.validate(); err != nil {
		panic("simulator: " + err.Error())
	}
	setDefault(&f.Times, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

func (f Fault) validate() error {
	_, badPath := path.Match(f.Path, "/")
	for _, check := range []struct {
		wrong   bool
		problem string
	}{
		{badPath != nil, "is not a pattern that a path can match"},
		{!slices.Contains([]DropKind{DropNone, DropRefused, DropBefore, DropAfter, DropTruncated}, f.Drop), "has another drop than refused, before, after or truncated"},
		{f.Times < -1 || f.Skip < 0 || f.Delay < 0, "has a negative count or delay"},
		{f.Status != 0 && (f.Status < 200 || f.Status > 599), "has a status that is not of 200 to 599"},
		{f.Set != "" && json.Unmarshal([]byte(f.Set), new(map[string]any)) != nil, "has a set that is no JSON object"},
		{f.As != "" && !strings.HasPrefix(f.As, "/"), "has an as that is no path"},
		{f.Status == 0 && f.Drop == DropNone && f.Delay == 0 && f.As == "" && f.Set == "" && !f.Late, "does nothing: it has no status, drop, delay, as, set or late"},
	} {
		if check.wrong {
			return fmt.Errorf("the fault for %s %s %s", cmp.Or(f.Method, "*"), cmp.Or(f.Path, "*"), check.problem)
		}
	}
	return nil
}

// UnusedFaults returns the faults of limited number that have not struck as
// often as they should, with Times and Skip set to what is left. A test that
// injects faults can then fail when a request it counts on was never made.
func (s *Server) UnusedFaults() []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	var unused []Fault
	for _, f := range s.faults {
		if f.Times > 0 {
			unused = append(unused, *f)
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

func (f Fault) matches(r *http.Request) bool {
	matched, _ := path.Match(f.Path, r.URL.Path)
	return (f.Method == "" || f.Method == r.Method) && (f.Path == "" || matched)
}

// takeFault returns the fault that strikes this request, or the zero Fault.
func (s *Server) takeFault(r *http.Request) Fault {
	var struck *Fault
	for _, f := range s.faults {
		switch {
		case f.Times == 0 || !f.matches(r):
		case f.Skip > 0:
			f.Skip--
		case struck == nil:
			struck = f
		}
	}
	if struck == nil {
		return Fault{}
	}
	if struck.Times > 0 {
		struck.Times--
	}
	return *struck
}

// letsThrough tells whether the service gets to see the request.
func (f Fault) letsThrough() bool {
	return !f.Drop.beforeWork() && (f.Status == 0 || f.Processed)
}

func (d DropKind) beforeWork() bool { return d == DropRefused || d == DropBefore }
