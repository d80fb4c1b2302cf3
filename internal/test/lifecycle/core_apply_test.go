// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// contradictory is core's error for a second plan that contradicts the first.
const inconsistent = "Provider produced inconsistent final plan"

// carryOut does what was planned, in core's order. Before anything is made or
// changed it is planned again, with what is known by now, and the second plan must
// not contradict the first.
func (p *process) carryOut(ctx context.Context, first *change, config cty.Value) {
	state := p.tf.state
	if first.action == replace {
		if !p.applyDestroy(ctx, &change{action: remove, before: first.before, after: cty.NullVal(p.tf.schema.implied), private: first.private}) || p.tf.stopped.Load() {
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
	p.tf.outcome.final = final.after
	if final.action != noOp {
		p.apply(ctx, final, config)
	}
}

// apply makes or updates the object, and keeps what the provider returns beside an
// error.
func (p *process) apply(ctx context.Context, change *change, config cty.Value) {
	if !config.IsWhollyKnown() {
		panic("an unknown value in the configuration of an apply")
	}
	response, failed, ok := p.applyOnce(ctx, change, config)
	if !ok {
		return
	}
	value := p.decode("apply", response.NewState)
	if !value.IsWhollyKnown() {
		p.bug("apply", fmt.Errorf("unknown values in %#v", value))
		value = cty.UnknownAsNull(value)
	}
	if failed && value.IsNull() {
		return
	}
	if !failed {
		p.bug("apply", assertCompatible(change.after, value)...)
	}
	p.tf.state = &object{value: value, private: response.Private, identity: response.NewIdentity, tainted: failed && change.action == create}
}

// applyDestroy deletes the object and reports whether it is gone.
func (p *process) applyDestroy(ctx context.Context, change *change) bool {
	response, failed, ok := p.applyOnce(ctx, change, cty.NullVal(p.tf.schema.implied))
	if !ok {
		return false
	}
	value := p.decode("destroy", response.NewState)
	if !failed {
		if !value.IsNull() {
			p.bug("destroy", fmt.Errorf("something is left: %#v", value))
		}
		p.tf.state = nil
		return true
	}
	if !value.IsNull() {
		p.tf.state = &object{value: value, private: response.Private, identity: response.NewIdentity, tainted: p.tf.state.tainted}
	}
	return false
}

func (p *process) applyOnce(ctx context.Context, change *change, config cty.Value) (response *tfprotov6.ApplyResourceChangeResponse, failed, ok bool) {
	response, ok = call(ctx, p, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName:        typeName,
		PriorState:      p.encode(change.before),
		PlannedState:    p.encode(change.after),
		Config:          p.encode(config),
		PlannedPrivate:  change.private,
		PlannedIdentity: change.identity,
	})
	if !ok {
		return nil, true, false
	}
	p.tf.expose("apply: private", response.Private)
	return response, p.report("apply", response.Diagnostics), true
}
