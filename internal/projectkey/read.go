package projectkey

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Read refreshes the state. Only a key that is gone leaves it: no other
// failure does.
func (r *ProjectKeyResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	var state ProjectKeyModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
	timeout, timeoutDiags := state.Timeouts.Read(ctx, defaultReadTimeout)
	resp.Diagnostics.Append(timeoutDiags...)
	unseenSince := unseenSince(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()

	imported := state.Name.IsNull()
	key, err := r.readSoon(ctx, state.ID.ValueString(), unseenSince)
	switch {
	case err == nil:
	case streamkap.IsGone(err) && imported:
		resp.Diagnostics.AddAttributeError(path.Root("id"), "No such project key",
			fmt.Sprintf("There is no project key with the id %q, so there is nothing to import. An id is shown in Streamkap under "+
				"Project Settings > Project Keys; a key's name or client id is not its id.", state.ID.ValueString()))
		return
	case streamkap.IsGone(err):
		resp.State.RemoveResource(ctx)
		return
	default:
		explain("read "+state.describe(), &state, err, &resp.Diagnostics)
		return
	}
	r.refreshState(ctx, &state, key, req.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	setMark(ctx, resp.Private, heldDescriptionMark, string(key.Description), &resp.Diagnostics)
	if !unseenSince.IsZero() {
		clearMark(ctx, resp.Private, unseenMark, &resp.Diagnostics)
	}
}

func (r *ProjectKeyResource) refreshState(ctx context.Context, state *ProjectKeyModel, key *streamkap.ProjectKey, private markReader, diags *diag.Diagnostics) {
	var held *string
	if description, ok := getMark(ctx, private, heldDescriptionMark, diags); ok {
		held = &description
	}
	file := state.credentialFile()
	state.refresh(ctx, key, r.client.Host(), held, diags)
	state.setCredentialJSON(ctx, file, diags)
}

// unseenSince is when a key was created that no read has shown yet. It is the
// zero time for any other key.
func unseenSince(ctx context.Context, private markReader, diags *diag.Diagnostics) time.Time {
	mark, ok := getMark(ctx, private, unseenMark, diags)
	if !ok {
		return time.Time{}
	}
	since, err := time.Parse(time.RFC3339, mark)
	if err != nil {
		return time.Time{}
	}
	return since
}
