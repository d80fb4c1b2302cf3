// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// FuzzAddresses compares any addresses, as people and services write them. A
// difference between them is never taken for a spelling, and no spelling for a
// difference.
func FuzzAddresses(f *testing.F) {
	for _, pair := range [][2]string{
		{"10.0.0.1", "10.0.0.1/32"},
		{"10.0.0.0/8", "10.1.2.3/8"},
		{"10.0.0.1,10.0.0.2", "10.0.0.2, 10.0.0.1"},
		{"10.0.0.1", "10.0.0.2"},
		{"0.0.0.0/0", "0.0.0.0"},
		{"::ffff:10.0.0.1", "10.0.0.1"},
		{"010.0.0.1", "10.0.0.1"},
		{"10.0.0.1/33", "10.0.0.1"},
		{"2001:db8::/32", ""},
		{"10.0.0.1%eth0", "10.0.0.1"},
		{" ", ","},
		{"10.0.0.1/ 8", "10.0.0.0/8"},
		{"anything", "Anything"},
	} {
		f.Add(pair[0], pair[1])
	}
	f.Fuzz(func(t *testing.T, first, second string) {
		a, b := addressList(t, first), addressList(t, second)
		same := sameAddressTexts(a, b)
		if sameAddressTexts(b, a) != same {
			t.Errorf("%q and %q are the same in one direction alone", a, b)
		}
		if covered(a) != nil && covered(b) != nil && same != slices.Equal(covered(a), covered(b)) {
			t.Errorf("%q and %q are taken for the same: %t", a, b, same)
		}
		reversed := slices.Clone(a)
		slices.Reverse(reversed)
		if kept := inSpellingOf(b, a); !sameAddressTexts(a, reversed) || !sameAddressTexts(a, kept) {
			t.Errorf("%q is not the same in another order, or in the spelling %q", a, kept)
		}
	})
}

// addressList reads a list as an answer carries it.
func addressList(t *testing.T, joined string) streamkap.AddressList {
	t.Helper()
	quoted, err := json.Marshal(joined)
	if err != nil {
		t.Fatal(err)
	}
	var list streamkap.AddressList
	if err := json.Unmarshal(quoted, &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// covered are first and last address of each entry, written out, or nil where
// one of them is no address.
func covered(list []string) []string {
	all := []string{}
	for _, text := range list {
		if !strings.Contains(text, "/") {
			text += "/32"
		}
		prefix, err := netip.ParsePrefix(text)
		if err != nil || !prefix.Addr().Is4() {
			return nil
		}
		first, last := prefix.Masked().Addr().As4(), prefix.Addr().As4()
		for bit := prefix.Bits(); bit < 32; bit++ {
			last[bit/8] |= 0x80 >> (bit % 8)
		}
		all = append(all, netip.AddrFrom4(first).String()+"-"+netip.AddrFrom4(last).String())
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// FuzzRules lays the rules of an answer in the order of those before. Nothing
// is lost by that, nothing is added, and what stays keeps its order.
func FuzzRules(f *testing.F) {
	f.Add([]byte{1, 2, 3}, []byte{3, 2, 1})
	f.Add([]byte{1, 1, 2}, []byte{2, 1})
	f.Add([]byte{}, []byte{7, 7})
	f.Add([]byte{0, 1, 2, 3}, []byte{})
	f.Fuzz(func(t *testing.T, before, after []byte) {
		prior, answered := distinct(rulesOf(before)), rulesOf(after)
		laid := inOrderOf(prior, answered)
		answered = distinct(answered)
		if !sameRuleLists(laid, answered) || !sameRuleLists(answered, laid) {
			t.Errorf("%v became %v", answered, laid)
		}
		if sameRuleLists(prior, answered) && !slices.Equal(laid, prior) {
			t.Errorf("the same rules as %v are laid as %v", prior, laid)
		}
		if again := inOrderOf(laid, answered); !slices.Equal(again, laid) {
			t.Errorf("%v is laid once more as %v", laid, again)
		}
	})
}

// distinct has each rule once, where it stands last.
func distinct(rules []streamkap.ACL) (once []streamkap.ACL) {
	for i, rule := range rules {
		if !slices.Contains(rules[i+1:], rule) {
			once = append(once, rule)
		}
	}
	return once
}

// rulesOf makes a rule of each byte, and the same of the same one.
func rulesOf(from []byte) []streamkap.ACL {
	rules := make([]streamkap.ACL, len(from))
	for i, b := range from {
		rules[i] = streamkap.ACL{
			Name: string('a' + rune(b%8)), Resource: []string{streamkap.ResourceTopic, streamkap.ResourceGroup}[b/8%2],
			Operation: []string{"READ", "WRITE", "ALL"}[b/16%3], PatternType: []string{streamkap.PatternLiteral, streamkap.PatternPrefixed}[b/64%2],
		}
	}
	return rules
}

// FuzzDescriptions has a service of each dialect hold any description. What it
// holds then is no change that somebody made.
func FuzzDescriptions(f *testing.F) {
	for _, text := range []string{
		"", " ", "plain", " padded\n", "<b>bold</b> & more", "a < b > c", "<<b>>", "<b", "b>", "&lt;b&gt;", "&amp;amp;", "&#60;", "&", "<i></i>", "<>", "< >", "\u00a0x\u2028", "&nbsp;",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, sent string) {
		sent = strings.ToValidUTF8(sent, "")
		for _, form := range []string{
			"as-sent", "trimmed", "html-removed", "html-escaped",
		} {
			server := simulator.New(simulator.Config{Dialect: simulator.Dialect{Description: form}})
			key := server.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleReadOnly}, Description: sent})
			client := streamkap.New(streamkap.Config{
				Host: "https://api.example", ClientID: simulator.DefaultClientID, Secret: simulator.DefaultSecret, Transport: server.RoundTripper(),
			})
			read, err := client.ProjectKey(t.Context(), key.ID)
			if err != nil {
				t.Fatal(err)
			}
			if held := string(read.Description); !mayBeHeldAs(sent, held) {
				t.Errorf("%q is held as %q by a service that has it %s", sent, held, form)
			}
		}
	})
}
