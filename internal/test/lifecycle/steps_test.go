// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"slices"
	"testing/synctest"
	"time"

	"github.com/zclconf/go-cty/cty"
)

// takeStep takes one step and checks all that has to hold after it.
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

// resolveLost does what an error advised for a key whose creation lost its answer:
// import it, or delete it.
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

func (w *world) prepare(s step) {
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
	w.tf.replace, w.tf.mayContradict = s.Replace, slices.ContainsFunc(s.Unknown, mayTurnOutAbsent)
	w.arm(s)
	w.requests = append(w.requests, nil)
	w.outcome = outcome{}
}

// runCLI runs the CLI and checks what holds after every run.
func (w *world) runCLI(run func() outcome) outcome {
	start := time.Now()
	own := w.tf.providerConfig
	w.tf.providerConfig = w.credentials(own)
	o := run()
	w.tf.providerConfig = own
	took := time.Since(start)
	w.outcome = o
	w.tf.replace, w.tf.mayContradict = false, false
	w.arm(step{})
	if last := &w.requests[len(w.requests)-1]; *last == nil {
		*last = w.server.Requests()
	}
	if len(o.bugs) > 0 {
		w.fail("the provider keeps to Terraform's rules", "%v", o.bugs)
	}
	w.checkCiphertexts()
	w.checkLeaks()
	w.checkForgedText()
	w.checkPreflight(o)
	if took > 2*time.Hour {
		w.fail("a run ends", "it took %s", took)
	}
	return o
}

func (w *world) credentials(own cty.Value) cty.Value {
	values := own.AsValueMap()
	for _, project := range w.service().Projects {
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
	if !s.drifts() && !s.tampers() && !o.failed() && !o.interrupted && !w.hasConverged() {
		w.checkNothingLeft()
	}
}

// hasConverged reports whether the rest of the walk is known.
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
		w.checkRefresh(o)
	}
	if o.failed() && !w.step.disturbed() && !w.mayTimeOut() {
		w.fail("an undisturbed run succeeds", "the refresh failed")
	}
}

func (w *world) destroy() {
	o := w.runCLI(w.tf.destroy)
	if w.before.state == nil {
		return
	}
	if w.step.Credentials != "" {
		w.checkForeignCredentials(o)
		return
	}
	w.checkUseWarned(o)
	switch {
	case !o.failed() && !o.interrupted && w.tf.state != nil:
		w.fail("a destroy that succeeds leaves nothing", "the state still has %s", stateOf(w.tf.state).ID)
	case o.failed() && !w.step.disturbed() && !w.stuck && !w.mayTimeOut() && w.service().Dialect.DeleteTiming != "failed-forever":
		w.fail("an undisturbed run succeeds", "the destroy failed")
	}
	w.checkKeys(o)
	if w.tf.state == nil {
		w.forget()
	}
}

// forget drops what is known of a key that is gone.
func (w *world) forget() {
	w.imported, w.password, w.permissionsUnknown, w.stuck = false, nil, false, false
}

func (w *world) drift(name string) {
	if w.tf.state != nil {
		w.change(name, nil)
		w.noteDrift(name)
	}
}

// importKey takes a key out of the state and imports it again.
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
			w.fail("an import that imports nothing is an error", "there is no state")
		}
		if hidden := w.service().Dialect.CreateTiming == "not-found-first"; !w.step.disturbed() && !hidden && !w.mayTimeOut() {
			w.fail("an undisturbed run succeeds", "the import failed")
		}
		return false
	}
	w.imported, w.password, w.permissionsUnknown = true, nil, key.PermissionIDs != nil
	w.checkState(stateOf(w.tf.state), key)
	w.server.ClearFaults()
	w.checkImported(key)
	return true
}

// mayTimeOut reports whether the service takes longer than the configuration or the
// state allows.
func (w *world) mayTimeOut() bool {
	return w.service().ProvisionTime > 20*time.Minute ||
		w.config != nil && w.config.mayTimeOut() || w.before.state != nil && stateOf(w.before.state).mayTimeOut()
}
