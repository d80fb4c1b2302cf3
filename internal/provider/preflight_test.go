// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestPreflight_OfArgumentAndEnvironment(t *testing.T) {
	for name, test := range map[string]struct {
		argument types.Bool
		env      string
		want     bool
		refused  bool
	}{
		"neither":                                   {argument: types.BoolNull()},
		"the environment":                           {argument: types.BoolNull(), env: "true", want: true},
		"the environment turns it off":              {argument: types.BoolNull(), env: "false"},
		"white space around it":                     {argument: types.BoolNull(), env: " true\n", want: true},
		"nothing but white space":                   {argument: types.BoolNull(), env: " "},
		"an argument":                               {argument: types.BoolValue(true), want: true},
		"an argument wins over the environment":     {argument: types.BoolValue(false), env: "true"},
		"an argument wins over a wrong environment": {argument: types.BoolValue(true), env: "warn", want: true},
		"an argument that is not known yet":         {argument: types.BoolUnknown(), env: "true"},
		"another word":                              {argument: types.BoolNull(), env: "warn", refused: true},
		"another spelling":                          {argument: types.BoolNull(), env: "TRUE", refused: true},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			got := checksPlans(test.argument, func(string) string { return test.env }, &diags)
			if got != test.want || diags.HasError() != test.refused {
				t.Errorf("%t, %v", got, diags)
			}
			if test.refused && !strings.Contains(diags[0].Detail(), `STREAMKAP_PREFLIGHT is "`+test.env+`". Set it to true`) {
				t.Error(diags)
			}
		})
	}
}
