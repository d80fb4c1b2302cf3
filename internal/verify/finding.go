// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// What a row's finding can be besides one of its variants.
const (
	// Other is a behaviour that is none of the row's variants.
	Other = "other"
	// NotSeen is where the run had no occasion to see the row, or saw what
	// several variants have in common.
	NotSeen = "not seen"
)

// Finding is what an observer makes of a run; of nothing, the zero Finding.
type Finding struct {
	Variant string `json:"variant"`
	// Among are the variants that what was seen leaves, where it leaves several.
	Among []string `json:"among,omitempty"`
	// Detail says more, without a value of the account.
	Detail string `json:"detail,omitempty"`
}

func other(format string, args ...any) Finding {
	return Finding{Variant: Other, Detail: fmt.Sprintf(format, args...)}
}

// String is the finding in one line.
func (f Finding) String() string {
	text := f.Variant
	if len(f.Among) > 0 {
		text += ", " + strings.Join(f.Among, " or ")
	}
	if f.Detail != "" {
		text += ": " + f.Detail
	}
	return text
}

// nothing is what an observer makes of an answer that shows nothing of the row.
const nothing = "nothing"

// observe looks at some answers, all in the same way: see names the variant, or
// "" where it is none, which the shape of the member then tells. Where answers
// differ and the contract allows that, the last of the order that was seen stands
// for all.
func observe(at answers, member string, see func(*seen, owned.Answer) string, order ...string) func(*seen) Finding {
	return func(s *seen) Finding {
		var told []string
		for _, a := range at(s) {
			switch variant := see(s, a); {
			case variant == "" && member == "":
				return other("%s", a.Shape())
			case variant == "":
				return other("%s is %s", member, a.Body.At(member).Shape(slices.Concat(statuses, profiles)...))
			case variant != nothing && !slices.Contains(told, variant):
				told = append(told, variant)
			}
		}
		slices.SortFunc(told, func(a, b string) int { return slices.Index(order, b) - slices.Index(order, a) })
		switch {
		case len(told) == 0:
			return Finding{}
		case len(told) == 1:
			return Finding{Variant: told[0]}
		case slices.Index(order, told[len(told)-1]) < 0:
			return other("it changes from answer to answer: %s", strings.Join(told, "; "))
		}
		return Finding{Variant: told[0], Detail: "besides " + strings.Join(told[1:], ", ")}
	}
}

// byCode looks at nothing but the code.
func byCode(at answers, codes map[int]string) func(*seen) Finding {
	return observe(at, "", func(_ *seen, a owned.Answer) string { return codes[a.Status] })
}

// byForm looks at the form of one member, and byStatus at the status of a key.
func byForm(at answers, member string, forms map[string]string, order ...string) func(*seen) Finding {
	return observe(at, member, func(_ *seen, a owned.Answer) string { return forms[a.Body.At(member).Shape(profiles...)] }, order...)
}

func byStatus(at answers, variants map[string]string, order ...string) func(*seen) Finding {
	return observe(at, "status", func(_ *seen, a owned.Answer) string { return variants[statusOf(a)] }, order...)
}

// answers are some of those that a run was given.
type answers func(*seen) []owned.Answer

// all are the service's last words on some steps.
func all(steps ...string) answers { return func(s *seen) []owned.Answer { return s.steps(steps...) } }

// accepted are those that are no refusals.
func accepted(steps ...string) answers {
	return func(s *seen) []owned.Answer { return s.accepted(steps...) }
}

// first are the first about each kind of keys, last the last.
func first(of answers) answers { return func(s *seen) []owned.Answer { return firsts(of(s)) } }

func last(of answers) answers {
	return func(s *seen) []owned.Answer {
		backwards := of(s)
		slices.Reverse(backwards)
		return firsts(backwards)
	}
}

// fresh are the first reads of keys of some kinds that showed them, ready.
func fresh(kinds ...string) answers {
	return func(s *seen) []owned.Answer {
		return firsts(slices.DeleteFunc(s.accepted(stepReadNew), func(a owned.Answer) bool {
			return !slices.Contains(kinds, a.Key) || statusOf(a) == "creating"
		}))
	}
}

func firsts(answers []owned.Answer) []owned.Answer {
	kinds := []string{""}
	return slices.DeleteFunc(answers, func(a owned.Answer) bool {
		known := slices.Contains(kinds, a.Key)
		kinds = append(kinds, a.Key)
		return known
	})
}
