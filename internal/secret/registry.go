// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"cmp"
	"slices"
	"sync"
)

// Masked stands where a secret was.
const Masked = "(sensitive)"

// MinLength is how long a value has to be to be known for a secret everywhere.
// A shorter one would take words out of texts that have nothing to do with it.
const MinLength = window

// Registry is a set of secrets. Its zero value is empty and ready for use, by
// many goroutines at once.
type Registry struct {
	mu     sync.RWMutex
	values map[string]struct{}
	// unspelled are those of the values whose forms are not in the index yet.
	// Most runs have nothing to say, and never need them.
	unspelled []string
	// starts and ends are the same forms of the same values, the latter written
	// backwards.
	starts, ends index
}

// process is what this process must not show.
var process Registry

// Add makes values known for secrets to the whole process.
func Add(values ...string) { process.Add(values...) }

// Mask replaces every secret of the process in a text.
func Mask(text string) string { return process.Mask(text) }

// Forget has the process know no secrets any more. It is for tests that walk
// through the lives of many processes in one, after each of which none of its
// secrets is there.
func Forget() {
	process.mu.Lock()
	defer process.mu.Unlock()
	process.values, process.unspelled, process.starts, process.ends = nil, nil, index{}, index{}
}

// Add makes values known for secrets. Those that are shorter than [MinLength]
// are left out.
func (r *Registry) Add(values ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, value := range values {
		if _, known := r.values[value]; known || len(value) < MinLength {
			continue
		}
		if r.values == nil {
			r.values = map[string]struct{}{}
		}
		r.values[value] = struct{}{}
		r.unspelled = append(r.unspelled, value)
	}
}

// lockSpelled locks the registry for reading, with the forms of all values in
// the index.
func (r *Registry) lockSpelled() (unlock func()) {
	for r.mu.RLock(); len(r.unspelled) > 0; r.mu.RLock() {
		r.mu.RUnlock()
		r.spell()
	}
	return r.mu.RUnlock
}

func (r *Registry) spell() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, value := range r.unspelled {
		for _, form := range Spellings(value) {
			r.starts.add(form)
			r.ends.add(backwards(form))
		}
	}
	r.unspelled = nil
}

// Mask replaces every secret in a text, in any of its spellings, and the first
// or last [MinLength] and more characters of one where an ellipsis says that
// the rest was cut off.
func (r *Registry) Mask(text string) string {
	if len(text) < MinLength {
		return text
	}
	unlock := r.lockSpelled()
	spans := append(r.starts.wholes(text), r.starts.beginnings(text, cuts(text))...)
	reversed := backwards(text)
	for _, s := range r.ends.beginnings(reversed, cuts(reversed)) {
		spans = append(spans, span{len(text) - s.to, len(text) - s.from})
	}
	unlock()
	return replace(text, spans)
}

// span is a part of a text.
type span struct{ from, to int }

func replace(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Compare(a.from, b.from) })
	var masked []byte
	done := 0
	for i := 0; i < len(spans); {
		whole := spans[i]
		for i++; i < len(spans) && spans[i].from < whole.to; i++ {
			whole.to = max(whole.to, spans[i].to)
		}
		masked = append(append(masked, text[done:whole.from]...), Masked...)
		done = whole.to
	}
	return string(append(masked, text[done:]...))
}

func backwards(text string) string {
	bytes := []byte(text)
	slices.Reverse(bytes)
	return string(bytes)
}
