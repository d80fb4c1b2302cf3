// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"context"
	"fmt"
	"runtime/debug"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// violation is a rule that did not hold.
type violation struct {
	rule   string // which one, in the same words every time
	step   int    // from 1; 0 is the end, after all steps
	detail string
}

func (v *violation) Error() string {
	at := fmt.Sprintf("step %d", v.step)
	if v.step == 0 {
		at = "the end"
	}
	return fmt.Sprintf("%s: %s\n%s", at, v.rule, v.detail)
}

// world is one lifecycle under way: a service, a CLI with a state, and what is
// known apart from either.
type world struct {
	server      *simulator.Server
	interceptor *interceptor
	tf          *terraform
	step        step
	at          int

	config  *configuration
	foreign []string // ids of keys that are someone else's

	// imported is so for a key that was imported.
	imported bool
	// password is what the Kafka user must have, where that is certain.
	password *string
	// permissionsUnknown is so where nobody can see what the service holds.
	permissionsUnknown bool
	// stuck is a key that someone else left in a status that never ends.
	stuck bool
	// written are the write-only passwords so far.
	written []string
	// encrypted are secrets that are, or were, encrypted in the state: they may be
	// in clear nowhere.
	encrypted []string
	// lost are keys whose creation lost its answer, and was reported.
	lost []string
	// usernameHolder is the key that holds the Kafka username of the step.
	usernameHolder string

	before    snapshot
	outcome   outcome
	forked    time.Time         // when it was forked, if it was
	converged func(*world) bool // as that of its walk
	// requests are those of the run of every step.
	requests [][]simulator.Request
}

// snapshot is what there was before a step.
type snapshot struct {
	state *object
	key   *simulator.Key
	keys  []simulator.Key
}

// walk is a scenario, or the rest of one.
type walk struct {
	scenario
	from      *world            // how far another walk has come; nil is the beginning
	converged func(*world) bool // whether the rest is known; nil is never
}

// walkWhole walks a scenario and returns the violation it ends with, if any.
func walkWhole(t *testing.T, s scenario) *violation {
	t.Helper()
	_, found := walk{scenario: s}.take(t)
	return found
}

// take walks in a bubble of its own, in which waiting takes no time.
func (s walk) take(t *testing.T) (w *world, found *violation) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		if s.from == nil {
			w = newWorld(s.scenario)
		} else {
			w = s.from.fork()
		}
		w.converged = s.converged
		// Time stands still in a bubble whose test is over, so whatever is
		// still under way ends before.
		defer time.Sleep(time.Hour)
		defer func() {
			switch p := recover().(type) {
			case nil:
			case *violation:
				p.step = w.at
				found = p
			default:
				found = &violation{rule: "panic: " + fmt.Sprint(p), step: w.at, detail: string(debug.Stack())}
			}
		}()
		for !w.hasConverged() {
			if w.at == len(s.Steps) {
				w.at, w.step, w.converged = 0, step{Do: "end"}, nil
				w.end()
				return
			}
			w.step = s.Steps[w.at]
			w.at++
			w.takeStep(w.step)
		}
	})
	return w, found
}

// fail ends the walk.
func (w *world) fail(rule, format string, arguments ...any) {
	panic(&violation{rule: rule, detail: fmt.Sprintf(format, arguments...) + w.context()})
}

// context is what a person needs to see why.
func (w *world) context() string {
	text := "\n\nThe run planned: " + string(w.outcome.action) + "\nIt said:\n" + w.outcome.messages() + "\nThe requests:\n"
	requests := w.server.Requests()
	for i, r := range requests {
		if i == 15 && len(requests) > 30 {
			text += fmt.Sprintf("  … %d more …\n", len(requests)-30)
		}
		if i >= 15 && i < len(requests)-15 {
			continue
		}
		text += fmt.Sprintf("  %s %s %s -> %d %s %s\n", r.Time.Format(time.TimeOnly), r.Method, r.Path, r.Status, r.Drop, r.Body)
	}
	text += "The service holds:\n"
	for _, key := range w.server.Keys() {
		text += fmt.Sprintf("  %+v\n", key)
	}
	if w.tf.state != nil {
		text += fmt.Sprintf("The state holds (tainted: %t, private: %s):\n  %#v\n", w.tf.state.tainted, w.tf.state.private, w.tf.state.value)
	}
	return text
}

var resourceSchema, providerSchema = func() (*schema, *schema) {
	server := provider.NewServer("test")()
	response, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	must(err)
	return newSchema(response.ResourceSchemas[typeName]), newSchema(response.Provider)
}()

// host is where the provider finds the service.
const host = "https://api.example"

// namesake is the id of someone else's key with a name that the configuration can give.
const namesake = "e0ad5bd0-0000-4000-8000-000000000001"

// namesakeName is that name. Where names are unique it is one that few configurations
// give, since none of them can be applied.
func namesakeName(dialect simulator.Dialect) string {
	if uniqueNames(dialect) {
		return "Orders & more"
	}
	return "orders"
}

func uniqueNames(dialect simulator.Dialect) bool {
	return dialect.SameName == "409" || dialect.SameName == "422"
}

// service is how the service behaves.
func (w *world) service() simulator.Config { return w.server.Config() }

func newWorld(s scenario) *world {
	config := s.Service.config()
	w := &world{server: simulator.New(config)}
	w.connect(providerSchema.value(map[string]any{
		"host": host, "client_id": simulator.DefaultClientID, "secret": simulator.DefaultSecret,
		"max_retries": s.Service.MaxRetries, "preflight": s.Service.Preflight,
	}), nil)
	if s.Service.Namesakes {
		for _, key := range []simulator.Key{
			{ID: namesake, Name: namesakeName(config.Dialect), RoleIDs: []string{simulator.RoleAdmin}, CreatedAt: time.Now().Add(-24 * time.Hour)},
			{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, ServiceID: anotherProject},
		} {
			w.foreign = append(w.foreign, w.server.Seed(key).ID)
		}
	}
	return w
}

// connect starts with a CLI that has the state.
func (w *world) connect(providerConfig cty.Value, state *object) {
	w.interceptor = &interceptor{next: hostile{w.server.RoundTripper()}, w: w}
	w.tf = &terraform{transport: w.interceptor, providerConfig: providerConfig, state: state}
	w.arm(step{})
}

// fork is another world that has come as far as this one, at the same time.
func (w *world) fork() *world {
	// It may be in a bubble of its own, in which time has only begun.
	time.Sleep(time.Until(w.forked))
	f := *w
	f.forked = time.Now().Round(0)
	// Both go on: what one changes or appends is not the other's.
	f.server = w.server.Fork()
	f.connect(w.tf.providerConfig, w.tf.state)
	f.foreign, f.written, f.encrypted, f.lost = slices.Clip(w.foreign), slices.Clip(w.written), slices.Clip(w.encrypted), slices.Clip(w.lost)
	f.requests = slices.Clip(w.requests)
	return &f
}
