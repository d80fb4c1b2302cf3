// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"regexp"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// observeClearing is row 10: each member that was set and then cleared, by null
// and by its empty value. Where null clears, the contract leaves it open what the
// empty values do.
func observeClearing(s *seen) Finding {
	var looks []Finding
	var leaves []string
	for _, m := range append(slices.Clone(members), member{name: "kafka_acls"}, member{name: "whitelist_ips"}) {
		look := s.clearingOf(m)
		looks, leaves = append(looks, look), append(leaves, look.Among...)
	}
	found := agree(looks, "no value was cleared")
	nulls := agree(looks, "", "null-only", "null-clears")
	if found.Variant == Other && nulls.Variant == "null-clears" && !slices.ContainsFunc(looks, func(f Finding) bool {
		return strings.HasPrefix(f.Variant, "empty") || strings.HasPrefix(f.Variant, "nothing")
	}) {
		found = nulls
	}
	if len(leaves) > 0 && len(found.Among) == 0 && found.Variant != Other && !slices.Contains(leaves, found.Variant) {
		return other("tool_profile is cleared otherwise than the rest, which shows %s", found.Variant)
	}
	return found
}

func (s *seen) clearingOf(m member) Finding {
	null, seenNull := s.cleared(m, byNull)
	empty, seenEmpty := s.cleared(m, byEmpty)
	switch {
	case m.name == "tool_profile" && seenNull && !null:
		// It has no empty form that clears: "full" does under every variant.
		return among([]string{"empty-clears", "nothing-clears"}, "null leaves tool_profile as it is")
	case m.name == "tool_profile" && seenNull:
		return among([]string{"null-clears", "null-only"}, "null clears tool_profile")
	case m.name == "tool_profile" || !seenNull || !seenEmpty:
		return s.clearingRefused(m)
	case null && empty:
		return saw("null-clears")
	case null:
		return saw("null-only")
	case empty:
		return saw("empty-clears")
	default:
		return saw("nothing-clears")
	}
}

// clearingRefused is what there is to say of a member that was not cleared in
// both forms.
func (s *seen) clearingRefused(m member) Finding {
	for _, form := range []string{byNull, byEmpty} {
		if a, asked := s.step(stepClear(m, form)); asked && a.Refused() {
			return other("%s by %s is refused: %s", m.name, form, a.Shape())
		}
	}
	return notSeen("%s could not be set and cleared", m.name)
}

// cleared tells whether a form clears a member, and whether that was seen: the
// value has to be there before, and the request accepted.
func (s *seen) cleared(m member, form string) (cleared, seen bool) {
	before, _ := s.step(stepReadSet(m, form))
	asked, _ := s.step(stepClear(m, form))
	after, _ := s.step(stepCleared(m, form))
	left := after.Body.At(m.name)
	seen = !before.Body.At(m.name).Empty() && asked.OK() && after.OK()
	return seen && (left.Empty() || (m.name == "tool_profile" && left.Text() == "full")), seen
}

// observeListInPatch is row 11.
func observeListInPatch(s *seen) Finding {
	return agree(each(s.accepted(stepReadReplace), func(a owned.Answer) Finding {
		name := "kafka_acls"
		if !a.Body.At("blocked_tools").Empty() {
			name = "blocked_tools"
		}
		if list := a.Body.At(name); len(list.Items()) != 1 {
			return other("%s is %s after a list of one was sent", name, list.Shape())
		}
		return saw("replaces")
	}), "no list was set after another")
}

// observeEmptyValues is row 12: of the first key, before anything of it was set.
// Members may differ.
func observeEmptyValues(s *seen) Finding {
	fresh, seen := s.fresh(kindRole)
	if !seen {
		return notSeen("no new key was read")
	}
	has := map[string]bool{}
	for _, name := range []string{"description", "kafka_username", "kafka_proxy_endpoint", "schema_proxy_endpoint", "allowed_tools", "blocked_tools", "kafka_acls"} {
		value := fresh.Body.At(name)
		if !value.There || !value.Empty() {
			return other("%s is %s", name, value.Shape())
		}
		has[value.Shape()] = true
	}
	switch text, list := has[`""`], has["a list of 0"]; {
	case text && list:
		return saw("both")
	case text:
		return saw("empty-string")
	case list:
		return saw("empty-list")
	}
	return saw("null")
}

