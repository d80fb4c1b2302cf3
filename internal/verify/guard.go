// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"
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
// deleted but what was made through it; no Kafka user can be used from an
// address that exists; and at the end everything that was made is deleted.
type Guard struct {
	mu       sync.Mutex
	run      *run
	requests int
	next     time.Time
	deleted  map[string]bool
}

// NewGuard checks the project and starts the journal.
func NewGuard(ctx context.Context, options Options) (*Guard, error) {
	r := &run{options: options.withDefaults(), name: "tfacc-" + random()[:8]}
	r.seen = &sight{options: r.options}
	r.caller = newCaller(r.options, r.seen)
	if err := r.identify(ctx); err != nil {
		return nil, err
	}
	if r.seen.before = r.get(ctx, stepListBefore, pathKeys); !isKeyList(r.seen.before) {
		return nil, errors.New("the list of keys can't be read, so nothing could be found again")
	}
	journal, err := createJournal(r.options)
	if err != nil {
		return nil, err
	}
	r.journal = journal
	return &Guard{run: r, deleted: make(map[string]bool)}, nil
}

// Prefix is how the names of all keys have to begin.
func (g *Guard) Prefix() string { return g.run.name + "-" }

// Close deletes what is left, and says whether the keys of others have changed.
func (g *Guard) Close(ctx context.Context) (others string, err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	list := g.run.get(ctx, stepListAfter, pathKeys)
	for _, k := range g.run.seen.keys {
		if isKeyList(list) && g.deleted[k.id] && !ownRow(list, k).there {
			k.gone = true
			g.run.note(entry{Gone: k.id})
		}
	}
	err = g.run.finish(ctx)
	return g.run.seen.others(), errors.Join(err, g.run.broken)
}

// ServeHTTP passes a request on, or refuses it.
func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	k, refusal := g.admit(r, body)
	if refusal != "" {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_ = json.NewEncoder(w).Encode(map[string]string{"detail": "The guard of the live tests refuses this: " + refusal})
		return
	}
	a := g.pass(r, body)
	g.learn(r, k, a)
	if a.err != nil {
		panic(http.ErrAbortHandler)
	}
	for name, values := range a.header {
		if name != "Content-Length" && name != "Connection" && name != "Transfer-Encoding" {
			w.Header()[name] = values
		}
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(a.raw)
}

// admit notes what is about to be made, and says what is not to be done.
func (g *Guard) admit(r *http.Request, body []byte) (*key, string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.requests++
	id, ofKey := strings.CutPrefix(r.URL.Path, pathKeys+"/")
	switch {
	case !strings.HasPrefix(r.URL.Path, "/"):
		return nil, "it has no path"
	case g.requests > guardedRequests && r.Method != http.MethodDelete:
		return nil, "too many requests have been made"
	case strings.HasPrefix(r.URL.Path, "/auth/"), r.Method == http.MethodGet:
		return nil, ""
	case r.Method == http.MethodPost && r.URL.Path == pathKeys:
		return g.intend(body)
	case !ofKey || (r.Method != http.MethodPatch && r.Method != http.MethodDelete):
		return nil, "it is none of the requests that the provider makes"
	case !slices.ContainsFunc(g.run.seen.keys, func(k *key) bool { return k.id == id }):
		return nil, "the key was not made by these tests"
	case r.Method == http.MethodPatch && opensKafka(body):
		return nil, openKafka
	}
	return nil, ""
}

const openKafka = "Kafka users have to be restricted to addresses of 192.0.2.0/24, which do not exist"

func (g *Guard) intend(body []byte) (*key, string) {
	var wanted struct{ Name string }
	switch err := json.Unmarshal(body, &wanted); {
	case err != nil || !strings.HasPrefix(wanted.Name, g.run.name+"-"):
		return nil, "the name has to begin with the prefix of these tests"
	case len(g.run.seen.keys) >= guardedKeys:
		return nil, "too many keys have been made"
	case opensKafka(body):
		return nil, openKafka
	}
	k := &key{kind: kindRefused, name: wanted.Name, intent: g.run.serviceTime()}
	if err := g.run.journal.write(entry{Intent: k.name, Time: k.intent}); err != nil {
		return nil, "the journal can't be written"
	}
	g.run.seen.keys = append(g.run.seen.keys, k)
	return k, ""
}

// opensKafka tells whether a request would let a Kafka user in from somewhere.
func opensKafka(body []byte) bool {
	var sent map[string]any
	if json.Unmarshal(body, &sent) != nil {
		return false
	}
	request := valueOf(sent)
	if config := request.at("kafka_config"); config.isObject() && !nowhere(config.at("whitelist_ips")) {
		return true
	}
	return request.at("whitelist_ips").there && !nowhere(request.at("whitelist_ips"))
}

var documentation = netip.MustParsePrefix("192.0.2.0/24")

// nowhere tells whether addresses are there, and all are of the range that is
// kept for documentation.
func nowhere(addresses value) bool {
	for _, text := range strings.Split(addresses.text(), ",") {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(text))
		if err != nil {
			var address netip.Addr
			if address, err = netip.ParseAddr(strings.TrimSpace(text)); err != nil {
				return false
			}
			prefix = netip.PrefixFrom(address, address.BitLen())
		}
		if !documentation.Contains(prefix.Addr()) || prefix.Bits() < documentation.Bits() {
			return false
		}
	}
	return true
}

// pass sends a request on, not too soon after the last one.
func (g *Guard) pass(r *http.Request, body []byte) answer {
	g.mu.Lock()
	pause := time.Until(g.next)
	g.next = time.Now().Add(max(pause, 0) + guardedPace)
	g.mu.Unlock()
	a := answer{method: r.Method, path: r.URL.Path}
	if a.err = sleep(r.Context(), pause); a.err != nil {
		return a
	}
	// A creation is waited for whatever becomes of its client, for the id.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), requestTimeout)
	defer cancel()
	target := g.run.caller.host + r.URL.EscapedPath()
	request, err := http.NewRequestWithContext(ctx, r.Method, target, bytes.NewReader(body)) //nolint:gosec // The host is fixed; admit has seen the path.
	if err != nil {
		a.err = err
		return a
	}
	for _, name := range []string{"Authorization", "Content-Type", "User-Agent", "Accept"} {
		if value := r.Header.Get(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	response, err := g.run.caller.client.Do(request) //nolint:gosec // As above.
	if err != nil {
		a.err = err
		return a
	}
	defer func() { _ = response.Body.Close() }()
	a.status, a.header = response.StatusCode, response.Header
	a.raw, a.err = io.ReadAll(io.LimitReader(response.Body, maxBody))
	a.decode()
	return a
}

// learn notes what an answer says about the keys.
func (g *Guard) learn(r *http.Request, k *key, a answer) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if date, err := http.ParseTime(a.header.Get("Date")); err == nil {
		g.run.caller.serviceTime = date
	}
	id := a.body.at("project_key_id").text()
	switch {
	case k != nil && a.ok() && id != "" && !ownRow(g.run.seen.before, &key{id: id}).there:
		k.id = id
		g.run.note(entry{Made: k.id, Name: k.name})
	case k != nil && (a.refused() || a.status == http.StatusUnauthorized || a.status == http.StatusTooManyRequests):
		k.gone = true
		g.run.note(entry{Refused: k.name})
	case r.Method == http.MethodDelete && (a.ok() || a.saysGone()):
		g.deleted[strings.TrimPrefix(r.URL.Path, pathKeys+"/")] = true
	}
}
