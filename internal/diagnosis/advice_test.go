// SPDX-License-Identifier: MPL-2.0

package diagnosis

import (
	"slices"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestAdvise_EveryKindHasASummary leaves out what is of project keys alone.
func TestAdvise_EveryKindHasASummary(t *testing.T) {
	ofKeys := []streamkap.Kind{streamkap.KindUsernameTaken, streamkap.KindKafkaUnavailable, streamkap.KindWrongState}
	for kind := streamkap.KindUnknown; kind <= streamkap.KindUnknownPassword; kind++ {
		if (explanations[kind].Summary == "") != slices.Contains(ofKeys, kind) {
			t.Errorf("kind %d is called %q", kind, explanations[kind].Summary)
		}
	}
}

func TestAdvise_OwnExplanationFirst(t *testing.T) {
	err := &streamkap.Error{Method: "GET", Path: "/client-widgets/w", Status: 404}
	for want, own := range map[[2]string]Explanation{
		{"Client widget not found", explanations[streamkap.KindNotFound].Advice}: {},
		{"Gone", explanations[streamkap.KindNotFound].Advice}:                    {Summary: "Gone"},
		{"Client widget not found", "Look again."}:                               {Advice: "Look again."},
	} {
		summary, advice := advise(Operation{Own: map[streamkap.Kind]Explanation{streamkap.KindNotFound: own}}, err)
		if got := [2]string{summary, advice}; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
