// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"net/http"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// observeStatus is row 1. Only delete_failed has a separator, so only that
// tells two of the spellings apart. Keys of others have a status as well.
func observeStatus(s *seen) Finding {
	title := strings.NewReplacer("active", "Active", "creating", "Creating", "deleting", "Deleting", "delete_failed", "Delete Failed", "failed", "Failed")
	var fit []string
	for _, spelling := range []struct {
		name  string
		spell func(string) string
	}{
		{"lower", strings.ToLower},
		{"title", title.Replace},
		{"upper", strings.ToUpper},
		{"kebab", func(status string) string { return strings.ReplaceAll(status, "_", "-") }},
	} {
		strange := func(text string) bool {
			return !slices.ContainsFunc(statuses, func(status string) bool { return spelling.spell(status) == text })
		}
		if !slices.ContainsFunc(s.statuses, strange) {
			fit = append(fit, spelling.name)
		}
	}
	switch {
	case len(s.statuses) == 0:
		return Finding{}
	case len(fit) == 0:
		return other("%d statuses are in none of the spellings", len(s.statuses))
	case len(fit) == 1:
		return Finding{Variant: fit[0]}
	}
	return Finding{NotSeen, fit, "only a deletion that fails tells them apart, and none did"}
}

func tokenForm(_ *seen, a owned.Answer) string {
	camel, snake := a.Body.At("accessToken").IsText(), a.Body.At("access_token").IsText()
	camelLife, snakeLife := a.Body.At("expiresIn").There, a.Body.At("expires_in").There
	switch {
	case camel == snake || camel && snakeLife || snake && camelLife:
		return ""
	case !camelLife && !snakeLife:
		return "no-lifetime"
	case camel:
		return "camel"
	}
	return "snake"
}

// isGone stands among the statuses for a key that is not there.
const isGone = "gone"

// statusOf is the status in an answer, as the contract spells it, if it does.
func statusOf(a owned.Answer) string {
	for _, status := range statuses {
		if owned.IsStatus(a.Body.At("status").Text(), status) {
			return status
		}
	}
	return map[bool]string{true: isGone}[a.SaysGone()]
}

// Looks at a key that has to be ready show timing, and the last of them outcome.
var (
	timing  = map[string]string{isGone: "not-found-first", "creating": "creating", "active": "at-once", "failed": "at-once"}
	outcome = map[string]string{"active": "active", "failed": "failed", "creating": nothing}
)

func deletionAnswer(_ *seen, a owned.Answer) string {
	switch empty := len(a.Raw) == 0; {
	case a.Status == http.StatusOK && empty:
		return "200-empty"
	case a.Status == http.StatusOK && a.Body.There:
		return "200-body"
	}
	return map[int]string{http.StatusAccepted: "202", http.StatusNoContent: "204"}[a.Status]
}

// deletionTiming is about what was read after a deletion that was accepted.
func deletionTiming(s *seen, deleted owned.Answer) string {
	var had []string
	for _, a := range s.steps(owned.StepReadDeleted) {
		if a.Key == deleted.Key && a.Began.After(deleted.Began) {
			had = append(had, statusOf(a))
		}
	}
	gone := slices.Contains(had, isGone)
	switch {
	case len(had) == 0:
		return nothing
	case slices.Contains(had, "delete_failed") && gone:
		return "failed-once"
	case slices.Contains(had, "delete_failed"):
		return "failed-forever"
	case !gone:
		return ""
	case len(slices.Compact(had)) > 1:
		return "deleting"
	}
	return "at-once"
}

// goneKeys are looks at keys that are gone, or else at one that never was.
func goneKeys(s *seen) []owned.Answer {
	looks := slices.DeleteFunc(s.steps(owned.StepReadDeleted), owned.Answer.OK)
	if len(looks) == 0 {
		return s.steps(stepReadUnknown)
	}
	return looks
}

func goneAnswer(_ *seen, a owned.Answer) string {
	if a.SaysGone() {
		return map[int]string{http.StatusNotFound: "404", http.StatusBadRequest: "400"}[a.Status]
	}
	return ""
}

// otherProject is about reading: nothing of another project is ever changed.
func otherProject(_ *seen, a owned.Answer) string {
	switch {
	case a.OK() && a.Body.IsObject():
		return "readable"
	case a.SaysGone():
		return "missing"
	}
	return map[int]string{http.StatusForbidden: "forbidden"}[a.Status]
}

// granting shows where the roles hold more than the key.
func granting(s *seen, a owned.Answer) string {
	more := slices.ContainsFunc(s.given(), func(role owned.Value) bool {
		return slices.ContainsFunc(role.At("permissions").Items(), func(permission owned.Value) bool {
			return !slices.Contains(s.options.Permissions, permission.Text())
		})
	})
	switch {
	case !more:
		return nothing
	case a.OK():
		return "any"
	}
	return map[int]string{http.StatusForbidden: "own"}[a.Status]
}
