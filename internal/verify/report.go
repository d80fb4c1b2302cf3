// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// Report is what a run has found. It can be shown to strangers: there is no
// value of the account in it.
type Report struct {
	Made     time.Time `json:"made"`
	Seconds  int       `json:"seconds"`
	Requests int       `json:"requests"`
	Keys     int       `json:"keys"`
	Left     int       `json:"left"`
	// Stopped is why the run ended early, if it did.
	Stopped string `json:"stopped,omitempty"`
	// Dialect is how the simulator is told to behave as the service did.
	Dialect   string      `json:"dialect"`
	Rows      []RowResult `json:"rows"`
	Durations []string    `json:"durations"`
	Others    string      `json:"other_keys"`
}

// RowResult is a row of the contract's table of dialects.
type RowResult struct {
	Number int    `json:"number"`
	Row    string `json:"row"`
	Finding
}

func newReport(s *seen, keys []*owned.Key, started time.Time) *Report {
	report := &Report{
		Made:      started.UTC().Truncate(time.Second),
		Seconds:   int(time.Since(started).Seconds()),
		Requests:  len(s.answers),
		Keys:      len(s.accepted(stepCreate)),
		Stopped:   s.stopped,
		Durations: s.durations(),
		Others:    s.others(),
	}
	for _, k := range keys {
		if !k.Gone() {
			report.Left++
		}
	}
	var dialect []string
	for _, row := range rows {
		found := row.find(s)
		report.Rows = append(report.Rows, RowResult{row.number, row.name, found})
		// Where several variants are left, the simulator takes the first.
		variant := found.Variant
		if len(found.Among) > 0 {
			variant = found.Among[0]
		}
		if variant != NotSeen && variant != Other && !assumed[row.name] {
			dialect = append(dialect, row.name+"="+variant)
		}
	}
	report.Dialect = strings.Join(dialect, ",")
	return report
}

// durations are how long the service took for what takes time.
func (s *seen) durations() []string {
	var told []string
	for _, span := range []struct{ about, first, last string }{
		{"making a key", stepCreate, stepReadNew},
		{"adding Kafka access", stepAddKafka, stepReadAdded},
		{"deleting a key", owned.StepDelete, owned.StepReadDeleted},
	} {
		for _, began := range firsts(s.accepted(span.first)) {
			for _, ended := range last(all(span.last))(s) {
				if ended.Key == began.Key {
					told = append(told, fmt.Sprintf("%s (%s): %s", span.about, began.Key, ended.Ended.Sub(began.Began).Round(100*time.Millisecond)))
				}
			}
		}
	}
	return told
}

// others compares the tenant's other keys before the run with those after it. The
// run changes none of them, so what differs others did.
func (s *seen) others() string {
	if s.before == nil || s.after == nil || !s.before.Whole || !s.after.Whole {
		return "can't be told: the list could not be read before and after"
	}
	before, after := s.before.Others, s.after.Others
	removed, changed := 0, 0
	for id, row := range before {
		switch now, there := after[id]; {
		case !there:
			removed++
		case now != row:
			changed++
		}
	}
	added := len(after) - len(before) + removed
	if added+removed+changed == 0 {
		return fmt.Sprintf("none of the %d other keys has changed", len(before))
	}
	return fmt.Sprintf("of %d other keys %d have changed, %d are gone and %d are new; this run has sent nothing to them",
		len(before), changed, removed, added)
}

// Failed tells whether the service was seen to break the contract.
func (r *Report) Failed() bool {
	return slices.ContainsFunc(r.Rows, func(row RowResult) bool { return row.Variant == Other })
}

// ChangedSince names the rows that an earlier run saw otherwise.
func (r *Report) ChangedSince(earlier *Report) []string {
	before := make(map[string]string)
	for _, row := range earlier.Rows {
		before[row.Row] = row.Variant
	}
	var changed []string
	for _, row := range r.Rows {
		was := before[row.Row]
		if was != "" && was != NotSeen && row.Variant != NotSeen && was != row.Variant {
			changed = append(changed, fmt.Sprintf("%s was %s and is %s", row.Row, was, row.Variant))
		}
	}
	return changed
}

// WriteText writes the report for people. Its last line is for the simulator.
func (r *Report) WriteText(w io.Writer) error {
	var text strings.Builder
	text.WriteString("Dialects\n\n")
	for _, row := range r.Rows {
		fmt.Fprintf(&text, "  %2d  %-16s %s\n", row.Number, row.Row, row.Finding)
	}
	text.WriteString("\nTimes\n\n")
	for _, duration := range r.Durations {
		fmt.Fprintf(&text, "  %s\n", duration)
	}
	fmt.Fprintf(&text, "\n%d requests in %d seconds; %d keys made, %d left; %s.\n", r.Requests, r.Seconds, r.Keys, r.Left, r.Others)
	if r.Stopped != "" {
		fmt.Fprintf(&text, "It ended early: %s.\n", r.Stopped)
	}
	fmt.Fprintf(&text, "\nThe simulator speaks so with:\nsimulator -dialect %s\n", r.Dialect)
	_, err := io.WriteString(w, text.String())
	return err
}
