// SPDX-License-Identifier: MPL-2.0

package streamkap

import "time"

// Time reads a text that is a time (contract, "Read": without a zone it is
// taken for UTC). It reports false for one that is empty or no time.
func (t Text) Time() (time.Time, bool) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if instant, err := time.Parse(layout, string(t)); err == nil {
			return instant, true
		}
	}
	return time.Time{}, false
}
