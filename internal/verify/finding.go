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
	Variant string
	// Among are the variants that what was seen leaves, where it leaves several.
	Among []string
	// Detail says more, without a value of the account.
	Detail string
}

func other(format string, args ...any) Finding {
	return Finding{Variant: Other, Detail: fmt.Sprintf(format, args...)}
}

// nothing is what a look makes of an answer that shows nothing of the row.
const nothing = "nothing"

// each looks at some answers with the same eyes: look names the variant, or ""
// where it is none. Where answers differ and the contract allows that, the last
// of the order that was seen stands for all.
func each(answers []owned.Answer, member string, look func(owned.Answer) string, order ...string) Finding {
	var told []string
	for _, a := range answers {
		switch variant := look(a); {
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
		return other("it changes from look to look: %s", strings.Join(told, "; "))
	}
	return Finding{Variant: told[0], Detail: "besides " + strings.Join(told[1:], ", ")}
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
