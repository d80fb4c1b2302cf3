// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"runtime/debug"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// violation is an invariant that did not hold.
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
	service service
	foreign []string // ids of keys that are someone else's

	// imported is so for a key that was imported.
	imported bool
	// password is what the Kafka user must have, where that is certain.
	password *string
	// permissionsUnsure is so where nobody can see what the service holds.
	permissionsUnknown bool
	// stuck is a key that someone else left in a status that never ends.
	stuck bool
	// written are the write-only passwords so far.
	written []string
	// encrypted are secrets that the state has, or had, encrypted: they may be in
	// clear nowhere. ciphertexts are those of the state after the last run, by
	// attribute, and the id of its key.
	encrypted   []string
	ciphertexts map[string]string
	// lost are keys whose creation lost its answer, and was told of.
	lost []string
	// dying is the key that a step has in the way of its Kafka username.
	usernameHolder string

	before    snapshot
	outcome   outcome
	took      time.Duration
	forked    time.Time         // when it was forked, if it was
	converged func(*world) bool // nil where nothing is known of what follows
	// requests are those of the run of every step.
	requests [][]simulator.Request
}

// moment is what there was before a step.
type snapshot struct {
	state *object
	key   *simulator.Key
	keys  []simulator.Key
}

// walk walks through a scenario in a bubble of its own, in which waiting takes
// no time. It returns the violation it ends with, if any.
func walkWhole(t *testing.T, s scenario) *violation {
	t.Helper()
	_, found := walkFrom(t, nil, s, nil, (*world).end)
	return found
}

// walkTo goes on with a scenario from where another walk has come by its first
// steps, or from its beginning, and no further than to where all is known that
// follows.
func walkFrom(t *testing.T, from *world, s scenario, arrived func(*world) bool, end func(*world)) (w *world, found *violation) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		if from == nil {
			w = newWorld(s)
		} else {
			w = from.fork()
		}
		w.converged = arrived
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
				end(w)
				return
			}
			w.step = s.Steps[w.at]
			w.at++
			w.takeStep(w.step)
		}
	})
	return w, found
}

// broken ends the walk.
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

// schemas are the same for every lifecycle.
var resourceSchema, providerSchema = func() (*block, *block) {
	server := provider.NewServer("test")()
	response, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	return newBlock(response.ResourceSchemas[typeName].Block), newBlock(response.Provider.Block)
}()

// namesake is the id of a key that is someone else's, and has a name that the
// configuration can give.
const namesake = "e0ad5bd0-0000-4000-8000-000000000001"

// namesakeName is the name of that key. Where names are unique it is one that few
// configurations give, since none of them could be applied.
func (s service) namesakeName() string {
	if s.variant("same-name") == "accepted" {
		return "orders"
	}
	return "Orders & more"
}

func newWorld(s scenario) *world {
	config := s.Service.config()
	w := &world{server: simulator.New(config), service: s.clone().Service}
	providerConfig := providerSchema.empty().AsValueMap()
	providerConfig["host"] = cty.StringVal("https://api.example")
	providerConfig["client_id"] = cty.StringVal(simulator.DefaultClientID)
	providerConfig["secret"] = cty.StringVal(simulator.DefaultSecret)
	providerConfig["max_retries"] = cty.NumberIntVal(int64(s.Service.MaxRetries))
	if s.Service.Preflight {
		providerConfig["preflight"] = cty.True
	}
	w.connect(cty.ObjectVal(providerConfig), nil)
	if s.Service.Namesakes {
		for _, key := range []simulator.Key{
			{ID: namesake, Name: s.Service.namesakeName(), RoleIDs: []string{simulator.RoleAdmin}, CreatedAt: time.Now().Add(-24 * time.Hour)},
			{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, ServiceID: anotherProject},
		} {
			w.foreign = append(w.foreign, w.server.Seed(key).ID)
		}
	}
	return w
}

// connect starts with a CLI that has the state.
func (w *world) connect(providerConfig cty.Value, state *object) {
	w.interceptor = &interceptor{next: hostile{w.server.RoundTripper()}}
	w.tf = &terraform{schema: resourceSchema, transport: w.interceptor, providerConfig: providerConfig, state: state}
	w.interceptor.killed = &w.tf.killed
	w.arm(step{})
}

