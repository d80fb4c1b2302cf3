// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var _ datasource.DataSourceWithConfigure = &keysDataSource{}

type keysDataSource struct{ dataSource }

type keysModel struct {
	NameRegex   types.String   `tfsdk:"name_regex"`
	Status      types.String   `tfsdk:"status"`
	ServiceID   types.String   `tfsdk:"service_id"`
	UnusedFor   types.String   `tfsdk:"unused_for"`
	ProjectKeys []types.Object `tfsdk:"project_keys"`
}

// NewKeysDataSource makes the data source.
func NewKeysDataSource() datasource.DataSource {
	return &keysDataSource{dataSource{name: "project_keys"}}
}

func (d *keysDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the project keys of the whole tenant, or those of them that match every argument given.",
		Attributes: map[string]schema.Attribute{
			"name_regex": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: nameRegexDescription,
				Validators:          []validator.String{validRegex},
			},
			"status": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: statusDescription,
				Validators:          []validator.String{validStatus},
			},
			"service_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Id of the project that the key has to belong to. The data source `streamkap_whoami` shows the one of the provider's " +
					"credentials, the only one whose keys they can manage.",
			},
			"unused_for": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Duration, such as `2160h` for 90 days, for which the key has to have been unused: not used since then, and created before then. " +
					"It goes by `last_used_at`, which Streamkap may not count the use of Kafka in.",
				Validators: []validator.String{validDuration},
			},
			"project_keys": schema.ListNestedAttribute{
				Computed:            true,
				MarkdownDescription: "The keys, the oldest first. It is empty where none matches.",
				NestedObject:        schema.NestedAttributeObject{Attributes: schemaOf(rowAttributes)},
			},
		},
	}
}

func (d *keysDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var data keysModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &data)...)
	chosen := newFilter(data.NameRegex, data.Status, data.ServiceID, &resp.Diagnostics)
	chosen.setUnusedFor(data.UnusedFor, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	keys, err := chosen.list(ctx, d.client)
	if err != nil {
		resp.Diagnostics.AddError(diagnosis.Explain(listing, err))
		return
	}
	data.ProjectKeys = make([]types.Object, len(keys))
	for i, key := range keys {
		data.ProjectKeys[i] = shownObjectOf(rowAttributes, &streamkap.ProjectKey{ProjectKeySummary: key})
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, data)...)
}
