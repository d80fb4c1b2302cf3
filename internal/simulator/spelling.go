// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// status spells a status (row 1).
func (v view) status(status string) string {
	switch v.dialect.Status {
	case StatusTitle:
		words := strings.Split(status, "_")
		for i, word := range words {
			if word != "" {
				words[i] = strings.ToUpper(word[:1]) + word[1:]
			}
		}
		return strings.Join(words, " ")
	case StatusUpper:
		return strings.ToUpper(status)
	case StatusKebab:
		return strings.ReplaceAll(status, "_", "-")
	default:
		return status
	}
}

var (
	htmlTag    = regexp.MustCompile(`<[^<>]*>`)
	strayAngle = strings.NewReplacer("<", "", ">", "")
	escapeHTML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// description sanitises a description (row 14). The simulator holds what was
// sent and sanitises on the way out.
func (v view) description(k Key) any {
	text := k.Description
	switch v.dialect.Description {
	case DescriptionTrimmed:
		text = strings.TrimSpace(text)
	case DescriptionHTMLRemoved:
		text = strayAngle.Replace(htmlTag.ReplaceAllString(text, ""))
	case DescriptionHTMLEscaped:
		text = escapeHTML.Replace(text)
	}
	return v.text(text)
}

// toolProfile shows the profile of a key, or the default scope (row 13).
func (v view) toolProfile(k Key) any {
	if k.ToolProfile == "" && v.dialect.DefaultScope == ScopeFull {
		return "full"
	}
	return v.text(k.ToolProfile)
}

// whitelist shows a key's addresses (row 9).
func (v view) whitelist(k Key) any {
	if !k.HasKafka() {
		return v.text("")
	}
	if len(k.WhitelistIPs) == 0 {
		if v.dialect.WhitelistEmpty == WhitelistNull {
			return nil
		}
		return ""
	}
	addresses, separator := slices.Clone(k.WhitelistIPs), ","
	if v.cfg.Repeats {
		addresses = append(addresses, addresses[0])
	}
	switch v.dialect.WhitelistForm {
	case WhitelistSpaced:
		separator = ", "
	case WhitelistReordered:
		slices.Reverse(addresses)
	case WhitelistCIDR:
		for i, address := range addresses {
			if !strings.Contains(address, "/") {
				addresses[i] = address + "/32"
			}
		}
	}
	return strings.Join(addresses, separator)
}

// acls shows a key's ACL rules (row 8). They are untyped in the contract, so a
// rule is shown as a map.
func (v view) acls(k Key) any {
	if len(k.ACLs) == 0 {
		return v.noList()
	}
	acls := slices.Clone(k.ACLs)
	switch v.dialect.ACLOrder {
	case ACLOrderSorted:
		slices.SortFunc(acls, compareACLs)
	case ACLOrderShuffled:
		shuffle(v, acls)
	}
	rules := make([]map[string]string, len(acls))
	for i, acl := range acls {
		rules[i] = v.acl(acl)
	}
	return rules
}

func (v view) acl(acl ACL) map[string]string {
	rule := map[string]string{"operation": acl.Operation, "resource_pattern_type": acl.PatternType}
	if v.dialect.ACLName == ACLNameTopicName {
		rule["topic_name"] = acl.Name
	} else {
		rule["name"] = acl.Name
	}
	if acl.Resource != "TOPIC" || v.dialect.ACLResource != ACLResourceAbsentWhenTopic {
		rule["resource"] = acl.Resource
	}
	return rule
}

func compareACLs(a, b ACL) int {
	return cmp.Or(
		cmp.Compare(a.Name, b.Name),
		cmp.Compare(a.Resource, b.Resource),
		cmp.Compare(a.Operation, b.Operation),
		cmp.Compare(a.PatternType, b.PatternType),
	)
}