// fork is another world that has come as far as this one, at the same time.
func (w *world) fork() *world {
	// It may be in a bubble of its own, in which time has only begun.
	time.Sleep(time.Until(w.forked))
	f := *w
	f.forked = time.Now().Round(0)
	// Both go on: what one changes or appends is not the other's.
	f.service = scenario{Service: w.service}.clone().Service
	f.server = w.server.Fork()
	f.connect(w.tf.providerConfig, w.tf.state)
	f.tf.cache = w.tf.cache.frozenCopy()
	f.foreign, f.written, f.encrypted, f.lost = slices.Clip(w.foreign), slices.Clip(w.written), slices.Clip(w.encrypted), slices.Clip(w.lost)
	f.requests = slices.Clip(w.requests)
	return &f
}

// take takes one step and checks all that has to hold after it.
func (w *world) takeStep(s step) {
	w.resolveLost(s)
	w.prepare(s)
	switch s.Do {
	case stepApply:
		w.config = s.Config
		w.holdUsername(s)
		w.apply(s)
		w.server.Remove(w.usernameHolder)
		w.usernameHolder = ""
	case stepRefresh:
		w.refresh()
	case stepDrift:
		w.drift(s.Drift)
	case stepImport:
		w.importKey(s)
	case stepDestroy:
		w.destroy()
	default:
		panic("step " + s.Do)
	}
	w.server.ClearFaults()
}

// settleLost does what an error told the user to do with a key whose creation
// lost its answer: take it over, or delete it.
func (w *world) resolveLost(s step) {
	for i, id := range w.lost {
		if _, there := w.server.Key(id); !there {
			continue
		}
		if i == 0 && s.TakeOver && w.tf.state == nil {
			w.prepare(step{})
			if w.importID(id, step{Identity: s.Identity}) {
				continue
			}
		}
		w.server.Remove(id)
	}
	w.lost = nil
}

// unhide reads a key for as long as the service does not show it. It hides a
// new key for a number of reads, but nobody waits for one that is not new.
func (w *world) unhide() {
	if w.tf.state == nil || w.service.Dialect["create-timing"] != "not-found-first" {
		return
	}
	id := stateOf(w.tf.state).ID
	key, there := w.server.Key(id)
	if !there || time.Since(key.CreatedAt) < time.Minute {
		return
	}
	client := streamkap.New(streamkap.Config{
		Host: "https://api.example", ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret, Transport: w.server.RoundTripper(),
	})
	for range 10 {
		_, _ = client.ProjectKey(context.Background(), id)
	}
}

func (w *world) prepare(s step) {
	w.unhide()
	if s.Revoke {
		w.server.RevokeTokens()
	}
	if s.NoProject && w.tf.state != nil {
		without := *w.tf.state
		without.value = put(without.value, []string{"service_id"}, cty.NullVal)
		w.tf.state = &without
	}
	w.before = snapshot{state: w.tf.state, keys: w.server.Keys()}
	if w.tf.state != nil {
		if key, there := w.server.Key(stateOf(w.tf.state).ID); there {
			w.before.key = &key
		}
	}
	w.server.ResetRequests()
	for _, fault := range s.Faults {
		w.server.Inject(fault)
	}
	w.tf.interruptAfter, w.tf.replace, w.tf.mayContradict = s.Interrupt, s.Replace, slices.ContainsFunc(s.Unknown, mayTurnOutAbsent)
	w.arm(s)
	w.requests = append(w.requests, nil)
	w.outcome = outcome{}
}

// did runs the CLI and checks what holds after every run.
func (w *world) runCLI(run func() outcome) outcome {
	start := time.Now()
	own := w.tf.providerConfig
	w.tf.providerConfig = w.credentials(own)
	o := run()
	w.tf.providerConfig = own
	w.took = time.Since(start)
	w.outcome = o
	w.tf.interruptAfter, w.tf.replace, w.tf.mayContradict = 0, false, false
	w.arm(step{})
	if last := &w.requests[len(w.requests)-1]; *last == nil {
		*last = w.server.Requests()
	}
	if len(o.bugs) > 0 {
		w.fail("Terraform's rules", "%v", o.bugs)
	}
	w.checkLeaks()
	w.checkForgedText()
	w.checkEncrypted()
	w.checkPreflight(o)
	if w.took > 2*time.Hour {
		w.fail("a run ends", "it took %s", w.took)
	}
	return o
}

