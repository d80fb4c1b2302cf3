// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// checkSecrets checks that the state holds the secrets that were issued.
func (w *world) checkSecrets() {
	for _, r := range w.server.Writes() {
		if r.Method == http.MethodPost && r.Status/100 == 2 && r.Drop == simulator.DropNone && !w.answersReplaced() && !w.outcome.killed && w.tf.state == nil {
			w.fail("a created key is in the state", "the answer arrived")
		}
	}
	if w.tf.state == nil || w.outcome.killed {
		return
	}
	now := stateOf(w.tf.state)
	key, there := w.server.Key(now.ID)
	isNew := w.isNew()
	added := w.before.key != nil && !w.before.key.HasAPI() && key.HasAPI()
	switch secret := now.plainSecret(); {
	case !there:
	case secret != "" && secret != key.APISecret:
		w.fail("the secrets in the state are those that were issued", "the client secret differs")
	case secret != "":
	case isNew && now.API != nil, added && !w.answersReplaced() && w.delivered():
		w.fail("no secret is lost", "the answer that carried the client secret arrived")
	case added && !w.outcome.failed():
		w.fail("a lost secret is an error", "the apply succeeded without the client secret")
	}
}

// isNew reports whether the key in the state is not the one that was there before.
func (w *world) isNew() bool {
	return w.before.state == nil || stateOf(w.before.state).ID != stateOf(w.tf.state).ID
}

// answersReplaced reports whether a fault of the step replaces answers, or delays
// them for longer than anyone waits.
func (w *world) answersReplaced() bool {
	return slices.ContainsFunc(w.step.Faults, func(f simulator.Fault) bool { return f.Status != 0 || f.Delay > time.Minute || f.Drop != "" }) || w.mayTimeOut()
}

func (w *world) delivered() bool {
	return slices.ContainsFunc(w.writes(http.MethodPatch), func(r simulator.Request) bool {
		return r.Status == http.StatusOK && r.Drop == simulator.DropNone
	})
}

// learn remembers what the state can't tell.
func (w *world) learn(o outcome, d decision) {
	if w.tf.state == nil {
		w.forget()
		return
	}
	now := stateOf(w.tf.state)
	isNew := w.isNew()
	if isNew {
		w.forget()
	}
	rotated := slices.ContainsFunc(w.writes(http.MethodPatch), func(r simulator.Request) bool {
		return strings.Contains(string(r.Body), "password")
	})
	switch {
	case now.Kafka == nil:
		w.password = nil
	case isNew, w.saysPassword(now) && (rotated || d.kind == inPlace && !o.failed()) && (d.rotates || d.fields["kafka_config"]):
		w.password = new(w.config.password())
	case rotated:
		w.password = nil
	}
	key, there := w.server.Key(now.ID)
	if there && w.password != nil && key.KafkaPassword != *w.password {
		w.fail("the Kafka password is the one that the state stands for", "it is %q, not %q", key.KafkaPassword, *w.password)
	}
}

// saysPassword reports whether the state has the configured password, or its
// version.
func (w *world) saysPassword(h *resourceState) bool {
	k := w.config.Kafka
	return k != nil && sameText(k.Password, h.Kafka.Password) &&
		(k.PasswordWOVersion == nil || identical(k.PasswordWOVersion, h.Kafka.PasswordWOVersion))
}

// checkLeaks looks for any secret in diagnostics and in private state, and for
// write-only and encrypted ones everywhere.
func (w *world) checkLeaks() {
	nowhere := slices.Concat(w.written, w.encryptedSecrets())
	hidden := slices.Concat(nowhere, w.server.Secrets())
	if w.config != nil {
		hidden = append(hidden, w.config.password())
	}
	for _, e := range w.tf.exposure {
		secrets := nowhere
		if strings.HasSuffix(e.where, "diagnostic") || strings.HasSuffix(e.where, "private") {
			secrets = hidden
		}
		for _, secret := range secrets {
			if secret != "" && slices.ContainsFunc(spellings(secret), func(s string) bool { return strings.Contains(e.text, s) }) && !w.madeUp(secret) {
				w.fail("no secret is shown", "%q is in %s: %s", secret, e.where, e.text)
			}
		}
	}
}

// madeUp reports whether a fault has a secret that no request of the step held, which
// no client can know.
func (w *world) madeUp(secret string) bool {
	told := slices.ContainsFunc(w.step.Faults, func(f simulator.Fault) bool {
		return slices.ContainsFunc(spellings(secret), func(s string) bool { return strings.Contains(f.Body, s) })
	})
	return told && !slices.ContainsFunc(w.server.Requests(), func(r simulator.Request) bool {
		var body any
		return json.Unmarshal(r.Body, &body) == nil && strings.Contains(fmt.Sprint(body), secret)
	})
}

func spellings(secret string) []string {
	escaped := jsonText(secret)
	return []string{secret, escaped[1 : len(escaped)-1], url.QueryEscape(secret)}
}
