// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/sync/errgroup"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var (
	_ list.ListResource              = &listResource{}
	_ list.ListResourceWithConfigure = &listResource{}
)

// listResource lists the keys that the resource of the same name
// could manage, for terraform query. Its name and its client are the resource's.
type listResource struct {
	Resource
}

type listModel struct {
	NameRegex types.String `tfsdk:"name_regex"`
	Status    types.String `tfsdk:"status"`
	ServiceID types.String `tfsdk:"service_id"`
}

// NewListResource makes the list resource.
func NewListResource(setup *Setup) list.ListResource { return &listResource{Resource{Setup: setup}} }

func (l *listResource) ListResourceConfigSchema(_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the project keys of one project for `terraform query`, or those of them that match every argument given, the oldest first. " +
			"It needs Terraform 1.14 or later. `limit` is 100 unless the list block says otherwise; where it leaves keys out, a warning says how many there are.",
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
				MarkdownDescription: "Id of the project whose keys are listed: by default that of the provider's credentials, the only one whose keys " +
					"they can manage.",
			},
		},
	}
}

// querying is an operation of a query. Nothing is planned, and there is no resource with
// timeouts.
func querying(action string) diagnosis.Operation {
	slow := diagnosis.Explanation{Advice: "Run the query again. If it keeps happening, check status and network, " +
		"and ask for fewer keys at a time, by name_regex in the list block."}
	return diagnosis.Operation{Action: action, Permission: readKeys, Own: map[streamkap.Kind]diagnosis.Explanation{
		streamkap.KindNotFound: {Advice: "The key was deleted after it was listed. Run the query again."},
		streamkap.KindRateLimited: {Advice: "Wait, then run the query again for fewer keys at a time, by name_regex in the list block, " +
			"or raise max_retries in the provider block."},
		streamkap.KindTimeout:  slow,
		streamkap.KindDeadline: slow,
	}}
}

// List lists keys. Everything is read before the first result is pushed: what
// ends early would look complete, because core takes the end of the stream for
// the end of the list and never sees the error of an interrupted call.
func (l *listResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	stream.Results = func(push func(list.ListResult) bool) {
		for _, result := range l.results(ctx, req) {
			if !push(result) {
				return
			}
		}
	}
}

// results are the keys, after the warnings about several of them; or the errors alone.
func (l *listResource) results(ctx context.Context, req list.ListRequest) []list.ListResult {
	var diags diag.Diagnostics
	keys := l.find(ctx, req, &diags)
	details := l.read(ctx, req, keys, &diags)
	if diags.HasError() {
		return []list.ListResult{{Diagnostics: diags}}
	}
	var results []list.ListResult
	for i, key := range keys {
		if !streamkap.PlausibleID(key.ID) {
			// Terraform prints the identity of what is listed as it is.
			diags.AddError("Streamkap's answer can't be understood", fmt.Sprintf(
				"Streamkap lists the project key %s with the id %s, which no project key can have.\n\nCheck that host is the base URL of the Streamkap API. "+
					"If it is, report the key to Streamkap's support.", diagnosis.Quote(key.Name), diagnosis.Quote(key.ID)))
			return []list.ListResult{{Diagnostics: diags}}
		}
		result := req.NewListResult(ctx)
		result.DisplayName = displayName(key)
		result.Diagnostics.Append(result.Identity.Set(ctx, identityModel{ID: types.StringValue(key.ID)})...)
		if req.IncludeResource {
			l.include(ctx, details[i], &result)
		}
		if result.Diagnostics.HasError() {
			return []list.ListResult{{Diagnostics: result.Diagnostics}}
		}
		results = append(results, result)
	}
	if len(diags) > 0 {
		results = append([]list.ListResult{{Diagnostics: diags}}, results...)
	}
	return results
}

