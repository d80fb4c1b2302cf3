// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"fmt"
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const byteOrderMark = '\ufeff'

// characterNames are the invisible characters that files and web pages bring
// along most often.
var characterNames = map[rune]string{
	'\t': "tab", '\n': "line break", '\r': "carriage return", ' ': "space", '\x00': "null character", '\x1b': "escape character",
	'\u00a0': "no-break space", '\u200b': "zero width space", '\u2028': "line separator", '\u2029': "paragraph separator",
	'\u2060': "word joiner", byteOrderMark: "byte order mark",
}

// isBlank reports whether a character can't be seen at the ends of a text.
func isBlank(r rune) bool {
	return unicode.IsSpace(r) || r == byteOrderMark || r == '\u200b' || r == '\u2060'
}

// isInvisible reports whether a character is wrong anywhere in a text of one line.
func isInvisible(r rune) bool {
	return unicode.IsControl(r) || r == byteOrderMark || r == '\u2028' || r == '\u2029'
}

// Trim takes white space and byte order marks off the ends of a text.
func Trim(text string) string { return strings.TrimFunc(text, isBlank) }

// Invisible names the first character of a text that nobody can see, and where
// it stands: a control character or a byte order mark anywhere, white space at
// the ends. It is empty where all can be seen. It repeats nothing else of the text.
func Invisible(text string) string {
	length := utf8.RuneCountInString(text)
	before := length - utf8.RuneCountInString(strings.TrimLeftFunc(text, isBlank))
	after := utf8.RuneCountInString(strings.TrimRightFunc(text, isBlank))
	position := 0
	for _, r := range text {
		position++
		if isInvisible(r) || position <= before || position > after {
			return fmt.Sprintf("%s (U+%04X), %s", characterName(r), r, place(position, length))
		}
	}
	return ""
}

func characterName(r rune) string {
	name := characterNames[r]
	switch {
	case name != "":
	case unicode.IsControl(r):
		name = "control character"
	default:
		name = "white space character"
	}
	if name == "escape character" {
		return "an " + name
	}
	return "a " + name
}

func place(position, length int) string {
	switch position {
	case length:
		return "as its last character"
	case 1:
		return "as its first character"
	}
	return fmt.Sprintf("as character %d of %d", position, length)
}

// Compose brings a text into Unicode's composed form (NFC), which is the form
// of every text that Terraform hands to a provider.
func Compose[T ~string](text T) T { return T(norm.NFC.String(string(text))) }

// SameName reports whether a name may be stored as the other: composed in another
// way, trimmed, or escaped as in HTML.
func SameName(stored, given string) bool {
	plain := func(name string) string { return Compose(Trim(html.UnescapeString(name))) }
	return stored == given || plain(stored) == plain(given)
}
