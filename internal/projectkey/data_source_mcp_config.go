// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ datasource.DataSourceWithConfigure = &mcpConfigDataSource{}

// mcpConfigDataSource reads the scoping that the MCP server enforces.
type mcpConfigDataSource struct{ dataSource }

type mcpConfigModel struct {
	mcpModel

	ProjectKeyID  types.String `tfsdk:"project_key_id"`
	TenantID      types.String `tfsdk:"tenant_id"`
	ServiceID     types.String `tfsdk:"service_id"`
	KafkaUsername types.String `tfsdk:"kafka_username"`
}

// NewMCPConfigDataSource makes the data source.
func NewMCPConfigDataSource() datasource.DataSource {
	return &mcpConfigDataSource{dataSource{name: "mcp_config"}}
}

func (d *mcpConfigDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := map[string]schema.Attribute{
		"project_key_id": schema.StringAttribute{
			Required:            true,
			MarkdownDescription: "Id of the key.",
			Validators:          []validator.String{plausibleID},
		},
		"tenant_id":      computedTextAttribute("Id of the tenant that the key belongs to."),
		"service_id":     computedTextAttribute("Id of the project that the key belongs to."),
		"kafka_username": computedTextAttribute("SASL username of the key; null for an API-only key."),
	}
	maps.Copy(attributes, schemaOf([]shown{toolProfile, allowedTools, blockedTools}))
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads which tools an AI agent that uses a project key may call, as Streamkap's MCP server enforces it. " +
			"What a credential file says of it is for reference only.",
		Attributes: attributes,
	}
}

func (d *mcpConfigDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data mcpConfigModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	if resp.Diagnostics.HasError() {
		return
	}
	id := data.ProjectKeyID.ValueString()
	config, err := d.client.MCPConfig(ctx, id)
	if err != nil {
		explainRead(path.Root("project_key_id"), id, err, &resp.Diagnostics)
		return
	}
	data.TenantID, data.ServiceID = types.StringValue(config.TenantID), types.StringValue(config.ServiceID)
	data.KafkaUsername = stringOrNull(config.KafkaUsername)
	data.mcpModel = mcpModel{stringOrNull(config.ToolProfile), stringSet(config.AllowedTools), stringSet(config.BlockedTools)}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