// observeDefaultScope is row 13. Kafka-only keys may differ.
func observeDefaultScope(s *seen) Finding {
	return agree(s.eachKind(func(kind string) Finding {
		fresh, seen := s.fresh(kind)
		switch profile := fresh.Body.At("tool_profile"); {
		case !seen:
			return notSeen("the new key was not read")
		case profile.There && profile.Empty():
			return saw("null")
		case profile.Text() == "full":
			return saw("full")
		default:
			return other("tool_profile is %s", profile.Shape(profiles...))
		}
	}), "no new key was read", "null", "full")
}

// observeDescription is row 14. What was sent is known to everybody, so how it
// was changed may be told.
func observeDescription(s *seen) Finding {
	a, seen := s.step(stepReadDescr)
	if sent, _ := s.step(stepDescribe); !seen || !a.OK() || !sent.OK() {
		return notSeen("no description was set")
	}
	text := a.Body.At("description").Text()
	switch bare := strings.TrimSpace(text); {
	case text == describedAs:
		return saw("as-sent")
	case bare == strings.TrimSpace(describedAs):
		return saw("trimmed")
	case strings.HasPrefix(bare, "&lt;b&gt;bold&lt;"):
		return saw("html-escaped")
	case removed.MatchString(bare):
		return saw("html-removed")
	}
	return other("it has %d characters of %d", len(text), len(describedAs))
}

// removed is what is left without the tags, whatever becomes of the lone signs.
var removed = regexp.MustCompile(`^bold (&|&amp;|and)? ?1 (<|&lt;)? ?2$`)

// observePermissionRoles is row 15.
func observePermissionRoles(s *seen) Finding {
	fresh, seen := s.fresh(kindPermissions)
	refused := slices.DeleteFunc(s.looks(kindPermissions, stepCreate), owned.Answer.OK)
	switch roles := fresh.Body.At("roles"); {
	case len(s.options.Permissions) == 0:
		return notSeen("it takes a key by permissions, which is made with -permissions")
	case !seen && len(refused) > 0:
		return notSeen("the service refused the key by permissions: %s", refused[0].Shape())
	case !seen:
		return notSeen("no key by permissions was made")
	case roles.IsNull():
		return saw("null")
	case roles.IsList() && roles.Empty():
		return saw("empty")
	default:
		return other("roles is %s", roles.Shape())
	}
}

// observeNewCredentials is row 16.
func observeNewCredentials(s *seen) Finding {
	looks := each(s.accepted(stepAddKafka, stepAddAPI), func(a owned.Answer) Finding {
		name, wanted := "new_kafka_credentials", []string{"username", "password", "bootstrap_servers", "security_protocol", "sasl_mechanism", "schema_registry_url"}
		if a.Step == stepAddAPI {
			name, wanted = "new_api_credentials", []string{"client_id", "client_secret", "token_endpoint", "api_url"}
		}
		section := a.Body.At(name)
		missing := slices.DeleteFunc(wanted, func(member string) bool { return section.At(member).There })
		if len(missing) > 0 {
			return other("%s is %s, without %s", name, section.Shape(), strings.Join(missing, ", "))
		}
		return saw("same")
	})
	if len(looks) == 0 {
		return s.withoutKafka()
	}
	return agree(looks, "")
}

// observeRoleOrder is row 18. Any order is any order.
func observeRoleOrder(s *seen) Finding {
	var orders []string
	looks := 0
	for _, a := range s.answers {
		var ids []string
		for _, role := range a.Body.At("roles").Items() {
			ids = append(ids, role.At("id").ID())
		}
		if a.Clear() && a.Key == kindRole && len(ids) == len(s.roles) {
			looks++
			orders = append(orders, strings.Join(ids, " "))
		}
	}
	backwards := slices.Clone(s.roles)
	slices.Reverse(backwards)
	orders = slices.Compact(orders)
	switch {
	case len(s.options.Roles) < 2:
		return notSeen("a key with one role shows no order: name several with -roles")
	case looks < 8:
		return notSeen("the roles were in too few answers, %d", looks)
	case len(orders) == 1 && orders[0] == strings.Join(s.roles, " "):
		return saw("kept")
	case len(orders) == 1 && orders[0] == strings.Join(backwards, " "):
		return saw("reversed")
	default:
		return saw("shuffled")
	}
}

// observeExtraFields is row 19.
func observeExtraFields(s *seen) Finding {
	switch n := len(s.unknown); {
	case len(s.answers) == 0:
		return notSeen("nothing was answered")
	case n > 0:
		return Finding{Variant: "some", Detail: shapeOfCount(n)}
	}
	return saw("none")
}
