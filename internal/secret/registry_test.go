// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"encoding/base64"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

const password = `Correct-Horse&"Battery'9<ö`

func TestMask_EverySpelling(t *testing.T) {
	var r Registry
	r.Add(password)
	lower := strings.NewReplacer("%3C", "%3c", "%C3", "%c3", "%B6", "%b6").Replace(url.QueryEscape(password))
	for name, shown := range map[string]string{
		"as it is":          password,
		"JSON":              `"` + inJSON(password, true) + `"`,
		"JSON of ASCII":     `Correct-Horse&\"Battery'9<\u00f6`,
		"Go":                fmt.Sprintf("%q", password),
		"HTML":              html.EscapeString(password),
		"HTML of Python":    "Correct-Horse&amp;&quot;Battery&#x27;9&lt;ö",
		"HTML of text":      `Correct-Horse&amp;"Battery'9&lt;ö`,
		"URL":               url.QueryEscape(password),
		"URL in lower case": lower,
		"path":              url.PathEscape(password),
		"URL of a form":     "Correct%2DHorse%26%22Battery%279%3C%C3%B6",
		"beside its like":   password + password,
	} {
		t.Run(name, func(t *testing.T) {
			masked := r.Mask("before " + shown + " after")
			switch {
			case !strings.Contains(masked, Masked):
				t.Errorf("nothing is masked in %q", masked)
			case strings.Contains(masked, "Correct") || strings.Contains(masked, "Horse") || strings.Contains(masked, "ttery"):
				t.Errorf("it shows in %q", masked)
			}
		})
	}
}

func TestSpellings_EscapeOnlyWhatNeedsIt(t *testing.T) {
	forms := append(Spellings("0-9A-Z\x7fa-z ~ö"), Spellings(`a"quoted\🔑`)...)
	for _, want := range []string{"0%2D9A%2DZ%7Fa%2Dz%20%7E%C3%B6", `0-9A-Z\u007fa-z ~\u00f6`, `a\"quoted\\\ud83d\udd11`} {
		if !slices.Contains(forms, want) {
			t.Errorf("%q is not among %q", want, forms)
		}
	}
}

func TestMask_Base64AtEveryOffset(t *testing.T) {
	var r Registry
	r.Add(password)
	for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.RawURLEncoding} {
		for user := range 6 {
			name := strings.Repeat("u", user)
			for _, plain := range []string{name + ":" + password, "\x00" + name + "\x00" + password, name + password + ":more"} {
				masked := r.Mask("Basic " + encoding.EncodeToString([]byte(plain)))
				shown, _, _ := strings.Cut(strings.TrimPrefix(masked, "Basic "), Masked)
				rest, err := base64.RawStdEncoding.DecodeString(shown[:len(shown)/4*4])
				if err != nil || !strings.Contains(masked, Masked) || strings.Contains(string(rest), "Corr") {
					t.Errorf("%q: %q", plain, masked)
				}
			}
		}
	}
}

