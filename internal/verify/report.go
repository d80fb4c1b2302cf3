// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// Report is what a run has found. It can be shown to strangers: there is no
// value of the account in it.
type Report struct {
	Format   int       `json:"format"`
	Made     time.Time `json:"made"`
	Seconds  int       `json:"seconds"`
	Requests int       `json:"requests"`
	Keys     int       `json:"keys"`
	Left     int       `json:"left"`
	// Stopped is why the run ended early, if it did.
	Stopped string `json:"stopped,omitempty"`
	// Asked is what the run was allowed to do.
	Asked Asked `json:"asked"`
	// Dialect is how the simulator is told to behave as the service did.
	Dialect    string            `json:"dialect"`
	Rows       []RowResult       `json:"rows"`
	Statements []StatementResult `json:"statements"`
	Durations  []string          `json:"durations"`
	Others     string            `json:"other_keys"`
}

// Asked is what a run was allowed to do.
type Asked struct {
	Kafka          bool `json:"kafka"`
	EmptyWhitelist bool `json:"empty_whitelist"`
	Permissions    bool `json:"permissions"`
	Roles          int  `json:"roles"`
}

// RowResult is a row of the contract's table of dialects.
type RowResult struct {
	Number  int      `json:"number"`
	Row     string   `json:"row"`
	Variant string   `json:"variant"`
	Among   []string `json:"among,omitempty"`
	Detail  string   `json:"detail,omitempty"`
}

// StatementResult is a statement of the contract.
type StatementResult struct {
	Section   string `json:"section"`
	Statement string `json:"statement"`
	Result    string `json:"result"`
	Detail    string `json:"detail,omitempty"`
}

// reportFormat grows when a reader of older reports would misread a newer one.
const reportFormat = 1

func newReport(s *sight, started time.Time) *Report {
	report := &Report{
		Format:    reportFormat,
		Made:      started.UTC().Truncate(time.Second),
		Seconds:   int(time.Since(started).Seconds()),
		Requests:  len(s.answers),
		Stopped:   s.stopped,
		Durations: s.durations(),
		Others:    s.others(),
		Asked: Asked{
			Kafka: s.options.Kafka, EmptyWhitelist: s.options.EmptyWhitelist,
			Permissions: len(s.options.Permissions) > 0, Roles: len(s.options.Roles),
		},
	}
	for _, k := range s.keys {
		if k.id != "" {
			report.Keys++
		}
		if !k.gone {
			report.Left++
		}
	}
	for _, row := range rows {
		found := row.observe(s)
		report.Rows = append(report.Rows, RowResult{row.Number, row.Name, found.Variant, found.Among, found.Detail})
	}
	for _, statement := range statements {
		outcome := statement.check(s)
		report.Statements = append(report.Statements, StatementResult{statement.section, statement.text, outcome.Result, outcome.Detail})
	}
	report.Dialect = report.dialect()
	return report
}

func (s *sight) others() string {
	added, removed, changed, total, known := s.changedByOthers()
	switch {
	case !known:
		return "can't be told: the list could not be read before and after"
	case added+removed+changed == 0:
		return fmt.Sprintf("none of the %d other keys has changed", total)
	default:
		return fmt.Sprintf("of %d other keys %d have changed, %d are gone and %d are new; this run has sent nothing to them",
			total, changed, removed, added)
	}
}

// assumed are the rows that the simulator has no variants of.
var assumed = map[string]bool{"list-in-patch": true, "new-credentials": true}

// dialect names the rows that were seen, as the simulator spells them. Where
// several variants are left, it takes the first.
func (r *Report) dialect() string {
	var parts []string
	for _, row := range r.Rows {
		variant := row.Variant
		if len(row.Among) > 0 {
			variant = row.Among[0]
		}
		if variant != NotSeen && variant != Other && !assumed[row.Row] {
			parts = append(parts, row.Row+"="+variant)
		}
	}
	return strings.Join(parts, ",")
}

// Failed tells whether the service was seen to break the contract.
func (r *Report) Failed() bool {
	for _, statement := range r.Statements {
		if statement.Result == Fail {
			return true
		}
	}
	return false
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
	fmt.Fprintf(&text, "Dialects\n\n")
	for _, row := range r.Rows {
		found := Finding{row.Variant, row.Among, row.Detail}
		fmt.Fprintf(&text, "  %2d  %-16s %s\n", row.Number, row.Row, found)
	}
	section := ""
	for _, statement := range r.Statements {
		if statement.Section != section {
			section = statement.Section
			fmt.Fprintf(&text, "\n%s\n\n", section)
		}
		fmt.Fprintf(&text, "  %-8s  %s", statement.Result, statement.Statement)
		if statement.Detail != "" {
			fmt.Fprintf(&text, " (%s)", statement.Detail)
		}
		text.WriteString("\n")
	}
	fmt.Fprintf(&text, "\nTimes\n\n")
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
