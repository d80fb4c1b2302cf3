// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
)

// terraform is the CLI with one resource in its configuration. It asks the provider,
// over the protocol, what the real one asks in a run.
type terraform struct {
	transport      http.RoundTripper
	providerConfig cty.Value
	// state is nil where the resource is not in the state.
	state *object
	// replace asks for a replacement, as -replace does. mayContradict says that the
	// second plan may contradict the first, because something was not known.
	replace, mayContradict bool
	// losesState ends the CLI before it has saved its state.
	losesState bool

	killed   atomic.Bool
	cancel   context.CancelFunc
	running  atomic.Pointer[process]
	stopped  atomic.Bool
	outcome  outcome
	exposure []exposure
}

// outcome is what a run did and said.
type outcome struct {
	action action
	// refreshed is the object that was planned from; nil where there was none.
	refreshed *object
	// beside is what was imported beside the key.
	beside []*object
	// wasRead says that the refresh succeeded.
	wasRead bool
	// planDiags are the diagnostics up to the plan.
	planDiags []*tfprotov6.Diagnostic
	// planned is what the plan shows.
	planned cty.Value
	diags   []*tfprotov6.Diagnostic
	// bugs are what Terraform would call a bug in the provider.
	bugs        []error
	interrupted bool
	// killed is a run whose end is not known.
	killed bool
}

// exposure is a text that reaches people or files.
type exposure struct {
	where string
	text  string
}

func (tf *terraform) expose(where string, text []byte) {
	if len(text) > 0 {
		tf.exposure = append(tf.exposure, exposure{where, string(text)})
	}
}

// run is one run of the CLI.
func (tf *terraform) run(do func(ctx context.Context)) outcome {
	tf.outcome, tf.exposure = outcome{}, nil
	tf.stopped.Store(false)
	tf.killed.Store(false)
	kept := tf.state
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	tf.cancel = cancel
	do(ctx)
	if tf.losesState {
		tf.state = kept
		tf.killed.Store(true)
	}
	tf.outcome.interrupted, tf.outcome.killed = tf.stopped.Load(), tf.killed.Load()
	return tf.outcome
}

// interrupt asks the provider to stop, as Ctrl-C does. The call that is under way is
// waited for.
func (tf *terraform) interrupt() {
	tf.stopped.Store(true)
	if p := tf.running.Load(); p != nil {
		_, _ = p.server.StopProvider(context.Background(), &tfprotov6.StopProviderRequest{})
	}
}

// apply plans with one configuration and applies another one, in which everything is
// known.
func (tf *terraform) apply(known, final cty.Value) outcome {
	return tf.run(func(ctx context.Context) {
		kept := tf.state
		change := tf.plannedChange(ctx, tf.start(ctx), known)
		if change == nil || tf.stopped.Load() {
			// The refreshed state is saved with the plan, or not at all.
			tf.state = kept
			return
		}
		if change.action == noOp {
			return
		}
		p := tf.start(ctx)
		if tf.state != nil {
			tf.state = p.upgrade(ctx, tf.state)
		}
		p.carryOut(ctx, change, final)
	})
}

// plan shows what an apply would do, and keeps nothing.
func (tf *terraform) plan(config cty.Value) outcome {
	kept := tf.state
	defer func() { tf.state = kept }()
	return tf.run(func(ctx context.Context) { tf.plannedChange(ctx, tf.start(ctx), config) })
}

// plannedChange validates, refreshes and plans. It returns nil after an error.
func (tf *terraform) plannedChange(ctx context.Context, p *process, config cty.Value) *change {
	if !p.validate(ctx, config) || !tf.refreshed(ctx, p) || tf.stopped.Load() {
		return nil
	}
	change := p.plan(ctx, tf.state, config)
	if change != nil {
		tf.outcome.action, tf.outcome.planned = change.action, change.after
	}
	tf.outcome.planDiags = slices.Clone(tf.outcome.diags)
	return change
}

func (tf *terraform) refreshed(ctx context.Context, p *process) bool {
	if tf.state == nil {
		return true
	}
	state, ok := p.read(ctx, p.upgrade(ctx, tf.state))
	if ok {
		tf.state, tf.outcome.refreshed, tf.outcome.wasRead = state, state, true
	}
	return ok
}

func (tf *terraform) refresh() outcome {
	return tf.run(func(ctx context.Context) { tf.refreshed(ctx, tf.start(ctx)) })
}

func (tf *terraform) destroy() outcome {
	return tf.run(func(ctx context.Context) {
		p := tf.start(ctx)
		if !tf.refreshed(ctx, p) || tf.state == nil || tf.stopped.Load() {
			return
		}
		if change, _ := p.planOnce(ctx, *tf.state, cty.NullVal(resourceSchema.ty), false); change != nil {
			change.action, tf.outcome.action = remove, remove
			tf.start(ctx).apply(ctx, change, change.after)
		}
	})
}

// importKey imports a key into the state, and others beside it, whose state is not
// kept.
func (tf *terraform) importKey(id string, byIdentity bool, beside ...string) outcome {
	return tf.run(func(ctx context.Context) {
		p := tf.start(ctx)
		take := func(id string) *object {
			imported := p.importState(ctx, id, byIdentity)
			if imported == nil {
				return nil
			}
			read, ok := p.read(ctx, imported)
			if ok && (read == nil || read.value.GetAttr("name").IsNull()) {
				p.bug("import", fmt.Errorf("an import that failed is answered as success: key %s", id))
			}
			if !ok {
				return nil
			}
			return read
		}
		for _, other := range beside {
			if read := take(other); read != nil {
				tf.outcome.beside = append(tf.outcome.beside, read)
			}
		}
		if read := take(id); read != nil {
			tf.state = read
		}
	})
}

// failed reports whether there is an error, or may be one that nobody has heard of.
func (o outcome) failed() bool {
	if o.killed {
		return true
	}
	for _, diag := range o.diags {
		if diag.Severity == tfprotov6.DiagnosticSeverityError {
			return true
		}
	}
	return false
}

// messages are all diagnostics, as people read them.
func (o outcome) messages() string {
	var lines []string
	for _, diag := range o.diags {
		line := diag.Severity.String() + ": " + diag.Summary
		if diag.Attribute != nil {
			line += " (" + diag.Attribute.String() + ")"
		}
		lines = append(lines, line+"\n"+diag.Detail)
	}
	return strings.Join(lines, "\n\n")
}

func (o outcome) says(text string) bool { return strings.Contains(o.messages(), text) }
