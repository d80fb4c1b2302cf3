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
	var tree any
	fromJSON(toJSON(s), &tree)
	var byDepth [9][]scenario
	keep := func(depth int) {
		var smaller scenario
		if json.Unmarshal(toJSON(tree), &smaller) == nil && smaller.String() != s.String() {
			byDepth[depth] = append(byDepth[depth], smaller)
		}
	}
	var visit func(node any, depth int, replace func(any))
	visit = func(node any, depth int, replace func(any)) {
		switch node := node.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(node)) {
				if slices.Contains([]string{"name", "username", "operation"}, name) {
					continue // Required.
				}
				part := node[name]
				delete(node, name)
				keep(depth)
				node[name] = part
				visit(part, depth+1, func(other any) { node[name] = other })
			}
		case []any:
			for i, part := range node {
				// The whole list can go, and an empty one means something else.
				if len(node) > 1 {
					replace(slices.Delete(slices.Clone(node), i, i+1))
					keep(depth)
					replace(node)
				}
				visit(part, depth+1, func(other any) { node[i] = other })
			}
		}
	}
	visit(tree, 0, nil)
	return slices.Concat(byDepth[:]...)
}

func TestShrink_LeavesWhatBreaksTheRule(t *testing.T) {
	s := at("status", "title", apply(both()), step{Do: stepRefresh}, step{Do: "odd", Config: both()}, apply(both()))
	smaller, found := shrink(t, s, walkWhole(t, s))
	if want := steps(step{Do: "odd"}).String(); smaller.String() != want || found.rule != "panic: step odd" {
		t.Errorf("%s is left:\n%s", found.rule, smaller)
	}
}
