// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"reflect"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// combinations calls use with every choice of n of the items, from 0 on.
func combinations(n, of int, use func(items []int)) {
	var choose func(items []int, from int)
	choose = func(items []int, from int) {
		if len(items) == n {
			use(items)
			return
		}
		for i := from; i < of; i++ {
			choose(append(items[:len(items):len(items)], i), i+1)
		}
	}
	choose(nil, 0)
}

func TestCoveringServicesMeetEveryChoiceOfVariants(t *testing.T) {
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
		combinations(strength, len(rows), func(at []int) {
			met := map[[3]string]bool{}
			for _, service := range services {
				var choice [3]string
				for i, row := range at {
					choice[i] = service[rows[row].Name]
				}
				met[choice] = true
			}
			want := 1
			for _, row := range at {
				want *= len(rows[row].Variants)
			}
			if len(met) != want {
				t.Errorf("of %d choices for the rows %v, %d are met", want, at, len(met))
			}
		})
	}
}

func TestCoveringServicesAreDialects(t *testing.T) {
	for _, service := range simulator.Covering(2, simulator.Rows()) {
		if _, err := simulator.DialectOf(service); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheSameRowsMakeTheSameServices(t *testing.T) {
	rows := simulator.Rows()
	if !reflect.DeepEqual(simulator.Covering(2, rows), simulator.Covering(2, rows)) {
		t.Error("the services differ, so a failure at one of them could not be repeated")
	}
}
