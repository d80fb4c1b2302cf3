// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// other stands in for Streamkap's own provider: it has the same type prefix,
// and a resource that this provider does not know.
type other struct{}

func newOther() provider.Provider { return other{} }

func (other) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "streamkap"
}

func (other) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (other) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (other) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (other) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return tag{} }}
}

// tag keeps what it is given, and talks to nobody.
type tag struct{}

type tagModel struct {
	ID   types.String `tfsdk:"id"`
	Name types.String `tfsdk:"name"`
	Type types.List   `tfsdk:"type"`
}

func (tag) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = "streamkap_tag"
}

func (tag) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{
		"id":   schema.StringAttribute{Computed: true},
		"name": schema.StringAttribute{Required: true},
		"type": schema.ListAttribute{Required: true, ElementType: types.StringType},
	}}
}

func (tag) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var model tagModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &model)...)
	model.ID = types.StringValue("made-by-the-other-provider")
	resp.Diagnostics.Append(resp.State.Set(ctx, model)...)
}

func (tag) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (tag) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

func (tag) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
