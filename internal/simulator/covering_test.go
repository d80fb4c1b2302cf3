// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"reflect"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// choices calls use with every choice of variants, out of those that a row has,
// for so many of the rows.
func choices(strength int, rows []simulator.Row, has func(simulator.Row) []simulator.Variant, so string, use func(string)) {
	if strength == 0 {
		use(so)
		return
	}
	for i, row := range rows {
		for _, variant := range has(row) {
			choices(strength-1, rows[i+1:], has, so+row.Name+"="+variant.Name+",", use)
		}
	}
}

func TestCovering_MeetsEveryChoiceOfVariants(t *testing.T) {
	rows := simulator.Rows()
	// One service cannot hold two variants of a row, so the products of the
	// longest rows are the least that could do: 16 and 64. What is here is what
	// a greedy search takes, and a little room for another row.
	for strength, most := range map[int]int{1: 4, 2: 36, 3: 185} {
		services := simulator.Covering(strength, rows)
		t.Logf("%d services for every choice of %d", len(services), strength)
		if len(services) > most {
			t.Errorf("%d services for every choice of %d, more than %d", len(services), strength, most)
		}
		met := map[string]bool{}
		for _, service := range services {
			if _, err := simulator.DialectOf(service); err != nil {
				t.Fatal(err)
			}
			has := func(row simulator.Row) []simulator.Variant { return []simulator.Variant{{Name: service[row.Name]}} }
			choices(strength, rows, has, "", func(choice string) { met[choice] = true })
		}
		all := func(row simulator.Row) []simulator.Variant { return row.Variants }
		choices(strength, rows, all, "", func(choice string) {
			if !met[choice] {
				t.Errorf("no service has %s", choice)
			}
		})
	}
}

// TestCovering_SameRowsMakeTheSameServices lets a failure at one of them be repeated.
func TestCovering_SameRowsMakeTheSameServices(t *testing.T) {
	rows := simulator.Rows()
	if !reflect.DeepEqual(simulator.Covering(2, rows), simulator.Covering(2, rows)) {
		t.Error("the services differ")
	}
}
