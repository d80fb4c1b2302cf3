// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/sealed"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// maxWhitelist is how long the addresses may be when joined by commas.
const maxWhitelist = 1000

var usernamePattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$`)

// operations lists what each kind of resource takes (contract, "Kafka").
var operations = map[string][]string{
	streamkap.ResourceTopic: {"ALL", "ALTER", "ALTER_CONFIGS", "CREATE", "DELETE", "DESCRIBE", "DESCRIBE_CONFIGS", "READ", "WRITE"},
	streamkap.ResourceGroup: {"DELETE", "DESCRIBE", "READ"},
}

// usernameValidator asks for the one attribute that a kafka block needs. The
// framework would ask for it without the block, too, and the library's
// validator would point at the resource instead of the block.
type usernameValidator struct{}

func (usernameValidator) Description(context.Context) string { return "must have a username" }

func (v usernameValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (usernameValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if username := req.ConfigValue.Attributes()["username"]; username == nil || username.IsNull() {
		resp.Diagnostics.AddAttributeError(req.Path.AtName("username"), "Kafka username missing",
			"A kafka block needs a username. Set username in it.")
	}
}

// passwordValidator checks a Kafka password. The validators of the library
// can't be used for it: they repeat the value that they refuse.
type passwordValidator struct{}

func (passwordValidator) Description(context.Context) string {
	return "must have 12 to 128 characters, among them an upper-case letter, a lower-case letter, a digit and a special character, " +
		"and no white space at either end"
}

func (v passwordValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v passwordValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	password := req.ConfigValue.ValueString()
	if lacks := passwordLacks(password); lacks != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid Kafka password",
			fmt.Sprintf("The password %s, but this one %s.", v.Description(ctx), lacks))
	}
	if strings.TrimSpace(password) != password {
		resp.Diagnostics.AddAttributeError(req.Path, "White space around the Kafka password",
			"The password begins or ends with white space. Many Kafka clients trim it, and a shell drops a line break at the end, so they would not log in. "+
				`Where the password is read from a file, its last line break is the likely cause: write trimspace(file("password.txt")) in place of file("password.txt").`)
	}
	// Terraform composes characters before a provider sees them, so whether it
	// has changed this password can't be told, only whether it may have.
	if norm.NFC.String(password) != norm.NFD.String(password) {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Kafka password with characters that have two forms",
			"The password holds an accented or composed character. Unicode has two forms of those: é is one character, or an e with an accent behind it. "+
				"Terraform changes the second form into the first (NFC), and Streamkap is sent the first. A client that is given the password in the second form, "+
				"by a password manager or a keyboard on macOS for example, is refused. Use characters without accents, or give the clients the password as Terraform has it.")
	}
}

// passwordLacks says what a password is short of, or returns "".
func passwordLacks(password string) string {
	special := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r) }
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

// addressesValidator checks whitelist_ips.
type addressesValidator struct{}

func (addressesValidator) Description(context.Context) string {
	return fmt.Sprintf("must be IPv4 addresses or CIDR ranges, at most %d characters when joined by commas", maxWhitelist)
}

func (v addressesValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (v addressesValidator) ValidateSet(ctx context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	joined := 0
	for _, element := range req.ConfigValue.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsUnknown() {
			continue
		}
		if _, ok := parseAddress(text.ValueString()); !ok {
			resp.Diagnostics.AddAttributeError(req.Path.AtSetValue(element), "Invalid address",
				fmt.Sprintf("%q is neither an IPv4 address, such as 192.168.1.10, nor a CIDR range, such as 192.168.1.0/24.", text.ValueString()))
		}
		joined += len(text.ValueString()) + len(",")
	}
	if joined > maxWhitelist+len(",") {
		resp.Diagnostics.AddAttributeError(req.Path, "Too many addresses",
			fmt.Sprintf("Joined by commas the addresses have %d characters; Streamkap takes %d. Put neighbouring addresses into CIDR ranges.",
				joined-len(","), maxWhitelist))
	}
}

// parseAddress reads an IPv4 address or CIDR range. Different spellings of the
// same addresses give equal prefixes.
func parseAddress(text string) (netip.Prefix, bool) {
	if address, err := netip.ParseAddr(text); err == nil {
		return netip.PrefixFrom(address, address.BitLen()), address.Is4()
	}
	prefix, err := netip.ParsePrefix(text)
	return prefix.Masked(), err == nil && prefix.Addr().Is4()
}

// rulesValidator checks the acl blocks, each by itself and among each other. It
// works on the list as a whole, once, because there can be thousands of them.
type rulesValidator struct{}

func (rulesValidator) Description(context.Context) string {
	return "operations must fit their resource, and no rule may be there twice"
}

func (v rulesValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v rulesValidator) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	seen := make(map[streamkap.ACL]int)
	for i, element := range req.ConfigValue.Elements() {
		at := req.Path.AtListIndex(i)
		rule, known := ruleFrom(element)
		checkRule(i, rule, element, at, &resp.Diagnostics)
		if !known {
			continue
		}
		if first, twice := seen[rule]; twice {
			resp.Diagnostics.AddAttributeError(at.AtName("name"), "Duplicate rule",
				fmt.Sprintf("The same rule (%s) is already there: acl blocks %d and %d, counted from 1, are equal. Remove one.",
					describeRule(rule), first+1, i+1))
			continue
		}
		seen[rule] = i
	}
}

// checkRule refuses what the service would refuse of one rule.
func checkRule(i int, rule streamkap.ACL, element attr.Value, at path.Path, diags *diag.Diagnostics) {
	if given(element, "name") && strings.TrimSpace(rule.Name) == "" {
		diags.AddAttributeError(at.AtName("name"), "Invalid name of a rule",
			fmt.Sprintf("The name in %s is empty. Name the topic or the group, or use \"*\" for every one.", nameRule(i, rule)))
	}
	if given(element, "resource") && ofOtherKind(rule) {
		summary, detail := refuseOtherKind(i, rule)
		diags.AddAttributeError(at.AtName("resource"), summary, detail)
	}
	if takes := operations[rule.Resource]; given(element, "operation") && takes != nil && !slices.Contains(takes, rule.Operation) {
		diags.AddAttributeError(at.AtName("operation"), "Invalid operation",
			fmt.Sprintf("A rule for a %s takes %s; %s has %q.", rule.Resource, strings.Join(takes, ", "), nameRule(i, rule), rule.Operation))
	}
	if rule.PatternType == streamkap.PatternLiteral && len(rule.Name) > 1 && strings.HasSuffix(rule.Name, "*") {
		diags.AddAttributeWarning(at.AtName("name"), "Rule for one name that ends in an asterisk",
			fmt.Sprintf("Where pattern_type is LITERAL, %s applies to a %s of that very name and to no other. For every name that begins so, "+
				"leave the asterisk out and set pattern_type = \"PREFIXED\".", nameRule(i, rule), strings.ToLower(rule.Resource)))
	}
}

// given reports whether an attribute of a block has a value that is known.
func given(element attr.Value, name string) bool {
	block, _ := element.(types.Object)
	value, ok := block.Attributes()[name]
	return ok && !value.IsNull() && !value.IsUnknown()
}

// nameRule names a rule for people: by its block, counted from 1, and its text.
func nameRule(i int, rule streamkap.ACL) string {
	return fmt.Sprintf("acl block %d (%s)", i+1, describeRule(rule))
}

func describeRule(rule streamkap.ACL) string {
	return fmt.Sprintf("%s on %s %s (%s)", rule.Operation, rule.Resource, rule.Name, rule.PatternType)
}

// notEmptyValidator refuses an empty set. The library's would ask for "at least
// 1 elements", which does not say what to write instead.
type notEmptyValidator struct{}

func (notEmptyValidator) Description(context.Context) string { return "must not be empty" }

func (v notEmptyValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (notEmptyValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || len(req.ConfigValue.Elements()) > 0 {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Empty set",
		fmt.Sprintf("%s is empty. Where there is nothing to put into it, leave it out, or set it to null.", req.Path))
}

// timeoutsValidator refuses timeouts that leave no time. The library checks that
// they are durations.
type timeoutsValidator struct{}

func (timeoutsValidator) Description(context.Context) string {
	return "timeouts must be longer than zero"
}

func (v timeoutsValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (timeoutsValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	for name, value := range req.ConfigValue.Attributes() {
		text, _ := value.(types.String)
		if timeout, err := time.ParseDuration(text.ValueString()); err == nil && timeout <= 0 {
			resp.Diagnostics.AddAttributeError(req.Path.AtName(name), "Invalid timeout",
				fmt.Sprintf("%q leaves no time for anything. Set a duration longer than zero, such as \"20m\", or leave %s out for the default.", text.ValueString(), name))
		}
	}
}

// scopeValidator warns of a block list that has no effect.
type scopeValidator struct{}

func (scopeValidator) Description(context.Context) string {
	return "allowed_tools makes blocked_tools ineffective"
}

func (v scopeValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v scopeValidator) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	attributes := req.ConfigValue.Attributes()
	for _, name := range []string{"allowed_tools", "blocked_tools"} {
		if list := attributes[name]; list == nil || list.IsNull() || list.IsUnknown() {
			return
		}
	}
	resp.Diagnostics.AddAttributeWarning(req.Path.AtName("blocked_tools"), "Block list without effect",
		"With allowed_tools set, exactly those tools may be called, and blocked_tools is ignored. Remove one of the two.")
}

// recipientsValidator checks secret_recipients.
type recipientsValidator struct{}

func (recipientsValidator) Description(context.Context) string {
	return "must be age recipients or SSH public keys"
}

func (v recipientsValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (recipientsValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	checkRecipients(req.ConfigValue, req.Path, &resp.Diagnostics)
}

// checkRecipients checks each recipient that is known, and whether they go
// together. An element's path holds its text, which ends up in logs, so what
// may be a secret is refused at the path of the set.
func checkRecipients(set types.Set, at path.Path, diags *diag.Diagnostics) {
	var recipients sealed.Recipients
	for _, element := range set.Elements() {
		text, ok := element.(types.String)
		if !ok || text.IsUnknown() || text.IsNull() {
			continue
		}
		recipient, err := sealed.ParseRecipient(text.ValueString())
		if err == nil {
			recipients = append(recipients, recipient)
			continue
		}
		where, which := at, "One of the recipients"
		if name := sealed.NameOf(text.ValueString()); name != "" {
			where, which = at.AtSetValue(element), fmt.Sprintf("The recipient %q", name)
		}
		diags.AddAttributeError(where, "Invalid recipient", fmt.Sprintf("%s %s.", which, err))
	}
	if err := recipients.Check(); err != nil {
		diags.AddAttributeError(at, "Recipients that do not go together", fmt.Sprintf("Of the recipients, %s.", err))
	}
}

// noRecipientsValidator refuses a password that is kept in clear beside
// recipients that secrets are encrypted to.
type noRecipientsValidator struct{}

func (noRecipientsValidator) Description(context.Context) string {
	return "excludes secret_recipients"
}

func (v noRecipientsValidator) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (noRecipientsValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	var recipients types.Set
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, recipientsPath, &recipients)...)
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && !recipients.IsNull() && !recipients.IsUnknown() {
		refusePasswordInClear(req.Path, &resp.Diagnostics)
	}
}

func refusePasswordInClear(at path.Path, diags *diag.Diagnostics) {
	diags.AddAttributeError(at, "Kafka password in clear",
		"With secret_recipients no secret is in the state in clear, and kafka.password is kept there. Use password_wo and password_wo_version instead: "+
			"kafka.encrypted_password then holds the password, encrypted. A key that has its password already keeps it where you only remove kafka.password.")
}
