package projectkey

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var (
	_ list.ListResource              = &ProjectKeyListResource{}
	_ list.ListResourceWithConfigure = &ProjectKeyListResource{}
)

// ProjectKeyListResource lists the keys that the resource of the same name
// could manage, for terraform query. Its name and its client are the resource's.
type ProjectKeyListResource struct {
	ProjectKeyResource
}

// ProjectKeyListModel is the config block of a list block.
type ProjectKeyListModel struct {
	NameRegex types.String `tfsdk:"name_regex"`
	Status    types.String `tfsdk:"status"`
}

// NewProjectKeyListResource makes the list resource.
func NewProjectKeyListResource() list.ListResource {
	return &ProjectKeyListResource{}
}

// ListResourceConfigSchema describes the config block.
func (l *ProjectKeyListResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the project keys of the whole tenant for `terraform query`, or those of them that match every argument given, the oldest first. " +
			"It takes Terraform 1.14 or later.",
		Attributes: map[string]schema.Attribute{
			"name_regex": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: nameRegexDescription,
				Validators:          []validator.String{regexValidator{}},
			},
			"status": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: statusDescription,
			},
		},
	}
}

// List lists keys. A call that fails becomes a result that holds the error,
// because without one the list would look complete.
func (l *ProjectKeyListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		keys, diags := l.find(ctx, req)
		if diags.HasError() {
			push(list.ListResult{Diagnostics: diags})
			return
		}
		for _, key := range keys {
			result := l.result(ctx, req, key)
			if !push(result) || result.Diagnostics.HasError() {
				return
			}
		}
	}
}

// find lists the keys that were asked for, as many as were.
func (l *ProjectKeyListResource) find(ctx context.Context, req list.ListRequest) ([]streamkap.ProjectKeySummary, diag.Diagnostics) {
	var config ProjectKeyListModel
	diags := req.Config.Get(ctx, &config)
	chosen := newFilter(config.NameRegex, config.Status, types.StringNull(), &diags)
	if diags.HasError() {
		return nil, diags
	}
	keys := chosen.list(ctx, l.client, &diags)
	if req.Limit > 0 && int64(len(keys)) > req.Limit {
		keys = keys[:req.Limit]
	}
	return keys, diags
}

func (l *ProjectKeyListResource) result(ctx context.Context, req list.ListRequest, key streamkap.ProjectKeySummary) list.ListResult {
	result := req.NewListResult(ctx)
	result.DisplayName = key.Name
	result.Diagnostics.Append(result.Identity.Set(ctx, identityModel{ID: types.StringValue(key.ID)})...)
	if req.IncludeResource {
		l.include(ctx, key, &result)
	}
	return result
}

// include reads the key and lays it into the result as an import would.
func (l *ProjectKeyListResource) include(ctx context.Context, row streamkap.ProjectKeySummary, result *list.ListResult) {
	key, err := l.client.ProjectKey(ctx, row.ID)
	if err != nil {
		result.Diagnostics.AddError(diagnosis.Explain(diagnosis.Operation{
			Action:     fmt.Sprintf("read project key %q (id %s), which Streamkap lists", row.Name, row.ID),
			Permission: readKeys,
		}, err))
		return
	}
	var model ProjectKeyModel
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("id"), key.ID)...)
	result.Diagnostics.Append(result.Resource.Get(ctx, &model)...)
	if result.Diagnostics.HasError() {
		return
	}
	imported := split(ctx, &model, &result.Diagnostics)
	imported.refresh(key, l.client.Host(), nil)
	imported.setCredentialJSON(nil)
	result.Diagnostics.Append(result.Resource.Set(ctx, imported.join(ctx, &result.Diagnostics))...)
}
