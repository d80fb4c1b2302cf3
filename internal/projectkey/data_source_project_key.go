// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var (
	_ datasource.DataSourceWithConfigure        = &keyDataSource{}
	_ datasource.DataSourceWithConfigValidators = &keyDataSource{}
)

// dataSource is what all data sources of this package share.
type dataSource struct {
	name   string
	client *streamkap.Client
}

func (d *dataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + d.name
}

func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = diagnosis.Client(req.ProviderData, &resp.Diagnostics)
}

type keyDataSource struct{ dataSource }

// NewKeyDataSource makes the data source.
func NewKeyDataSource() datasource.DataSource {
	return &keyDataSource{dataSource{name: "project_key"}}
}

func (d *keyDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := schemaOf(detailAttributes)
	attributes["id"] = schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Id of the key to read. Exactly one of `id` and `name` is required.",
		Validators:          []validator.String{plausibleID},
	}
	attributes["name"] = schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "Name of the key to read; it has to match exactly, and only one key may have it. Only the project of the provider's " +
			"credentials is searched. Exactly one of `id` and `name` is required.",
		Validators: []validator.String{stringvalidator.LengthAtLeast(1)},
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Reads a project key, by its id or its name. Streamkap shows secrets once, when they are made, so there are none here; " +
			"nor can the ids of single permissions be read.",
		Attributes: attributes,
	}
}

func (d *keyDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("name")),
	}
}

func (d *keyDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var id, name types.String
	argument := path.Root("id")
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, argument, &id)...)
	if id.IsNull() {
		argument = path.Root("name")
		resp.Diagnostics.Append(req.Config.GetAttribute(ctx, argument, &name)...)
		id = types.StringValue(d.findByName(ctx, name.ValueString(), &resp.Diagnostics))
	}
	if resp.Diagnostics.HasError() {
		return
	}
	key, err := d.client.ProjectKey(ctx, id.ValueString())
	if err != nil {
		explainRead(argument, id.ValueString(), err, &resp.Diagnostics)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, shownObjectOf(detailAttributes, key))...)
}

// findByName returns the id of the only key of this name in the credentials'
// own project. Names may not be unique (contract, dialect 20), and the list covers the whole tenant.
func (d *keyDataSource) findByName(ctx context.Context, name string, diags *diag.Diagnostics) string {
	project, err := d.client.Project(ctx)
	if err != nil {
		diags.AddError(diagnosis.Explain(diagnosis.Operation{
			Action:     fmt.Sprintf("find project key %q, because the project of the provider's credentials could not be read", name),
			Permission: readKeys,
		}, err))
		return ""
	}
	keys, err := filter{serviceID: project}.list(ctx, d.client)
	if err != nil {
		diags.AddError(diagnosis.Explain(listing, err))
		return ""
	}
	keys = slices.DeleteFunc(keys, func(key streamkap.ProjectKeySummary) bool { return key.Name != streamkap.Compose(name) })
	switch len(keys) {
	case 1:
		return keys[0].ID
	case 0:
		diags.AddAttributeError(path.Root("name"), "No such project key",
			fmt.Sprintf("The project of the provider's credentials (service_id %s) has no project key named %q. "+
				"A name has to match exactly, in case too. A key of another project can be read by its id.", diagnosis.Show(project), name))
	default:
		diags.AddAttributeError(path.Root("name"), "Several project keys match",
			fmt.Sprintf("There are %d project keys named %q. Give the id of one of them instead of the name:\n%s", len(keys), name, describeRows(keys)))
	}
	return ""
}

func explainRead(argument path.Path, id string, err error, diags *diag.Diagnostics) {
	if streamkap.KindOf(err) == streamkap.KindImplausibleID {
		diags.AddAttributeError(argument, idRefused, idMayBe)
		return
	}
	if streamkap.IsNotFound(err) {
		summary, detail := explainMissing(id)
		diags.AddAttributeError(argument, summary, detail)
		return
	}
	diags.AddError(diagnosis.Explain(diagnosis.Operation{Action: "read project key " + diagnosis.Show(id), Permission: readKeys}, err))
}
