// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// What plans are checked for beyond what the configuration tells.
const (
	PreflightOff   = "off"
	PreflightWarn  = "warn"
	PreflightError = "error"
)

// patience is how long a plan waits for what it is checked against.
const patience = 5 * time.Second

// Setup is what the provider hands to the resource and the list resource.
type Setup struct {
	Client    *streamkap.Client
	Preflight *Preflight
}

// Preflight checks plans against what only Streamkap knows. It asks once,
// however many keys are planned, and does not check what it is not told. A nil
// one checks nothing.
type Preflight struct {
	client *streamkap.Client
	strict bool
	asking sync.Once
	known  survey
	// told is that the credentials don't fit, which all keys share.
	told sync.Once
	// over says that a key was changed: then this is no plan any more, and what
	// is known may be out of date.
	over atomic.Bool

	mu sync.Mutex
	// unplanned are the keys that were read and not planned since, by their ids.
	unplanned map[string]bool
}

// survey is what Streamkap told. What it did not tell is nil.
type survey struct {
	who   *streamkap.WhoAmI
	roles []streamkap.Role
	keys  []streamkap.ProjectKeySummary
	// refusal is why the credentials can't manage keys.
	refusal error
}

// NewPreflight makes the checks of a mode, which are none where it is off.
func NewPreflight(client *streamkap.Client, mode string) *Preflight {
	if mode != PreflightWarn && mode != PreflightError {
		return nil
	}
	return &Preflight{client: client.Optional(), strict: mode == PreflightError, unplanned: map[string]bool{}}
}

// ask asks for everything at once: three requests, each of them sent once.
func (p *Preflight) ask(ctx context.Context) {
	// Whoever asks first may be interrupted while others wait.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var (
		calls sync.WaitGroup
		errs  [3]error
	)
	calls.Go(func() { p.known.who, errs[0] = p.client.Identity(asking) })
	calls.Go(func() { p.known.roles, errs[1] = p.client.Roles(asking) })
	calls.Go(func() { p.known.keys, errs[2] = p.client.ProjectKeys(asking) })
	calls.Wait()
	for i, what := range []string{"the project of the credentials", "the roles", "the project keys"} {
		switch {
		case errs[i] == nil:
		case refusesCredentials(errs[i]):
			p.known.refusal = errs[i]
		default:
			p.client.Log(ctx, "Preflight skips what needs "+what+", which Streamkap did not tell", map[string]any{"error": errs[i].Error()})
		}
	}
}

// refusesCredentials tells credentials that are no good for any key from those
// that may not read what was asked for.
func refusesCredentials(err error) bool {
	var (
		other  *streamkap.OtherProjectError
		answer *streamkap.Error
	)
	return errors.As(err, &other) || errors.As(err, &answer) && answer.Own && answer.Status == http.StatusUnauthorized
}

// stop ends the checks of this process.
func (p *Preflight) stop() {
	if p != nil {
		p.over.Store(true)
	}
}

// noteRead notes a key that is in the state.
func (p *Preflight) noteRead(id string) {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.unplanned[id] = true
	}
}

// notePlanned notes a key of the state that was planned as what it is.
func (p *Preflight) notePlanned(id string) {
	if p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.unplanned, id)
	}
}

// mayBeReplaced reports whether the plan may be for the replacement of a key. Of
// a tainted one Terraform says nothing: it is read, and then planned as a new one.
func (p *Preflight) mayBeReplaced(key streamkap.ProjectKeySummary) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.unplanned[key.ID]
}
