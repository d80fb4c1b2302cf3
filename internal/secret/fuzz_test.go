// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// written are how somebody may write a text inside another.
var written = []func(string) string{
	func(text string) string { return text },
	url.QueryEscape,
	url.PathEscape,
	strconv.Quote,
	strconv.QuoteToASCII,
	html.EscapeString,
	func(text string) string { return inJSON(text, true) },
	func(text string) string { return inJSON(text, false) },
	func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) },
	func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) },
}

// inJSON is what stands between the quotes.
func inJSON(text string, escapeHTML bool) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(escapeHTML)
	_ = encoder.Encode(text)
	return unquoted(strings.TrimSpace(b.String()))
}

// FuzzMask writes any secret in any of these ways between any other texts.
// Nothing of it is left, and nothing else is missing.
func FuzzMask(f *testing.F) {
	for i := range written {
		f.Add(i, `Fuzzed "secret" & <more> \ 1`, "the password ", " is weak")
		f.Add(i, "aaaaaaaaaaaa", "aaa", "aaaa")
		f.Add(i, "пароль-密码-😀", "%D0", "=")
		f.Add(i, "00000\x120&", "0", "0")
	}
	f.Fuzz(func(t *testing.T, way int, value, before, after string) {
		if way < 0 || way >= len(written) || len(value) < MinLength || !utf8.ValidString(value) {
			return
		}
		form := written[way](value)
		// What is there anyway can't be told from what was written.
		for _, text := range []string{before + " " + after, before + Masked + after} {
			if strings.Contains(text, value) || strings.Contains(text, form) {
				return
			}
		}
		var r Registry
		r.Add(value)
		masked := r.Mask(before + form + after)
		if strings.Contains(masked, value) || strings.Contains(masked, form) {
			t.Errorf("%q, written as %q, is in %q", value, form, masked)
		}
		if plain := "nothing of it"; r.Mask(plain) != plain && !strings.Contains(plain, value) {
			t.Errorf("%q took something out of %q", value, plain)
		}
	})
}

// FuzzPrintable has anybody say anything. What is shown is short, is text, and
// commands no terminal.
func FuzzPrintable(f *testing.F) {
	for _, text := range []string{"", "plain", "\x1b]52;c;aGk=\x07", "a\u202eb", "\xff\xfe", "a\r\nb", "\u009b31m", strings.Repeat("ö", MaxText)} {
		f.Add(text, MaxName)
	}
	f.Fuzz(func(t *testing.T, text string, limit int) {
		if limit < 0 || limit > MaxText {
			return
		}
		shown := Show(text, limit)
		if len(shown) > limit+len(" …") || !utf8.ValidString(shown) {
			t.Errorf("%q is shown as %q", text, shown)
		}
		if strings.ContainsAny(shown, "\x00\x07\x08\t\n\r\u2028\u2029\x1b\x7f\u0085\u009b\u202e\u2066\u200b") {
			t.Errorf("%q is shown as %q, which commands a terminal", text, shown)
		}
		if Printable(shown) != shown {
			t.Errorf("what is shown is not printable: %q", shown)
		}
	})
}

// FuzzMembers writes a secret as a member of JSON behind any text, which may be
// no JSON. It is known from then on.
func FuzzMembers(f *testing.F) {
	for _, name := range []string{"client_secret", "kafkaPassword", "ACCESS_TOKEN", "ſecret"} {
		f.Add(name, `a"b\c: "d" – e`, `{"a":{"b":"c"},`, " :\n")
		f.Add(name, "Fuzzed-Member", `"`, ":")
		f.Add(name, "Fuzzed:Member", `":"secret`, ": ")
	}
	f.Fuzz(func(t *testing.T, name, value, before, between string) {
		if len(value) < MinLength || !utf8.ValidString(value) || !members[folded(name)] || strings.Trim(between, blanks) != ":" {
			return
		}
		text, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		var r Registry
		eachMember([]byte(before+`"`+name+`"`+between+string(text)), r.addOfAnswer)
		if shown := r.Mask(value); shown != Masked {
			t.Errorf("%q, a %s, is shown as %q", value, name, shown)
		}
	})
}
