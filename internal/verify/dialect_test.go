// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// The table of rows is tied to the simulator's.
func TestRows_EveryRowOfTheContractHasAnObserver(t *testing.T) {
	var here, there []string
	for _, row := range rows {
		if !assumed[row.name] {
			here = append(here, fmt.Sprint(row.number, row.name))
		}
	}
	for _, row := range simulator.Rows() {
		there = append(there, fmt.Sprint(row.Number, row.Name))
	}
	if !slices.Equal(here, there) {
		t.Errorf("the rows here are %q, those of the simulator %q", here, there)
	}
}

// unseen are the rows that a run which may do everything can't always see: where
// a key that could not be deleted has ended it.
var unseen = []string{"permission-roles", "granting", "same-name", "whitelist-empty"}

// names fails a test in which a run does not name the dialect of the service.
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
		for _, row := range simulator.Rows() {
			got, want := report.row(t, row.Name), variantOf(dialect, row.Name)
			ended := got.Variant == NotSeen && stuck && got.Detail != "" && slices.Contains(unseen, row.Name)
			// Only delete_failed tells these two apart.
			alike := got.Variant == NotSeen && row.Name == "status" && !strings.Contains(dialect.String(), "delete-timing=failed") &&
				slices.Equal(got.Among, []string{"lower", "kebab"}) && slices.Contains(got.Among, want) && strings.HasPrefix(got.Detail, "only a deletion that fails")
			if got.Variant != want && !ended && !alike {
				t.Errorf("%q: %s is taken for %s", dialect, row.Name, got.Finding)
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

func TestRun_NamesEveryPairOfVariants(t *testing.T) {
	services := simulator.Covering(2, simulator.Rows())
	t.Logf("%d services have every pair of variants", len(services))
	for _, variants := range services {
		dialect, err := simulator.DialectOf(variants)
		if err != nil {
			t.Fatal(err)
		}
		names(t, dialect)
	}
}

func TestRun_NamesRandomServices(t *testing.T) {
	services := 200
	if !*every {
		services = 20
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range services {
		variants := map[string]string{}
		for _, row := range simulator.Rows() {
			variants[row.Name] = row.Variants[random.IntN(len(row.Variants))].Name
		}
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

// A service with the dialect of a report is reported the same.
func TestReport_MakesTheSameService(t *testing.T) {
	text := "status=title,token=snake,create-timing=creating,delete-timing=failed-once,acl-order=sorted,clearing=empty-clears,extra-fields=some"
	for range 2 {
		dialect := dialectOf(t, text)
		in(t, simulator.Config{Dialect: dialect}, func(t *testing.T, w *world) {
			report := w.run(t)
			var out bytes.Buffer
			if err := report.WriteText(&out); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if again := dialectOf(t, strings.TrimPrefix(lines[len(lines)-1], "simulator -dialect ")); again != dialect {
				t.Fatalf("%q after %q", again, dialect)
			}
			text = report.Dialect
		})
	}
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
