// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"slices"
	"strings"
)

// What a row's finding can be besides one of its variants.
const (
	// Other is a behaviour that is none of the row's variants.
	Other = "other"
	// NotSeen is where the run had no occasion to see the row, or saw what
	// several variants have in common.
	NotSeen = "not seen"
)

// Finding is what an observer makes of a run.
type Finding struct {
	Variant string
	// Among are the variants that what was seen leaves, where it leaves several.
	Among []string
	// Detail says more, without a value of the account.
	Detail string
}

func saw(variant string) Finding { return Finding{Variant: variant} }

func other(format string, args ...any) Finding {
	return Finding{Variant: Other, Detail: fmt.Sprintf(format, args...)}
}

func notSeen(format string, args ...any) Finding {
	return Finding{Variant: NotSeen, Detail: fmt.Sprintf(format, args...)}
}

// among is for what several variants have in common.
func among(variants []string, format string, args ...any) Finding {
	return Finding{Variant: NotSeen, Among: variants, Detail: fmt.Sprintf(format, args...)}
}

// agree makes one finding of several looks at the same thing. Looks that saw
// nothing count where all did.
func agree(looks []Finding, nothing string) Finding {
	seen := slices.DeleteFunc(slices.Clone(looks), func(f Finding) bool { return f.Variant == NotSeen })
	if len(seen) == 0 {
		if len(looks) > 0 {
			return looks[0]
		}
		return notSeen("%s", nothing)
	}
	var told []string
	for _, f := range seen {
		if text := f.String(); !slices.Contains(told, text) {
			told = append(told, text)
		}
	}
	if len(told) == 1 {
		return seen[0]
	}
	return other("it changes from look to look: %s", strings.Join(told, "; "))
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

// each looks at some answers with the same eyes.
func each(answers []answer, look func(answer) Finding) []Finding {
	findings := make([]Finding, len(answers))
	for i, a := range answers {
		findings[i] = look(a)
	}
	return findings
}
