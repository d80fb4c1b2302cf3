// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const maxWhitelist = 1000

var usernamePattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// operations lists what each kind of resource takes (contract, "Kafka").
var operations = map[string][]string{
	streamkap.ResourceTopic: {"ALL", "ALTER", "ALTER_CONFIGS", "CREATE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE"},
	streamkap.ResourceGroup: {"DELETE", "DESCRIBE", "READ"},
}

// kafkaAttributes checks which attributes a kafka block has. The framework would require its
// username even without the block. An empty password counts as absent.
var kafkaAttributes = checkOf("must have a username, and one kind of password", func(block types.Object, at path.Path, diags *diag.Diagnostics) {
	attributes := block.Attributes()
	if username := attributes["username"]; username == nil || username.IsNull() {
		diags.AddAttributeError(at.AtName("username"), "Kafka username missing", "A kafka block needs a username. Set username in it.")
	}
	writeOnly, version := attributes["password_wo"], attributes["password_wo_version"]
	switch {
	case isGiven(attributes["password"]) && (isGiven(writeOnly) || isGiven(version)):
		diags.AddAttributeError(at.AtName("password"), "Two kinds of Kafka password",
			"A kafka block has either password, which is stored in the state, or password_wo with password_wo_version, which is stored nowhere. Remove one of the two kinds.")
	case isGiven(writeOnly) && version.IsNull():
		diags.AddAttributeError(at.AtName("password_wo"), "Version of the Kafka password missing",
			"password_wo is stored nowhere, so only a change of password_wo_version says that it is another one. Set password_wo_version, to 1 at first.")
	}
})

var validUsername = stringCheck("must have 3 to 24 lowercase letters, digits and hyphens, with no hyphen at either end", func(username string, at path.Path, diags *diag.Diagnostics) {
	if refuseInvisible("The Kafka username", username, at, diags) {
		return
	}
	if length := utf8.RuneCountInString(username); length < 3 || length > 24 || !usernamePattern.MatchString(username) {
		diags.AddAttributeError(at, "Invalid Kafka username",
			fmt.Sprintf("A Kafka username has 3 to 24 characters, which are lowercase letters, digits and hyphens, with no hyphen at either end. This one is %q, of %d characters.\n\n"+
				"A username that Streamkap shows in upper case is the same in lower case: write it so.", username, length))
	}
})

const passwordRule = "must have 12 to 128 characters, among them an upper-case letter, a lower-case letter, a digit and a special character, " +
	"and no white space at either end"

// validPassword checks a Kafka password. The library's validators repeat the value that they
// refuse. An empty password counts as absent: resource_plan.go refuses it where it would be
// sent.
var validPassword = stringCheck(passwordRule, func(password string, at path.Path, diags *diag.Diagnostics) {
	if password == "" {
		return
	}
	if lacks := passwordLacks(password); lacks != "" {
		diags.AddAttributeError(at, "Invalid Kafka password", fmt.Sprintf("The password %s, but this one %s.", passwordRule, lacks))
	}
	refuseInvisible("The Kafka password", password, at, diags)
	// Terraform composes characters before a provider sees them, so only a warning is
	// possible.
	if norm.NFC.String(password) != norm.NFD.String(password) {
		diags.AddAttributeWarning(at, "Kafka password with characters that have two forms",
			"The password holds an accented or composed character. Unicode has two forms of those: é is one character, or an e with an accent behind it. "+
				"Terraform changes the second form into the first (NFC), and Streamkap is sent the first. A client that is given the password in the second form, "+
				"by a password manager or a keyboard on macOS for example, is refused. Use characters without accents, or give the clients the password as Terraform has it.")
	}
})

