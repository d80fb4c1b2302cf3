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

func expect(t *testing.T, what string, diags diag.Diagnostics, want ...string) {
	t.Helper()
	if got := told(diags); !slices.Equal(got, want) {
		t.Errorf("%s: told %q, expected %q", what, got, want)
	}
}

func TestValidate_Passwords(t *testing.T) {
	long := "Aa1-" + strings.Repeat("é", 124)
	for password, lacks := range map[string]string{
		"Correct-Ho-1":          "",
		"Correct-H-1":           "has 11 characters",
		long:                    "",
		long + "é":              "has 129 characters",
		"AAAA-aaaa-0000":        "",
		"ZZZZ-zzzz-9999":        "",
		"[upper-case-1":         "has no upper-case letter from A to Z",
		"@upper-case-1":         "has no upper-case letter from A to Z",
		"É-écoles-12345":        "has no upper-case letter from A to Z",
		"{LOWER-CASE-1":         "has no lower-case letter from a to z",
		"`LOWER-CASE-1":         "has no lower-case letter from a to z",
		"/No-digits:here":       "has no digit",
		"Nothing Special 1":     "has no special character",
		"Éé1Éé1Éé1Éé1":          "has no upper-case letter from A to Z and has no lower-case letter from a to z and has no special character",
		"":                      "has 0 characters and has no upper-case letter from A to Z and has no lower-case letter from a to z and has no digit and has no special character",
		"Between AZ and az 09_": "",
	} {
		if got := passwordLacks(password); got != lacks {
			t.Errorf("%q %s, expected %q", password, got, lacks)
		}
	}
}

func TestValidate_PasswordsOfTwoForms(t *testing.T) {
	at := kafkaPath.AtName("password")
	const space, forms = "Error: Invisible character at kafka.password", "Warning: Kafka password with characters that have two forms at kafka.password"
	for _, test := range []struct {
		password types.String
		want     []string
	}{
		{types.StringValue("Correct-Horse-1"), nil},
		{types.StringValue("Correct Horse 1!"), nil},
		{types.StringValue("Correct-Horse-1\n"), []string{space}},
		{types.StringValue(" Correct-Horse-1"), []string{space}},
		{types.StringValue("Café-Horse-1"), []string{forms}},
		{types.StringValue("Cafe\u0301-Horse-1"), []string{forms}},
		{types.StringValue("\ufeffCorrect-Horse-1"), []string{space}},
		{types.StringValue("Correct-\x07Horse-1"), []string{space}},
		{types.StringValue("\ufeffCorrectHorse1"), []string{"Error: Invalid Kafka password at kafka.password", space}},
		{types.StringValue(""), nil},
		{types.StringValue("Short\t"), []string{"Error: Invalid Kafka password at kafka.password", space}},
		{types.StringNull(), nil},
		{types.StringUnknown(), nil},
	} {
		var diags diag.Diagnostics
		validPassword.on(test.password, at, &diags)
		expect(t, test.password.String(), diags, test.want...)
		for _, d := range diags {
			if test.password.ValueString() != "" && strings.Contains(d.Detail(), strings.TrimSpace(test.password.ValueString())) {
				t.Errorf("the password is repeated: %s", d.Detail())
			}
		}
	}
}

