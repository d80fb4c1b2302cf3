// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// told are the summaries of diagnostics, each with where it points.
func told(diags diag.Diagnostics) []string {
	var all []string
	for _, d := range diags {
		text := d.Severity().String() + ": " + d.Summary()
		if placed, ok := d.(diag.DiagnosticWithPath); ok {
			text += " at " + placed.Path().String()
		}
		all = append(all, text)
	}
	return all
}

func expect(t *testing.T, diags diag.Diagnostics, want ...string) {
	t.Helper()
	if got := told(diags); !slices.Equal(got, want) {
		t.Errorf("told %q, expected %q", got, want)
	}
}

// checked is a value, and what a check tells of it: each summary with where it points,
// and a part of the first detail.
type checked struct {
	value attr.Value
	want  []string
	says  string
}

func checks(t *testing.T, c check, at path.Path, rows map[string]checked) {
	t.Helper()
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			c.on(row.value, at, &diags)
			if expect(t, diags, row.want...); len(diags) > 0 && !strings.Contains(diags[0].Detail(), row.says) {
				t.Errorf("it lacks %q: %s", row.says, diags[0].Detail())
			}
		})
	}
}

var text = types.StringValue

// textsOf is a set of strings, of which some may be null or unknown.
func textsOf(items ...any) attr.Value {
	values := make([]attr.Value, len(items))
	for i, item := range items {
		if value, ok := item.(attr.Value); ok {
			values[i] = value
		} else {
			values[i] = text(fmt.Sprint(item))
		}
	}
	return types.SetValueMust(types.StringType, values)
}

var (
	null  = types.StringNull()
	later = types.StringUnknown()
)

func TestCheck_Names(t *testing.T) {
	const invalid, invisible = "Error: Invalid name at name", "Error: Invisible character at name"
	checks(t, validName, path.Root("name"), map[string]checked{
		"a name":                        {value: text("Prüfer & 密")},
		"one character":                 {value: text("密")},
		"100 characters":                {value: text(strings.Repeat("é", 100))},
		"101 characters":                {text(strings.Repeat("é", 101)), []string{invalid}, "1 to 100 characters, and this one has 101"},
		"a long name with a line break": {text(strings.Repeat("a", 101) + "\n"), []string{invisible}, "The name has a line break"},
		"an empty name":                 {text(""), []string{invalid}, "this one has 0"},
		"white space":                   {text(" "), []string{invisible}, "a space (U+0020)"},
		"not known":                     {value: later},
		"null":                          {value: null},
	})
}

func TestCheck_Usernames(t *testing.T) {
	const invalid = "Error: Invalid Kafka username at kafka.username"
	checks(t, validUsername, kafkaPath.AtName("username"), map[string]checked{
		"a username":        {value: text("a-1")},
		"24 characters":     {value: text(strings.Repeat("a", 24))},
		"25 characters":     {text(strings.Repeat("a", 25)), []string{invalid}, "3 to 24 characters"},
		"2 characters":      {text("ab"), []string{invalid}, `This one is "ab", of 2 characters`},
		"a hyphen ahead":    {text("-abc"), []string{invalid}, "no hyphen at either end"},
		"with a line break": {text("orders\n"), []string{"Error: Invisible character at kafka.username"}, "a line break (U+000A), as its last character"},
	})
}

func TestCheck_Items(t *testing.T) {
	checks(t, items("tool names"), path.Root("tools"), map[string]checked{
		"two":                 {value: textsOf("a", "b")},
		"an empty one":        {textsOf("a", ""), []string{`Error: Empty item at tools[Value("")]`}, "is an empty text"},
		"a byte order mark":   {textsOf("\ufeffa"), []string{`Error: Invisible character at tools[Value("\ufeffa")]`}, "One of the tool names has a byte order mark (U+FEFF)"},
		"not known, and null": {value: textsOf(later, null)},
	})
}

// TestCheck_ArgumentsOfDataSources has durations be checked where they are known, and once
// more where they were not known before: ignored, one would choose keys that are in use.
func TestCheck_ArgumentsOfDataSources(t *testing.T) {
	checks(t, validStatus, path.Root("status"), map[string]checked{"a status": {value: text("DELETE-FAILED")}, "no status": {value: text("")}})
	refused := []string{"Error: Invalid duration at unused_for"}
	for _, run := range []func(types.String, path.Path, *diag.Diagnostics){
		func(duration types.String, at path.Path, diags *diag.Diagnostics) {
			validDuration.on(duration, at, diags)
		},
		func(duration types.String, _ path.Path, diags *diag.Diagnostics) {
			new(filter).setUnusedFor(duration, diags)
		},
	} {
		checks(t, checkOf("", run), path.Root("unused_for"), map[string]checked{
			"a duration":   {value: text("2160h")},
			"a nanosecond": {value: text("1ns")},
			"no time":      {text("0s"), refused, "longer than zero"},
			"less than it": {text("-1h"), refused, "longer than zero"},
			"no duration":  {text(""), refused, "is not a duration such as 2160h"},
		})
	}
}