func passwordLacks(password string) string {
	special := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r) && streamkap.Invisible(string(r)) == ""
	}
	var lacks []string
	if length := utf8.RuneCountInString(password); length < 12 || length > 128 {
		lacks = append(lacks, fmt.Sprintf("has %d characters", length))
	}
	for _, class := range []struct {
		name string
		is   func(rune) bool
	}{
		{"upper-case letter from A to Z", between('A', 'Z')},
		{"lower-case letter from a to z", between('a', 'z')},
		{"digit", between('0', '9')},
		{"special character", special},
	} {
		if !strings.ContainsFunc(password, class.is) {
			lacks = append(lacks, "has no "+class.name)
		}
	}
	return strings.Join(lacks, " and ")
}

// between is narrower than Unicode's classes: the service may know no other
// letters than those of ASCII.
func between(first, last rune) func(rune) bool {
	return func(r rune) bool { return first <= r && r <= last }
}

var validAddresses = checkOf("must be IPv4 addresses or CIDR ranges, at most 1000 characters when joined by commas", func(set types.Set, at path.Path, diags *diag.Diagnostics) {
	joined := 0
	for element, text := range knownTexts(set) {
		if _, ok := parseAddress(text); !ok {
			diags.AddAttributeError(at.AtSetValue(element), "Invalid address",
				fmt.Sprintf("%q is neither an IPv4 address, such as 192.168.1.10, nor a CIDR range, such as 192.168.1.0/24.", text))
		}
		joined += len(text) + len(",")
	}
	if joined > maxWhitelist+len(",") {
		diags.AddAttributeError(at, "Too many addresses",
			fmt.Sprintf("Joined by commas the addresses have %d characters; Streamkap accepts %d. Put neighbouring addresses into CIDR ranges.", joined-len(","), maxWhitelist))
	}
})

// parseAddress reads an IPv4 address or CIDR range. Different spellings of the
// same addresses give equal prefixes.
func parseAddress(text string) (netip.Prefix, bool) {
	if address, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(address, address.BitLen()), address.Is4()
	}
	prefix, err := netip.ParsePrefix(text)
	return prefix.Masked(), err == nil && prefix.Addr().Is4()
}

// validRules checks the acl blocks, each by itself and among each other. It
// works on the list as a whole, once, because there can be thousands of them.
var validRules = checkOf("operations must fit their resource, and no rule may be there twice", func(list types.List, at path.Path, diags *diag.Diagnostics) {
	seen := make(map[streamkap.ACL]int)
	for i, element := range list.Elements() {
		at := at.AtListIndex(i)
		block, _ := element.(types.Object)
		attributes := block.Attributes() // a copy of the map, made once
		rule, known := ruleFrom(attributes)
		checkRule(i, rule, attributes, at, diags)
		if !known {
			continue
		}
		if first, twice := seen[rule]; twice {
			diags.AddAttributeError(at.AtName("name"), "Duplicate rule",
				fmt.Sprintf("The same rule (%s) is already there: acl blocks %d and %d, counted from 1, are equal. Remove one.", describeRule(rule), first+1, i+1))
			continue
		}
		seen[rule] = i
	}
})

func checkRule(i int, rule streamkap.ACL, attributes map[string]attr.Value, at path.Path, diags *diag.Diagnostics) {
	switch {
	case !hasKnown(attributes, "name"):
	case rule.Name == "":
		diags.AddAttributeError(at.AtName("name"), "Invalid name of a rule",
			fmt.Sprintf("The name in %s is empty. Name the topic or the group, or use \"*\" for every one.", nameRule(i, rule)))
	case streamkap.Invisible(rule.Name) != "":
		refuseInvisible("The name in "+nameRule(i, rule), rule.Name, at.AtName("name"), diags)
	case strings.HasSuffix(rule.Name, "*"):
		warnOfAsterisk(i, rule, at.AtName("name"), diags)
	}
	if hasKnown(attributes, "resource") && ofOtherKind(rule) {
		// Such a rule may be in a configuration that was generated from a key.
		diags.AddAttributeError(at.AtName("resource"), "Invalid resource of a rule", fmt.Sprintf("A rule is for a TOPIC or a GROUP; %s is for a %s. "+
			"Streamkap may show such rules, and accepts none: if this configuration was generated from a key, remove the block. "+
			"The first apply then removes the rule from the key, and nothing here can add it again. %s", nameRule(i, rule), rule.Resource, keepOtherKinds))
	}
	if takes := operations[rule.Resource]; hasKnown(attributes, "operation") && takes != nil && !slices.Contains(takes, rule.Operation) {
		diags.AddAttributeError(at.AtName("operation"), "Invalid operation",
			fmt.Sprintf("A rule for a %s allows %s; %s has %q.", rule.Resource, strings.Join(takes, ", "), nameRule(i, rule), rule.Operation))
	}
}

