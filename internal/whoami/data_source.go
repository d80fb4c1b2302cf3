// SPDX-License-Identifier: MPL-2.0

// Package whoami is the data source streamkap_whoami: whom the provider's
// credentials belong to.
package whoami

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var _ datasource.DataSourceWithConfigure = &WhoAmIDataSource{}

// WhoAmIDataSource shows whom the provider's credentials belong to.
type WhoAmIDataSource struct {
	client *streamkap.Client
}

// WhoAmIModel is the data source as Terraform sees it.
type WhoAmIModel struct {
	TenantID     types.String `tfsdk:"tenant_id"`
	ServiceID    types.String `tfsdk:"service_id"`
	Subject      types.String `tfsdk:"subject"`
	TokenType    types.String `tfsdk:"token_type"`
	ProjectKeyID types.String `tfsdk:"project_key_id"`
}

// NewWhoAmIDataSource makes the data source.
func NewWhoAmIDataSource() datasource.DataSource { return &WhoAmIDataSource{} }

// Metadata names the data source.
func (d *WhoAmIDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_whoami"
}

// Schema describes the data source.
func (d *WhoAmIDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	shown := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Tells whom the provider's credentials belong to, and in which tenant and project they work. " +
			"It needs no permission, so it is also a way to check credentials.",
		Attributes: map[string]schema.Attribute{
			"tenant_id":      shown("Id of the tenant."),
			"service_id":     shown("Id of the project, in which keys are created."),
			"subject":        shown("Who the credentials stand for."),
			"token_type":     shown("What kind of credentials they are, as Streamkap calls it."),
			"project_key_id": shown("Id of the project key that the credentials belong to; null for an API token."),
		},
	}
}

// Configure takes the API client from the provider.
func (d *WhoAmIDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = diagnosis.Client(req.ProviderData, &resp.Diagnostics)
}

// Read asks the service.
func (d *WhoAmIDataSource) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	who, err := d.client.WhoAmI(ctx)
	if err != nil {
		resp.Diagnostics.AddError(diagnosis.Explain(diagnosis.Operation{
			Action:     "ask whom the provider's credentials belong to",
			Permission: "the permission to use the API",
		}, err))
		return
	}
	answer := WhoAmIModel{
		TenantID:  types.StringValue(who.TenantID),
		ServiceID: types.StringValue(who.ServiceID),
		Subject:   types.StringValue(who.Subject),
		TokenType: types.StringValue(who.TokenType),
	}
	if who.ProjectKeyID != "" {
		answer.ProjectKeyID = types.StringValue(string(who.ProjectKeyID))
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, answer)...)
}