func TestValidate_Addresses(t *testing.T) {
	at := kafkaPath.AtName("whitelist_ips")
	// 66 addresses of 14 characters, 65 commas and one address more.
	most := func(last string) types.Set {
		var addresses []attr.Value
		for i := range 66 {
			addresses = append(addresses, types.StringValue(fmt.Sprintf("100.100.100.%d", 10+i)))
		}
		return types.SetValueMust(types.StringType, append(addresses, types.StringValue(last)))
	}
	refused := func(address string) string {
		return "Error: Invalid address at " + at.AtSetValue(types.StringValue(address)).String()
	}
	for name, test := range map[string]struct {
		addresses types.Set
		want      []string
	}{
		"of every kind":     {stringSet([]string{"10.0.0.1", "10.0.0.0/8", "0.0.0.0/0", "10.0.0.1/32"}), nil},
		"none":              {types.SetNull(types.StringType), nil},
		"not known":         {types.SetUnknown(types.StringType), nil},
		"one not known":     {types.SetValueMust(types.StringType, []attr.Value{types.StringUnknown(), types.StringValue("none")}), []string{refused("none")}},
		"of another kind":   {stringSet([]string{"::1"}), []string{refused("::1")}},
		"ranges of another": {stringSet([]string{"2001:db8::/32"}), []string{refused("2001:db8::/32")}},
		"longer than any":   {stringSet([]string{"10.0.0.0/33"}), []string{refused("10.0.0.0/33")}},
		"1000 characters":   {most("10.0.0.1/8"), nil},
		"1001 characters":   {most("10.0.0.1/16"), []string{"Error: Too many addresses at kafka.whitelist_ips"}},
	} {
		var diags diag.Diagnostics
		validAddresses.on(test.addresses, at, &diags)
		expect(t, name, diags, test.want...)
		if strings.HasPrefix(name, "1001") && !strings.Contains(diags[0].Detail(), "have 1001 characters; Streamkap accepts 1000") {
			t.Error(diags[0].Detail())
		}
	}
}

func TestValidate_Rules(t *testing.T) {
	const at = "kafka.acl[0]."
	rule := func(name, operation, resource, pattern string) streamkap.ACL {
		return streamkap.ACL{Name: name, Operation: operation, Resource: resource, PatternType: pattern}
	}
	topic, group, literal, prefixed := streamkap.ResourceTopic, streamkap.ResourceGroup, streamkap.PatternLiteral, streamkap.PatternPrefixed
	for name, test := range map[string]struct {
		rule streamkap.ACL
		want []string
	}{
		"a topic is read":            {rule("orders", "READ", topic, literal), nil},
		"all is allowed":             {rule("*", "ALL", topic, literal), nil},
		"a group is read":            {rule("orders", "READ", group, prefixed), nil},
		"a group is written":         {rule("orders", "WRITE", group, literal), []string{"Error: Invalid operation at " + at + "operation"}},
		"another kind of resource":   {rule("orders", "WRITE", "CLUSTER", literal), []string{"Error: Invalid resource of a rule at " + at + "resource"}},
		"no name":                    {rule("", "READ", topic, literal), []string{"Error: Invalid name of a rule at " + at + "name"}},
		"a name of a space":          {rule(" ", "READ", topic, literal), []string{"Error: Invisible character at " + at + "name"}},
		"a no-break space at an end": {rule("orders\u00a0", "READ", topic, literal), []string{"Error: Invisible character at " + at + "name"}},
		"a line break, and a star":   {rule("or\nders*", "READ", group, literal), []string{"Error: Invisible character at " + at + "name"}},
		"any name, as a beginning":   {rule("*", "READ", topic, prefixed), []string{"Warning: Asterisk is no wildcard here at " + at + "name"}},
		"one name with an asterisk":  {rule("o*", "READ", topic, literal), []string{"Warning: Asterisk is no wildcard here at " + at + "name"}},
		"an asterisk in the middle":  {rule("*o", "READ", topic, literal), nil},
		"a beginning that ends in *": {rule("o*", "READ", topic, prefixed), []string{"Warning: Asterisk is no wildcard here at " + at + "name"}},
	} {
		var diags diag.Diagnostics
		validRules.on(ruleList([]streamkap.ACL{test.rule}), kafkaPath.AtName("acl"), &diags)
		expect(t, name, diags, test.want...)
	}
	twice := ruleList([]streamkap.ACL{aRule("a"), aRule("b"), aRule("b"), aRule("b"), aRule("a")})
	var diags diag.Diagnostics
	validRules.on(twice, kafkaPath.AtName("acl"), &diags)
	expect(t, "rules that are there before", diags,
		"Error: Duplicate rule at kafka.acl[2].name", "Error: Duplicate rule at kafka.acl[3].name", "Error: Duplicate rule at kafka.acl[4].name")
	for i, blocks := range []string{"acl blocks 2 and 3,", "acl blocks 2 and 4,", "acl blocks 1 and 5,"} {
		if detail := diags[i].Detail(); !strings.Contains(detail, blocks) {
			t.Errorf("%s lacks %s", detail, blocks)
		}
	}
}

