// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// action is what a plan does to the object.
type action string

const (
	noOp    action = "no-op"
	create  action = "create"
	update  action = "update"
	replace action = "replace"
	remove  action = "delete"
)

// change is a plan.
type change struct {
	action        action
	before, after cty.Value
	private       []byte
	identity      *tfprotov6.ResourceIdentityData
}

// plan plans for a valid configuration, in core's order. It returns nil after an
// error.
func (p *process) plan(ctx context.Context, state *object, config cty.Value) *change {
	null := cty.NullVal(resourceSchema.ty)
	prior := object{value: null}
	if state != nil && !state.tainted {
		prior = *state
	}
	planned, replaces := p.planOnce(ctx, prior, config, false)
	if planned == nil {
		return nil
	}
	switch {
	case prior.value.IsNull():
		planned.action = create
	case planned.after.RawEquals(prior.value) && !p.tf.replace:
		planned.action = noOp
	case p.anyChanged(replaces, prior.value, planned.after) || p.tf.replace:
		// The new object is planned from nothing, with the private state of the old
		// one.
		planned, _ = p.planOnce(ctx, object{value: null, private: planned.private}, config, true)
		if planned == nil {
			return nil
		}
		planned.action, planned.before = replace, prior.value
	default:
		planned.action = update
	}
	if planned.action == create && state != nil {
		planned.action, planned.before = replace, state.value
	}
	return planned
}

// planOnce asks for one plan. Of the second one for a replacement core shows errors
// only.
func (p *process) planOnce(ctx context.Context, prior object, config cty.Value, second bool) (*change, []*tftypes.AttributePath) {
	response, ok := call(ctx, p, p.server.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName:         typeName,
		PriorState:       p.encode(prior.value),
		Config:           p.encode(config),
		ProposedNewState: p.encode(resourceSchema.propose(prior.value, config)),
		PriorPrivate:     prior.private,
		PriorIdentity:    prior.identity,
	})
	if !ok {
		return nil, nil
	}
	p.tf.expose("plan: private", response.PlannedPrivate)
	diags := response.Diagnostics
	if second {
		diags = slices.DeleteFunc(diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity != tfprotov6.DiagnosticSeverityError })
	}
	if p.report("plan", diags) {
		return nil, nil
	}
	after := p.decode("plan", response.PlannedState)
	p.bug("plan", resourceSchema.assertPlanValid(prior.value, config, after)...)
	return &change{before: prior.value, after: after, private: response.PlannedPrivate, identity: response.PlannedIdentity}, response.RequiresReplace
}

// anyChanged reports whether the plan changes an attribute that needs a replacement.
func (p *process) anyChanged(paths []*tftypes.AttributePath, before, after cty.Value) (changed bool) {
	was, now := parts(before), parts(after)
	for _, path := range paths {
		old, wasThere := was[dotted(path)]
		fresh, isThere := now[dotted(path)]
		if !wasThere && !isThere {
			p.bug("plan", fmt.Errorf("replacement asked for at %s, which does not exist", path))
		}
		changed = changed || !wasThere || !isThere || !old.RawEquals(fresh)
	}
	return changed
}

// dotted is a path of names.
func dotted(path *tftypes.AttributePath) string {
	var names []string
	for _, step := range path.Steps() {
		names = append(names, fmt.Sprint(step))
	}
	return strings.Join(names, ".")
}
