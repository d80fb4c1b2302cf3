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
	switch v.cfg.Dialect.Status {
	case "title":
		words := strings.Split(status, "_")
		for i, word := range words {
			if word != "" {
				words[i] = strings.ToUpper(word[:1]) + word[1:]
			}
		}
		return strings.Join(words, " ")
	case "upper":
		return strings.ToUpper(status)
	case "kebab":
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
	switch v.cfg.Dialect.Description {
	case "trimmed":
		text = strings.TrimSpace(text)
	case "html-removed":
		text = strayAngle.Replace(htmlTag.ReplaceAllString(text, ""))
	case "html-escaped":
		text = escapeHTML.Replace(text)
	}
	return v.text(text)
}

// toolProfile shows the profile of a key, or the default scope (row 13).
func (v view) toolProfile(k Key) any {
	if k.ToolProfile == "" && v.cfg.Dialect.DefaultScope == "full" {
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
		if v.cfg.Dialect.WhitelistEmpty == "null" {
			return nil
		}
		return ""
	}
	addresses, separator := slices.Clone(k.WhitelistIPs), ","
	if v.cfg.Repeats {
		addresses = append(addresses, addresses[0])
	}
	switch v.cfg.Dialect.WhitelistForm {
	case "spaced":
		separator = ", "
	case "reordered":
		slices.Reverse(addresses)
	case "cidr":
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
	switch v.cfg.Dialect.ACLOrder {
	case "sorted":
		slices.SortFunc(acls, compareACLs)
	case "shuffled":
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
	if v.cfg.Dialect.ACLName == "topic_name" {
		rule["topic_name"] = acl.Name
	} else {
		rule["name"] = acl.Name
	}
	if acl.Resource != "TOPIC" || v.cfg.Dialect.ACLResource != "absent-when-topic" {
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
