// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// observeClearing is row 10: each member that was set and then cleared, by null
// and by its empty value.
func observeClearing(s *sight) Finding {
	var looks []Finding
	var leaves []string
	for _, m := range append(slices.Clone(members), member{name: "kafka_acls"}, member{name: "whitelist_ips"}) {
		look := s.clearingOf(m)
		looks, leaves = append(looks, look), append(leaves, look.Among...)
	}
	found := agree(looks, "no value was cleared")
	if len(leaves) > 0 && len(found.Among) == 0 && found.Variant != Other && !slices.Contains(leaves, found.Variant) {
		return other("tool_profile is cleared otherwise than the rest, which shows %s", found.Variant)
	}
	return found
}

func (s *sight) clearingOf(m member) Finding {
	null, seenNull := s.cleared(m, byNull)
	empty, seenEmpty := s.cleared(m, byEmpty)
	if m.name == "tool_profile" {
		// It has no empty form that clears: "full" does under every variant.
		switch {
		case seenNull && !null:
			return among([]string{"empty-clears", "nothing-clears"}, "null leaves tool_profile as it is")
		case seenNull:
			return among([]string{"null-clears", "null-only"}, "null clears tool_profile")
		default:
			return notSeen("tool_profile could not be set and cleared")
		}
	}
	switch {
	case !seenNull || !seenEmpty:
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
func (s *sight) clearingRefused(m member) Finding {
	for _, form := range []string{byNull, byEmpty} {
		if a, asked := s.step(stepClear(m, form)); asked && a.refused() {
			return other("%s by %s is refused: %s", m.name, form, a.shape())
		}
	}
	return notSeen("%s could not be set and cleared", m.name)
}

// cleared tells whether a form clears a member, and whether that was seen: the
// value has to be there before, and the request accepted.
func (s *sight) cleared(m member, form string) (cleared, seen bool) {
	before, _ := s.step(stepReadSet(m, form))
	asked, _ := s.step(stepClear(m, form))
	after, _ := s.step(stepCleared(m, form))
	if before.body.at(m.name).empty() || !asked.ok() || !after.ok() {
		return false, false
	}
	left := after.body.at(m.name)
	return left.empty() || (m.name == "tool_profile" && left.text() == "full"), true
}

// observeListInPatch is row 11.
func observeListInPatch(s *sight) Finding {
	var looks []Finding
	if a, asked := s.step(stepReadReplace); asked && a.ok() {
		looks = append(looks, replaced(a.body.at("blocked_tools"), "blocked_tools"))
	}
	if a, asked := s.step(stepReadReplaced); asked && a.ok() {
		looks = append(looks, replaced(a.body.at("kafka_acls"), "kafka_acls"))
	}
	return agree(looks, "no list was set after another")
}

// replaced looks at a list that was replaced by one with one item.
func replaced(list value, name string) Finding {
	if n := len(list.items()); n != 1 {
		return other("%s is %s after a list of one was sent", name, list.shape())
	}
	return saw("replaces")
}

// observeEmptyValues is row 12: of the first key, before anything of it was set.
func observeEmptyValues(s *sight) Finding {
	fresh, seen := s.fresh(kindRole)
	if !seen {
		return notSeen("no new key was read")
	}
	texts := formsOf(fresh, "description", "kafka_username", "kafka_proxy_endpoint", "schema_proxy_endpoint")
	lists := formsOf(fresh, "allowed_tools", "blocked_tools", "kafka_acls")
	switch texts + " and " + lists {
	case "null and null":
		return saw("null")
	case `"" and null`:
		return saw("empty-string")
	case "null and a list of 0":
		return saw("empty-list")
	case `"" and a list of 0`:
		return saw("both")
	default:
		return other("texts are %s, lists are %s", texts, lists)
	}
}

// fresh is the first read of a key of a kind that showed it.
func (s *sight) fresh(kind string) (answer, bool) {
	for _, a := range s.details(kind) {
		if a.step == stepReadNew && !isStatus(a.body.at("status").text(), "creating") {
			return a, true
		}
	}
	return answer{}, false
}

// formsOf are the different shapes of some members.
func formsOf(a answer, names ...string) string {
	var shapes []string
	for _, name := range names {
		if shape := a.body.at(name).shape(); !slices.Contains(shapes, shape) {
			shapes = append(shapes, shape)
		}
	}
	return strings.Join(shapes, " or ")
}

// observeDefaultScope is row 13.
func observeDefaultScope(s *sight) Finding {
	var looks []Finding
	for _, kind := range []string{kindRole, kindKafka} {
		fresh, seen := s.fresh(kind)
		if !seen {
			continue
		}
		profile := fresh.body.at("tool_profile")
		switch {
		case profile.there && profile.empty():
			looks = append(looks, saw("null"))
		case profile.text() == "full":
			looks = append(looks, saw("full"))
		default:
			looks = append(looks, other("tool_profile is %s", profile.shape(profiles...)))
		}
	}
	return agree(looks, "no new key was read")
}

var tags = regexp.MustCompile(`<[^<>]*>`)

// observeDescription is row 14.
func observeDescription(s *sight) Finding {
	a, seen := s.step(stepReadDescr)
	if sent, _ := s.step(stepDescribe); !seen || !a.ok() || !sent.ok() {
		return notSeen("no description was set")
	}
	text := a.body.at("description").text()
	switch text {
	case describedAs:
		return saw("as-sent")
	case strings.TrimSpace(describedAs):
		return saw("trimmed")
	case strings.NewReplacer("<", "", ">", "").Replace(tags.ReplaceAllString(describedAs, "")):
		return saw("html-removed")
	case strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(describedAs):
		return saw("html-escaped")
	}
	// What was sent is known to everybody, so how it was changed may be told.
	return other("spaces around it %s, tags %s, < %s, & %s", kept(strings.HasPrefix(text, " "), false),
		kept(strings.Contains(text, "<b>"), strings.Contains(text, "&lt;b&gt;")),
		kept(strings.Contains(text, "1 < 2"), strings.Contains(text, "1 &lt; 2")),
		kept(strings.Contains(text, "& "), strings.Contains(text, "&amp;")))
}

func kept(kept, escaped bool) string {
	switch {
	case kept:
		return "kept"
	case escaped:
		return "escaped"
	default:
		return "removed"
	}
}

// observePermissionRoles is row 15.
func observePermissionRoles(s *sight) Finding {
	if len(s.options.Permissions) == 0 {
		return notSeen("it takes a key by permissions, which is made with -permissions")
	}
	if a, asked := s.step(stepCreate); s.made(kindPermissions) == nil {
		if asked && a.key == kindPermissions && a.refused() {
			return notSeen("the service refused the key by permissions: %s", a.shape())
		}
		return notSeen("no key by permissions was made")
	}
	fresh, seen := s.fresh(kindPermissions)
	if !seen {
		return notSeen("the new key was not read")
	}
	switch roles := fresh.body.at("roles"); {
	case roles.isNull():
		return saw("null")
	case roles.isList() && roles.empty():
		return saw("empty")
	default:
		return other("roles is %s", roles.shape())
	}
}

// observeNewCredentials is row 16.
func observeNewCredentials(s *sight) Finding {
	var looks []Finding
	if a, asked := s.step(stepAddKafka); asked && a.ok() {
		looks = append(looks, sameMembers("new_kafka_credentials", a.body.at("new_kafka_credentials"), credentialsKafka))
	}
	if a, asked := s.step(stepAddAPI); asked && a.ok() {
		looks = append(looks, sameMembers("new_api_credentials", a.body.at("new_api_credentials"), credentialsAPI))
	}
	if len(looks) == 0 {
		return s.withoutKafka()
	}
	return agree(looks, "")
}

func sameMembers(name string, section value, wanted []string) Finding {
	if !section.isObject() {
		return other("%s is %s", name, section.shape())
	}
	var missing []string
	for _, member := range wanted {
		if !section.at(member).there {
			missing = append(missing, member)
		}
	}
	if len(missing) > 0 {
		return other("%s has no %s, but members %s", name, strings.Join(missing, ", "), shownNames(section.names()))
	}
	return saw("same")
}

// observeRoleOrder is row 18.
func observeRoleOrder(s *sight) Finding {
	if len(s.options.Roles) < 2 {
		return notSeen("a key with one role shows no order: name several with -roles")
	}
	k := s.made(kindRole)
	if k == nil {
		return notSeen("no key was made")
	}
	var orders []string
	looks := 0
	for _, a := range s.answers {
		if ids := rolesShown(a, k); len(ids) == len(k.roleIDs) {
			looks++
			if order := strings.Join(ids, " "); !slices.Contains(orders, order) {
				orders = append(orders, order)
			}
		}
	}
	backwards := slices.Clone(k.roleIDs)
	slices.Reverse(backwards)
	switch {
	case looks < 8:
		return notSeen("the roles were in too few answers, %d", looks)
	case len(orders) > 1:
		return saw("shuffled")
	}
	var fits []string
	for _, order := range []struct {
		variant string
		ids     []string
	}{{"catalogue", s.inCatalogueOrder(k.roleIDs)}, {"kept", k.roleIDs}, {"reversed", backwards}} {
		if orders[0] == strings.Join(order.ids, " ") {
			fits = append(fits, order.variant)
		}
	}
	switch len(fits) {
	case 0:
		return other("an order of the service's own, always the same")
	case 1:
		return saw(fits[0])
	default:
		return among(fits, "these %d roles come out the same: name three with -roles, not as the list of roles has them", len(k.roleIDs))
	}
}

// inCatalogueOrder are roles in the order of the list of roles.
func (s *sight) inCatalogueOrder(ids []string) []string {
	a, _ := s.step(stepRoles)
	var ordered []string
	for _, role := range a.body.items() {
		if id := role.at("id").text(); slices.Contains(ids, id) {
			ordered = append(ordered, id)
		}
	}
	return ordered
}

// rolesShown are the ids of a key's roles in an answer about it.
func rolesShown(a answer, k *key) []string {
	if !a.clear() || !a.ok() || a.key != k.kind || !strings.HasPrefix(a.path, pathKeys) {
		return nil
	}
	var ids []string
	for _, role := range a.body.at("roles").items() {
		ids = append(ids, role.at("id").text())
	}
	return ids
}

// observeExtraFields is row 19.
func observeExtraFields(s *sight) Finding {
	var found []string
	looked := false
	for _, kind := range kinds {
		for _, object := range s.objects(kind.name) {
			looked = true
			for _, name := range object.names() {
				if kind.closed && !slices.Contains(kind.members, name) {
					found = append(found, name)
				}
			}
		}
	}
	if !looked {
		return notSeen("no answer had an object in it")
	}
	if len(found) == 0 {
		return saw("none")
	}
	slices.Sort(found)
	return Finding{Variant: "some", Detail: fmt.Sprintf("members %s", shownNames(slices.Compact(found)))}
}
