// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"context"
	"crypto/sha256"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// responseCache is what providers have answered where they ask nobody else. The
// undisturbed walk of a lifecycle fills it, and the disturbed ones, which ask the
// same for most of their way, take from it.
type responseCache struct {
	responses map[cacheKey]any
	frozen    bool
	// compare, if there is one, is called with a cached response and a new one.
	compare func(call string, cached, response any)
}

type cacheKey [sha256.Size]byte

func newResponseCache() *responseCache { return &responseCache{responses: map[cacheKey]any{}} }

// frozenCopy has the same responses, and takes no new ones.
func (r *responseCache) frozenCopy() *responseCache {
	if r == nil {
		return nil
	}
	return &responseCache{responses: r.responses, frozen: true}
}

// cachedCall takes a response from the cache, or asks. Calls for which a provider
// asks the service are never cached.
func cachedCall[Q, A any](ctx context.Context, r *responseCache, request Q, ask func(context.Context, Q) (A, error)) (A, error) {
	switch any(request).(type) {
	case *tfprotov6.ValidateResourceConfigRequest, *tfprotov6.UpgradeResourceStateRequest, *tfprotov6.PlanResourceChangeRequest:
	default:
		r = nil
	}
	if r == nil {
		return ask(ctx, request)
	}
	call := fmt.Sprintf("%T", request)
	key := cacheKey(sha256.Sum256(append(toJSON(request), call...)))
	cached, isCached := r.responses[key].(A)
	if isCached && r.compare == nil {
		return cached, nil
	}
	response, err := ask(ctx, request)
	switch {
	case isCached:
		r.compare(call, cached, response)
	case err == nil && !r.frozen:
		r.responses[key] = response
	}
	return response, err
}

// TestResponseCache_SameResponseADayLater asks again, a day later, what the
// undisturbed lifecycles have asked.
func TestResponseCache_SameResponseADayLater(t *testing.T) {
	compared := map[string]int{}
	aStep(t, func(s *undisturbedStep, w *world) bool {
		if w.tf.cache != nil && w.at == s.step {
			time.Sleep(24 * time.Hour)
			w.tf.cache.compare = func(call string, known, answer any) {
				compared[call]++
				if !reflect.DeepEqual(known, answer) {
					t.Errorf("%s, step %d, %s: %+v, and the day before %+v", s.name, s.step+1, call, answer, known)
				}
			}
		}
		return false
	}, func(*undisturbedStep, *world) {})
	if len(compared) != 3 {
		t.Errorf("compared %v", compared)
	}
}
