// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

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
var plausibleID = stringCheck("has to be an id that a project key can have", func(id string, at path.Path, diags *diag.Diagnostics) {
	if !streamkap.PlausibleID(id) {
		diags.AddAttributeError(at, idRefused, idMayBe)
	}
})
