// SPDX-License-Identifier: MPL-2.0

package secret

import (
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

// Add makes values known for secrets. Those that are shorter than [MinLength]
// are left out.
func (r *Registry) Add(values ...string) {
	for _, value := range values {
		if len(value) < MinLength || r.knows(value) {
			continue
		}
		forms := Spellings(value)
		r.mu.Lock()
		if r.values == nil {
			r.values = map[string]struct{}{}
		}
		r.values[value] = struct{}{}
		for _, form := range forms {
			r.starts.add(form)
			r.ends.add(backwards(form))
		}
		r.mu.Unlock()
	}
}

func (r *Registry) knows(value string) bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	_, known := r.values[value]
	return known
}

// Mask replaces every secret in a text, in any of its spellings, and the first
// or last [MinLength] and more characters of one where an ellipsis says that
// the rest was cut off.
func (r *Registry) Mask(text string) string {
	if len(text) < MinLength {
		return text
	}
	r.mu.RLock()
	if len(r.values) == 0 {
		r.mu.RUnlock()
		return text
	}
	spans := append(r.starts.wholes(text), r.starts.beginnings(text, cuts(text))...)
	reversed := backwards(text)
	for _, s := range r.ends.beginnings(reversed, cuts(reversed)) {
		spans = append(spans, span{len(text) - s.to, len(text) - s.from})
	}
	r.mu.RUnlock()
	return replace(text, spans)
}

// span is a part of a text.
type span struct{ from, to int }

func replace(text string, spans []span) string {
	if len(spans) == 0 {
		return text
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
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