func TestCheck_Passwords(t *testing.T) {
	const lacks, space, forms = "Error: Invalid Kafka password at kafka.password", "Error: Invisible character at kafka.password", "Warning: Kafka password with characters that have two forms at kafka.password"
	long := "Aa1-" + strings.Repeat("密", 124)
	rows := map[string]checked{
		"12 characters":              {value: text("Correct-Ho-1")},
		"11 characters":              {text("Correct-H-1"), []string{lacks}, "but this one has 11 characters."},
		"128 characters":             {value: text(long)},
		"129 characters":             {text(long + "密"), []string{lacks}, "but this one has 129 characters."},
		"the first of each kind":     {value: text("AAAA-aaaa-0000")},
		"the last of each kind":      {value: text("ZZZZ-zzzz-9999")},
		"an underscore, and spaces":  {value: text("Between AZ and az 09_")},
		"behind Z":                   {text("[upper-case-1"), []string{lacks}, "one has no upper-case letter from A to Z."},
		"before A":                   {text("@upper-case-1"), []string{lacks}, "one has no upper-case letter from A to Z."},
		"behind z":                   {text("{LOWER-CASE-1"), []string{lacks}, "one has no lower-case letter from a to z."},
		"before a":                   {text("`LOWER-CASE-1"), []string{lacks}, "one has no lower-case letter from a to z."},
		"before 0":                   {text("/No-digits:here"), []string{lacks}, "one has no digit."},
		"nothing special":            {text("Nothing Special 1"), []string{lacks}, "one has no special character."},
		"letters of other alphabets": {text("密密1密密1密密1密密1"), []string{lacks}, "one has no upper-case letter from A to Z and has no lower-case letter from a to z and has no special character."},
		"empty":                      {value: text("")},
		"null":                       {value: null},
		"not known":                  {value: later},
		"a line break at the end":    {text("Correct-Horse-1\n"), []string{space}, "The Kafka password has a line break"},
		"a space ahead":              {text(" Correct-Horse-1"), []string{space}, ""},
		"a byte order mark":          {text("\ufeffCorrect-Horse-1"), []string{space}, ""},
		"a control character":        {text("Correct-\x07Horse-1"), []string{space}, ""},
		"a mark is nothing special":  {text("\ufeffCorrectHorse1"), []string{lacks, space}, "no special character"},
		"short, with a tab":          {text("Short\t"), []string{lacks, space}, "has 6 characters"},
		"composed":                   {text("Café-Horse-1"), []string{forms}, ""},
		"decomposed":                 {text("Cafe\u0301-Horse-1"), []string{forms}, ""},
	}
	checks(t, validPassword, kafkaPath.AtName("password"), rows)
	for name, row := range rows {
		t.Run(name+", not repeated", func(t *testing.T) {
			var diags diag.Diagnostics
			validPassword.on(row.value, kafkaPath.AtName("password"), &diags)
			for _, d := range diags {
				if password, _ := row.value.(types.String); strings.Contains(d.Detail(), strings.TrimSpace(password.ValueString())) {
					t.Errorf("the password is repeated: %s", d.Detail())
				}
			}
		})
	}
}

func TestCheck_Addresses(t *testing.T) {
	// 66 addresses of 14 characters, 65 commas and one address more.
	most := func(last string) attr.Value {
		addresses := []any{last}
		for i := range 66 {
			addresses = append(addresses, fmt.Sprintf("100.100.100.%d", 10+i))
		}
		return textsOf(addresses...)
	}
	refused := func(address string) []string {
		return []string{fmt.Sprintf("Error: Invalid address at kafka.whitelist_ips[Value(%q)]", address)}
	}
	checks(t, validAddresses, kafkaPath.AtName("whitelist_ips"), map[string]checked{
		"of every kind":     {value: textsOf("10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.1/32")},
		"one not known":     {textsOf(later, "none"), refused("none"), `"none" is neither an IPv4 address`},
		"of another kind":   {textsOf("::1"), refused("::1"), ""},
		"ranges of another": {textsOf("2001:db8::/32"), refused("2001:db8::/32"), ""},
		"longer than any":   {textsOf("10.0.0.0/33"), refused("10.0.0.0/33"), ""},
		"1000 characters":   {value: most("10.0.0.1/8")},
		"1001 characters":   {most("10.0.0.1/16"), []string{"Error: Too many addresses at kafka.whitelist_ips"}, "have 1001 characters; Streamkap accepts 1000"},
	})
}

