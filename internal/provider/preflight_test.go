// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestPreflightModeOfArgumentAndEnvironment(t *testing.T) {
	for _, test := range []struct {
		name     string
		argument types.String
		env      string
		want     string
		refused  bool
	}{
		{name: "neither", argument: types.StringNull(), want: "off"},
		{name: "the environment", argument: types.StringNull(), env: "error", want: "error"},
		{name: "an argument beats the environment", argument: types.StringValue("warn"), env: "error", want: "warn"},
		{name: "an argument turns off what the environment asks for", argument: types.StringValue("off"), env: "error", want: "off"},
		{name: "an argument that is not known yet", argument: types.StringUnknown(), env: "error", want: "off"},
		{name: "a mode that is none", argument: types.StringNull(), env: "strict", want: "strict", refused: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			var diags diag.Diagnostics
			got := preflightMode(test.argument, func(string) string { return test.env }, &diags)
			if got != test.want || diags.HasError() != test.refused {
				t.Errorf("%q, %v", got, diags)
			}
		})
	}
}