func TestMask_NothingButSecrets(t *testing.T) {
	var r Registry
	if got := r.Mask(password); got != password {
		t.Errorf("an empty registry makes it %q", got)
	}
	r.Add("shorter", password, "sk_live_1234567890", "sk_live_0987654321abc", "eightlet", "abcdefghij", "abcdefghijklmnop", "hijklmnopqrs")
	for text, want := range map[string]string{
		"":                           "",
		"Correct":                    "Correct",
		"Correct-Horsemanship":       "Correct-Horsemanship",
		"eightlet":                   Masked,
		"shorter":                    "shorter",
		"Battery'9<ö":                "Battery'9<ö",
		"no more than Correct-Horse": "no more than Correct-Horse",
		"sk_live_ is how they begin": "sk_live_ is how they begin",
		"a sk_live_1234567890sk_live_0987654321abc z":   "a " + Masked + Masked + " z",
		"sk_live_1234567890 and sk_live_0987654321ab.":  Masked + " and sk_live_0987654321ab.",
		"nothing of it... at all":                       "nothing of it... at all",
		"<abcdefghijklmnopqrs>":                         "<" + Masked + ">",
		"overlapping sk_live_0987654321abc1234567890 z": "overlapping " + Masked + "1234567890 z",
	} {
		if got := r.Mask(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestShow_ShortAndCommandsNoTerminal(t *testing.T) {
	Add("Shown-Secret-1")
	for text, want := range map[string]string{
		"a\x1b]52;c;aGk=\x07b":             "a]52;c;aGk=b",
		"a\u009b31mb":                      "a31mb",
		"safe\u202Etxt":                    "safetxt",
		"two\r\nlines\tand":                "two lines and",
		"a\u2028b\u0085\v\fc  d":           "a bc d",
		"Shown-\x00Sec\x1bret-1":           Masked,
		strings.Repeat("x", MaxText):       strings.Repeat("x", MaxText),
		"x" + strings.Repeat("é", 5000):    "x" + strings.Repeat("é", MaxText/2-1) + " …",
		strings.Repeat("é", 5000):          strings.Repeat("é", MaxText/2) + " …",
		"\xff" + strings.Repeat("x", 3000): "\uFFFD" + strings.Repeat("x", MaxText-3) + " …",
	} {
		if got := Show(text, MaxText); got != want {
			t.Errorf("%.40q: got %.80q", text, got)
		}
	}
}

func TestRegistry_ConcurrentUse(t *testing.T) {
	var r Registry
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			for i := range 20 {
				value := fmt.Sprintf("secret-%d-%d", n, i)
				r.Add(value)
				if r.Mask("x "+value+" y") != "x "+Masked+" y" {
					t.Errorf("%s is not masked", value)
				}
			}
		})
	}
	group.Wait()
}

// A service chooses what is masked and in what. Every secret here is the
// beginning of longer ones, or differs from the text at its end only.
func TestMask_SecretsThatBeginAlike(t *testing.T) {
	var r Registry
	for length := MinLength; length <= 100; length += 4 {
		r.Add(strings.Repeat("a", length))
	}
	r.Add(strings.Repeat("a", 90)+"b", "aaaaaaaaac")
	for text, want := range map[string]string{
		strings.Repeat("a", 7):         strings.Repeat("a", 7),
		strings.Repeat("a", 8) + "!":   Masked + "!",
		strings.Repeat("a", 1000):      Masked,
		strings.Repeat("a", 89) + "b!": Masked + "b!",
		strings.Repeat("a", 90) + "b!": Masked + "!",
		"aaaaaaaaac!aaaaaaaad":         Masked + "!" + Masked + "d",
	} {
		if got := r.Mask(text); got != want {
			t.Errorf("%.100q: got %q, want %q", text, got, want)
		}
	}
}

// What was masked makes a text shorter, so more of it is seen than its limit.
func TestShow_SecretAtTheLimitIsMaskedWhole(t *testing.T) {
	var r Registry
	long, last := strings.Repeat("long-secret-", 100), "the-last-secret-of-all"
	r.Add(long, last)
	text := "<" + long + "|" + long + "|" + last + ">"
	for limit := range 60 {
		shown, whole := r.show(text, limit), r.Mask(text)
		if masked := r.mask(text, limit); len(masked) < min(limit, len(whole)) || !strings.HasPrefix(whole, masked) {
			t.Errorf("masked up to %d: %q", limit, masked)
		}
		if strings.Contains(shown, "long-") || strings.Contains(shown, "the-l") || len(shown) > limit+len(" …") {
			t.Errorf("with a limit of %d: %q", limit, shown)
		}
	}
	if got := r.show(long+last, 60); got != Masked+Masked {
		t.Errorf("got %q", got)
	}
}

func BenchmarkMask(b *testing.B) {
	for _, secrets := range []int{10, 1000} {
		var r Registry
		for i := range secrets {
			r.Add(fmt.Sprintf("sk_live_%032d", i*7919))
		}
		for _, size := range []int{100_000, 1_000_000} {
			for name, piece := range map[string]string{
				"plain": `{"name":"orders","status":"active","id":"5f0c"},`,
				"near":  fmt.Sprintf("sk_live_%031dx ", 0),
				"full":  fmt.Sprintf("sk_live_%032d ", 7919),
			} {
				text := strings.Repeat(piece, size/len(piece))
				b.Run(fmt.Sprintf("%d secrets/%d bytes/%s", secrets, size, name), func(b *testing.B) {
					b.SetBytes(int64(len(text)))
					for b.Loop() {
						r.Mask(text)
					}
				})
			}
		}
	}
}
