// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// mayTurnOutAbsent reports whether it changes what a key is when this turns out
// not to be there.
func mayTurnOutAbsent(path string) bool {
	return slices.Contains([]string{"role_ids", "permission_ids", "kafka", "mcp", "timeouts"}, path)
}

// blind reports whether a plan can't know that a new key has no password.
// Whoever leaves that to the apply has nearly always one.
func (s step) passwordUnknown() bool {
	return slices.ContainsFunc(s.Unknown, func(path string) bool { return strings.HasPrefix(path, "kafka.password") })
}

// checkUnknown checks an apply whose plan did not know everything: what is not
// known is no reason, and nothing is deleted or made by an apply that then fails.
func (w *world) checkUnknown(o outcome, h *resourceState, d decision, disturbed bool) {
	due := d.kind == replaced || w.step.Replace || h != nil && replacement(h, w.config) != ""
	if o.action == replace && !due && !w.mayReplace(h) {
		w.fail("what is not known is no reason", "the key is replaced because of %v", w.step.Unknown)
	}
	if h != nil && !h.tainted && slices.Contains(w.step.Unknown, "kafka") && o.action != "" {
		w.fail("what may need another key is refused", "the plan is to %s it", o.action)
	}
	for _, diag := range o.planDiags {
		if diag.Summary == "A restriction will be lifted" && slices.Contains(w.step.Unknown, attributePath(diag)) {
			w.fail("what is not known is no reason", "a restriction is lifted by %v", w.step.Unknown)
		}
	}
	if disturbed || o.interrupted || !o.failed() || w.mayTimeOut() || w.stuck {
		return
	}
	gaveUp := o.contradictedPlan()
	if gaveUp && slices.ContainsFunc(w.step.Unknown, func(path string) bool { return !strings.HasSuffix(path, "_ids") }) && !o.says("Block is not known yet") {
		w.fail("a plan says what can turn out otherwise", "%v", w.step.Unknown)
	}
	if (gaveUp || w.endedForUnknown() || d.kind == refused && !w.step.passwordUnknown()) && (w.count(http.MethodDelete) > 0 || w.count(http.MethodPost) > 0) {
		w.fail("nothing is deleted or made in vain", "%v turned out otherwise", w.step.Unknown)
	}
}

// gaveUp reports whether core has found that the second plan contradicts the
// first.
func (o outcome) contradictedPlan() bool {
	return slices.ContainsFunc(o.diags, func(d *tfprotov6.Diagnostic) bool { return d.Summary == inconsistent })
}

func attributePath(diag *tfprotov6.Diagnostic) string {
	if diag.Attribute == nil {
		return ""
	}
	var names []string
	for _, step := range diag.Attribute.Steps() {
		names = append(names, strings.Trim(strings.TrimPrefix(fmt.Sprintf("%s", step), "AttributeName"), "()\""))
	}
	return strings.Join(names, ".")
}

// mayReplace reports whether what is not known may need another key.
func (w *world) mayReplace(h *resourceState) bool {
	return h != nil && slices.ContainsFunc(w.step.Unknown, func(path string) bool {
		switch path {
		case "kafka.username", "kafka.schema_registry":
			return h.Kafka != nil
		case "permission_ids":
			return h.PermissionIDs != nil && w.config.RoleIDs == nil
		}
		return false
	})
}

// unsure reports whether the plan was refused, or the apply given up, because
// something was not known.
func (w *world) endedForUnknown() bool {
	o := w.outcome
	return slices.ContainsFunc(w.step.Unknown, mayTurnOutAbsent) &&
		(o.contradictedPlan() || o.says("Kafka access is not known yet") || o.says("Replacement is not known yet") || o.says("MCP scoping needs API access"))
}

// checkAPIPlanned checks that the attributes of API access that is certain are
// kept apart: nothing says of an object that is unknown as a whole that a part
// of it is sensitive.
func (w *world) checkAPIPlanned(o outcome) {
	given := func(ids []string, path string) bool { return ids != nil && !slices.Contains(w.step.Unknown, path) }
	c := w.config
	certain := given(c.RoleIDs, "role_ids") || given(c.PermissionIDs, "permission_ids") ||
		c.wantsAPI() && c.Kafka == nil && !slices.Contains(w.step.Unknown, "kafka")
	if certain && o.action != "" && o.action != noOp && !o.planned.GetAttr("api").IsKnown() {
		w.fail("what is sensitive is marked in the plan", "api is planned as unknown")
	}
}

// checkUseTold checks that a run that deletes a key that was used lately says
// so. Of a tainted key nobody tells a plan.
func (w *world) checkUseWarned(o outcome) {
	key := w.before.key
	if key == nil || o.killed || w.before.state.tainted || time.Since(key.LastUsedAt) > 30*24*time.Hour || o.refreshed == nil {
		return
	}
	if _, there := w.server.Key(key.ID); !there && !o.says("was last used") {
		w.fail("the end of a key that is in use is told", "key %s was used at %s", key.ID, key.LastUsedAt)
	}
}
