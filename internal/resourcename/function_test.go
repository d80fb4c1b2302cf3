// SPDX-License-Identifier: MPL-2.0

package resourcename_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/resourcename"
)

func call(name, id string) (string, *function.FuncError) {
	resp := function.RunResponse{Result: function.NewResultData(types.StringUnknown())}
	resourcename.NewResourceNameFunction().Run(context.Background(),
		function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(name), types.StringValue(id)})}, &resp)
	text, _ := resp.Result.Value().(types.String)
	return text.ValueString(), resp.Error
}

func TestNamesBecomeIdentifiers(t *testing.T) {
	for name, want := range map[string]string{
		"orders-consumer":        "orders_consumer_",
		"Orders & Billing (EU)":  "orders_billing_eu_",
		"1-permission":           "key_1_permission_",
		"--dashes--":             "dashes_",
		"Köln Straße ﬁ":          "koln_stra_e_fi_",
		"пароль 7":               "key_7_",
		"密码":                     "key_",
		"":                       "key_",
		"a\nb\"${c}%{if}":        "a_b_c_if_",
		strings.Repeat("x", 100): strings.Repeat("x", 100) + "_",
	} {
		got, err := call(name, "an-id")
		if err != nil || !strings.HasPrefix(got, want) || len(got) != len(want)+8 {
			t.Errorf("%q becomes %q (%v), expected %q and eight characters", name, got, err, want)
		}
		if !hclsyntax.ValidIdentifier(got) {
			t.Errorf("%q is no identifier", got)
		}
	}
}

// Ids that begin alike, as those that hold a time do, make different names.
func TestTwinsAreToldApart(t *testing.T) {
	seen := map[string]string{}
	for _, id := range []string{"65e94bbe0000000000000001", "65e94bbe0000000000000002", "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10", "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a11"} {
		name, _ := call("orders", id)
		if other, taken := seen[name]; taken {
			t.Errorf("%s and %s are both called %s", id, other, name)
		}
		seen[name] = id
	}
	first, _ := call("orders", "an-id")
	if second, _ := call("orders", "an-id"); first != second {
		t.Errorf("the same key is called %s and %s", first, second)
	}
}

func TestAnEmptyIDIsRefused(t *testing.T) {
	if _, err := call("orders", ""); err == nil || err.FunctionArgument == nil || *err.FunctionArgument != 1 {
		t.Errorf("the error is %v", err)
	}
}