// TestValidate_PartlyUnknownRules has values that only an
// apply knows.
func TestValidate_PartlyUnknownRules(t *testing.T) {
	of := func(name, operation attr.Value) attr.Value {
		return types.ObjectValueMust(aclType.AttrTypes, map[string]attr.Value{
			"name": name, "operation": operation, "resource": types.StringValue("TOPIC"), "pattern_type": types.StringValue("LITERAL"),
		})
	}
	null, unknown, given := types.StringNull(), types.StringUnknown(), types.StringValue("READ")
	rules := []attr.Value{
		of(unknown, given), of(unknown, given), of(null, given), of(types.StringValue("a"), unknown), of(types.StringValue("a"), null),
		types.ObjectUnknown(aclType.AttrTypes), types.ObjectNull(aclType.AttrTypes), of(types.StringValue(""), types.StringValue("")),
	}
	var diags diag.Diagnostics
	validRules.on(types.ListValueMust(aclType, rules), kafkaPath.AtName("acl"), &diags)
	expect(t, "rules", diags, "Error: Invalid name of a rule at kafka.acl[7].name", "Error: Invalid operation at kafka.acl[7].operation")
}

func TestValidate_Blocks(t *testing.T) {
	block := func(attributes map[string]attr.Value) types.Object {
		kinds := map[string]attr.Type{}
		for name, value := range attributes {
			kinds[name] = value.Type(t.Context())
		}
		return types.ObjectValueMust(kinds, attributes)
	}
	text, list := types.StringValue, func(items ...string) attr.Value { return stringSet(items) }
	none := types.SetNull(types.StringType)
	for name, test := range map[string]struct {
		check check
		block types.Object
		want  []string
	}{
		"a username":                 {kafkaAttributes, block(map[string]attr.Value{"username": text("orders")}), nil},
		"a username of later":        {kafkaAttributes, block(map[string]attr.Value{"username": types.StringUnknown()}), nil},
		"no username":                {kafkaAttributes, block(map[string]attr.Value{"username": types.StringNull()}), []string{"Error: Kafka username missing at block.username"}},
		"no block":                   {kafkaAttributes, types.ObjectNull(nil), nil},
		"a block of later":           {kafkaAttributes, types.ObjectUnknown(nil), nil},
		"timeouts":                   {longerThanZero, block(map[string]attr.Value{"a": text("1ns"), "b": types.StringNull(), "c": types.StringUnknown()}), nil},
		"no time":                    {longerThanZero, block(map[string]attr.Value{"a": text("0s"), "b": text("20m")}), []string{"Error: Invalid timeout at block.a"}},
		"less than no time":          {longerThanZero, block(map[string]attr.Value{"a": text("-1s")}), []string{"Error: Invalid timeout at block.a"}},
		"no duration":                {longerThanZero, block(map[string]attr.Value{"a": text("later")}), nil}, // the library refuses it
		"a block list without use":   {oneToolList, block(map[string]attr.Value{"allowed_tools": list("a"), "blocked_tools": list("b")}), []string{"Warning: Block list without effect at block.blocked_tools"}},
		"a list of allowed tools":    {oneToolList, block(map[string]attr.Value{"allowed_tools": list("a"), "blocked_tools": none}), nil},
		"a list of blocked tools":    {oneToolList, block(map[string]attr.Value{"allowed_tools": none, "blocked_tools": list("b")}), nil},
		"a list of later":            {oneToolList, block(map[string]attr.Value{"allowed_tools": types.SetUnknown(types.StringType), "blocked_tools": list("b")}), nil},
		"a block without such lists": {oneToolList, block(map[string]attr.Value{"allowed_tools": list("a")}), nil},
	} {
		var diags diag.Diagnostics
		test.check.on(test.block, path.Root("block"), &diags)
		expect(t, name, diags, test.want...)
	}
}

