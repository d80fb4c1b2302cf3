// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestCheck_Texts(t *testing.T) {
	text, names := types.StringValue, func(items ...string) attr.Value { return stringSet(items) }
	for name, test := range map[string]struct {
		check check
		value attr.Value
		says  string // in the only error
	}{
		"a name":                          {validName, text("Prüfer & 密"), ""},
		"a name of 100 characters":        {validName, text(strings.Repeat("é", 100)), ""},
		"a name of 101 characters":        {validName, text(strings.Repeat("é", 101)), "1 to 100 characters, and this one has 101"},
		"a long name with a line break":   {validName, text(strings.Repeat("a", 101) + "\n"), "The name has a line break"},
		"an empty name":                   {validName, text(""), "this one has 0"},
		"a name of white space":           {validName, text(" "), "a space (U+0020)"},
		"a name that is not known":        {validName, types.StringUnknown(), ""},
		"a name that is null":             {validName, types.StringNull(), ""},
		"a username":                      {validUsername, text("a-1"), ""},
		"a username of 24":                {validUsername, text(strings.Repeat("a", 24)), ""},
		"a username of 25":                {validUsername, text(strings.Repeat("a", 25)), "3 to 24 characters"},
		"a username of 2":                 {validUsername, text("ab"), `This one is "ab", of 2 characters`},
		"a username with a hyphen ahead":  {validUsername, text("-abc"), "no hyphen at either end"},
		"a username with a line break":    {validUsername, text("orders\n"), "a line break (U+000A), as its last character"},
		"tools":                           {items("tool names"), names("a", "b"), ""},
		"an empty tool":                   {items("tool names"), names("a", ""), "is an empty text"},
		"a tool with a byte order mark":   {items("tool names"), names("\ufeffa"), "One of the tool names has a byte order mark (U+FEFF)"},
		"tools that are not known or not": {items("tool names"), types.SetValueMust(types.StringType, []attr.Value{types.StringUnknown(), types.StringNull()}), ""},
		"a status":                        {validStatus, text("DELETE-FAILED"), ""},
		"no status":                       {validStatus, text(""), ""},
		"a status that no key has":        {validStatus, text("Activ"), "A key is Active, Creating, Failed, Deleting or Delete Failed"},
		"a regular expression":            {validRegex, text(""), ""},
		"half a regular expression":       {validRegex, text("("), "missing closing )"},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			test.check.on(test.value, path.Root("x"), &diags)
			if test.says == "" && len(diags) > 0 || test.says != "" && (len(diags) != 1 || !strings.Contains(diags[0].Detail(), test.says)) {
				t.Errorf("told %v, expected %q", diags, test.says)
			}
		})
	}
}

// TestCheck_KindsOfKafkaPassword counts one that is empty as not given.
func TestCheck_KindsOfKafkaPassword(t *testing.T) {
	const two, version = "Error: Two kinds of Kafka password at kafka.password", "Error: Version of the Kafka password missing at kafka.password_wo"
	text, null, later := types.StringValue, types.StringNull(), types.StringUnknown()
	one, none := types.Int64Value(1), types.Int64Null()
	for name, test := range map[string]struct {
		password, writeOnly types.String
		version             types.Int64
		want                []string
	}{
		"none":                               {null, null, none, nil},
		"a password":                         {text("a"), null, none, nil},
		"a write-only one":                   {null, text("a"), one, nil},
		"a version alone":                    {null, null, one, nil},
		"both":                               {text("a"), text("b"), one, []string{two}},
		"both, without a version":            {text("a"), text("b"), none, []string{two}},
		"a password and a version":           {text("a"), null, one, []string{two}},
		"a password and an empty one":        {text("a"), text(""), none, nil},
		"an empty one and a write-only one":  {text(""), text("a"), one, nil},
		"a write-only one without a version": {null, text("a"), none, []string{version}},
		"one of later without a version":     {null, later, none, nil},
		"an empty one without a version":     {null, text(""), none, nil},
		"both, of which one is of later":     {later, text("a"), one, nil},
	} {
		t.Run(name, func(t *testing.T) {
			kinds := map[string]attr.Type{"username": types.StringType, "password": types.StringType, "password_wo": types.StringType, "password_wo_version": types.Int64Type}
			block := types.ObjectValueMust(kinds, map[string]attr.Value{
				"username": text("orders"), "password": test.password, "password_wo": test.writeOnly, "password_wo_version": test.version,
			})
			var diags diag.Diagnostics
			kafkaAttributes.on(block, kafkaPath, &diags)
			expect(t, name, diags, test.want...)
		})
	}
}