// credentials has a run ask with the credentials of the step.
func (w *world) credentials(own cty.Value) cty.Value {
	values := own.AsValueMap()
	for _, project := range w.server.Config().Projects {
		if project.ServiceID == w.step.Credentials {
			values["client_id"], values["secret"] = cty.StringVal(project.ClientID), cty.StringVal(project.Secret)
		}
	}
	return cty.ObjectVal(values)
}

func (w *world) apply(s step) {
	final := s.Config.value()
	if k := s.Config.Kafka; k != nil && k.PasswordWO != nil {
		w.written = append(w.written, *k.PasswordWO)
	}
	o := w.runCLI(func() outcome { return w.tf.apply(unknown(final, s.Unknown), final) })
	if s.Credentials != "" {
		w.checkForeignCredentials(o)
		return
	}
	w.checkApply(o, s.disturbed())
	w.server.ClearFaults()
	switch {
	case s.drifts(), s.tampers():
	case !o.failed() && !o.interrupted && !w.hasConverged():
		w.checkNothingLeft()
	}
}

// known reports whether all is known that follows.
func (w *world) hasConverged() bool {
	// A provider that was interrupted may have left a request under way.
	synctest.Wait()
	return w.converged != nil && w.converged(w)
}

func (w *world) refresh() {
	o := w.runCLI(w.tf.refresh)
	w.checkNoWrites("a refresh changes nothing in the service")
	w.checkMonotone()
	if w.step.Credentials != "" {
		w.checkForeignCredentials(o)
		return
	}
	if !w.step.tampers() {
		w.checkRefresh(o, w.tf.state)
	}
	if o.failed() && !w.step.disturbed() && !w.mayTimeOut() {
		w.fail("what nothing disturbs succeeds", "the refresh failed")
	}
}

func (w *world) destroy() {
	before := w.before
	o := w.runCLI(w.tf.destroy)
	if before.state == nil {
		return
	}
	if w.step.Credentials != "" {
		w.checkForeignCredentials(o)
		return
	}
	w.checkUseWarned(o)
	id := stateOf(before.state).ID
	_, there := w.server.Key(id)
	switch {
	case w.tf.state == nil && there:
		w.fail("no key is left behind", "key %s is not in the state any more", id)
	case !o.failed() && !o.interrupted && w.tf.state != nil:
		w.fail("a destroy that succeeds leaves nothing", "the state still has key %s", id)
	case o.failed() && !w.step.disturbed() && !w.stuck && !w.mayTimeOut() && w.service.Dialect["delete-timing"] != "failed-forever":
		w.fail("what nothing disturbs succeeds", "the destroy failed")
	case !o.failed() && !o.interrupted && before.key != nil && w.count(http.MethodDelete) == 0 && there:
		w.fail("the number of writes", "nothing was deleted")
	}
	if w.tf.state == nil {
		w.forget()
	}
	w.checkKeys(o)
}

// forget is what there is to know of a key that is gone.
func (w *world) forget() {
	w.imported, w.password, w.permissionsUnknown, w.stuck = false, nil, false, false
}

func (w *world) drift(name string) {
	if w.tf.state != nil {
		w.change(name, nil)
		w.noteDrift(name)
	}
}

// change does to the key what someone else does.
func (w *world) change(name string, planned *configuration) {
	if w.tf.state == nil {
		return
	}
	id := stateOf(w.tf.state).ID
	switch change, asPlanned := drift[name], planDrift[name]; {
	case name == deleted:
		w.server.Remove(id)
	case asPlanned != nil:
		w.server.Modify(id, func(k *simulator.Key) { asPlanned(k, planned) })
	default:
		w.server.Modify(id, change)
	}
}

// noteDrift keeps what the state can't tell of what someone else did.
func (w *world) noteDrift(name string) {
	switch name {
	case "password":
		w.password = nil
	case "permissions", "permissions added":
		w.permissionsUnknown = true
	case "deleting", "suspended":
		w.stuck = true
	case "failed", "delete failed":
		w.stuck = false
	}
}

// importKey forgets the state of a key and takes it in again.
func (w *world) importKey(s step) {
	if w.tf.state == nil || w.before.key == nil {
		return
	}
	kept := w.tf.state
	w.tf.state = nil
	if !w.importID(stateOf(kept).ID, s) {
		w.tf.state = kept
	}
}

