// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// unseen are the rows that a run which may do everything can't always see: where
// a key that could not be deleted has ended it.
var unseen = []string{"permission-roles", "granting", "same-name", "whitelist-empty"}

// names fails a test in which a run does not name the dialect of the service, in
// each row and in the last line.
func names(t *testing.T, dialect simulator.Dialect) {
	t.Helper()
	in(t, simulator.Config{Dialect: dialect}, func(t *testing.T, w *world) {
		report, err := Run(t.Context(), w.options)
		stuck := dialect.DeleteTiming == "failed-forever"
		if (err != nil) != stuck {
			t.Fatalf("%s: %v", dialect, err)
		}
		if stuck {
			left := w.server.Keys()[len(w.before):]
			if w.before = append(w.before, left...); len(left) != 1 || report.Left != 1 {
				t.Errorf("%s: %d keys are left, %d are reported", dialect, len(left), report.Left)
			}
		}
		w.untouched(t)
		var text strings.Builder
		if err := report.WriteText(&text); err != nil {
			t.Fatal(err)
		}
		_, last, _ := strings.Cut(text.String(), "simulator -dialect ")
		again := dialectOf(t, strings.TrimSuffix(last, "\n"))
		for _, row := range simulator.Rows() {
			got, want := report.row(t, row.Name), variantOf(dialect, row.Name)
			ended := got.Variant == NotSeen && stuck && got.Detail != "" && slices.Contains(unseen, row.Name)
			// Only delete_failed tells these two apart.
			alike := got.Variant == NotSeen && row.Name == "status" && !strings.Contains(dialect.String(), "delete-timing=failed") &&
				slices.Equal(got.Among, []string{"lower", "kebab"}) && slices.Contains(got.Among, want) && strings.HasPrefix(got.Detail, "only a deletion that fails")
			named := got.Variant == want && variantOf(again, row.Name) == want
			if got.Number != row.Number || !named && !ended && !alike {
				t.Errorf("%q: %s is taken for %s, and %s in the last line", dialect, row.Name, got.Finding, variantOf(again, row.Name))
			}
		}
		checkReport(t, dialect, report)
	})
}

// checkReport looks at what no dialect changes.
func checkReport(t *testing.T, dialect simulator.Dialect, report *Report) {
	t.Helper()
	if report.Keys > MaxKeys || report.Requests > 400 {
		t.Errorf("%s: %d keys, %d requests", dialect, report.Keys, report.Requests)
	}
	if report.Failed() {
		t.Errorf("%s: %+v", dialect, report.Rows)
	}
	for _, name := range []string{"list-in-patch", "new-credentials"} {
		if row := report.row(t, name); row.Variant != "replaces" && row.Variant != "same" {
			t.Errorf("%s: %s", dialect, row.Finding)
		}
	}
	if !strings.HasPrefix(report.Others, "none of the 3 other keys") {
		t.Errorf("%s: %s", dialect, report.Others)
	}
}

// variantOf is the variant of a row that a dialect has.
func variantOf(dialect simulator.Dialect, name string) string {
	for _, part := range strings.Split(dialect.String(), ",") {
		if row, variant, _ := strings.Cut(part, "="); row == name {
			return variant
		}
	}
	for _, row := range simulator.Rows() {
		if row.Name == name {
			return row.Variants[0].Name
		}
	}
	return ""
}

// Every pair of variants is among the services, and random ones are besides.
func TestRun_NamesTheVariantsOfEveryService(t *testing.T) {
	services := simulator.Covering(2, simulator.Rows())
	t.Logf("%d services have every pair of variants", len(services))
	more := 200
	if !*every {
		more = 20
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range more {
		service := map[string]string{}
		for _, row := range simulator.Rows() {
			service[row.Name] = row.Variants[random.IntN(len(row.Variants))].Name
		}
		services = append(services, service)
	}
	for _, variants := range services {
		dialect, err := simulator.DialectOf(variants)
		if err != nil {
			t.Fatal(err)
		}
		names(t, dialect)
	}
}

func dialectOf(t *testing.T, text string) simulator.Dialect {
	t.Helper()
	dialect, err := simulator.ParseDialect(text)
	if err != nil {
		t.Fatal(err)
	}
	return dialect
}

// A run is beside many keys, which it asks for no more often than for a few.
func TestRun_KeepsItsPace(t *testing.T) {
	for _, config := range append(slow(t), simulator.Config{}) {
		in(t, config, func(t *testing.T, w *world) {
			for i := range 300 {
				w.server.Seed(simulator.Key{Name: fmt.Sprint("key-", i), RoleIDs: []string{simulator.RoleReadOnly}})
			}
			w.run(t)
			requests := w.server.Requests()
			for i := RequestsPerSecond; i < len(requests); i++ {
				if passed := requests[i].Time.Sub(requests[i-RequestsPerSecond].Time); passed < time.Second {
					t.Fatalf("%d requests in %s", RequestsPerSecond+1, passed)
				}
			}
			took := requests[len(requests)-1].Time.Sub(requests[0].Time)
			if least := time.Duration(len(requests)) * time.Second / RequestsPerSecond; config.Dialect == (simulator.Dialect{}) && (len(requests) > 150 || took > 2*least) {
				t.Errorf("%d requests in %s", len(requests), took)
			}
		})
	}
}
