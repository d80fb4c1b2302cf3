// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestDialect_SurvivesBeingWritten(t *testing.T) {
	for _, row := range simulator.Rows() {
		for i, variant := range row.Variants {
			d, err := simulator.DialectOf(map[string]string{row.Name: variant.Name})
			if err != nil {
				t.Fatal(err)
			}
			if first := d == (simulator.Dialect{}); first != (i == 0) {
				t.Errorf("%s=%s is the zero dialect: %v", row.Name, variant.Name, first)
			}
			if again, err := simulator.ParseDialect(d.String()); err != nil || again != d {
				t.Errorf("%q was read as %q (%v)", d, again, err)
			}
		}
	}
}

func TestParseDialect_RowsAndVariants(t *testing.T) {
	d, err := simulator.ParseDialect(" status=upper, token=snake,,gone=404")
	if err != nil || d != (simulator.Dialect{Status: "upper", Token: "snake"}) {
		t.Errorf("read as %q (%v)", d, err)
	}
	for text, want := range map[string]string{
		"status":       "expected row=variant",
		"state=upper":  "there are status, token,",
		"status=UPPER": "it has lower, title, upper, kebab",
	} {
		if _, err := simulator.ParseDialect(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want %q in it", text, err, want)
		}
	}
}

func TestRows_AreCopies(t *testing.T) {
	simulator.Rows()[0].Variants[0].Name = "changed"
	if got := simulator.Rows()[0].Variants[0].Name; got != "lower" {
		t.Errorf("the first variant is now %q", got)
	}
}
