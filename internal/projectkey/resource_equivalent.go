// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"html"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// What is equivalent although it is spelled differently. Nothing is equivalent to an
// unknown value.

// sameStrings compares sets of strings; null and empty are the same.
func sameStrings(a, b types.Set) bool {
	return isKnown(a) && isKnown(b) && slices.Equal(stringsOf(a), stringsOf(b))
}

func isKnown(set types.Set) bool {
	if set.IsUnknown() {
		return false
	}
	return !slices.ContainsFunc(set.Elements(), func(element attr.Value) bool { return element.IsUnknown() })
}

func sameString(a, b types.String) bool {
	return !a.IsUnknown() && !b.IsUnknown() && a.ValueString() == b.ValueString()
}

// sameUsername ignores case: Streamkap accepts lower case only, and may show upper case
// (contract, "Kafka").
func sameUsername(a, b types.String) bool {
	return !a.IsUnknown() && !b.IsUnknown() && strings.EqualFold(a.ValueString(), b.ValueString())
}

// sameRules compares acl blocks without regard to order.
func sameRules(a, b types.List) bool {
	left, leftKnown := rulesFrom(a)
	right, rightKnown := rulesFrom(b)
	return leftKnown && rightKnown && sameRuleLists(left, right)
}

func sameRuleLists(a, b []streamkap.ACL) bool {
	if len(a) != len(b) {
		return false
	}
	count := make(map[streamkap.ACL]int, len(a))
	for _, rule := range a {
		count[rule]++
	}
	for _, rule := range b {
		if count[rule]--; count[rule] < 0 {
			return false
		}
	}
	return true
}

// inOrderOf sorts the rules of an answer as the prior ones are, and new ones last. Answers
// have them in any order (contract, dialect 8). The same rule twice is one rule.
func inOrderOf(prior, answered []streamkap.ACL) []streamkap.ACL {
	left := make(map[streamkap.ACL]bool, len(answered))
	for _, rule := range answered {
		left[rule] = true
	}
	ordered := make([]streamkap.ACL, 0, len(left))
	for _, rules := range [][]streamkap.ACL{prior, answered} {
		for _, rule := range rules {
			if left[rule] {
				ordered = append(ordered, rule)
			}
			delete(left, rule)
		}
	}
	return ordered
}

// prefixes parses addresses: different spellings of an address give the same prefix
// (contract, dialect 9). Text that can't be parsed is compared as it is.
func prefixes(addresses []string) ([]netip.Prefix, []string) {
	var known []netip.Prefix
	var odd []string
	for _, address := range addresses {
		if prefix, ok := parseAddress(address); ok {
			known = append(known, prefix)
		} else {
			odd = append(odd, address)
		}
	}
	slices.SortFunc(known, netip.Prefix.Compare)
	slices.Sort(odd)
	return slices.Compact(known), slices.Compact(odd)
}

func sameAddressTexts(a, b []string) bool {
	leftKnown, leftOdd := prefixes(a)
	rightKnown, rightOdd := prefixes(b)
	return slices.Equal(leftKnown, rightKnown) && slices.Equal(leftOdd, rightOdd)
}

// sameAddresses compares whitelist_ips; null and empty are the same.
func sameAddresses(a, b types.Set) bool {
	return isKnown(a) && isKnown(b) && sameAddressTexts(stringsOf(a), stringsOf(b))
}

func inSpellingOf(prior, answered []string) []string {
	spelling := make(map[netip.Prefix]string, len(prior))
	for _, address := range prior {
		if prefix, ok := parseAddress(address); ok {
			spelling[prefix] = address
		}
	}
	kept := make([]string, len(answered))
	for i, address := range answered {
		kept[i] = address
		if prefix, ok := parseAddress(address); ok && spelling[prefix] != "" {
			kept[i] = spelling[prefix]
		}
	}
	slices.Sort(kept)
	return slices.Compact(kept)
}

// scope is what a key may do through the MCP server. Its zero value is no
// restriction.
type scope struct {
	profile string
	allowed []string
	blocked []string
}

// neutralProfile is the profile of a key that has none (contract, dialect 13).
const neutralProfile = "full"

// restricting is a profile, or empty where it restricts nothing.
func restricting(profile string) string {
	if profile == neutralProfile {
		return ""
	}
	return profile
}

func sameProfile(a, b types.String) bool {
	return !a.IsUnknown() && !b.IsUnknown() && restricting(a.ValueString()) == restricting(b.ValueString())
}

func newScope(profile string, allowed, blocked []string) scope {
	distinct := func(tools []string) []string { return slices.Compact(slices.Sorted(slices.Values(tools))) }
	return scope{profile: restricting(profile), allowed: distinct(allowed), blocked: distinct(blocked)}
}

func (p *Model) scope() scope {
	if p.MCP.known == nil {
		return scope{}
	}
	return newScope(p.MCP.known.ToolProfile.ValueString(), stringsOf(p.MCP.known.AllowedTools), stringsOf(p.MCP.known.BlockedTools))
}

func (s scope) equal(other scope) bool {
	return s.profile == other.profile && slices.Equal(s.allowed, other.allowed) && slices.Equal(s.blocked, other.blocked)
}

func (s scope) neutral() bool { return s.equal(scope{}) }

var (
	// Sanitisers differ about a tag with another "<" in it.
	htmlTags      = []*regexp.Regexp{regexp.MustCompile(`<[^>]*>`), regexp.MustCompile(`<[^<>]*>`)}
	angleBrackets = strings.NewReplacer("<", "", ">", "")
)

// mayBeHeldAs reports whether the service may hold a description as the other
// text: trimmed, with HTML removed or escaped (contract, dialect 14).
func mayBeHeldAs(sent, held string) bool {
	if sent == "" {
		return held == ""
	}
	sent, held = streamkap.Compose(strings.TrimSpace(sent)), streamkap.Compose(strings.TrimSpace(held))
	forms := []string{sent}
	for _, tag := range htmlTags {
		tagless := tag.ReplaceAllString(sent, "")
		forms = append(forms, tagless, angleBrackets.Replace(tagless))
	}
	for _, form := range forms {
		form = strings.TrimSpace(form)
		plain := html.UnescapeString(held)
		if held == form || plain == form || plain == html.UnescapeString(form) {
			return true
		}
	}
	return false
}
