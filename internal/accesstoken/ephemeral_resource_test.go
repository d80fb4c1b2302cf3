// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/accesstoken"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// A CLI validates before it opens. Open does not rely on that.
func TestOpen_MissingFileIsAnError(t *testing.T) {
	e, _ := accesstoken.NewAccessTokenEphemeralResource().(*accesstoken.AccessTokenEphemeralResource)
	var described ephemeral.SchemaResponse
	e.Schema(t.Context(), ephemeral.SchemaRequest{}, &described)
	var configured ephemeral.ConfigureResponse
	e.Configure(t.Context(), ephemeral.ConfigureRequest{ProviderData: &accesstoken.Clients{
		// Were it asked for a token, it would say that it has no credentials.
		Own: streamkap.New(streamkap.Config{Unusable: streamkap.Unusable("asked")}),
	}}, &configured)

	kind, _ := described.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	for name, own := range map[string]any{"null": nil, "false": false, "unknown": tftypes.UnknownValue} {
		t.Run(name, func(t *testing.T) {
			values := map[string]tftypes.Value{}
			for name, of := range kind.AttributeTypes {
				values[name] = tftypes.NewValue(of, nil)
			}
			values["use_provider_credentials"] = tftypes.NewValue(tftypes.Bool, own)
			var opened ephemeral.OpenResponse
			e.Open(t.Context(), ephemeral.OpenRequest{Config: tfsdk.Config{Raw: tftypes.NewValue(kind, values), Schema: described.Schema}}, &opened)
			if len(opened.Diagnostics) != 1 || opened.Diagnostics[0].Summary() != "Credential file missing" {
				t.Errorf("said %v", opened.Diagnostics)
			}
		})
	}
}