// find lists the keys that match, up to the limit.
func (l *listResource) find(ctx context.Context, req list.ListRequest, diags *diag.Diagnostics) []streamkap.ProjectKeySummary {
	var config listModel
	diags.Append(req.Config.Get(ctx, &config)...)
	if diags.HasError() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, defaultReadTimeout)
	defer cancel()
	if streamkap.Trim(config.ServiceID.ValueString()) == "" {
		project, err := l.client.Project(ctx)
		if err != nil {
			diags.AddError(diagnosis.Explain(querying("find out which project the credentials belong to"), err))
		}
		config.ServiceID = types.StringValue(project)
	}
	chosen := newFilter(config.NameRegex, config.Status, config.ServiceID, diags)
	if diags.HasError() {
		return nil
	}
	keys, err := chosen.list(ctx, l.client)
	if err != nil {
		diags.AddError(diagnosis.Explain(querying(listing.Action), err))
	}
	if found := len(keys); req.Limit > 0 && int64(found) > req.Limit {
		keys = keys[:req.Limit]
		diags.AddWarning("Not all project keys are listed",
			fmt.Sprintf("There are %d keys that match, and the limit of %d leaves out %d of them. Set limit in the list block to %d or more to list them all.",
				found, req.Limit, found-len(keys), found))
	}
	return keys
}

// include fills a result as an import would.
func (l *listResource) include(ctx context.Context, key *streamkap.ProjectKey, result *list.ListResult) {
	var model Model
	result.Diagnostics.Append(result.Resource.SetAttribute(ctx, path.Root("id"), key.ID)...)
	result.Diagnostics.Append(result.Resource.Get(ctx, &model)...)
	if result.Diagnostics.HasError() {
		return
	}
	model.flatten(key, l.client.Host(), nil)
	model.setCredentialJSON(nil)
	result.Diagnostics.Append(result.Resource.Set(ctx, &model)...)
}

func displayName(key streamkap.ProjectKeySummary) string {
	name := diagnosis.Show(key.Name)
	if !key.Status.Is(streamkap.StatusActive) {
		name += " (" + diagnosis.Show(key.Status) + ")"
	}
	return name
}

// readsAtOnce is how many keys a list reads at the same time: as many as Terraform refreshes
// by default.
const readsAtOnce = 10

// read reads each key where the list includes the resource. The first failure ends the
// other reads.
func (l *listResource) read(ctx context.Context, req list.ListRequest, rows []streamkap.ProjectKeySummary, diags *diag.Diagnostics) []*streamkap.ProjectKey {
	if !req.IncludeResource || diags.HasError() {
		return nil
	}
	keys := make([]*streamkap.ProjectKey, len(rows))
	var failed sync.Once
	readers, ctx := errgroup.WithContext(ctx)
	readers.SetLimit(readsAtOnce)
	for i, row := range rows {
		readers.Go(func() error {
			ctx, cancel := context.WithTimeout(ctx, defaultReadTimeout)
			defer cancel()
			key, err := l.client.ProjectKey(ctx, row.ID)
			if err != nil {
				failed.Do(func() {
					diags.AddError(diagnosis.Explain(querying("read "+describeRow(row)+", which Streamkap lists"), err))
				})
			}
			keys[i] = key
			return err
		})
	}
	if readers.Wait() != nil {
		return nil
	}
	warnOfPermissions(keys, diags)
	return keys
}

// warnOfPermissions names the keys whose generated configuration lacks permission_ids,
// which can't be read (contract, "Read").
func warnOfPermissions(keys []*streamkap.ProjectKey, diags *diag.Diagnostics) {
	var names []string
	for _, key := range keys {
		if key.APIClientID != "" && len(key.Roles) == 0 {
			names = append(names, "  - "+describeRow(key.ProjectKeySummary))
		}
	}
	if len(names) > 0 {
		diags.AddWarning("Permissions of project keys can't be read",
			"These keys have permissions in place of roles, which Streamkap does not show. Add permission_ids to their generated configuration, "+
				"with the permissions that they were created with:\n\n"+strings.Join(names, "\n"))
	}
}
