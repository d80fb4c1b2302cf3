// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// clearOtherwise clears, in the other form, whatever the request cleared and
// the key still shows (contract, "Clearing a value"). It returns the key as it
// was read last, and the attributes that neither form has cleared.
func (r *ProjectKeyResource) clearOtherwise(ctx context.Context, request streamkap.UpdateProjectKeyRequest, key *streamkap.ProjectKey, planned *parts, diags *diag.Diagnostics) (*streamkap.ProjectKey, []string) {
	other, left := otherForm(request, key)
	if len(left) == 0 {
		return key, nil
	}
	id := planned.ID.ValueString()
	if _, err := r.client.UpdateProjectKey(ctx, id, other); err != nil {
		explain(fmt.Sprintf("clear %s of %s", strings.Join(left, ", "), planned.describe()), planned, err, diags)
		return key, nil
	}
	read, err := r.waitSettled(ctx, id, false)
	if err != nil {
		explainUnsettled(planned, "was changed", err, afterUpdateAdvice, diags)
		return key, nil
	}
	_, left = otherForm(request, read)
	return read, left
}

// otherForm is the PATCH that clears, in the other form, what the request
// cleared and the key still shows. It also names those attributes.
func otherForm(request streamkap.UpdateProjectKeyRequest, key *streamkap.ProjectKey) (streamkap.UpdateProjectKeyRequest, []string) {
	var other streamkap.UpdateProjectKeyRequest
	var left []string
	for _, f := range fields {
		if f.clear != nil && f.clear.asked(&request) && f.clear.shows(key) {
			f.clear.again(&other)
			left = append(left, f.at.String())
		}
	}
	return other, left
}

func explainUncleared(planned *parts, uncleared []string, diags *diag.Diagnostics) {
	if len(uncleared) == 0 {
		return
	}
	diags.AddError("Streamkap did not clear a value",
		fmt.Sprintf("Streamkap accepted the change of %s, but it still shows the old value of %s. Both forms of clearing were tried. "+
			"Everything else was changed, and the state holds what Streamkap holds.\n\n"+
			"Clear the value in Streamkap's UI and apply again, or put the value back into the configuration.",
			planned.describe(), strings.Join(uncleared, ", ")))
}
