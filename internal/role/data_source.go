// SPDX-License-Identifier: MPL-2.0

package role

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var (
	_ datasource.DataSourceWithConfigure        = &RoleDataSource{}
	_ datasource.DataSourceWithConfigValidators = &RoleDataSource{}
)

// RoleDataSource looks up one role.
type RoleDataSource struct {
	client *streamkap.Client
}

// NewRoleDataSource makes the data source.
func NewRoleDataSource() datasource.DataSource { return &RoleDataSource{} }

// Metadata names the data source.
func (d *RoleDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_role"
}

// notEmpty refuses a text that would find a role without a key or a name.
var notEmpty = []validator.String{stringvalidator.LengthAtLeast(1)}

// Schema describes the data source.
func (d *RoleDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	attributes := Attributes()
	attributes["key"] = schema.StringAttribute{
		Optional:            true,
		Computed:            true,
		MarkdownDescription: "Key of the role to look up, a name for machines. Exactly one of `key` and `name` is required.",
		Validators:          notEmpty,
	}
	attributes["name"] = schema.StringAttribute{
		Optional: true,
		Computed: true,
		MarkdownDescription: "Name of the role to look up, as Streamkap's UI shows it; it has to match exactly. " +
			"Exactly one of `key` and `name` is required.",
		Validators: notEmpty,
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: "Looks up a role that project keys can be given, by its key or its name. It needs the permission to read roles.",
		Attributes:          attributes,
	}
}

// ConfigValidators checks what no single attribute can tell.
func (d *RoleDataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("key"), path.MatchRoot("name")),
	}
}

// Configure takes the API client from the provider.
func (d *RoleDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = diagnosis.Client(req.ProviderData, &resp.Diagnostics)
}

// Read finds the role.
func (d *RoleDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config Model
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	roles := read(ctx, d.client, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	argument, wanted, of := "key", config.Key.ValueString(), func(role streamkap.Role) string { return string(role.Key) }
	if config.Key.IsNull() {
		argument, wanted, of = "name", config.Name.ValueString(), func(role streamkap.Role) string { return string(role.Name) }
	}
	var found []streamkap.Role
	for _, role := range roles {
		if of(role) == streamkap.Compose(wanted) {
			found = append(found, role)
		}
	}
	switch len(found) {
	case 0:
		resp.Diagnostics.AddAttributeError(path.Root(argument), "No such role",
			fmt.Sprintf("There is no role with the %s %q. %s", argument, wanted, Describe(roles)))
	case 1:
		resp.Diagnostics.Append(resp.State.Set(ctx, FromAPI(found[0]))...)
	default:
		resp.Diagnostics.AddAttributeError(path.Root(argument), "Several roles match",
			fmt.Sprintf("There are %d roles with the %s %q. %s", len(found), argument, wanted, Describe(found)))
	}
}

// Describe lists roles for someone who has to choose one.
func Describe(roles []streamkap.Role) string {
	if len(roles) == 0 {
		return "Streamkap lists no roles at all."
	}
	var lines []string
	for _, role := range ModelsOf(roles) {
		lines = append(lines, fmt.Sprintf("  - key %s, name %s, id %s",
			diagnosis.Quote(role.Key.ValueString()), diagnosis.Quote(role.Name.ValueString()), diagnosis.Show(role.ID.ValueString())))
	}
	return "Streamkap lists these:\n" + strings.Join(lines, "\n")
}
