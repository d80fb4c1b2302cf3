package projectkey

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

const afterUpdateAdvice = "The change is in the state, with every secret that it issued. Run terraform apply again to go on."

// Update changes a key with one PATCH that holds only what changed. A second
// one is sent only where the service has not cleared a value at the first.
func (r *ProjectKeyResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var config, prior, planned ProjectKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &prior)...)
	resp.Diagnostics.Append(req.Plan.Get(ctx, &planned)...)
	timeout, timeoutDiags := planned.Timeouts.Update(ctx, defaultWriteTimeout)
	resp.Diagnostics.Append(timeoutDiags...)
	request := updateRequest(ctx, &prior, &planned, config.password(ctx, &resp.Diagnostics), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: prior.ID})...)

	if request.IsEmpty() {
		saved := r.unchanged(ctx, &prior, &planned, &resp.Diagnostics)
		resp.Diagnostics.Append(resp.State.Set(ctx, saved)...)
		return
	}
	key := r.change(ctx, request, &prior, &planned, resp)
	if key == nil {
		return
	}
	key, uncleared := r.clearOtherwise(ctx, request, key, &planned, &resp.Diagnostics)
	explainUncleared(&planned, uncleared, &resp.Diagnostics)
	if request.AddsAPI {
		planned.explainMissingSecret(ctx, "adds API access to", &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		// The plan did not come true, so the state takes what the service shows.
		planned.refresh(ctx, key, r.client.Host(), nil, &resp.Diagnostics)
		planned.setCredentialJSON(ctx, prior.credentialFile(), &resp.Diagnostics)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, planned)...)
	setMark(ctx, resp.Private, heldDescriptionMark, string(key.Description), &resp.Diagnostics)
}

// unchanged is the model of an update that calls nothing.
func (r *ProjectKeyResource) unchanged(ctx context.Context, prior, planned *ProjectKeyModel, diags *diag.Diagnostics) ProjectKeyModel {
	if planned.Status.IsUnknown() {
		planned.Status = prior.Status
	}
	return planned.saveable(ctx, prior.credentialFile(), diags)
}

// change sends the PATCH, saves what it issued, and waits for the key to
// settle. It returns the key as it was read then, or nil after an error.
func (r *ProjectKeyResource) change(ctx context.Context, request streamkap.UpdateProjectKeyRequest, prior, planned *ProjectKeyModel, resp *resource.UpdateResponse) *streamkap.ProjectKey {
	id := prior.ID.ValueString()
	if streamkap.Status(prior.Status.ValueString()).Is(streamkap.StatusCreating) {
		// A key that is still being created refuses every change.
		if _, err := r.waitActive(ctx, id, time.Time{}); err != nil {
			explainUnsettled(prior, "was being created", err, "Nothing was changed. Run terraform apply again.", &resp.Diagnostics)
			return nil
		}
	}
	answer, err := r.client.UpdateProjectKey(ctx, id, request)
	if err != nil {
		explainUpdate(request, planned, err, &resp.Diagnostics)
		return nil
	}
	base := prior.credentialFile()
	if planned.API.IsUnknown() {
		planned.takeAPI(ctx, answer.NewAPICredentials, &resp.Diagnostics)
	}
	planned.takeKafka(ctx, answer.NewKafkaCredentials, &resp.Diagnostics)
	saved := planned.saveable(ctx, base, &resp.Diagnostics)
	if saved.Status.IsNull() {
		saved.Status = text(answer.Status)
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, saved)...)
	if !request.Description.IsZero() {
		// What the service held before says nothing about the new description.
		clearMark(ctx, resp.Private, heldDescriptionMark, &resp.Diagnostics)
		clearMark(ctx, resp.Private, importedMark, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return nil
	}

	key, err := r.waitActive(ctx, id, time.Time{})
	if err != nil {
		explainUnsettled(planned, "was changed", err, afterUpdateAdvice, &resp.Diagnostics)
		return nil
	}
	r.complete(ctx, planned, key, base, &resp.Diagnostics)
	return key
}

// complete fills in what the plan left unknown, from a read of the key.
func (r *ProjectKeyResource) complete(ctx context.Context, planned *ProjectKeyModel, key *streamkap.ProjectKey, base *streamkap.CredentialFile, diags *diag.Diagnostics) {
	rebuild := planned.CredentialJSON.IsUnknown()
	planned.takeComputed(ctx, key, r.client.Host(), diags)
	if rebuild {
		planned.setCredentialJSON(ctx, base, diags)
	}
}

// explainUpdate tells of a refused PATCH, or of one that may have issued a
// secret which nobody can see any more.
func explainUpdate(request streamkap.UpdateProjectKeyRequest, planned *ProjectKeyModel, err error, diags *diag.Diagnostics) {
	if lost := lostAnswer(err); lost != nil {
		diags.AddError("New access may have been added", lostUpdateDetail(request, planned, lost))
		return
	}
	explain("update "+planned.describe(), planned, err, diags)
}
