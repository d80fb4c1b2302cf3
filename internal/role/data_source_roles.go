// SPDX-License-Identifier: MPL-2.0

package role

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var _ datasource.DataSourceWithConfigure = &RolesDataSource{}

// RolesDataSource lists the roles.
type RolesDataSource struct {
	client *streamkap.Client
}

// RolesModel is the data source as Terraform sees it.
type RolesModel struct {
	Roles []Model `tfsdk:"roles"`
}

// NewRolesDataSource makes the data source.
func NewRolesDataSource() datasource.DataSource { return &RolesDataSource{} }

// Metadata names the data source.
func (d *RolesDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_roles"
}

// Schema describes the data source.
func (d *RolesDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the roles that project keys can be given. It needs the permission to read roles.",
		Attributes: map[string]schema.Attribute{
			"roles": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The roles, in the order of their keys.",
				NestedObject:        schema.NestedAttributeObject{Attributes: Attributes()},
			},
		},
	}
}

// Configure takes the API client from the provider.
func (d *RolesDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = diagnosis.Client(req.ProviderData, &resp.Diagnostics)
}

// Read lists the roles.
func (d *RolesDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	roles := read(ctx, d.client, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, RolesModel{Roles: ModelsOf(roles)})...)
}
