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

// recall is what providers have answered to questions for which they ask nobody
// else: the walk of an undisturbed life notes it, and the disturbed ones, which
// ask the same for most of their way, need not have it worked out again.
type responseCache struct {
	responses map[cacheKey]any
	// complete is so once nothing is noted any more.
	frozen bool
	// compare is called for what is known; where there is none, it is not asked.
	compare func(call string, known, answer any)
}

type cacheKey [sha256.Size]byte

func newResponseCache() *responseCache { return &responseCache{responses: map[cacheKey]any{}} }

// completed is the same for those who only ask.
func (r *responseCache) frozenCopy() *responseCache {
	if r == nil {
		return nil
	}
	return &responseCache{responses: r.responses, frozen: true}
}

// recalled asks what is not known. What a provider asks others for is never known.
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
	asked := cacheKey(sha256.Sum256(append(toJSON(request), call...)))
	known, isKnown := r.responses[asked].(A)
	if isKnown && r.compare == nil {
		return known, nil
	}
	answer, err := ask(ctx, request)
	switch {
	case isKnown:
		r.compare(call, known, answer)
	case err == nil && !r.frozen:
		r.responses[asked] = answer
	}
	return answer, err
}

// TestSameQuestionsGetTheSameAnswers asks again, a day later, what the lives
// have asked.
func TestResponseCache_SameResponseADayLater(t *testing.T) {
	compared := map[string]int{}
	forEachStep(t, func(s *undisturbedStep) {
		if s.before.tf.cache == nil {
			return
		}
		later := s.scenario
		later.Steps = later.Steps[:s.step+1]
		aDayOn := func(w *world) bool {
			if w.at == s.step {
				time.Sleep(24 * time.Hour)
				w.tf.cache.compare = func(call string, known, answer any) {
					compared[call]++
					if !reflect.DeepEqual(known, answer) {
						t.Errorf("%s, step %d, %s: %+v, and the day before %+v", s.name, s.step+1, call, answer, known)
					}
				}
			}
			return false
		}
		if _, found := walkTo(t, s.before, later, aDayOn, func(*world) {}); found != nil {
			t.Error(found)
		}
	})
	if len(compared) != 3 {
		t.Errorf("compared %v", compared)
	}
}
