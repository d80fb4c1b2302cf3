// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// clearOtherwise clears, in the other form, whatever the request cleared and
// the key still shows (contract, "Clearing a value"). It returns the key as it
// was read last, and the attributes that neither form has cleared.
func (r *ProjectKeyResource) clearOtherwise(ctx context.Context, request streamkap.UpdateProjectKeyRequest, key *streamkap.ProjectKey, planned *ProjectKeyModel, diags *diag.Diagnostics) (*streamkap.ProjectKey, []string) {
	if _, left := otherForm(request, key); len(left) == 0 {
		return key, nil
	}
	// What was read can be older than the request, and the other form may do
	// harm where the first one has cleared. So the key is looked at once more.
	key, sure := r.lookAgain(ctx, key, planned, diags)
	other, left := otherForm(request, key)
	if !sure || len(left) == 0 || !r.clearIn(ctx, other, left, planned, diags) {
		return key, nil
	}
	if key, sure = r.lookAgain(ctx, key, planned, diags); !sure {
		return key, nil
	}
	if _, left = otherForm(request, key); slices.Contains(left, allowedToolsPath.String()) {
		// The service may have taken the empty list and not show it, and would
		// allow no tool at all then.
		r.clearIn(ctx, streamkap.UpdateProjectKeyRequest{AllowedTools: request.AllowedTools}, left, planned, diags)
	}
	return key, left
}

// clearIn sends a form of what is left to clear.
func (r *ProjectKeyResource) clearIn(ctx context.Context, form streamkap.UpdateProjectKeyRequest, left []string, planned *ProjectKeyModel, diags *diag.Diagnostics) bool {
	_, err := r.client.UpdateProjectKey(ctx, planned.ID.ValueString(), form)
	if err != nil {
		r.explain(ctx, fmt.Sprintf("clear %s of %s", strings.Join(left, ", "), planned.describe()), planned, err, diags)
	}
	return err == nil
}

// lookAgain reads the key a second later. Where that fails, it says so and
// returns what was read before.
func (r *ProjectKeyResource) lookAgain(ctx context.Context, before *streamkap.ProjectKey, planned *ProjectKeyModel, diags *diag.Diagnostics) (*streamkap.ProjectKey, bool) {
	err := newWatch().pause(ctx, nil)
	if err == nil {
		var key *streamkap.ProjectKey
		if key, err = r.waitSettled(ctx, planned.ID.ValueString(), false); err == nil {
			return key, true
		}
	}
	r.explainUnsettled(ctx, planned, afterUpdate, err, diags)
	return before, false
}

// otherForm is the PATCH that clears, in the other form, what the request
// cleared and the key still shows. It also names those attributes.
func otherForm(request streamkap.UpdateProjectKeyRequest, key *streamkap.ProjectKey) (streamkap.UpdateProjectKeyRequest, []string) {
	var other streamkap.UpdateProjectKeyRequest
	var left []string
	for _, f := range fields {
		about := f.about()
		if way := about.clear; way != nil && way.asked(&request) && way.shows(key) {
			way.again(&other)
			left = append(left, about.name)
		}
	}
	return other, left
}

func explainUncleared(planned *ProjectKeyModel, uncleared []string, diags *diag.Diagnostics) {
	if len(uncleared) == 0 {
		return
	}
	diags.AddError("Streamkap did not clear a value",
		fmt.Sprintf("Streamkap accepted the change of %s, but it still shows the old value of %s. Both forms of clearing were tried. "+
			"Everything else was changed, and the state holds what Streamkap holds.\n\n"+
			"Clear the value in Streamkap's UI and apply again, or put the value back into the configuration.",
			planned.describe(), strings.Join(uncleared, ", ")))
}
