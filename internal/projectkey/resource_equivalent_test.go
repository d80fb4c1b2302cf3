// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestEquivalent_Descriptions(t *testing.T) {
	for _, test := range []struct {
		sent, held string
		same       bool
	}{
		{"plain", "plain", true},
		{" padded\n", "padded", true},
		{"<b>Reads</b> orders", "Reads orders", true},
		{"<b>Reads</b> orders", "&lt;b&gt;Reads&lt;/b&gt; orders", true},
		{"a < b & c", "a  b & c", true},
		{"a < b & c", "a &lt; b &amp; c", true},
		{"&lt;b&gt;", "&amp;lt;b&amp;gt;", true},
		{"a <b <c> d", "a b  d", true},
		{"a <b <c> d", "a  d", true},
		{"", "", true},
		{"plain", "another", false},
		{"plain", "", false},
		{"", "plain", false},
		{"", "  ", false},
		{"  ", "", true},
		{"Reads orders", "<b>Reads</b> orders", false},
	} {
		t.Run(fmt.Sprintf("%q as %q", test.sent, test.held), func(t *testing.T) {
			if got := mayBeHeldAs(test.sent, test.held); got != test.same {
				t.Errorf("it may be: %t", got)
			}
		})
	}
}

func TestEquivalent_NothingToAnUnknownValue(t *testing.T) {
	text, set := types.StringValue("10.0.0.1"), stringSet([]string{"10.0.0.1"})
	partly := types.SetValueMust(types.StringType, []attr.Value{text, types.StringUnknown()})
	for _, unknown := range []types.Set{types.SetUnknown(types.StringType), partly} {
		for _, known := range []types.Set{set, stringSet(nil), unknown} {
			if sameStrings(unknown, known) || sameStrings(known, unknown) {
				t.Errorf("the texts %s and %s are the same", unknown, known)
			}
			if sameAddresses(unknown, known) || sameAddresses(known, unknown) {
				t.Errorf("the addresses %s and %s are the same", unknown, known)
			}
		}
	}
	for _, known := range []types.String{text, types.StringNull(), types.StringUnknown()} {
		if sameString(types.StringUnknown(), known) || sameString(known, types.StringUnknown()) {
			t.Errorf("what is not known and %s are the same", known)
		}
	}
	if !sameStrings(set, set) || !sameStrings(stringSet(nil), types.SetValueMust(types.StringType, nil)) || !sameAddresses(set, set) ||
		!sameString(text, text) || !sameString(types.StringNull(), types.StringValue("")) {
		t.Error("what is the same is not")
	}
	a, b := ruleList([]streamkap.ACL{aRule("a")}), types.ListUnknown(aclType)
	if !sameRules(a, a) || sameRules(a, b) || sameRules(b, a) || sameRules(b, b) || sameRules(b, ruleList(nil)) || sameRules(ruleList(nil), b) {
		t.Error("rules that are not known are the same as some")
	}
}

func TestEquivalent_Addresses(t *testing.T) {
	for _, test := range []struct {
		a, b []string
		same bool
	}{
		{[]string{"1.2.3.4"}, []string{"1.2.3.4/32"}, true},
		{[]string{"10.1.2.3/8"}, []string{"10.0.0.0/8"}, true},
		{[]string{"1.2.3.4", "5.6.7.8"}, []string{"5.6.7.8", "1.2.3.4"}, true},
		{[]string{"1.2.3.4", "1.2.3.4/32"}, []string{"1.2.3.4"}, true},
		{nil, []string{}, true},
		{[]string{"1.2.3.4"}, []string{"1.2.3.5"}, false},
		{[]string{"10.0.0.0/8"}, []string{"10.0.0.0/16"}, false},
		{[]string{"1.2.3.4"}, nil, false},
		{[]string{"1.2.3.4"}, []string{"1.2.3.4", "not an address"}, false},
	} {
		t.Run(fmt.Sprintf("%q and %q", test.a, test.b), func(t *testing.T) {
			if got := sameAddressTexts(test.a, test.b); got != test.same {
				t.Errorf("the same is %t", got)
			}
		})
	}
}

func TestEquivalent_AddressesKeepTheirSpelling(t *testing.T) {
	got := inSpellingOf([]string{"10.1.2.3/8", "1.2.3.4", "gone.invalid"}, []string{"1.2.3.4/32", "10.0.0.0/8", "5.6.7.8"})
	if want := []string{"1.2.3.4", "10.1.2.3/8", "5.6.7.8"}; !slices.Equal(got, want) {
		t.Errorf("got %q, expected %q", got, want)
	}
}

