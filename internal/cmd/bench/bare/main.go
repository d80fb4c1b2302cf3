// SPDX-License-Identifier: MPL-2.0

// Command bare is a provider with the schema of streamkap_project_key and no
// logic: it keeps what it is given, and makes no request. It is the least that
// such a resource costs, against which the benchmark measures the real one.
package main

import (
	"context"
	"crypto/rand"
	"log"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/projectkey"
	measured "github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
)

func main() {
	debug := len(os.Args) > 1
	measured.DisableSDKLogs(debug)
	err := providerserver.Serve(context.Background(), func() provider.Provider { return bareProvider{&measured.StreamkapProvider{}} },
		providerserver.ServeOpts{Address: "registry.terraform.io/streamkap-com/streamkap", Debug: debug, ProtocolVersion: 6})
	if err != nil {
		log.Fatal(err)
	}
}

// bareProvider differs from the real one in its resource.
type bareProvider struct{ *measured.StreamkapProvider }

func (bareProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (bareProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return bareResource{} }}
}

type bareResource struct{}

func (bareResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_key"
}

func (bareResource) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	projectkey.NewResource(nil).Schema(ctx, req, resp)
}

func (bareResource) Create(_ context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = complete(req.Plan.Raw)
}

func (bareResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (bareResource) Update(_ context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = complete(req.Plan.Raw)
}

func (bareResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// complete gives an object the values that its plan left unknown: an id, and
// null for the rest. Nothing in a list is unknown.
func complete(value tftypes.Value) tftypes.Value {
	var attributes map[string]tftypes.Value
	if !value.Type().Is(tftypes.Object{}) || !value.IsKnown() || value.IsNull() || value.As(&attributes) != nil {
		return value
	}
	for name, attribute := range attributes {
		switch {
		case attribute.IsKnown():
			attributes[name] = complete(attribute)
		case name == "id":
			attributes[name] = tftypes.NewValue(tftypes.String, rand.Text())
		default:
			attributes[name] = tftypes.NewValue(attribute.Type(), nil)
		}
	}
	return tftypes.NewValue(value.Type(), attributes)
}
