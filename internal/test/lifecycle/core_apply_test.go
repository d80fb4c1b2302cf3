// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// inconsistent is core's error for a second plan that contradicts the first.
const inconsistent = "Provider produced inconsistent final plan"

// carryOut does what was planned, in core's order. Before anything is made or
// changed it is planned again, with what is known by now, and the second plan must
// not contradict the first.
func (p *process) carryOut(ctx context.Context, first *change, config cty.Value) {
	state := p.tf.state
	if first.action == replace {
		null := cty.NullVal(resourceSchema.ty)
		if !p.apply(ctx, &change{action: remove, before: first.before, after: null, private: first.private}, null) || p.tf.stopped.Load() {
			return
		}
		state = nil
	}
	if !p.validate(ctx, config) {
		return
	}
	final := p.plan(ctx, state, config)
	if final == nil {
		return
	}
	planned := final.action
	if first.action == replace && planned == create {
		planned = replace
	}
	errs := assertCompatible(first.after, final.after)
	if planned != first.action && (first.action != update || planned != noOp) {
		errs = append(errs, fmt.Errorf("the action changed from %s to %s in the second plan", first.action, planned))
	}
	if len(errs) > 0 && p.tf.mayContradict && first.action != replace {
		p.report("apply", []*tfprotov6.Diagnostic{{Severity: tfprotov6.DiagnosticSeverityError, Summary: inconsistent}})
		return
	}
	p.bug("second plan", errs...)
	if final.action != noOp {
		p.apply(ctx, final, config)
	}
}

// apply makes, updates or deletes the object, and keeps what the provider returns, beside
// an error, too. It reports whether that succeeded.
func (p *process) apply(ctx context.Context, change *change, config cty.Value) bool {
	if !config.IsWhollyKnown() {
		panic("an unknown value in the configuration of an apply")
	}
	response, ok := call(ctx, p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName:        typeName,
		PriorState:      p.encode(change.before),
		PlannedState:    p.encode(change.after),
		Config:          p.encode(config),
		PlannedPrivate:  change.private,
		PlannedIdentity: change.identity,
	})
	if !ok {
		return false
	}
	p.tf.expose("apply: private", response.Private)
	failed := p.report("apply", response.Diagnostics)
	value := p.decode("apply", response.NewState)
	if !value.IsWhollyKnown() {
		p.bug("apply", fmt.Errorf("unknown values in %#v", value))
		value = cty.UnknownAsNull(value)
	}
	if !failed {
		p.bug("apply", assertCompatible(change.after, value)...)
	}
	switch tainted := change.action == create || p.tf.state != nil && p.tf.state.tainted; {
	case !value.IsNull():
		p.tf.state = &object{value: value, private: response.Private, identity: response.NewIdentity, tainted: failed && tainted}
	case !failed:
		p.tf.state = nil
	}
	return !failed
}
