// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"net/http"
)

// checkUnpredictable checks an apply with a tampered response or a drift during the
// run: it can't be predicted, but nothing may be lost.
func (w *world) checkUnpredictable(o outcome) {
	w.checkOnce(http.MethodPost, w.writes(http.MethodPost))
	excused := w.mayTimeOut() || w.nameTaken(w.config.Name) || o.says("did not clear a value") // The last look may be the late one.
	if f := w.step.Faults; o.failed() && w.step.Event == "" && len(f) == 1 && f[0].Late && !excused {
		w.fail("a run with one late read succeeds", "it failed")
	}
	w.checkKeys(o)
	if w.tf.state == nil {
		w.forget()
		return
	}
	if w.isNew() {
		w.forget()
	}
	w.password = nil
	if w.config.PermissionIDs != nil {
		w.permissionsUnknown = true
	}
	if w.step.drifts() {
		w.noteDrift(w.step.Drift)
	}
}

// checkForeignCredentials checks a run with the credentials of another project: the
// key stays as it is, in the service and in the state, and another tenant's run
// fails.
func (w *world) checkForeignCredentials(o outcome) {
	if w.before.state == nil {
		return
	}
	if before, after := fmt.Sprint(w.before.keys), fmt.Sprint(w.server.Keys()); before != after {
		w.fail("only credentials of its project change a key", "there were %s and are %s", before, after)
	}
	if w.tf.state == nil || w.isNew() {
		w.fail("only a key that is gone leaves the state", "the credentials are those of %s", w.step.Credentials)
	}
	if !o.failed() && w.step.Credentials == anotherTenant {
		w.fail("credentials of another tenant are an error", "the run succeeded")
	}
}

// checkMonotone checks that no response has taken away what was issued: for the same
// id a client secret, a password, its version and a capability stay, or are
// replaced by newly issued ones.
func (w *world) checkMonotone() {
	if w.before.state == nil || w.tf.state == nil || w.isNew() {
		return
	}
	was, now := stateOf(w.before.state), stateOf(w.tf.state)
	key, there := w.server.Key(now.ID)
	keeps := func(what string, holds bool) {
		if !holds {
			w.fail("what was issued stays", "%s is gone: the state said %+v %+v, and says %+v %+v", what, was.API, was.Kafka, now.API, now.Kafka)
		}
	}
	keeps("access to the API", was.API == nil || now.API != nil)
	keeps("access to Kafka", was.Kafka == nil || now.Kafka != nil)
	if was.API != nil {
		keeps("the client id", now.API.ClientID == was.API.ClientID || there && now.API.ClientID == key.APIClientID)
		keeps("the client secret", was.plainSecret() == "" || now.plainSecret() == was.plainSecret() || there && now.plainSecret() == key.APISecret)
	}
	if was.Kafka != nil {
		k := now.Kafka
		keeps("the password", sameText(k.Password, was.Kafka.Password) || w.configures(func(c *kafkaBlock) bool { return sameText(c.Password, k.Password) }))
		keeps("the version of the password", identical(k.PasswordWOVersion, was.Kafka.PasswordWOVersion) ||
			w.configures(func(c *kafkaBlock) bool { return identical(c.PasswordWOVersion, k.PasswordWOVersion) }))
	}
}

// configures reports whether the step is an update to such a configuration.
func (w *world) configures(so func(k *kafkaBlock) bool) bool {
	return w.outcome.action == update && w.config.Kafka != nil && so(w.config.Kafka)
}
