// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// The rules of the contract's sections "Create" and "Kafka".

var toolProfiles = []string{"full", "read-only", "agent-operator", "infra-admin"}

// operations is what each resource of an ACL rule takes.
var operations = map[string][]string{
	"TOPIC": {"ALL", "ALTER", "ALTER_CONFIGS", "CREATE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE"},
	"GROUP": {"DELETE", "DESCRIBE", "READ"},
}

const usernamePattern = `^[a-z0-9][a-z0-9-]{1,22}[a-z0-9]$`

var usernameRegexp = regexp.MustCompile(usernamePattern)

func isUsername(v value, text string) {
	if !usernameRegexp.MatchString(text) {
		v.fault("string_pattern_mismatch", "String should match pattern '"+usernamePattern+"'", map[string]any{"pattern": usernamePattern})
	}
}

// hasAllKinds is the rule on what a Kafka password is made of.
func hasAllKinds(v value, password string) {
	var upper, lower, digit, special bool
	for _, c := range password {
		switch {
		case c >= 'A' && c <= 'Z':
			upper = true
		case c >= 'a' && c <= 'z':
			lower = true
		case c >= '0' && c <= '9':
			digit = true
		case !unicode.IsLetter(c) && !unicode.IsDigit(c) && !unicode.IsSpace(c):
			special = true
		}
	}
	if !upper || !lower || !digit || !special {
		v.valueError("password must contain an upper-case letter, a lower-case letter, a digit and a special character")
	}
}

// isWhitelist is the rule on whitelist_ips: IPv4 addresses or ranges, joined
// by commas and nothing else.
func isWhitelist(v value, text string) {
	for _, address := range splitWhitelist(text) {
		if !isAddress(address) {
			v.valueError("'" + address + "' is not an IPv4 address or CIDR range")
		}
	}
}

func isAddress(text string) bool {
	if prefix, err := netip.ParsePrefix(text); err == nil {
		return prefix.Addr().Is4()
	}
	addr, err := netip.ParseAddr(text)
	return err == nil && addr.Is4()
}

// readWhitelist reads addresses joined by commas.
func readWhitelist(v value) field[[]string] {
	f := v.text(whitelistLength, isWhitelist)
	return field[[]string]{f.presence, splitWhitelist(f.value)}
}

// splitWhitelist takes the joined string apart; an empty one has no addresses.
func splitWhitelist(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// isRole is the rule that a role exists.
func (s *Server) isRole(v value, id string) {
	if _, known := s.cfg.role(id); !known {
		v.valueError("'" + id + "' is not a role of this tenant")
	}
}

// readACLs reads a list of ACL rules.
func readACLs(v value) field[[]ACL] { return list(v, 0, readACL) }

func readACL(v value) ACL {
	f := v.object()
	if f == nil {
		return ACL{}
	}
	acl := ACL{Resource: "TOPIC"}
	acl.Name = f.required("topic_name").text(length(1, 0)).value
	if resource := f.plain("resource").text(oneOf("TOPIC", "GROUP")); resource.given() {
		acl.Resource = resource.value
	}
	operation := f.required("operation")
	acl.Operation = operation.text(oneOf(operations["TOPIC"]...)).value
	acl.PatternType = f.required("resource_pattern_type").text(oneOf("LITERAL", "PREFIXED")).value
	f.close()
	takes := operations[acl.Resource]
	if acl.Resource == "GROUP" && slices.Contains(operations["TOPIC"], acl.Operation) && !slices.Contains(takes, acl.Operation) {
		operation.valueError("a GROUP takes " + strings.Join(takes, ", "))
	}
	return acl
}
