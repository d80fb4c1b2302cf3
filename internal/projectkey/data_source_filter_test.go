// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// A key is only called unused where that is certain: somebody may delete it.
func TestFilter_UnreadableTimesAreNotUnused(t *testing.T) {
	since := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	const before, after = "2026-02-28T23:59:59.999999Z", "2026-03-01T00:00:00.000001"
	for name, test := range map[string]struct {
		created, used streamkap.Text
		want          bool
	}{
		"never used":             {before, "", true},
		"used before":            {before, before, true},
		"used since":             {before, after, false},
		"created since":          {after, "", false},
		"creation is not known":  {"", before, false},
		"creation is no time":    {"yesterday", before, false},
		"last use is no time":    {before, "yesterday", false},
		"used in another zone":   {before, "2026-03-01T01:00:00+02:00", true},
		"without a zone, before": {"2026-02-28T23:00:00", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			if got := unused(streamkap.ProjectKeySummary{CreatedAt: test.created, LastUsedAt: test.used}, since); got != test.want {
				t.Errorf("unused is %v", got)
			}
		})
	}
}