// warnOfAsterisk warns of a name that ends in an asterisk, which is a wildcard only as the whole
// name of a LITERAL rule.
func warnOfAsterisk(i int, rule streamkap.ACL, at path.Path, diags *diag.Diagnostics) {
	beginning := strings.TrimSuffix(rule.Name, "*")
	if rule.PatternType == "" || rule.PatternType == streamkap.PatternLiteral && beginning == "" {
		return
	}
	instead := `For every name, set pattern_type = "LITERAL" and keep the asterisk.`
	if beginning != "" {
		instead = fmt.Sprintf(`For every name that begins with %q, leave the asterisk out and set pattern_type = "PREFIXED".`, beginning)
	}
	diags.AddAttributeWarning(at, "Asterisk is no wildcard here",
		fmt.Sprintf("In %s the asterisk is a character like any other, because it is not the whole name of a LITERAL rule. %s", nameRule(i, rule), instead))
}

func hasKnown(attributes map[string]attr.Value, name string) bool {
	value, ok := attributes[name]
	return ok && !value.IsNull() && !value.IsUnknown()
}

// nameRule names a rule for people: by its block, counted from 1, and its text.
func nameRule(i int, rule streamkap.ACL) string {
	return fmt.Sprintf("acl block %d (%s)", i+1, describeRule(rule))
}

func describeRule(rule streamkap.ACL) string {
	return fmt.Sprintf("%s on %s %s (%s)", diagnosis.Show(rule.Operation), diagnosis.Show(rule.Resource), diagnosis.Show(rule.Name), diagnosis.Show(rule.PatternType))
}

// Streamkap may show rules for more kinds of resources than it accepts (contract, "Kafka").
// The state shows them, and no configuration can have them.

// ofOtherKind reports whether a rule is for something that a key takes no rules
// for.
func ofOtherKind(rule streamkap.ACL) bool { return operations[rule.Resource] == nil }

const keepOtherKinds = "To keep such rules, have Terraform leave all rules of the key as they are:\n\n" +
	"  lifecycle {\n    ignore_changes = [kafka.acl]\n  }"

// warnOfOtherKinds warns of rules that a change removes and nothing can add again.
func (c *change) warnOfOtherKinds(prior *Model, diags *diag.Diagnostics) {
	if prior.Kafka.known == nil || c.patch.KafkaACLs.IsZero() && len(c.replaces) == 0 {
		return
	}
	rules, _ := rulesFrom(prior.Kafka.known.ACL)
	var lost []string
	for _, rule := range rules {
		if ofOtherKind(rule) {
			lost = append(lost, "  - "+describeRule(rule))
		}
	}
	if len(lost) == 0 {
		return
	}
	slices.Sort(lost)
	change, keep := "This change removes them.", " "+keepOtherKinds
	if len(c.replaces) > 0 {
		change, keep = "The new key will not have them.", ""
	}
	diags.AddAttributeWarning(kafkaPath.AtName("acl"), "Rules will be removed that can't be added again",
		fmt.Sprintf("The %s has rules for other resources than topics and groups:\n%s\n\n%s Streamkap accepts no such rules in a request, "+
			"so nothing here can add them again.%s", prior.describe(), strings.Join(firstOf(lost), "\n"), change, keep))
}
