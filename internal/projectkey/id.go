// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// What is said of an id that no key can have. It does not repeat the id, which
// may be a credential file that somebody pasted.
const (
	idRefused = "Not the id of a project key"
	idMayBe   = "An id is made of at most 128 letters, digits and the characters - _ . : ~ @. What was given is something else, " +
		"and is not repeated here in case it is a secret. An id is shown in Streamkap under Project Settings > Project Keys; " +
		"in a credential file it is project_key_id."
)

// plausibleID is the validator of an id in a configuration.
type plausibleID struct{}

// Description says what is checked.
func (plausibleID) Description(context.Context) string {
	return "has to be an id that a project key can have"
}

// MarkdownDescription says what is checked.
func (v plausibleID) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses what no key can have for an id.
func (plausibleID) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if !req.ConfigValue.IsNull() && !req.ConfigValue.IsUnknown() && !streamkap.PlausibleID(req.ConfigValue.ValueString()) {
		resp.Diagnostics.AddAttributeError(req.Path, idRefused, idMayBe)
	}
}
