// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"crypto/rand"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/projectkey"
)

// bareResource keeps what it is given.
type bareResource struct{}

func (bareResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_project_key"
}

func (bareResource) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	(&projectkey.ProjectKeyResource{}).Schema(ctx, req, resp)
	resp.Schema.Attributes = withoutValidators(resp.Schema.Attributes)
	resp.Schema.Blocks = blocksWithoutValidators(resp.Schema.Blocks)
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
// null for the rest. It looks into objects and not into lists, which hold
// nothing unknown.
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
