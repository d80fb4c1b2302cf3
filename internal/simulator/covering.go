// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"maps"
	"slices"
)

// Covering returns few services, each of them a variant for each row, among
// which every choice of variants for any rows together, as many as strength
// says, is met at least once: two for every pair, three for every triple.
//
// Defects that need a dialect mostly need one or two of its rows, so a handful
// of such services shows what a great many drawn at random would. The same rows
// make the same services, in the same order.
func Covering(strength int, rows []Row) []map[string]string {
	strength = min(strength, len(rows))
	left := map[choice]bool{}
	all := make([][]int, len(rows))
	for i, row := range rows {
		for variant := range row.Variants {
			all[i] = append(all[i], variant)
		}
	}
	each(all, strength, func(c choice) { left[c] = true })
	var services []map[string]string
	for _, c := range slices.Sorted(maps.Keys(left)) {
		if left[c] {
			services = append(services, cover(c, strength, left, rows))
		}
	}
	return services
}

// choice is a variant for each of at most four rows: 16 bits for each, the row
// and the variant, both counted from 1, in the order of the rows.
type choice uint64

func (c choice) and(row, variant int) choice { return c<<16 | choice(row+1)<<8 | choice(variant+1) }

// each calls use with every choice for strength rows out of the variants that
// each row has.
func each(variants [][]int, strength int, use func(choice)) {
	var choose func(c choice, from, more int)
	choose = func(c choice, from, more int) {
		if more == 0 {
			use(c)
			return
		}
		for row := from; row < len(variants); row++ {
			for _, variant := range variants[row] {
				choose(c.and(row, variant), row+1, more-1)
			}
		}
	}
	choose(0, 0, strength)
}

// cover makes a service that holds the choice. Row for row it takes the variant
// that meets most of what is left, and strikes off what is met.
func cover(first choice, strength int, left map[choice]bool, rows []Row) map[string]string {
	chosen := make([][]int, len(rows))
	for c := first; c != 0; c >>= 16 {
		chosen[int(c>>8&0xff)-1] = []int{int(c&0xff) - 1}
	}
	for _, row := range longestFirst(rows) {
		if chosen[row] != nil {
			continue
		}
		best, most := 0, -1
		for variant := range rows[row].Variants {
			chosen[row] = []int{variant}
			met := 0
			each(chosen, strength, func(c choice) {
				if left[c] {
					met++
				}
			})
			if met > most {
				best, most = variant, met
			}
		}
		chosen[row] = []int{best}
	}
	each(chosen, strength, func(c choice) { delete(left, c) })
	service := map[string]string{}
	for i, row := range rows {
		service[row.Name] = row.Variants[chosen[i][0]].Name
	}
	return service
}

// longestFirst are the rows from the one with most variants on: what is chosen
// late has to fit, and is easiest for those with few.
func longestFirst(rows []Row) []int {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(len(rows[b].Variants), len(rows[a].Variants)) })
	return order
}
