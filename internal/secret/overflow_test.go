// SPDX-License-Identifier: MPL-2.0

package secret

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// flood is an answer of many secrets: of a kind that issuers have, of one where
// each is the beginning of the next, and of long ones that end differently.
func flood(kind string, members int) []byte {
	var text bytes.Buffer
	for i := range members {
		var value string
		switch kind {
		case "issued":
			value = fmt.Sprintf("sk_live_%08d%s", i, strings.Repeat("x", 100))
		case "alike":
			value = strings.Repeat("a", MinLength+i)
		case "long":
			value = strings.Repeat("a", 4000) + fmt.Sprint(i)
		}
		fmt.Fprintf(&text, `{"id":"%d","secret":"%s"},`, i, value)
	}
	return text.Bytes()
}

// TestAddAnswer_KeepsABoundedNumber counts what time and memory go with: however
// much an answer holds, no more is kept and looked for than the bound says.
func TestAddAnswer_KeepsABoundedNumber(t *testing.T) {
	for kind, enough := range map[string]int{"issued": 5000, "long": 300} {
		t.Run(kind, func(t *testing.T) {
			var r Registry
			eachMember(flood(kind, enough), r.addOfAnswer)
			r.spell()
			size := 0
			for _, form := range r.forms.sorted {
				size += len(form)
			}
			if !r.overflowed || r.used > answersRoom || size > 12*answersRoom {
				t.Errorf("overflowed %t: %d bytes are taken, and %d are looked for", r.overflowed, r.used, size)
			}
			kept := len(r.values)
			if eachMember(flood(kind, 2*enough), r.addOfAnswer); len(r.values) != kept {
				t.Errorf("of twice as many members, %d values are kept, and not %d", len(r.values), kept)
			}
		})
	}
	// What is known already takes no room.
	var r Registry
	for range 10 {
		eachMember(flood("issued", 1000), r.addOfAnswer)
	}
	if r.overflowed || len(r.values) != 1000 {
		t.Errorf("%d values are kept, overflowed %t", len(r.values), r.overflowed)
	}
}

// Secrets of this run's own are known whatever answers hold, before and after.
func TestAdd_KeepsItsOwnBesideAnOverflow(t *testing.T) {
	var r Registry
	r.Add("own-secret-before")
	eachMember(flood("long", 300), r.addOfAnswer)
	r.Add("own-secret-behind")
	if got := r.Mask("<own-secret-before> <own-secret-behind>"); got != "<"+Masked+"> <"+Masked+">" {
		t.Errorf("they are shown as %s", got)
	}
}

func TestOverflowed_OnceASecretIsNotKept(t *testing.T) {
	defer Forget()
	for name, body := range map[string][]byte{"a long one": []byte(`{"secret":"` + strings.Repeat("x", longestValue+1) + `"}`), "many": flood("long", 300)} {
		t.Run(name, func(t *testing.T) {
			Forget()
			AddAnswer([]byte(`{"secret":"the-first-secret"}`))
			if Overflowed() {
				t.Error("one secret overflows")
			}
			AddAnswer(body)
			if got := Show("<the-first-secret>", MaxText); got != "<"+Masked+">" || !Overflowed() {
				t.Errorf("overflowed %t, and what was known before is shown as %s", Overflowed(), got)
			}
		})
	}
}

func TestRegistry_KeptUpToItsBounds(t *testing.T) {
	for _, length := range []int{MinLength, longestValue} {
		value := strings.Repeat("x", length)
		var answered, issued Registry
		answered.addOfAnswer(value)
		issued.addIssued(value)
		if answered.Mask(value) != Masked || answered.overflowed || issued.Mask(value) != Masked {
			t.Errorf("a secret of %d bytes is not masked", length)
		}
	}
	var full Registry
	for i := range answersRoom / 1024 {
		full.addOfAnswer(fmt.Sprintf("%0*d", 1024-perValue, i))
	}
	if full.used != answersRoom || full.overflowed {
		t.Errorf("%d bytes fit, overflowed %t", full.used, full.overflowed)
	}
}

// Thousands of keys and tokens of one run leave the room to others.
func TestAddIssued_TakesNoRoom(t *testing.T) {
	defer Forget()
	Forget()
	for i := range 20_000 {
		issued := fmt.Sprintf("issued-secret-%d", i)
		AddAnswer([]byte(`{"client_secret":"` + issued + `"}`))
		AddIssued(issued)
	}
	if process.used != 0 || Overflowed() || len(process.values) != 20_000 {
		t.Errorf("%d bytes are taken by %d values", process.used, len(process.values))
	}
	AddIssued(strings.Repeat("x", longestValue+1))
	if len(process.values) != 20_000 {
		t.Error("an issued secret of any length is kept")
	}
}

// BenchmarkAnswer takes in an answer of n and of 2n members, and shows a text
// that a service would choose. The time is at most twice as long for 2n.
func BenchmarkAnswer(b *testing.B) {
	for kind, half := range map[string]int{"issued": 20_000, "alike": 1600, "long": 600} {
		for _, members := range []int{half, 2 * half} {
			answer := flood(kind, members)
			text := strings.Repeat("a", 300_000)
			if kind == "issued" {
				text = strings.Repeat("sk_live_0000", 25_000)
			}
			b.Run(fmt.Sprintf("%s/%d members of %d bytes", kind, members, len(answer)), func(b *testing.B) {
				for b.Loop() {
					var r Registry
					eachMember(answer, r.addOfAnswer)
					r.show(text, MaxText)
				}
			})
			b.Run(fmt.Sprintf("%s/%d members, a text of %d bytes", kind, members, len(text)), func(b *testing.B) {
				var r Registry
				eachMember(answer, r.addOfAnswer)
				for b.Loop() {
					r.Mask(text)
				}
			})
		}
	}
}
