// SPDX-License-Identifier: MPL-2.0

// Package providerdata takes over what the provider hands to everything it
// serves.
package providerdata

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// Take returns what the provider handed over. Terraform also configures
// without a provider, to validate a configuration; then it returns nil.
func Take[T any](data any, diags *diag.Diagnostics) *T {
	if data == nil {
		return nil
	}
	taken, ok := data.(*T)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("The provider handed over a %T. This is a defect of the provider: please report it.", data))
	}
	return taken
}