func TestValidate_EmptySets(t *testing.T) {
	for name, test := range map[string]struct {
		set  types.Set
		want []string
	}{
		"empty":     {types.SetValueMust(types.StringType, nil), []string{"Error: Empty set at role_ids"}},
		"one item":  {stringSet([]string{"a"}), nil},
		"not there": {types.SetNull(types.StringType), nil},
		"not known": {types.SetUnknown(types.StringType), nil},
	} {
		var diags diag.Diagnostics
		notEmpty("Name one.").on(test.set, path.Root("role_ids"), &diags)
		expect(t, name, diags, test.want...)
	}
}

func TestValidate_Durations(t *testing.T) {
	const refused = "Error: Invalid duration at unused_for"
	for duration, want := range map[types.String][]string{
		types.StringValue("2160h"): nil, types.StringValue("1ns"): nil, types.StringNull(): nil, types.StringUnknown(): nil,
		types.StringValue("0s"): {refused}, types.StringValue("-1h"): {refused}, types.StringValue("90d"): {refused}, types.StringValue(""): {refused},
	} {
		var diags diag.Diagnostics
		validDuration.on(duration, path.Root("unused_for"), &diags)
		expect(t, duration.String(), diags, want...)
	}
}

// TestValidate_Recipients has some that only an apply knows, and
// one that may be a secret, which no path may hold.
func TestValidate_Recipients(t *testing.T) {
	const valid, at = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", "Error: Invalid recipient at secret_recipients"
	set := func(items ...attr.Value) types.Set { return types.SetValueMust(types.StringType, items) }
	unknown, null, text := types.StringUnknown(), types.StringNull(), func(text string) attr.Value { return types.StringValue(text) }
	for name, test := range map[string]struct {
		set  types.Set
		want []string
	}{
		"one":                                    {set(text(valid)), nil},
		"none that is known":                     {set(unknown, null), nil},
		"one that is none, behind one not known": {set(unknown, null, text("age1nonsense")), []string{at + `[Value("age1nonsense")]`}},
		"a secret":                               {set(text("AGE-SECRET-KEY-1NOTAREALONE")), []string{at}},
		"one that is none, behind another":       {set(text(valid), text("age1nonsense")), []string{at + `[Value("age1nonsense")]`}},
		"one with a line break":                  {set(text(valid + "\n")), []string{strings.Replace(at, "Invalid recipient", "Invisible character", 1) + `[Value("` + valid + `\n")]`}},
		"one with a byte order mark":             {set(text("\ufeff" + valid)), []string{strings.Replace(at, "Invalid recipient", "Invisible character", 1) + `[Value("\ufeff` + valid + `")]`}},
		"a secret with a byte order mark":        {set(text("\ufeffAGE-SECRET-KEY-1NOTAREALONE\n")), []string{at}},
		"as many as there may be":                {set(slices.Repeat([]attr.Value{text(valid)}, encrypt.MaxRecipients)...), nil},
		"one too many":                           {set(slices.Repeat([]attr.Value{text(valid)}, encrypt.MaxRecipients+1)...), []string{"Error: Too many recipients at secret_recipients"}},
		"no set":                                 {types.SetNull(types.StringType), nil},
		"no set yet":                             {types.SetUnknown(types.StringType), nil},
	} {
		var diags diag.Diagnostics
		validRecipients.on(test.set, recipientsPath, &diags)
		expect(t, name, diags, test.want...)
	}
}
