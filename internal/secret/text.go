// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"strconv"
	"strings"
	"unicode"
)

// How much of a text is shown, in bytes.
const (
	// MaxText is for what somebody else says, for a person to read.
	MaxText = 2000
	// MaxName is for what names something, such as a request id.
	MaxName = 128
	// maxWhole is for a text of this provider's own, which may list a thousand
	// things.
	maxWhole = 256 << 10
)

// Withheld stands in place of what the service says in a refusal where the
// secrets in it can't be told: see [Overflowed].
const Withheld = "(not shown, because answers of this run hold more secrets than can be masked)"

// Show makes a text from elsewhere fit to be shown: nothing in it is a secret or
// commands a terminal, it is one line, and it is not longer than limit. Whatever
// the service says is shown this way. A text of several lines could go on with
// one that looks like an error of the provider's own.
func Show(text string, limit int) string { return process.show(text, limit) }

func (r *Registry) show(text string, limit int) string {
	// A text is cut only after masking: half a secret is not recognised. The same
	// holds for its lines, which a secret may have as well.
	return shorten(strings.Join(strings.Fields(r.clean(text)), " "), limit)
}

// Quote shows a text in quotes: what nobody sees, such as spaces at its ends, can
// be seen between them.
func Quote(text string, limit int) string { return strconv.Quote(shorten(Clean(text), limit)) }

// Clean takes secrets out of a text, and what commands a terminal.
func Clean(text string) string { return process.clean(text) }

func (r *Registry) clean(text string) string {
	return shorten(r.mask(Printable(text), maxWhole), maxWhole)
}

// Printable takes out of a text what commands a terminal, and what changes the
// order in which a person sees it. Lines and tabs stay: see [Show].
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) {
			return r
		}
		return -1
	}, text)
}

func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	// Half a character is left out.
	return strings.ToValidUTF8(text[:limit], "") + " …"
}
