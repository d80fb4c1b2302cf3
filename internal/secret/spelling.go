// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// Spellings are the forms in which a text may show a secret: as it is, escaped
// for JSON, for HTML or for a URL, and in Base64 at every offset. What is shorter
// than [MinLength] is left out.
func Spellings(value string) []string {
	forms := append([]string{value, Printable(value)}, quoted(value)...)
	forms = append(forms, escapedForHTML(value)...)
	for _, escaped := range []string{url.QueryEscape(value), url.PathEscape(value), percent(value)} {
		forms = append(forms, escaped, lowerPercent(escaped))
	}
	forms = append(forms, inBase64(value)...)
	slices.Sort(forms)
	return slices.DeleteFunc(slices.Compact(forms), func(form string) bool { return len(form) < MinLength })
}

// quoted are the forms within the quotes of Go, of JSON as Go and as others
// write it, and of JSON in ASCII.
func quoted(value string) []string {
	forms := []string{unquoted(strconv.Quote(value)), unquoted(strconv.QuoteToASCII(value))}
	if escaped, err := json.Marshal(value); err == nil {
		forms = append(forms, unquoted(string(escaped)), withoutHTML.Replace(unquoted(string(escaped))))
	}
	var ascii strings.Builder
	for _, unit := range utf16.Encode([]rune(value)) {
		switch {
		case unit == '"' || unit == '\\':
			ascii.WriteString(`\` + string(rune(unit)))
		case unit >= ' ' && unit < 0x7f:
			ascii.WriteByte(byte(unit))
		default:
			fmt.Fprintf(&ascii, `\u%04x`, unit)
		}
	}
	return append(forms, ascii.String())
}

func unquoted(text string) string { return text[1 : len(text)-1] }

// withoutHTML undoes what Go's JSON escapes for HTML and others do not.
var withoutHTML = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")

// escapedForHTML are the forms of Go, of Python, and with the quotes left alone.
func escapedForHTML(value string) []string {
	escaped := html.EscapeString(value)
	return []string{
		escaped,
		strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#x27;").Replace(escaped),
		strings.NewReplacer("&#34;", `"`, "&#39;", "'").Replace(escaped),
	}
}

// percent escapes every byte but letters and digits.
func percent(value string) string {
	var escaped strings.Builder
	for i := range len(value) {
		c := value[i]
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' {
			escaped.WriteByte(c)
		} else {
			fmt.Fprintf(&escaped, "%%%02X", c)
		}
	}
	return escaped.String()
}

// lowerPercent writes the digits of a URL's escapes in lower case.
func lowerPercent(escaped string) string {
	lower := []byte(escaped)
	for i, c := range lower {
		if c == '%' {
			copy(lower[i+1:i+3], strings.ToLower(escaped[i+1:i+3]))
		}
	}
	return string(lower)
}

// inBase64 are the forms of a text within a longer text that was encoded, as a
// password after its user. The characters at the ends depend on the text beside it,
// and are left out, unless there is none.
func inBase64(value string) []string {
	var forms []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		forms = append(forms, encoding.EncodeToString([]byte(value)))
		for offset := range 3 {
			encoded := encoding.EncodeToString(append(make([]byte, offset), value...))
			forms = append(forms, encoded[(offset*8+5)/6:(offset+len(value))*8/6])
		}
	}
	return forms
}
