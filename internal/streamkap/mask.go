// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"cmp"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

// Masked stands where a secret was.
const Masked = secret.Masked

// masker returns a function that makes a text of an answer fit to be shown, and
// no longer than limit. The given secrets may be too short to be known to the
// whole process.
func masker(secrets []string) func(text string, limit int) string {
	var forms []string
	for _, value := range secrets {
		if value != "" && len(value) < secret.MinLength {
			forms = append(forms, append(secret.Spellings(value), value)...)
		}
	}
	// A secret may begin like another: the longest match has to come first.
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, Masked)
	}
	short := strings.NewReplacer(pairs...)
	return func(text string, limit int) string { return secret.Show(short.Replace(text), limit) }
}