func (w *world) importID(id string, s step) bool {
	key, _ := w.server.Key(id)
	var beside []string
	if s.Beside {
		beside = append(slices.Clone(w.foreign), id)
	}
	o := w.runCLI(func() outcome { return w.tf.importKey(id, s.Identity, beside...) })
	for _, other := range o.beside {
		if otherID := stateOf(other).ID; otherID != id && otherID != namesake {
			w.fail("a key of another project is not imported", "key %s was", otherID)
		}
	}
	w.checkNoWrites("an import changes nothing in the service")
	if w.tf.state == nil {
		if !o.failed() && !o.interrupted {
			w.fail("an import imports or says why not", "there is no state")
		}
		if hidden := w.service.Dialect["create-timing"] == "not-found-first"; !w.step.disturbed() && !hidden && !w.mayTimeOut() {
			w.fail("what nothing disturbs succeeds", "the import failed")
		}
		return false
	}
	w.imported, w.password, w.permissionsUnknown = true, nil, key.PermissionIDs != nil
	w.checkState(stateOf(w.tf.state), key)
	w.server.ClearFaults()
	w.checkImported(key)
	return true
}

// impatient reports whether the configuration or the state does not leave the
// service the time that it takes.
func (w *world) mayTimeOut() bool {
	if w.service.ProvisionTime > 20*time.Minute || w.service.RateLimit > 0 {
		return true
	}
	if w.config != nil && slices.Contains(slices.Collect(maps.Values(w.config.Timeouts)), "3s") {
		return true
	}
	return w.before.state != nil && stateOf(w.before.state).mayTimeOut()
}

// end heals the service. Whatever happened before, the configuration has to be
// applied within two runs then, and to be gone after a destroy.
func (w *world) end() {
	w.resolveLost(step{})
	w.server.SetConfig(func(c *simulator.Config) {
		c.Dialect.CreateOutcome, c.Dialect.DeleteTiming, c.Dialect.Clearing = "", "", ""
		c.ProvisionTime, c.DeleteTime, c.RateLimit, c.Latency = 0, 0, 0, 0
	})
	for row := range failingVariants {
		delete(w.service.Dialect, row)
	}
	w.service.ProvisionTime, w.service.RateLimit = 0, 0
	if w.tf.state != nil && w.stuck {
		w.server.Modify(stateOf(w.tf.state).ID, func(k *simulator.Key) { k.Status = simulator.StatusActive })
	}
	w.stuck = false
	// Whatever the service is still doing, it has done by then.
	time.Sleep(time.Hour)
	w.unhide()
	config := w.lastValid()
	for range 2 {
		w.takeStep(step{Do: stepApply, Config: config})
		if !w.outcome.failed() {
			break
		}
	}
	if w.tf.state == nil {
		w.fail("everything converges", "the last apply left nothing")
	}
	w.takeStep(step{Do: stepDestroy})
	if keys := w.server.Keys(); len(keys) != len(w.foreign) {
		w.fail("no key is left behind", "%d keys at the end", len(keys))
	}
}

// nameTaken reports whether another key has the name, where the service does not
// take a second key of a name.
func (w *world) nameTaken(name string) bool {
	return w.service.variant("same-name") != "accepted" && slices.ContainsFunc(w.foreign, func(id string) bool {
		key, _ := w.server.Key(id)
		return key.Name == name && key.ServiceID == simulator.DefaultServiceID
	})
}

// lastValid is a configuration that a service in good health has to take.
func (w *world) lastValid() *configuration {
	c := *w.config
	c.Timeouts = nil
	if w.nameTaken(c.Name) {
		c.Name = "orders"
	}
	if invalid(&c) != "" || c.MCP != nil && !c.wantsAPI() {
		c = configuration{Name: "orders", RoleIDs: roles[:1]}
	}
	if c.Kafka != nil && c.password() == "" {
		kafka := *c.Kafka
		kafka.Password, kafka.PasswordWO, kafka.PasswordWOVersion = new("Not-a-secret-at-the-end-1-stored"), nil, nil
		if c.Recipients != nil {
			kafka.Password, kafka.PasswordWO, kafka.PasswordWOVersion = nil, kafka.Password, new(int64(-1))
		}
		c.Kafka = &kafka
	}
	return &c
}