func TestCheck_Rules(t *testing.T) {
	acl := func(name, operation, resource, pattern any) attr.Value {
		attributes := map[string]attr.Value{}
		for attribute, value := range map[string]any{"name": name, "operation": operation, "resource": resource, "pattern_type": pattern} {
			if value, ok := value.(string); ok {
				attributes[attribute] = text(value)
				continue
			}
			attributes[attribute], _ = value.(attr.Value)
		}
		return types.ObjectValueMust(aclType.AttrTypes, attributes)
	}
	list := func(rules ...attr.Value) attr.Value { return types.ListValueMust(aclType, rules) }
	const topic, group, literal, prefixed = streamkap.ResourceTopic, streamkap.ResourceGroup, streamkap.PatternLiteral, streamkap.PatternPrefixed
	at := func(summary, attribute string) []string { return []string{summary + " at kafka.acl[0]." + attribute} }
	twice := func(i int) string { return fmt.Sprintf("Error: Duplicate rule at kafka.acl[%d].name", i) }
	a, b := acl("a", "READ", topic, literal), acl("b", "READ", topic, literal)
	checks(t, validRules, kafkaPath.AtName("acl"), map[string]checked{
		"a topic is read":            {value: list(acl("orders", "READ", topic, literal))},
		"all is allowed":             {value: list(acl("*", "ALL", topic, literal))},
		"a group is read":            {value: list(acl("orders", "READ", group, prefixed))},
		"a group is written":         {list(acl("orders", "WRITE", group, literal)), at("Error: Invalid operation", "operation"), ""},
		"another kind of resource":   {list(acl("orders", "WRITE", "CLUSTER", literal)), at("Error: Invalid resource of a rule", "resource"), "ignore_changes"},
		"no name":                    {list(acl("", "READ", topic, literal)), at("Error: Invalid name of a rule", "name"), ""},
		"a name of a space":          {list(acl(" ", "READ", topic, literal)), at("Error: Invisible character", "name"), ""},
		"a no-break space at an end": {list(acl("orders\u00a0", "READ", topic, literal)), at("Error: Invisible character", "name"), ""},
		"a line break, and a star":   {list(acl("or\nders*", "READ", group, literal)), at("Error: Invisible character", "name"), ""},
		"any name, as a beginning":   {list(acl("*", "READ", topic, prefixed)), at("Warning: Asterisk is no wildcard here", "name"), "For every name, set pattern_type"},
		"one name with an asterisk":  {list(acl("o*", "READ", topic, literal)), at("Warning: Asterisk is no wildcard here", "name"), ""},
		"an asterisk in the middle":  {value: list(acl("*o", "READ", topic, literal))},
		"a beginning that ends in *": {list(acl("o*", "READ", topic, prefixed)), at("Warning: Asterisk is no wildcard here", "name"), `For every name that begins with "o"`},
		"neither name nor operation": {list(acl("", "", topic, literal)), []string{at("Error: Invalid name of a rule", "name")[0], at("Error: Invalid operation", "operation")[0]}, ""},
		"the second is there":        {list(a, b, b), []string{twice(2)}, "acl blocks 2 and 3,"},
		"it is there once more":      {list(b, a, a, a), []string{twice(2), twice(3)}, "acl blocks 2 and 3,"},
		"the first is there":         {list(a, b, a), []string{twice(2)}, "acl blocks 1 and 3,"},
		"it is there after another":  {list(acl(later, "READ", topic, literal), a, a), []string{twice(2)}, "acl blocks 2 and 3,"},
		"known only at the apply": {value: list(
			acl(later, "READ", topic, literal), acl(later, "READ", topic, literal), acl(null, "READ", topic, literal), acl("a", later, topic, literal), acl("a", null, topic, literal),
			types.ObjectUnknown(aclType.AttrTypes), types.ObjectNull(aclType.AttrTypes),
		)},
	})
}

