// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// holdUsername has another key hold the step's Kafka username, until it is deleted.
func (w *world) holdUsername(s step) {
	if s.UsernameHeld == nil || s.Config.Kafka == nil {
		return
	}
	id := w.server.Seed(simulator.Key{Name: "dying", KafkaUsername: s.Config.Kafka.Username}).ID
	w.usernameHolder = id
	time.AfterFunc(s.UsernameHeld.DeletedAfter, func() {
		w.server.Modify(id, func(k *simulator.Key) { k.Status = simulator.StatusDeleting })
		time.AfterFunc(s.UsernameHeld.DeletionTakes, func() { w.server.Remove(id) })
	})
	if s.UsernameHeld.DeletedAfter == 0 {
		time.Sleep(time.Nanosecond)
	}
}

// checkPreflight checks that no plan warns of its own key. Other keys have its name,
// or its username, where the walk says so.
func (w *world) checkPreflight(o outcome) {
	for _, diag := range o.diags {
		var so bool
		switch diag.Summary {
		case "Kafka username is taken":
			so = w.usernameHolder != ""
		case "Name is in use":
			so = len(w.foreign) > 0
		case "Kafka username is used twice", "Kafka usernames are exchanged", "Project key will be deleted and created again", "No such role":
		default:
			continue
		}
		if diag.Severity == tfprotov6.DiagnosticSeverityWarning && !so && !w.step.tampers() {
			w.fail("preflight warns of other keys only", "%s: %s", diag.Summary, diag.Detail)
		}
	}
}