func TestEquivalent_RulesKeepTheirOrder(t *testing.T) {
	rules := func(names ...string) (rules []streamkap.ACL) {
		for _, name := range names {
			rules = append(rules, aRule(name))
		}
		return rules
	}
	for name, test := range map[string]struct{ prior, answered, want []streamkap.ACL }{
		"another order":     {rules("c", "a", "b"), rules("a", "b", "c"), rules("c", "a", "b")},
		"more and fewer":    {rules("c", "a", "gone", "b"), rules("new", "a", "b", "c"), rules("c", "a", "b", "new")},
		"a repeated rule":   {rules("a"), rules("b", "a", "a"), rules("a", "b")},
		"one for another":   {rules("a", "b"), rules("a", "c"), rules("a", "c")},
		"none of them left": {rules("a"), nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			model := someParts(t, "1")
			model.Kafka.known.ACL = ruleList(test.prior)
			model.flatten(&streamkap.ProjectKey{ProjectKeySummary: streamkap.ProjectKeySummary{KafkaUsername: "username-1"}, KafkaACLs: test.answered}, "", nil)
			if got, _ := rulesFrom(model.Kafka.known.ACL); !slices.Equal(got, test.want) {
				t.Errorf("they became %v", got)
			}
		})
	}
}

func TestEquivalent_NeutralScopes(t *testing.T) {
	for _, s := range []scope{newScope("", nil, nil), newScope("full", nil, []string{})} {
		if !s.neutral() {
			t.Errorf("%+v is a restriction", s)
		}
	}
	for _, s := range []scope{newScope("read-only", nil, nil), newScope("full", []string{"a"}, nil), newScope("", nil, []string{"a"})} {
		if s.neutral() {
			t.Errorf("%+v is no restriction", s)
		}
	}
	if !newScope("full", nil, []string{"b", "a"}).equal(newScope("", nil, []string{"a", "b"})) {
		t.Error("the order of tools, or full against none, makes a difference")
	}
}

const (
	aRecipient       = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
	anotherRecipient = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"
)

// TestEquivalent_RecipientsInAnySpelling also covers those that are not known,
// and those that are none.
func TestEquivalent_RecipientsInAnySpelling(t *testing.T) {
	partly := types.SetValueMust(types.StringType, []attr.Value{types.StringValue(aRecipient), types.StringUnknown()})
	for name, test := range map[string]struct {
		a, b types.Set
		same bool
	}{
		"equal":               {stringSet([]string{aRecipient}), stringSet([]string{aRecipient}), true},
		"with space around":   {stringSet([]string{aRecipient}), stringSet([]string{" " + aRecipient + "\n"}), true},
		"another, with space": {stringSet([]string{anotherRecipient}), stringSet([]string{anotherRecipient + " "}), true},
		"another":             {stringSet([]string{aRecipient}), stringSet([]string{anotherRecipient}), false},
		"one more":            {stringSet([]string{aRecipient}), stringSet([]string{aRecipient, anotherRecipient}), false},
		"none before":         {stringSet(nil), stringSet([]string{aRecipient}), false},
		"none any more":       {stringSet([]string{aRecipient}), stringSet(nil), false},
		"none":                {stringSet(nil), stringSet(nil), true},
		"one that is not one": {stringSet([]string{aRecipient}), stringSet([]string{"none"}), false},
		"not one before":      {stringSet([]string{"none"}), stringSet([]string{aRecipient}), false},
		"not known":           {stringSet([]string{aRecipient}), types.SetUnknown(types.StringType), false},
		"one not known":       {stringSet([]string{aRecipient}), partly, false},
		"none, and not known": {stringSet(nil), types.SetUnknown(types.StringType), false},
		"none, and not one":   {stringSet(nil), stringSet([]string{"none"}), false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := sameRecipients(test.a, test.b); got != test.same {
				t.Errorf("the same is %t", got)
			}
		})
	}
}

func TestEquivalent_TimesKeepTheirSpelling(t *testing.T) {
	const first = "2026-01-01T00:00:00Z"
	for now, want := range map[streamkap.Text]bool{
		first: true, "2026-01-01T00:00:00.000000Z": true, "2026-01-01T01:00:00+01:00": true, "": true, "lately": true, "2026-01-01T00:00:01Z": false,
	} {
		if got := sameInstant(first, now); got != want {
			t.Errorf("%q stays where %q is read: %t", first, now, got)
		}
	}
	for held, now := range map[streamkap.Text]streamkap.Text{"": first, "lately": first} {
		if sameInstant(held, now) {
			t.Errorf("%q stays where %q is read", held, now)
		}
	}
	if sameInstant("", "lately") {
		t.Error("nothing stays where something is read")
	}
}
