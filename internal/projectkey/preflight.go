// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const preflightTime = 5 * time.Second

// Setup is what the resource and the list resource share while a provider runs.
type Setup struct {
	keys      *plannedKeys
	preflight *preflight
}

// NewSetup makes a setup. With preflight, plans are checked against Streamkap.
func NewSetup(client *streamkap.Client, checks bool) *Setup {
	s := &Setup{keys: newPlannedKeys()}
	if checks {
		s.preflight = &preflight{client: client.Optional(), keys: s.keys}
	}
	return s
}

// preflight warns of what Streamkap would refuse at apply. It asks once, however
// many keys are planned, and skips in silence what it gets no answer to. A nil one
// checks nothing.
type preflight struct {
	client *streamkap.Client
	keys   *plannedKeys

	asking sync.Once
	known  survey
	// reported is that the credentials are refused, which all keys share.
	reported sync.Once
}

// survey is what Streamkap answered. What it did not answer is nil.
type survey struct {
	who   *streamkap.WhoAmI
	roles []streamkap.Role
	// others are the keys of the credentials' project.
	others []streamkap.ProjectKeySummary
	// refusal is why the credentials can't manage keys.
	refusal error
}

// ask makes all three requests at once, each of them one time.
func (p *preflight) ask(ctx context.Context) {
	// Whoever asks first may be interrupted while others wait.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), preflightTime)
	defer cancel()
	var (
		calls sync.WaitGroup
		keys  []streamkap.ProjectKeySummary
		errs  [3]error
	)
	calls.Go(func() { p.known.who, errs[0] = p.client.Identity(asking) })
	calls.Go(func() { p.known.roles, errs[1] = p.client.Roles(asking) })
	calls.Go(func() { keys, errs[2] = p.client.ProjectKeys(asking) })
	calls.Wait()
	if who := p.known.who; who != nil && who.ServiceID != "" {
		p.known.others = slices.DeleteFunc(keys, func(key streamkap.ProjectKeySummary) bool { return key.ServiceID != who.ServiceID })
	}
	for i, what := range []string{"the project of the credentials", "the roles", "the project keys"} {
		switch {
		case errs[i] == nil:
		case refusesCredentials(errs[i]):
			p.known.refusal = errs[i]
		default:
			p.client.Log(ctx, "Preflight skips what needs "+what+": there was no answer", map[string]any{"error": errs[i].Error()})
		}
	}
}

// refusesCredentials reports whether the credentials can manage no key at all, rather than
// lack a permission to read.
func refusesCredentials(err error) bool {
	var answer *streamkap.Error
	return streamkap.KindOf(err) == streamkap.KindOtherProject || errors.As(err, &answer) && answer.Own && answer.Status == http.StatusUnauthorized
}
