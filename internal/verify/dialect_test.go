// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestEveryRowOfTheContractHasAnObserver ties the table to the simulator's.
func TestEveryRowOfTheContractHasAnObserver(t *testing.T) {
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

// cannotTell are the only reasons for which a variant is not seen by a run that
// may do everything.
var cannotTell = map[string]struct {
	variants []string
	unless   string // seen after all where the rest of the dialect has this
	why      string
}{
	"status":           {[]string{"lower", "kebab"}, "delete-timing=failed", "only a deletion that fails tells them apart, and none did"},
	"permission-roles": {[]string{"empty", "null"}, "", "no key by permissions was made"},
	"granting":         {[]string{"any", "own"}, "", "no key by permissions was made"},
	"same-name":        {[]string{"accepted", "409", "422"}, "", ""},
	"whitelist-empty":  {[]string{"empty-string", "null"}, "", ""},
}

// names fails a test in which a run does not name the dialect of the service.
func names(t *testing.T, dialect simulator.Dialect) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{Dialect: dialect})
		before := server.Keys()
		began := time.Now()
		report, err := Run(t.Context(), everything(t, server))
		stuck := dialect.DeleteTiming == simulator.DeleteFailedForever
		if (err != nil) != stuck {
			t.Fatalf("%s: %v", dialect, err)
		}
		if stuck {
			before = append(before, server.Keys()[len(before):]...)
			if left := len(server.Keys()) - 3; left != 1 || report.Left != 1 {
				t.Errorf("%s: %d keys are left, %d are reported", dialect, left, report.Left)
			}
		}
		untouched(t, server, before)
		for _, row := range simulator.Rows() {
			sameRow(t, dialect, report.row(t, row.Name))
		}
		checkReport(t, dialect, report)
		if pace := time.Since(began) / time.Duration(report.Requests); pace < time.Second/RequestsPerSecond*9/10 {
			t.Errorf("%s: a request every %s", dialect, pace)
		}
	})
}

// TestRunKeepsItsPace is beside many keys, which it asks for no more often than
// for a few.
func TestRunKeepsItsPace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		for i := range 300 {
			server.Seed(simulator.Key{Name: fmt.Sprint("key-", i), RoleIDs: []string{simulator.RoleReadOnly}})
		}
		began := time.Now()
		report, err := Run(t.Context(), everything(t, server))
		if err != nil {
			t.Fatal(err)
		}
		took := time.Since(began)
		t.Logf("requests=%d took=%v", report.Requests, took) // for "make bench"
		if report.Requests > 150 {
			t.Errorf("%d requests", report.Requests)
		}
		if least := time.Duration(report.Requests-1) * time.Second / RequestsPerSecond; took < least || took > 2*least {
			t.Errorf("%d requests took %v", report.Requests, took)
		}
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

// sameRow compares what a run says of a row with what the service does.
func sameRow(t *testing.T, dialect simulator.Dialect, row RowResult) {
	t.Helper()
	want := variantOf(dialect, row.Row)
	if row.Variant == want {
		return
	}
	stuck := dialect.DeleteTiming == simulator.DeleteFailedForever
	excuse, known := cannotTell[row.Row]
	switch {
	case row.Variant != NotSeen || !known || !slices.Contains(excuse.variants, want):
	case row.Row == "status" && !strings.Contains(dialect.String(), excuse.unless) && slices.Equal(row.Among, excuse.variants) && row.Detail == excuse.why:
		return
	case row.Row != "status" && stuck && row.Detail != "":
		return
	}
	t.Errorf("%q: %s is taken for %s", dialect, row.Row, row.Finding)
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

func TestARunNamesEveryPairOfVariants(t *testing.T) {
	services := simulator.Covering(2, simulator.Rows())
	t.Logf("%d services have every pair of variants", len(services))
	for _, variants := range services {
		var dialect simulator.Dialect
		for row, variant := range variants {
			var err error
			if dialect, err = dialect.With(row, variant); err != nil {
				t.Fatal(err)
			}
		}
		names(t, dialect)
	}
}

func TestARunNamesRandomServices(t *testing.T) {
	services := 200
	if !*every {
		services = 20
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range services {
		var dialect simulator.Dialect
		for _, row := range simulator.Rows() {
			dialect, _ = dialect.With(row.Name, row.Variants[random.IntN(len(row.Variants))].Name)
		}
		names(t, dialect)
	}
}

// TestTheReportMakesTheSameService closes the circle: a service with the
// dialect of a report is reported the same.
func TestTheReportMakesTheSameService(t *testing.T) {
	text := "status=title,token=snake,create-timing=creating,delete-timing=failed-once,acl-order=sorted,clearing=empty-clears,extra-fields=some"
	synctest.Test(t, func(t *testing.T) {
		for range 2 {
			dialect, err := simulator.ParseDialect(text)
			if err != nil {
				t.Fatal(err)
			}
			report, err := Run(t.Context(), everything(t, seeded(simulator.Config{Dialect: dialect})))
			if err != nil {
				t.Fatal(err)
			}
			var out bytes.Buffer
			if err := report.WriteText(&out); err != nil {
				t.Fatal(err)
			}
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			again, err := simulator.ParseDialect(strings.TrimPrefix(lines[len(lines)-1], "simulator -dialect "))
			if err != nil || again != dialect {
				t.Fatalf("%v: %q after %q", err, again, dialect)
			}
			text = report.Dialect
		}
	})
}
