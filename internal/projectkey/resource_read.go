// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Read refreshes the state. Only a key that is certainly gone leaves it: no
// failure does, and no single answer.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := new(Model)
	resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identityModel{ID: state.ID})...)
	unseenSince := unseenSince(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, state.timeout(ctx, "read"))
	defer cancel()

	key := r.readSure(ctx, state, unseenSince, resp)
	if key == nil {
		return
	}
	r.keys.found(labelsOf(state), key.LastUsedAt)
	var held *string
	if description, ok := getPrivate(ctx, req.Private, privateHeldDescription, &resp.Diagnostics); ok {
		held = &description
	}
	before := state.copied()
	state.flatten(key, r.client.Host(), held)
	state.refreshCredentialJSON()
	if !state.equal(before) {
		resp.Diagnostics.Append(resp.State.Set(ctx, state)...)
	}
	setPrivate(ctx, resp.Private, privateHeldDescription, string(key.Description), &resp.Diagnostics)
	if key.LastUsedAt != "" {
		setPrivate(ctx, resp.Private, privateLastUsed, string(key.LastUsedAt), &resp.Diagnostics)
	}
	if !unseenSince.IsZero() {
		clearPrivate(ctx, resp.Private, privateUnseenSince, &resp.Diagnostics)
	}
}

// rememberDescription notes in which form the service holds the description,
// if what it shows is a form of it and not another one that was set since.
func rememberDescription(ctx context.Context, state *Model, key *streamkap.ProjectKey, private privateState, diags *diag.Diagnostics) {
	if mayBeHeldAs(state.Description.ValueString(), string(key.Description)) {
		setPrivate(ctx, private, privateHeldDescription, string(key.Description), diags)
	}
}

// readSure reads the key. It returns nil, and adds the error, where the key is gone or the
// answer contradicts the state.
func (r *Resource) readSure(ctx context.Context, state *Model, unseenSince time.Time, resp *resource.ReadResponse) *streamkap.ProjectKey {
	imported := state.Name.IsNull()
	key, err := r.readSoon(ctx, state.ID.ValueString(), unseenSince)
	if streamkap.IsNotFound(err) {
		r.readMissing(ctx, state, imported, err, resp)
		return nil
	}
	if err == nil && imported {
		// A key of another project can be listed and not managed.
		err = r.client.CheckProject(ctx, key.ServiceID)
	}
	if err != nil {
		r.explain(ctx, "read "+state.describe(), state, err, &resp.Diagnostics)
		return nil
	}
	if what := state.contradiction(key); what != "" {
		resp.Diagnostics.AddError("Streamkap's answer contradicts the state", fmt.Sprintf(
			"Streamkap shows %s %s. Nothing in its API can have brought that about, so the answer is not believed: the state stays as it is, "+
				"with its secrets.\n\nRun plan again. If it stays, look the key up in Streamkap's UI, and report it to Streamkap's support. "+
				"If the key really is another one now, take it out of the state with state rm, and import it again.", state.describe(), what))
		return nil
	}
	return key
}

// readMissing decides what it means that a read found no key. An import needs no second
// answer: it is an error in any case.
func (r *Resource) readMissing(ctx context.Context, state *Model, imported bool, missing error, resp *resource.ReadResponse) {
	if imported {
		summary, detail := explainMissing(state.ID.ValueString())
		resp.Diagnostics.AddAttributeError(path.Root("id"), summary, detail+" So there is nothing to import.\n\n"+diagnosis.Said(missing))
		return
	}
	gone, err := r.client.ConfirmGone(ctx, state.ID.ValueString(), state.ServiceID.ValueString())
	switch {
	case err != nil:
		r.explain(ctx, "make sure that "+state.describe()+", which Streamkap does not find, is gone", state, err, &resp.Diagnostics)
	case !gone:
		resp.Diagnostics.AddError("Streamkap's answers disagree", fmt.Sprintf("Streamkap does not find %s, and lists it. "+
			"The key stays in the state.\n\nRun plan again. If it stays, report the key's id to Streamkap's support.", state.describe()))
	default:
		resp.State.RemoveResource(ctx)
	}
}

// readSoon reads a key that may still answer 404 because it was created at hiddenSince.
func (r *Resource) readSoon(ctx context.Context, id string, hiddenSince time.Time) (*streamkap.ProjectKey, error) {
	reads := newWatch()
	for {
		key, err := r.client.ProjectKey(ctx, id)
		if !streamkap.IsNotFound(err) || !isHidden(hiddenSince) {
			return key, err
		}
		if err := reads.pause(ctx); err != nil {
			return nil, err
		}
	}
}

// unseenSince is when a key was created that no read has shown yet, or zero.
func unseenSince(ctx context.Context, private privateState, diags *diag.Diagnostics) time.Time {
	value, _ := getPrivate(ctx, private, privateUnseenSince, diags)
	since, _ := time.Parse(time.RFC3339, value) // the zero time where it is none
	return since
}
