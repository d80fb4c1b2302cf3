// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const (
	aRecipient       = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
	anotherRecipient = "age1lggyhqrw2nlhcxprm67z43rta597azn8gknawjehu9d9dl0jq3yqqvfafg"
)

// equivalent is a pair of values, whether they are taken for the same, and whether they
// are.
type equivalent struct {
	a, b      any
	got, want bool
}

func equivalents[V any](same func(a, b V) bool, want bool, pairs ...[2]V) (rows []equivalent) {
	for _, pair := range pairs {
		rows = append(rows, equivalent{pair[0], pair[1], same(pair[0], pair[1]), want})
	}
	return rows
}

func TestEquivalent_Values(t *testing.T) {
	const first = streamkap.Text("2026-01-01T00:00:00Z")
	type (
		words = [2]string
		lists = [2][]string
		sets  = [2]types.Set
		texts = [2]types.String
		rules = [2]types.List
		times = [2]streamkap.Text
	)
	set := func(items ...string) types.Set { return stringSet(items) }
	partly, _ := textsOf("10.0.0.1", later).(types.Set)
	unknown, empty := types.SetUnknown(types.StringType), types.SetValueMust(types.StringType, nil)
	given, noRules, someRules := text("10.0.0.1"), types.ListUnknown(aclType), ruleList([]streamkap.ACL{aRule("a")})
	scoped := func(a, b scope) bool { return a.equal(b) }
	for what, rows := range map[string][]equivalent{
		"descriptions": slices.Concat(equivalents(mayBeHeldAs, true,
			words{"plain", "plain"}, words{" padded\n", "padded"}, words{"<b>Reads</b> orders", "Reads orders"},
			words{"<b>Reads</b> orders", "&lt;b&gt;Reads&lt;/b&gt; orders"}, words{"a < b & c", "a  b & c"}, words{"a < b & c", "a &lt; b &amp; c"},
			words{"&lt;b&gt;", "&amp;lt;b&amp;gt;"}, words{"a <b <c> d", "a b  d"}, words{"a <b <c> d", "a  d"}, words{"", ""}, words{"  ", ""},
		), equivalents(mayBeHeldAs, false,
			words{"plain", "another"}, words{"plain", ""}, words{"", "plain"}, words{"", "  "}, words{"Reads orders", "<b>Reads</b> orders"},
		)),
		"addresses": slices.Concat(equivalents(sameAddressTexts, true,
			lists{{"1.2.3.4"}, {"1.2.3.4/32"}}, lists{{"10.1.2.3/8"}, {"10.0.0.0/8"}}, lists{{"1.2.3.4", "5.6.7.8"}, {"5.6.7.8", "1.2.3.4"}},
			lists{{"1.2.3.4", "1.2.3.4/32"}, {"1.2.3.4"}}, lists{nil, {}},
		), equivalents(sameAddressTexts, false,
			lists{{"1.2.3.4"}, {"1.2.3.5"}}, lists{{"10.0.0.0/8"}, {"10.0.0.0/16"}}, lists{{"1.2.3.4"}, nil}, lists{{"1.2.3.4"}, {"1.2.3.4", "not an address"}},
		), equivalents(sameAddresses, true, sets{set("10.0.0.1"), set("10.0.0.1")}),
			equivalents(sameAddresses, false, sets{unknown, set("10.0.0.1")}, sets{set("10.0.0.1"), unknown}, sets{unknown, set()}, sets{set(), unknown}, sets{unknown, unknown},
				sets{partly, set("10.0.0.1")}, sets{set("10.0.0.1"), partly}, sets{partly, partly})),
		"sets of texts": slices.Concat(equivalents(sameStrings, true, sets{set("a"), set("a")}, sets{set(), empty}),
			equivalents(sameStrings, false, sets{set("a"), set("b")}, sets{unknown, set("a")}, sets{set("a"), unknown}, sets{unknown, set()}, sets{set(), unknown}, sets{unknown, unknown},
				sets{partly, set("10.0.0.1")}, sets{set("10.0.0.1"), partly}, sets{partly, partly})),
		"texts": slices.Concat(equivalents(sameString, true, texts{given, given}, texts{null, text("")}),
			equivalents(sameString, false, texts{given, text("another")}, texts{later, given}, texts{given, later}, texts{later, null}, texts{null, later}, texts{later, later})),
		"rules": slices.Concat(equivalents(sameRules, true, rules{someRules, someRules}),
			equivalents(sameRules, false, rules{someRules, noRules}, rules{noRules, someRules}, rules{noRules, noRules}, rules{noRules, ruleList(nil)}, rules{ruleList(nil), noRules})),
		"scopes": slices.Concat(equivalents(scoped, true,
			[2]scope{newScope("", nil, nil), {}}, [2]scope{newScope("full", nil, []string{}), {}}, [2]scope{newScope("full", nil, []string{"b", "a"}), newScope("", nil, []string{"a", "b"})},
		), equivalents(scoped, false,
			[2]scope{newScope("read-only", nil, nil), {}}, [2]scope{newScope("full", []string{"a"}, nil), {}}, [2]scope{newScope("", nil, []string{"a"}), {}},
		)),
		"recipients": slices.Concat(equivalents(sameRecipients, true,
			sets{set(aRecipient), set(aRecipient)}, sets{set(aRecipient), set(" " + aRecipient + "\n")}, sets{set(anotherRecipient), set(anotherRecipient + " ")}, sets{set(), set()},
		), equivalents(sameRecipients, false,
			sets{set(aRecipient), set(anotherRecipient)}, sets{set(aRecipient), set(aRecipient, anotherRecipient)}, sets{set(), set(aRecipient)}, sets{set(aRecipient), set()},
			sets{set(aRecipient), set("none")}, sets{set("none"), set(aRecipient)}, sets{set(), set("none")}, sets{set(aRecipient), unknown}, sets{set(aRecipient), partly}, sets{set(), unknown},
		)),
		// The first one stays where the second one is read.
		"times": slices.Concat(equivalents(sameInstant, true,
			times{first, first}, times{first, "2026-01-01T00:00:00.000000Z"}, times{first, "2026-01-01T01:00:00+01:00"}, times{first, ""}, times{first, "lately"},
		), equivalents(sameInstant, false, times{first, "2026-01-01T00:00:01Z"}, times{"", first}, times{"lately", first}, times{"", "lately"})),
	} {
		for _, row := range rows {
			t.Run(fmt.Sprintf("%s, %q and %q", what, row.a, row.b), func(t *testing.T) {
				if row.got != row.want {
					t.Errorf("they are taken for the same: %t", row.got)
				}
			})
		}
	}
}

func TestEquivalent_AddressesKeepTheirSpelling(t *testing.T) {
	got := inSpellingOf([]string{"10.1.2.3/8", "1.2.3.4", "gone.invalid"}, []string{"1.2.3.4/32", "10.0.0.0/8", "5.6.7.8"})
	if want := []string{"1.2.3.4", "10.1.2.3/8", "5.6.7.8"}; !slices.Equal(got, want) {
		t.Errorf("got %q, expected %q", got, want)
	}
}
