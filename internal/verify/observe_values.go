// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// observeClearing is row 10: each member that was set and then cleared, by null
// and by its empty value. Where null clears, the contract leaves it open what the
// empty values do. tool_profile has no empty form that clears.
func observeClearing(s *seen) Finding {
	var looks []string
	among := []string{"null-clears", "null-only", "empty-clears", "nothing-clears"}
	for _, m := range append(slices.Clone(members), member{name: "kafka_acls"}, member{name: "whitelist_ips"}) {
		null, seenNull := s.cleared(m, byNull)
		empty, seenEmpty := s.cleared(m, byEmpty)
		if a, _ := s.step(stepClear(m, byNull)); a.Refused() {
			return other("%s by null is refused: %s", m.name, a.Shape())
		}
		switch {
		case m.name == "tool_profile" && seenNull:
			among = map[bool][]string{true: among[:2], false: among[2:]}[null]
		case m.name != "tool_profile" && seenNull && seenEmpty:
			looks = append(looks, map[[2]bool]string{{true, true}: "null-clears", {true, false}: "null-only", {false, true}: "empty-clears", {}: "nothing-clears"}[[2]bool{null, empty}])
		}
	}
	looks = slices.Compact(slices.Sorted(slices.Values(looks)))
	switch {
	case len(looks) == 0 && len(among) == 4:
		return Finding{}
	case len(looks) == 0:
		return Finding{NotSeen, among, "only tool_profile was cleared"}
	case !slices.Contains(among, looks[0]):
		return other("tool_profile shows %s, and the rest %s", strings.Join(among, " or "), strings.Join(looks, ", "))
	case slices.Equal(looks, []string{"null-clears", "null-only"}):
		return Finding{Variant: "null-clears", Detail: "besides null-only"}
	case len(looks) > 1:
		return other("members differ: %s", strings.Join(looks, ", "))
	}
	return Finding{Variant: looks[0]}
}

// cleared tells whether a form clears a member, and whether that was seen: the
// value has to be there before, and the request accepted.
func (s *seen) cleared(m member, form string) (cleared, seen bool) {
	before, _ := s.step(stepReadSet(m, form))
	asked, _ := s.step(stepClear(m, form))
	after, _ := s.step(stepCleared(m, form))
	left := after.Body.At(m.name)
	seen = !before.Body.At(m.name).Empty() && asked.OK() && after.OK()
	return seen && (left.Empty() || m.name == "tool_profile" && left.Text() == "full"), seen
}

// observeListInPatch is row 11.
func observeListInPatch(s *seen) Finding {
	replaced := func(member, none string) Finding {
		return observe(accepted(stepReadReplace), member, func(_ *seen, a owned.Answer) string {
			return map[int]string{0: none, 1: "replaces"}[len(a.Body.At(member).Items())]
		})(s)
	}
	if tools := replaced("blocked_tools", nothing); tools.Variant != "replaces" {
		return tools
	}
	return replaced("kafka_acls", "replaces")
}

// observeEmptyValues is row 12: of the first key, before anything of it was set.
// Members may differ.
func observeEmptyValues(s *seen) Finding {
	reads := fresh(kindRole)(s)
	if len(reads) == 0 {
		return Finding{}
	}
	has := map[string]bool{}
	for _, name := range []string{"description", "kafka_username", "kafka_proxy_endpoint", "schema_proxy_endpoint", "allowed_tools", "blocked_tools", "kafka_acls"} {
		value := reads[0].Body.At(name)
		if has[value.Shape()] = true; !value.There || !value.Empty() {
			return other("%s is %s", name, value.Shape())
		}
	}
	forms := map[[2]bool]string{{true, true}: "both", {true, false}: "empty-string", {false, true}: "empty-list", {}: "null"}
	return Finding{Variant: forms[[2]bool{has[`""`], has["a list of 0"]}]}
}

// removed is what is left of a description without its tags, whatever becomes of
// the lone signs.
var removed = regexp.MustCompile(`^bold (&|&amp;|and)? ?1 (<|&lt;)? ?2$`)

// described are the looks at a description that was accepted.
func described(s *seen) []owned.Answer {
	if len(s.accepted(stepDescribe)) == 0 {
		return nil
	}
	return s.accepted(stepReadDescr)
}

func descriptionForm(_ *seen, a owned.Answer) string {
	text := a.Body.At("description").Text()
	switch bare := strings.TrimSpace(text); {
	case text == describedAs:
		return "as-sent"
	case bare == strings.TrimSpace(describedAs):
		return "trimmed"
	case strings.HasPrefix(bare, "&lt;b&gt;bold&lt;"):
		return "html-escaped"
	case removed.MatchString(bare):
		return "html-removed"
	}
	return ""
}

// observeNewCredentials is row 16.
func observeNewCredentials(s *seen) Finding {
	sections := map[string][]string{
		"new_kafka_credentials": {"username", "password", "bootstrap_servers", "security_protocol", "sasl_mechanism", "schema_registry_url"},
		"new_api_credentials":   {"client_id", "client_secret", "token_endpoint", "api_url"},
	}
	for name, step := range map[string]string{"new_kafka_credentials": stepAddKafka, "new_api_credentials": stepAddAPI} {
		for _, a := range s.accepted(step) {
			section := a.Body.At(name)
			missing := slices.DeleteFunc(sections[name], func(member string) bool { return section.At(member).There })
			if len(missing) > 0 {
				return other("%s is %s, without %s", name, section.Shape(), strings.Join(missing, ", "))
			}
		}
	}
	if len(s.accepted(stepAddKafka, stepAddAPI)) == 0 {
		return Finding{}
	}
	return Finding{Variant: "same"}
}

// observeRoleOrder is row 18. Any order is any order, and only several answers
// show whether it changes.
func observeRoleOrder(s *seen) Finding {
	idsOf := func(roles []owned.Value) (ids []string) {
		for _, role := range roles {
			ids = append(ids, role.At("id").ID())
		}
		return ids
	}
	backwards := slices.Clone(s.roles)
	slices.Reverse(backwards)
	fits := []string{"catalogue", "kept", "reversed"}
	orders := map[string][]string{"catalogue": idsOf(s.given()), "kept": s.roles, "reversed": backwards}
	looks := 0
	for _, a := range s.answers {
		ids := idsOf(a.Body.At("roles").Items())
		if a.Clear() && a.Key == kindRole && len(ids) == len(s.roles) && len(ids) > 1 {
			looks++
			fits = slices.DeleteFunc(fits, func(order string) bool { return !slices.Equal(orders[order], ids) })
		}
	}
	switch {
	case looks < 8:
		return Finding{}
	case len(fits) == 0:
		return Finding{Variant: "shuffled"}
	case len(fits) == 1:
		return Finding{Variant: fits[0]}
	}
	return Finding{NotSeen, fits, "these roles come out the same: name three with -roles, not as the list of roles has them"}
}

// observeExtraFields is row 19.
func observeExtraFields(s *seen) Finding {
	if len(s.unknown) == 0 {
		return Finding{Variant: "none"}
	}
	return Finding{Variant: "some", Detail: fmt.Sprintf("%d names that the contract does not have", len(s.unknown))}
}
