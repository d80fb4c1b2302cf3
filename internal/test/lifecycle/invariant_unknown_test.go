// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// mayTurnOutAbsent reports whether a key has other capabilities without this value.
func mayTurnOutAbsent(path string) bool {
	return slices.Contains([]string{"role_ids", "permission_ids", "kafka", "mcp", "timeouts"}, path)
}

// passwordUnknown reports whether a plan can't know that a new key has no password.
func (s step) passwordUnknown() bool {
	return slices.ContainsFunc(s.Unknown, func(path string) bool { return strings.HasPrefix(path, "kafka.password") })
}

// checkUnknown checks an apply whose plan did not know everything: an unknown value is
// no reason for a change, and an apply that fails deletes and makes nothing.
func (w *world) checkUnknown(o outcome, h *resourceState, d decision, disturbed bool) {
	due := d.kind == replaced || w.step.Replace || h != nil && replacement(h, w.config) != ""
	if o.action == replace && !due && !w.mayReplace(h) {
		w.fail("an unknown value is no reason for a change", "the key is replaced because of %v", w.step.Unknown)
	}
	if h != nil && !h.tainted && slices.Contains(w.step.Unknown, "kafka") && o.action != "" {
		w.fail("a plan that may need a new key is refused", "the plan is to %s it", o.action)
	}
	for _, diag := range o.planDiags {
		if diag.Summary == "A restriction will be lifted" && slices.Contains(w.step.Unknown, dotted(diag.Attribute)) {
			w.fail("an unknown value is no reason for a change", "a restriction is lifted by %v", w.step.Unknown)
		}
	}
	if disturbed || o.interrupted || !o.failed() || w.mayTimeOut() || w.stuck {
		return
	}
	gaveUp := o.contradictedPlan()
	if gaveUp && slices.ContainsFunc(w.step.Unknown, func(path string) bool { return !strings.HasSuffix(path, "_ids") }) && !o.says("Block is not known yet") {
		w.fail("a plan warns of a block that may turn out absent", "%v", w.step.Unknown)
	}
	if (gaveUp || w.endedForUnknown() || d.kind == refused && !w.step.passwordUnknown()) && (w.count(http.MethodDelete) > 0 || w.count(http.MethodPost) > 0) {
		w.fail("an apply that fails for an unknown value deletes and makes nothing", "%v turned out otherwise", w.step.Unknown)
	}
}

// contradictedPlan reports whether core found that the second plan contradicts the first.
func (o outcome) contradictedPlan() bool {
	return slices.ContainsFunc(o.diags, func(d *tfprotov6.Diagnostic) bool { return d.Summary == inconsistent })
}

// mayReplace reports whether an unknown value may need a new key.
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

// endedForUnknown reports whether the plan was refused, or the apply ended, because
// something was not known.
func (w *world) endedForUnknown() bool {
	o := w.outcome
	return slices.ContainsFunc(w.step.Unknown, func(path string) bool { return mayTurnOutAbsent(path) || w.config.isAllOfScope(path) }) &&
		(o.contradictedPlan() || o.says("Kafka access is not known yet") || o.says("Replacement is not known yet") || o.says("MCP scoping needs API access"))
}

// isAllOfScope reports whether nothing of the mcp block is known without this value: then
// it looks like a block that may turn out to be absent.
func (c *configuration) isAllOfScope(path string) bool {
	return strings.HasPrefix(path, "mcp.") && !slices.ContainsFunc(fields, func(f field) bool {
		about := f.about()
		return about.needsMCP() && about.path != path && !f.isEmpty(c)
	})
}

// checkAPIPlanned checks that the attributes of certain API access are planned one by
// one: an object that is unknown as a whole is not marked as sensitive.
func (w *world) checkAPIPlanned(o outcome) {
	given := func(ids []string, path string) bool { return ids != nil && !slices.Contains(w.step.Unknown, path) }
	c := w.config
	certain := given(c.RoleIDs, "role_ids") || given(c.PermissionIDs, "permission_ids") ||
		c.wantsAPI() && c.Kafka == nil && !slices.Contains(w.step.Unknown, "kafka")
	if certain && o.action != "" && o.action != noOp && !o.planned.GetAttr("api").IsKnown() {
		w.fail("sensitive attributes are marked in the plan", "api is planned as unknown")
	}
}
