// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"net/http"
)

// checkUnsure checks what has to hold of an apply during which the service has
// told what is not so, or someone else has changed the key: what comes of it
// can't be foretold, but nothing may be lost, and the next run finds the truth.
func (w *world) checkUnsure(o outcome) {
	w.checkOnce(http.MethodPost, w.writes(http.MethodPost))
	w.checkKeys(o)
	if w.tf.state == nil {
		w.forget()
		return
	}
	if w.before.state == nil || read(w.before.state).id != read(w.tf.state).id {
		w.forget()
	}
	w.password = nil
	if w.config.PermissionIDs != nil {
		w.permissionsUnsure = true
	}
	if w.step.drifts() {
		w.noteDrift(w.step.Drift)
	}
}

// checkForeign checks a run that had the credentials of another project: the key
// stays as it is, in the service and in the state, and another tenant's run fails.
func (w *world) checkForeign(o outcome) {
	if w.before.state == nil {
		return
	}
	if before, after := fmt.Sprint(w.before.keys), fmt.Sprint(w.server.Keys()); before != after {
		w.broken("only credentials of its project change a key", "there were %s and are %s", before, after)
	}
	if w.tf.state == nil || read(w.tf.state).id != read(w.before.state).id {
		w.broken("only a key that is gone leaves the state", "the credentials are those of %s", w.step.Credentials)
	}
	if !o.failed() && w.step.Credentials == anotherTenant {
		w.broken("credentials of another tenant are an error", "the run succeeded")
	}
}

// checkMonotone checks that nothing has taken away what was issued: for the
// same id a client secret, a password, its version and a capability stay, or
// are replaced by newly issued ones.
func (w *world) checkMonotone() {
	if w.before.state == nil || w.tf.state == nil {
		return
	}
	was, now := read(w.before.state), read(w.tf.state)
	if was.id != now.id {
		return
	}
	key, there := w.server.Key(now.id)
	keeps := func(what string, holds bool) {
		if !holds {
			w.broken("what was issued stays", "%s is gone: the state said %+v %+v, and says %+v %+v", what, was.api, was.kafka, now.api, now.kafka)
		}
	}
	keeps("access to the API", was.api == nil || now.api != nil)
	keeps("access to Kafka", was.kafka == nil || now.kafka != nil)
	if was.api != nil {
		keeps("the client id", now.api.clientID == was.api.clientID || there && now.api.clientID == key.APIClientID)
		keeps("the client secret", was.api.known() == "" || now.api.known() == was.api.known() || there && now.api.known() == key.APISecret)
	}
	if was.kafka != nil {
		keeps("the password", now.kafka.password == was.kafka.password || w.configures(func(k *kafkaBlock) bool { return deref(k.Password) == now.kafka.password }))
		keeps("the version of the password", now.kafka.version == was.kafka.version || w.configures(func(k *kafkaBlock) bool { return versionOf(k) == now.kafka.version }))
	}
}

// configures reports whether it is an apply that is to lead there.
func (w *world) configures(so func(k *kafkaBlock) bool) bool {
	return w.outcome.action == update && w.config.Kafka != nil && so(w.config.Kafka)
}

func versionOf(k *kafkaBlock) string {
	if k.PasswordWOVersion == nil {
		return ""
	}
	return fmt.Sprint(*k.PasswordWOVersion)
}
