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

// Withheld stands in place of the text of a refusal where its secrets can't be
// masked: see [Overflowed].
const Withheld = "(not shown, because answers of this run hold more secrets than can be masked)"

// Show prepares a text from elsewhere to be shown: secrets are masked, nothing
// commands a terminal, it is one line, and it is not longer than limit. Every text of
// the service is shown this way. A second line could look like an error of the
// provider.
func Show(text string, limit int) string { return process.show(text, limit) }

func (r *Registry) show(text string, limit int) string {
	// A text is cut only after masking: half a secret is not recognised. The same
	// holds for its lines, which a secret may have as well.
	return shorten(strings.Join(strings.Fields(r.clean(text)), " "), limit)
}

// Quote shows a text in quotes, so that spaces at its ends can be seen.
func Quote(text string, limit int) string { return strconv.Quote(shorten(Clean(text), limit)) }

// Clean masks the secrets in a text, and removes what commands a terminal.
func Clean(text string) string { return process.clean(text) }

func (r *Registry) clean(text string) string {
	return shorten(r.mask(Printable(text), maxWhole), maxWhole)
}

// Printable removes from a text what commands a terminal, and what changes the order
// in which its characters are seen. Lines and tabs stay: see [Show].
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
