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
type recall struct {
	answers map[question]any
	// complete is so once nothing is noted any more.
	complete bool
	// compare is called for what is known; where there is none, it is not asked.
	compare func(call string, known, answer any)
}

type question [sha256.Size]byte

func newRecall() *recall { return &recall{answers: map[question]any{}} }

// completed is the same for those who only ask.
func (r *recall) completed() *recall {
	if r == nil {
		return nil
	}
	return &recall{answers: r.answers, complete: true}
}

// recalled asks what is not known. What a provider asks others for is never known.
func recalled[Q, A any](ctx context.Context, r *recall, request Q, ask func(context.Context, Q) (A, error)) (A, error) {
	switch any(request).(type) {
	case *tfprotov6.ValidateResourceConfigRequest, *tfprotov6.UpgradeResourceStateRequest, *tfprotov6.PlanResourceChangeRequest:
	default:
		r = nil
	}
	if r == nil {
		return ask(ctx, request)
	}
	call := fmt.Sprintf("%T", request)
	asked := question(sha256.Sum256(append(toJSON(request), call...)))
	known, isKnown := r.answers[asked].(A)
	if isKnown && r.compare == nil {
		return known, nil
	}
	answer, err := ask(ctx, request)
	switch {
	case isKnown:
		r.compare(call, known, answer)
	case err == nil && !r.complete:
		r.answers[asked] = answer
	}
	return answer, err
}

// TestSameQuestionsGetTheSameAnswers asks again, a day later, what the lives
// have asked.
func TestSameQuestionsGetTheSameAnswers(t *testing.T) {
	compared := map[string]int{}
	eachStep(t, func(s *seen) {
		if s.before.tf.recall == nil {
			return
		}
		later := s.scenario
		later.Steps = later.Steps[:s.step+1]
		aDayOn := func(w *world) bool {
			if w.at == s.step {
				time.Sleep(24 * time.Hour)
				w.tf.recall.compare = func(call string, known, answer any) {
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
