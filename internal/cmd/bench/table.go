// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"
)

// row is one line of the table.
type row struct {
	what string
	// ours and floor are the figures, for people. The floor says what it is
	// where it is not the bare provider's.
	ours, floor string
	ratio       float64
	// reach is the highest ratio that is good enough.
	reach float64
}

// table collects rows and prints them at the end.
type table struct {
	out  io.Writer
	rows []row
}

func (t *table) add(r row) { t.rows = append(t.rows, r) }

// addTimes adds a row of two times.
func (t *table) addTimes(what string, ours, floor time.Duration, floorIs string, reach float64) {
	t.add(row{what, seconds(ours), strings.TrimSpace(seconds(floor) + " " + floorIs), float64(ours) / float64(floor), reach})
}

// addPaired adds a row of times that were taken in pairs. The ratio is the median
// of theirs, so what slows the machine down for a while does not count.
func (t *table) addPaired(what string, ours, floor []time.Duration, floorIs string, reach float64) {
	ratios := make([]float64, len(ours))
	for i := range ours {
		ratios[i] = float64(ours[i]) / float64(floor[i])
	}
	t.add(row{what, seconds(median(ours)), strings.TrimSpace(seconds(median(floor)) + " " + floorIs), median(ratios), reach})
}

// addCounts adds a row of two counts, in a unit.
func (t *table) addCounts(what string, ours, floor int, unit string, reach float64) {
	t.add(row{what, fmt.Sprintf("%d %s", ours, unit), fmt.Sprintf("%d %s", floor, unit), float64(ours) / float64(floor), reach})
}

func seconds(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.0f µs", float64(d)/float64(time.Microsecond))
	case d < 100*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", float64(d)/float64(time.Millisecond))
	default:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
}

// met reports whether the figure is good enough. What is printed with two
// decimals is compared with two.
func (r row) met() bool { return r.ratio < r.reach+0.005 }

// print prints the table under a line that says where it was made.
func (t *table) print(where string) {
	if len(t.rows) == 0 {
		return
	}
	fmt.Fprintf(t.out, `
%s

ours      this provider
floor     a provider with the same resource schema and no logic, or what is said
ratio     ours to the floor
at most   what the ratio is meant to be; less is better

`, where)
	w := tabwriter.NewWriter(t.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "what\tours\tfloor\tratio\tat most\t")
	for _, r := range t.rows {
		verdict := ""
		switch {
		case !r.met() && r.reach < 1:
			verdict = "not reached, and out of reach: the floor is higher"
		case !r.met():
			verdict = "not reached"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%.2f\t%.2f\t%s\n", r.what, r.ours, r.floor, r.ratio, r.reach, verdict)
	}
	_ = w.Flush()
}
