// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"encoding/binary"
	"slices"
	"strings"
)

// window is how many bytes of a form it is found by.
const window = 8

// forms are texts to be found in another text. The time depends on the length of the
// other text and of the longest form, and hardly on how many forms there are or on
// what they have in common.
type forms struct {
	sorted []string
	// shorter is for each form the place of the longest other one that it begins
	// with, or -1.
	shorter []int
	// starts are the first bytes of all forms.
	starts map[uint64]struct{}
}

// add merges forms in. It costs a pass through all of them, however many are added.
func (f *forms) add(more []string) {
	if f.starts == nil {
		f.starts = map[uint64]struct{}{}
	}
	for _, form := range more {
		f.starts[first(form)] = struct{}{}
	}
	slices.Sort(more)
	f.sorted = merge(f.sorted, more)
	f.shorter = make([]int, len(f.sorted))
	for at := range f.sorted {
		f.shorter[at] = f.beginning(at-1, f.sorted[at])
	}
}

// merge merges sorted texts, each of them once.
func merge(a, b []string) []string {
	merged := make([]string, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if a[0] < b[0] {
			merged, a = append(merged, a[0]), a[1:]
		} else {
			merged, b = append(merged, b[0]), b[1:]
		}
	}
	return slices.Compact(append(append(merged, a...), b...))
}

// longest is the length of the longest form that a text begins with, or 0.
func (f *forms) longest(text string) int {
	if len(text) < window {
		return 0
	}
	if _, there := f.starts[first(text)]; !there {
		return 0
	}
	at, whole := slices.BinarySearch(f.sorted, text)
	if whole {
		return len(text)
	}
	if at = f.beginning(at-1, text); at < 0 {
		return 0
	}
	return len(f.sorted[at])
}

// beginning is the place of the longest form that a text begins with, or -1. The
// search begins at the last form that is less than the text.
func (f *forms) beginning(at int, text string) int {
	for at >= 0 && !strings.HasPrefix(text, f.sorted[at]) {
		at = f.shorter[at]
	}
	return at
}

func first(text string) uint64 { return binary.LittleEndian.Uint64([]byte(text[:window])) }
