// SPDX-License-Identifier: MPL-2.0

package diagnosis

import (
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestAdvise_EveryKindHasASummary(t *testing.T) {
	for kind := streamkap.KindUnknown; kind <= streamkap.KindUnknownPassword; kind++ {
		if explanations[kind].summary == "" {
			t.Errorf("kind %d has none", kind)
		}
	}
}
