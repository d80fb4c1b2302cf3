// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// identityModel is the resource identity.
type identityModel struct {
	ID types.String `tfsdk:"id"`
}

// Create makes a key. Its answer holds secrets that are never shown again, so
// the state is saved before anything else can fail, and only then is the key
// waited for.
func (r *ProjectKeyResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	config, planned := new(ProjectKeyModel), new(ProjectKeyModel)
	resp.Diagnostics.Append(req.Config.Get(ctx, config)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, planned)...)
	recipients := planned.recipients(&resp.Diagnostics)
	planned.encryptSecrets(recipients, "", config.password().ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	r.keys.applying.Store(true)
	ctx, cancel := context.WithTimeout(ctx, planned.timeout(ctx, "create"))
	defer cancel()

	var file *streamkap.CredentialFile
	err := r.whenFree(ctx, planned, func() (err error) {
		file, err = r.client.CreateProjectKey(ctx, planned.expandCreate(config.password().ValueString()))
		return err
	})
	if lost := lostAnswer(err, streamkap.KindUnknownOutcome); lost != nil {
		if file != nil {
			file.ProjectKeyID = r.identify(ctx, planned.Name.ValueString(), file)
		}
		if file == nil || file.ProjectKeyID == "" {
			r.explainLostCreate(ctx, planned.Name.ValueString(), lost, &resp.Diagnostics)
			return
		}
		file.Missing = []string{"project_key_id"}
	} else if err != nil {
		r.explainWrite(ctx, fmt.Sprintf("create project key %q", planned.Name.ValueString()), planned, err, &resp.Diagnostics)
		return
	}
	created := time.Now()
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: types.StringValue(file.ProjectKeyID)})...)
	planned.flattenIssued(file)
	planned.encryptIssued(recipients, file.API, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, planned.saveable(file))...)
	setPrivate(ctx, resp.Private, privateUnseenSince, created.Format(time.RFC3339), &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		r.awaitCreated(ctx, planned, file, created, resp)
	}
}

// awaitCreated waits for a new key to become Active and completes the state.
func (r *ProjectKeyResource) awaitCreated(ctx context.Context, planned *ProjectKeyModel, file *streamkap.CredentialFile, created time.Time, resp *resource.CreateResponse) {
	key, err := r.waitActive(ctx, file.ProjectKeyID, created)
	if key != nil {
		planned.flattenComputed(key, r.client.Host())
		planned.setCredentialJSON(file)
		resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
		rememberDescription(ctx, planned, key, resp.Private, &resp.Diagnostics)
		clearPrivate(ctx, resp.Private, privateUnseenSince, &resp.Diagnostics)
	}
	if err != nil {
		r.explainUnsettled(ctx, planned, afterCreate, err, &resp.Diagnostics)
		return
	}
	planned.explainIncomplete("creates", file.Missing, &resp.Diagnostics)
}

// saveable is a copy in which nothing is unknown.
func (p *ProjectKeyModel) saveable(base *streamkap.CredentialFile) *ProjectKeyModel {
	saved := p.copied()
	saved.nullUnknowns()
	if p.CredentialJSON.IsUnknown() {
		saved.setCredentialJSON(base)
	}
	return saved
}
