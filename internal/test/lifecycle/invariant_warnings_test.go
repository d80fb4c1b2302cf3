// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// checkWarnings checks that the plan warns of what it has to, and of nothing else.
func (w *world) checkWarnings(o outcome, d decision) {
	tainted := w.before.state != nil && w.before.state.tainted
	for _, check := range []struct {
		summary string
		due     bool
	}{
		{"Project key will be replaced", d.kind == replaced && !tainted},
		{"Kafka password will be rotated", d.kind == inPlace && d.rotates},
		{"Permissions are taken over unchecked", d.takesOver},
		{"Rules will be removed that can't be added again", d.losesRules && !tainted},
		{unrequestedAPIAccess, d.unrequestedAPI},
		{"Earlier versions of the state hold secrets in clear", d.wasInClear},
		{"Secrets stay encrypted to the earlier recipients", d.keepsCiphertext},
	} {
		if o.says(check.summary) != check.due {
			w.fail("the plan warns of what it has to", "said %q: %t, due: %t", check.summary, !check.due, check.due)
		}
	}
}

// unrequestedAPIAccess is in every plan for a key whose API access is not configured.
const unrequestedAPIAccess = "API access is not in the configuration"

// checkPreflight checks that no plan warns of its own key. Other keys have its name,
// or its username, where the walk says so.
func (w *world) checkPreflight(o outcome) {
	so := map[string]bool{
		"Kafka username is taken": w.usernameHolder != "", "Name is in use": len(w.foreign) > 0,
		"Kafka username is used twice": false, "Kafka usernames are exchanged": false,
		"Project key will be deleted and created again": false, "No such role": false,
	}
	for _, diag := range o.diags {
		if is, checked := so[diag.Summary]; checked && !is && diag.Severity == tfprotov6.DiagnosticSeverityWarning && !w.step.tampers() {
			w.fail("preflight warns of other keys only", "%s: %s", diag.Summary, diag.Detail)
		}
	}
}

// checkUseWarned checks that a run that deletes a recently used key says so.
func (w *world) checkUseWarned(o outcome) {
	key := w.before.key
	if key == nil || o.killed || w.before.state.tainted || time.Since(key.LastUsedAt) > 30*24*time.Hour || o.refreshed == nil {
		return
	}
	if _, there := w.server.Key(key.ID); !there && !o.says("was last used") {
		w.fail("the deletion of a recently used key is reported", "key %s was used at %s", key.ID, key.LastUsedAt)
	}
}
