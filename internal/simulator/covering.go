// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
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
	left := choices(strength, rows)
	var services []map[string]string
	for _, choice := range sortedChoices(left) {
		if !left[choice] {
			continue
		}
		services = append(services, cover(choice, left, rows))
	}
	return services
}

// choice is a variant for each of at most four rows: 16 bits for each, the row
// and the variant, both counted from 1, in the order of the rows.
type choice uint64

func (c choice) and(row, variant int) choice { return c<<16 | choice(row+1)<<8 | choice(variant+1) }

// choices are those of strength rows that a service can still be made for.
func choices(strength int, rows []Row) map[choice]bool {
	all := map[choice]bool{}
	var choose func(c choice, from, more int)
	choose = func(c choice, from, more int) {
		if more == 0 {
			all[c] = true
			return
		}
		for row := from; row <= len(rows)-more; row++ {
			for variant := range rows[row].Variants {
				choose(c.and(row, variant), row+1, more-1)
			}
		}
	}
	choose(0, 0, min(strength, len(rows)))
	return all
}

func sortedChoices(of map[choice]bool) []choice {
	sorted := make([]choice, 0, len(of))
	for c := range of {
		sorted = append(sorted, c)
	}
	slices.Sort(sorted)
	return sorted
}

// cover makes a service that holds the choice. Row for row it takes the variant
// that meets most of what is left, and strikes off what is met.
func cover(first choice, left map[choice]bool, rows []Row) map[string]string {
	chosen := make([]int, len(rows))
	for i := range chosen {
		chosen[i] = -1
	}
	strength := 0
	for c := first; c != 0; c >>= 16 {
		chosen[int(c>>8&0xff)-1] = int(c&0xff) - 1
		strength++
	}
	for _, row := range longestFirst(rows) {
		if chosen[row] >= 0 {
			continue
		}
		best, most := 0, -1
		for variant := range rows[row].Variants {
			chosen[row] = variant
			if met := len(met(chosen, row, strength, left)); met > most {
				best, most = variant, met
			}
		}
		chosen[row] = best
	}
	service := map[string]string{}
	for row, variant := range chosen {
		service[rows[row].Name] = rows[row].Variants[variant].Name
	}
	for _, c := range met(chosen, -1, strength, left) {
		delete(left, c)
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

// met are the choices that are left and that the chosen variants hold; where a
// row is given, only those that it is part of.
func met(chosen []int, with, strength int, left map[choice]bool) []choice {
	var found []choice
	var choose func(c choice, from, more int, has bool)
	choose = func(c choice, from, more int, has bool) {
		switch {
		case more == 0:
			if has && left[c] {
				found = append(found, c)
			}
			return
		case !has && from > with:
			return
		}
		for row := from; row < len(chosen); row++ {
			if chosen[row] >= 0 {
				choose(c.and(row, chosen[row]), row+1, more-1, has || row == with)
			}
		}
	}
	choose(0, 0, strength, with < 0)
	return found
}
