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
// nothing count where all did. Where looks differ and the contract allows each,
// the last of the order that was seen stands for them.
func agree(looks []Finding, nothing string, order ...string) Finding {
	seen := slices.DeleteFunc(slices.Clone(looks), func(f Finding) bool { return f.Variant == NotSeen })
	switch {
	case len(looks) == 0:
		return notSeen("%s", nothing)
	case len(seen) == 0:
		return looks[0]
	}
	var told []string
	most := -1
	for _, f := range seen {
		if f.Variant == Other {
			return f
		}
		if !slices.Contains(told, f.Variant) {
			told = append(told, f.Variant)
		}
		most = max(most, slices.Index(order, f.Variant))
	}
	switch {
	case len(told) == 1:
		return seen[0]
	case most < 0:
		return other("it changes from look to look: %s", strings.Join(told, "; "))
	default:
		return Finding{Variant: order[most], Detail: "besides " + strings.Join(slices.DeleteFunc(told, func(v string) bool { return v == order[most] }), ", ")}
	}
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
func each(answers []owned.Answer, look func(owned.Answer) Finding) []Finding {
	findings := make([]Finding, len(answers))
	for i, a := range answers {
		findings[i] = look(a)
	}
	return findings
}

// shapesOf shows statuses that the contract knows, however they are spelt, and
// of others the length alone.
func shapesOf(texts ...string) string {
	var shapes []string
	for _, text := range texts {
		known := slices.ContainsFunc(statuses, func(status string) bool { return owned.IsStatus(text, status) })
		shape := owned.ValueOf(text).Shape()
		if known {
			shape = owned.ValueOf(text).Shape(text)
		}
		shapes = append(shapes, shape)
	}
	return strings.Join(shapes, ", ")
}
