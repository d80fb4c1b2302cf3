// SPDX-License-Identifier: MPL-2.0

// Package secret keeps the values that this process must never show, and takes
// them out of every text that somebody may read: diagnostics, errors and logs.
//
// A value stays known for as long as the process runs. A token that was
// replaced and a password that was changed may still be in use somewhere, and a
// service may echo either in the answer to a call that has nothing to do with it.
package secret

import (
	"math"
	"strings"
	"sync"
)

// Masked stands where a secret was.
const Masked = "(sensitive)"

// MinLength is how long a value has to be to be masked everywhere. A shorter one
// would mask words in texts that have nothing to do with it.
const MinLength = window

// How many of the secrets in answers are kept. A service could send any number of
// them, which would cost time and memory. A run that makes thousands of keys stays
// below the bound.
const (
	// answersRoom is for the values of all answers, in bytes.
	answersRoom = 1 << 20
	// perValue is what each takes besides its length.
	perValue = 128
	// longestValue is longer than any token.
	longestValue = 16 << 10
)

// Registry is a set of secrets. Its zero value is empty and ready for use, by
// many goroutines at once.
type Registry struct {
	mu sync.RWMutex
	// values are the secrets, with how much room of the answers' each takes.
	values map[string]int
	// unspelled are the values whose forms are not computed yet. Most runs show
	// nothing, and never need them.
	unspelled []string
	forms     forms
	// used is how much of answersRoom is taken.
	used int
	// overflowed says that an answer named a secret that is not kept.
	overflowed bool
}

// process is what this process must not show.
var process Registry

// Add makes secrets known to the whole process.
func Add(values ...string) { process.Add(values...) }

// AddIssued makes values known that were issued to this run. They do not count
// towards the bound for answers.
func AddIssued(values ...string) { process.addIssued(values...) }

// Overflowed reports whether answers had more secrets than are kept. Masking is then
// incomplete, so the text of a refusal is not shown. Attributes are shown by
// Terraform, not here.
func Overflowed() bool { return process.isOverflowed() }

// Forget removes all secrets from the process. It is for tests that play many
// processes in one.
func Forget() {
	process.mu.Lock()
	defer process.mu.Unlock()
	process.values, process.unspelled, process.forms = nil, nil, forms{}
	process.used, process.overflowed = 0, false
}

// Add makes secrets known. Those that are shorter than [MinLength] are left out.
func (r *Registry) Add(values ...string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, value := range values {
		r.used -= r.values[value]
		r.keep(value, 0)
	}
}

func (r *Registry) addIssued(values ...string) {
	for _, value := range values {
		if len(value) <= longestValue {
			r.Add(value)
		}
	}
}

// addOfAnswer makes a secret in an answer known, where there is room for it.
func (r *Registry) addOfAnswer(value string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.values[value]; known || len(value) < MinLength {
		return
	}
	takes := len(value) + perValue
	if len(value) > longestValue || r.used+takes > answersRoom {
		r.overflowed = true
		return
	}
	r.used += takes
	r.keep(value, takes)
}

func (r *Registry) keep(value string, takes int) {
	if len(value) < MinLength {
		return
	}
	if r.values == nil {
		r.values = map[string]int{}
	}
	if _, known := r.values[value]; !known {
		r.unspelled = append(r.unspelled, value)
	}
	r.values[value] = takes
}

func (r *Registry) isOverflowed() bool {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.overflowed
}

// lockSpelled locks the registry for reading, with the forms of all values in
// place.
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
	var all []string
	for _, value := range r.unspelled {
		all = append(all, Spellings(value)...)
	}
	r.forms.add(all)
	r.unspelled = nil
}

// Mask replaces every secret in a text, in any of its spellings.
func (r *Registry) Mask(text string) string { return r.mask(text, math.MaxInt) }

// mask masks a text as far as it is shown, which is a little more than limit bytes
// of the result. The text is not cut before: half a secret is not recognised.
func (r *Registry) mask(text string, limit int) string {
	defer r.lockSpelled()()
	var masked strings.Builder
	// done is how far the text is masked: up to the end of the last secret.
	done := 0
	for at := 0; at < len(text); at++ {
		if at > done && masked.Len()+at-done > limit {
			return masked.String() + text[done:at]
		}
		length := r.forms.longest(text[at:])
		if length == 0 {
			continue
		}
		if at >= done {
			masked.WriteString(text[done:at] + Masked)
		}
		done = max(done, at+length)
	}
	return masked.String() + text[done:]
}
