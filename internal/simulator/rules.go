// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// rule checks a text and says what is wrong with it through the value. The
// rules are those of the contract's sections "Create" and "Kafka".
type rule func(v value, text string)

var (
	someText     = text(length(1, 0))
	toolProfiles = []string{"full", "read-only", "agent-operator", "infra-admin"}
)

// operations is what each resource of an ACL rule takes.
var operations = map[string][]string{
	"TOPIC": {"ALL", "ALTER", "ALTER_CONFIGS", "CREATE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE"},
	"GROUP": {"DELETE", "DESCRIBE", "READ"},
}

// length is the rule on the number of characters; a maximum of 0 is none.
func length(least, most int) rule {
	return func(v value, text string) {
		switch n := utf8.RuneCountInString(text); {
		case n < least:
			v.fault("string_too_short", "String should have at least "+characters(least), object{"min_length": least})
		case most > 0 && n > most:
			v.fault("string_too_long", "String should have at most "+characters(most), object{"max_length": most})
		}
	}
}

func characters(n int) string {
	if n == 1 {
		return "1 character"
	}
	return fmt.Sprintf("%d characters", n)
}

// oneOf is the rule that a text is one of a few.
func oneOf(allowed ...string) rule {
	return func(v value, text string) {
		if slices.Contains(allowed, text) {
			return
		}
		last := len(allowed) - 1
		expected := "'" + strings.Join(allowed[:last], "', '") + "' or '" + allowed[last] + "'"
		v.fault("enum", "Input should be "+expected, object{"expected": expected})
	}
}

// isTime is the rule that a text is a time.
func isTime(v value, text string) {
	if _, err := time.Parse(time.RFC3339, text); err != nil {
		v.fault("datetime_type", "Input should be a valid datetime", nil)
	}
}

const usernamePattern = `^[a-z0-9][a-z0-9-]{1,22}[a-z0-9]$`

var usernameRegexp = regexp.MustCompile(usernamePattern)

func isUsername(v value, text string) {
	if !usernameRegexp.MatchString(text) {
		v.fault("string_pattern_mismatch", "String should match pattern '"+usernamePattern+"'", object{"pattern": usernamePattern})
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
		v.invalid("password must contain an upper-case letter, a lower-case letter, a digit and a special character")
	}
}

// isWhitelist is the rule on whitelist_ips: IPv4 addresses or ranges, joined
// by commas and nothing else.
func isWhitelist(v value, text string) {
	for _, address := range splitWhitelist(text) {
		if prefix, err := netip.ParsePrefix(address); err == nil && prefix.Addr().Is4() {
			continue
		}
		if single, err := netip.ParseAddr(address); err != nil || !single.Is4() {
			v.invalid("'" + address + "' is not an IPv4 address or CIDR range")
		}
	}
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
	if _, at := s.cfg.role(id); at == len(s.cfg.Roles) {
		v.invalid("'" + id + "' is not a role of this tenant")
	}
}

// isSecret notes a secret before it is judged: a refused one is somebody's too.
func (s *Server) isSecret(_ value, text string) { s.remember(text) }

// isACL accepts a rule of a key's Kafka access.
func isACL(v value) {
	acl := v.object(
		required("topic_name", someText),
		plain("resource", text(oneOf("TOPIC", "GROUP"))),
		required("operation", text(oneOf(operations["TOPIC"]...))),
		required("resource_pattern_type", text(oneOf("LITERAL", "PREFIXED"))),
	)
	operation, _ := acl["operation"].(string)
	if takes := operations["GROUP"]; acl["resource"] == "GROUP" && slices.Contains(operations["TOPIC"], operation) && !slices.Contains(takes, operation) {
		v.at("operation", operation).invalid("a GROUP takes " + strings.Join(takes, ", "))
	}
}