func TestCheck_Blocks(t *testing.T) {
	block := func(attributes map[string]attr.Value) attr.Value {
		kinds := map[string]attr.Type{}
		for name, value := range attributes {
			kinds[name] = value.Type(t.Context())
		}
		return types.ObjectValueMust(kinds, attributes)
	}
	at, none := path.Root("block"), types.SetNull(types.StringType)
	tools := func(allowed, blocked attr.Value) attr.Value {
		return block(map[string]attr.Value{"allowed_tools": allowed, "blocked_tools": blocked})
	}
	checks(t, kafkaAttributes, at, map[string]checked{
		"a username":          {value: block(map[string]attr.Value{"username": text("orders")})},
		"a username of later": {value: block(map[string]attr.Value{"username": later})},
		"no username":         {block(map[string]attr.Value{"username": null}), []string{"Error: Kafka username missing at block.username"}, ""},
		"no block":            {value: types.ObjectNull(nil)},
		"a block of later":    {value: types.ObjectUnknown(nil)},
	})
	checks(t, longerThanZero, at, map[string]checked{
		"timeouts":          {value: block(map[string]attr.Value{"a": text("1ns"), "b": null, "c": later})},
		"no time":           {block(map[string]attr.Value{"a": text("0s"), "b": text("20m")}), []string{"Error: Invalid timeout at block.a"}, ""},
		"none, and no time": {block(map[string]attr.Value{"a": null, "b": later, "c": text("0s")}), []string{"Error: Invalid timeout at block.c"}, ""},
		"less than no time": {block(map[string]attr.Value{"a": text("-1s")}), []string{"Error: Invalid timeout at block.a"}, ""},
		"no duration":       {value: block(map[string]attr.Value{"a": text("later")})}, // the library refuses it
	})
	checks(t, oneToolList, at, map[string]checked{
		"a block list without use":   {tools(textsOf("a"), textsOf("b")), []string{"Warning: Block list without effect at block.blocked_tools"}, ""},
		"a list of allowed tools":    {value: tools(textsOf("a"), none)},
		"a list of blocked tools":    {value: tools(none, textsOf("b"))},
		"a list of later":            {value: tools(types.SetUnknown(types.StringType), textsOf("b"))},
		"a block without such lists": {value: block(map[string]attr.Value{"allowed_tools": textsOf("a")})},
	})
}

// TestCheck_Recipients has some that only an apply knows, and one that may be a secret,
// which no path may hold.
func TestCheck_Recipients(t *testing.T) {
	const at, invisible, secret = "Error: Invalid recipient at secret_recipients", "Error: Invisible character at secret_recipients", "AGE-SECRET-KEY-1NOTAREALONE"
	many := func(n int) attr.Value {
		return types.SetValueMust(types.StringType, slices.Repeat([]attr.Value{text(aRecipient)}, n))
	}
	checks(t, validRecipients, recipientsPath, map[string]checked{
		"one":                             {value: textsOf(aRecipient)},
		"none that is known":              {value: textsOf(later, null)},
		"none, behind one not known":      {textsOf(later, null, "age1nonsense"), []string{at + `[Value("age1nonsense")]`}, ""},
		"none, behind another":            {textsOf(aRecipient, "age1nonsense"), []string{at + `[Value("age1nonsense")]`}, ""},
		"a secret":                        {textsOf(secret), []string{at}, ""},
		"a secret with a byte order mark": {textsOf("\ufeff" + secret + "\n"), []string{at}, ""},
		"one with a line break":           {textsOf(aRecipient + "\n"), []string{invisible + `[Value("` + aRecipient + `\n")]`}, ""},
		"one with a byte order mark":      {textsOf("\ufeff" + aRecipient), []string{invisible + `[Value("\ufeff` + aRecipient + `")]`}, ""},
		"as many as there may be":         {value: many(encrypt.MaxRecipients)},
		"one too many":                    {many(encrypt.MaxRecipients + 1), []string{"Error: Too many recipients at secret_recipients"}, ""},
	})
}

// TestCheck_KindsOfKafkaPassword counts one that is empty as not given.
func TestCheck_KindsOfKafkaPassword(t *testing.T) {
	one, none := types.Int64Value(1), types.Int64Null()
	two, version := []string{"Error: Two kinds of Kafka password at kafka.password"}, []string{"Error: Version of the Kafka password missing at kafka.password_wo"}
	block := func(password, writeOnly, version attr.Value) attr.Value {
		kinds := map[string]attr.Type{"username": types.StringType, "password": types.StringType, "password_wo": types.StringType, "password_wo_version": types.Int64Type}
		return types.ObjectValueMust(kinds, map[string]attr.Value{"username": text("orders"), "password": password, "password_wo": writeOnly, "password_wo_version": version})
	}
	checks(t, kafkaAttributes, kafkaPath, map[string]checked{
		"none":                               {value: block(null, null, none)},
		"a password":                         {value: block(text("a"), null, none)},
		"a write-only one":                   {value: block(null, text("a"), one)},
		"a version alone":                    {value: block(null, null, one)},
		"both":                               {block(text("a"), text("b"), one), two, ""},
		"both, without a version":            {block(text("a"), text("b"), none), two, ""},
		"a password and a version":           {block(text("a"), null, one), two, ""},
		"a password and an empty one":        {value: block(text("a"), text(""), none)},
		"an empty one and a write-only one":  {value: block(text(""), text("a"), one)},
		"a write-only one without a version": {block(null, text("a"), none), version, ""},
		"one of later without a version":     {value: block(null, later, none)},
		"an empty one without a version":     {value: block(null, text(""), none)},
		"both, of which one is of later":     {value: block(later, text("a"), one)},
	})
}
