// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"
)

// window is how many bytes of a form it is found by.
const window = 8

// index finds forms in a text by their first bytes. To add one costs no more
// the more there are, unlike with an automaton, which would be built anew for
// every token. How long a text takes depends on its length and on how long the
// forms are, hardly on how many there are.
type index struct {
	buckets map[uint64]*bucket
}

// bucket holds the forms that begin with the same bytes.
type bucket struct {
	forms   []string // sorted
	lengths []int    // of the forms, the longest first
}

func (x *index) add(form string) {
	if x.buckets == nil {
		x.buckets = map[uint64]*bucket{}
	}
	key := first(form)
	b := x.buckets[key]
	if b == nil {
		b = &bucket{}
		x.buckets[key] = b
	}
	at, there := slices.BinarySearch(b.forms, form)
	if there {
		return
	}
	b.forms = slices.Insert(b.forms, at, form)
	if at, there := slices.BinarySearchFunc(b.lengths, len(form), longestFirst); !there {
		b.lengths = slices.Insert(b.lengths, at, len(form))
	}
}

func longestFirst(a, b int) int { return cmp.Compare(b, a) }

func first(text string) uint64 { return binary.LittleEndian.Uint64([]byte(text[:window])) }

// each visits the places of a text where a form can begin, with those that can,
// until visit returns false.
func (x *index) each(text string, visit func(i int, b *bucket) bool) {
	if len(text) < window {
		return
	}
	key := first(text)
	for i := 0; ; i++ {
		if b := x.buckets[key]; b != nil && !visit(i, b) {
			return
		}
		if i+window == len(text) {
			return
		}
		key = key>>8 | uint64(text[i+window])<<(8*(window-1))
	}
}

// wholes finds whole forms, the longest where several begin in one place.
func (x *index) wholes(text string) []span {
	var found []span
	x.each(text, func(i int, b *bucket) bool {
		for _, length := range b.lengths {
			if i+length > len(text) {
				continue
			}
			if _, there := slices.BinarySearch(b.forms, text[i:i+length]); there {
				found = append(found, span{i, i + length})
				return true
			}
		}
		return true
	})
	return found
}

// beginnings finds the beginnings of forms that end at one of the cuts, which
// are sorted.
func (x *index) beginnings(text string, cuts []int) []span {
	var found []span
	x.each(text, func(i int, b *bucket) bool {
		for len(cuts) > 0 && cuts[0] < i+window {
			cuts = cuts[1:]
		}
		if len(cuts) == 0 {
			return false
		}
		part := text[i:cuts[0]]
		if at, _ := slices.BinarySearch(b.forms, part); at < len(b.forms) && strings.HasPrefix(b.forms[at], part) {
			found = append(found, span{i, cuts[0]})
		}
		return true
	})
	return found
}

// ellipses say that something was left out. Each reads the same backwards, but
// for the bytes of the single character.
var ellipses = []string{"...", "…", backwards("…"), `\u2026`, backwards(`\u2026`)}

// cuts are the places before each ellipsis.
func cuts(text string) []int {
	var found []int
	for _, ellipsis := range ellipses {
		for from := 0; ; {
			at := strings.Index(text[from:], ellipsis)
			if at < 0 {
				break
			}
			found = append(found, from+at)
			from += at + len(ellipsis)
		}
	}
	slices.Sort(found)
	return found
}
