// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// The limits of what goes through a Guard.
const (
	guardedKeys     = 60
	guardedRequests = 3000
	guardedPace     = 50 * time.Millisecond
)

// Guard stands between tests and a service, as a server of its own, and sees to
// it that they are as safe as a run: keys are made with the guard's random
// prefix alone, and noted in the journal before that; nothing is changed or
// deleted but what is shown to have been made through it; no Kafka user can be
// used from an address that exists; and at the end what was made is deleted.
type Guard struct {
	mu       sync.Mutex // one request at a time
	service  *owned.Service
	prefix   string
	before   *owned.List
	requests int
}

// NewGuard checks the project and starts the journal.
func NewGuard(ctx context.Context, options Options) (*Guard, error) {
	g := &Guard{prefix: "tfacc-" + random()[:12]}
	options.Pace = guardedPace
	g.service = owned.New(options.Config)
	if err := g.service.Identify(ctx); err != nil {
		return nil, err
	}
	var err error
	if g.before, err = g.service.Before(ctx, stepListBefore); err != nil {
		return nil, err
	}
	return g, g.service.Begin(g.prefix)
}

// Prefix is how the names of all keys have to begin.
func (g *Guard) Prefix() string { return g.prefix + "-" }

// Close deletes what is left, and says whether the keys of others have changed.
func (g *Guard) Close(ctx context.Context) (others string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	after, err := finish(ctx, g.service)
	return (&seen{before: g.before, after: after}).others(), err
}

// ServeHTTP passes a request on, or refuses it.
func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, owned.MaxAnswer))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	g.mu.Lock()
	a, refusal := g.pass(r, body)
	g.mu.Unlock()
	if refusal != "" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]string{"detail": "The guard of the live tests refuses this: " + refusal})
		return
	}
	if a.Err != nil {
		panic(http.ErrAbortHandler)
	}
	for name, values := range a.Header {
		if name != "Content-Length" && name != "Connection" && name != "Transfer-Encoding" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(a.Status)
	_, _ = w.Write(a.Raw)
}

const unknownRequest = "it is none of the requests that the provider makes"

var keyPath = regexp.MustCompile(`^/project-keys/[^/]+$`)

// pass sends a request on, or says what is not to be done. What is sent is what
// was looked at: the body as it was decoded.
func (g *Guard) pass(r *http.Request, body []byte) (a owned.Answer, refusal string) {
	q := owned.Request{Path: r.URL.Path, Header: http.Header{}}
	for _, name := range []string{"Authorization", "Content-Type", "User-Agent", "Accept"} {
		if value := r.Header.Get(name); value != "" {
			q.Header.Set(name, value)
		}
	}
	var sent map[string]any
	if len(body) > 0 {
		if json.Unmarshal(body, &sent) != nil {
			return a, unknownRequest
		}
		q.Body = sent
	}
	g.requests++
	route := r.Method + " " + keyPath.ReplaceAllString(strings.TrimSuffix(r.URL.Path, "/mcp-config"), "/project-keys/{id}")
	if r.URL.EscapedPath() != r.URL.Path || r.URL.RawQuery != "" || strings.HasSuffix(r.URL.Path, "/mcp-config") && r.Method != http.MethodGet {
		route = ""
	} else if g.requests > guardedRequests && r.Method != http.MethodDelete {
		return a, "too many requests have been made"
	}
	switch route {
	case "POST /auth/access-token":
		return g.service.Exchange(r.Context(), q), ""
	case "GET /auth/whoami", "GET /auth/roles", "GET /project-keys", "GET /project-keys/{id}":
		return g.service.Get(r.Context(), q), ""
	case "POST /project-keys":
		return g.create(r.Context(), q, sent)
	case "PATCH /project-keys/{id}", "DELETE /project-keys/{id}":
		return g.change(r.Context(), r.Method, strings.TrimPrefix(r.URL.Path, "/project-keys/"), q, sent)
	}
	return a, unknownRequest
}

func (g *Guard) create(ctx context.Context, q owned.Request, sent map[string]any) (a owned.Answer, refusal string) {
	name, _ := sent["name"].(string)
	switch {
	case !strings.HasPrefix(name, g.Prefix()):
		return a, "the name has to begin with the prefix of these tests"
	case len(g.service.Keys) >= guardedKeys:
		return a, "too many keys have been made"
	case opensKafka(sent):
		return a, openKafka
	}
	_, a = g.service.Create(ctx, "", name, q)
	return a, ""
}

func (g *Guard) change(ctx context.Context, method, id string, q owned.Request, sent map[string]any) (a owned.Answer, refusal string) {
	i := slices.IndexFunc(g.service.Keys, func(k *owned.Key) bool { return id != "" && k.ID() == id })
	name, named := sent["name"].(string)
	switch {
	case i < 0:
		return a, "the key was not made by these tests"
	case named && !strings.HasPrefix(name, g.Prefix()):
		return a, "the name has to begin with the prefix of these tests"
	case opensKafka(sent):
		return a, openKafka
	}
	k := g.service.Keys[i]
	if named && g.service.Rename(k, name) != nil {
		return a, "the journal can't be written"
	}
	var foreign *owned.NotOwnError
	if a = g.service.Change(ctx, k, method, q); errors.As(a.Err, &foreign) {
		return a, "the key was not shown to be made by these tests"
	}
	return a, ""
}

const openKafka = "Kafka users have to be restricted to addresses of 192.0.2.0/24, which do not exist"

// opensKafka tells whether a request would let a Kafka user in from somewhere.
func opensKafka(sent map[string]any) bool {
	config, gives := sent["kafka_config"].(map[string]any)
	whitelist, changes := sent["whitelist_ips"]
	return gives && !nowhere(config["whitelist_ips"]) || changes && !nowhere(whitelist)
}

var documentation = netip.MustParsePrefix("192.0.2.0/24")

// nowhere tells whether addresses are there, and all are of the range that is
// kept for documentation.
func nowhere(addresses any) bool {
	list, _ := addresses.(string)
	for _, text := range strings.Split(list, ",") {
		if text = strings.TrimSpace(text); !strings.Contains(text, "/") {
			text += "/32"
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil || !documentation.Contains(prefix.Addr()) || prefix.Bits() < documentation.Bits() {
			return false
		}
	}
	return true
}
