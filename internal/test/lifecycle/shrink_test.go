// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
)

// shrink looks for a smaller scenario that breaks the same rule, until no part can go.
func shrink(t *testing.T, s scenario, found *violation) (scenario, *violation) {
	t.Helper()
	if found.step > 0 {
		s.Steps = s.Steps[:found.step]
	}
	for budget := 600; budget > 0; {
		smaller := false
		for _, candidate := range smallerOnes(s) {
			budget--
			if v := walkWhole(t, candidate); v != nil && v.rule == found.rule {
				s, found, smaller = candidate, v, true
				break
			}
		}
		if !smaller {
			break
		}
	}
	return s, found
}

// smallerOnes are the scenario with one part less, the big parts first.
func smallerOnes(s scenario) []scenario {
	whole := toJSON(s)
	var candidates []scenario
	for depth := 1; depth < 9; depth++ {
		for n := 0; ; n++ {
			var tree any
			fromJSON(whole, &tree)
			number := n
			tree, done := cut(tree, depth, &number)
			if !done {
				break
			}
			var c scenario
			if json.Unmarshal(toJSON(tree), &c) == nil && !slices.Equal(toJSON(c), whole) {
				candidates = append(candidates, c)
			}
		}
	}
	return candidates
}

// cut removes the part with this number among those at this depth.
func cut(node any, depth int, number *int) (rest any, done bool) {
	take := func(part any, remove func(), replace func(any)) bool {
		if depth > 1 {
			rest, done := cut(part, depth-1, number)
			replace(rest)
			return done
		}
		*number--
		if *number < 0 {
			remove()
		}
		return *number < 0
	}
	switch node := node.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(node)) {
			if slices.Contains([]string{"name", "username", "operation"}, name) {
				continue // Required.
			}
			if take(node[name], func() { delete(node, name) }, func(rest any) { node[name] = rest }) {
				return node, true
			}
		}
	case []any:
		for i := range node {
			if depth == 1 && len(node) == 1 {
				break // The whole list can go, and an empty one means something else.
			}
			var without any = node
			if take(node[i], func() { without = slices.Delete(node, i, i+1) }, func(rest any) { node[i] = rest }) {
				return without, true
			}
		}
	}
	return node, false
}

func TestShrink_LeavesWhatBreaksTheRule(t *testing.T) {
	s := at("status", "title", apply(both()), step{Do: stepRefresh}, step{Do: "odd", Config: both()}, apply(both()))
	smaller, found := shrink(t, s, walkWhole(t, s))
	if want := steps(step{Do: "odd"}).String(); smaller.String() != want || found.rule != "panic: step odd" {
		t.Errorf("%s is left:\n%s", found.rule, smaller)
	}
}
