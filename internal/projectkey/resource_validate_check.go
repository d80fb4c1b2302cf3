// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// check is a validator that is a function. Only a value that is given and known
// is checked.
type check struct {
	description string
	run         func(value attr.Value, at path.Path, diags *diag.Diagnostics)
}

func checkOf[V attr.Value](description string, run func(value V, at path.Path, diags *diag.Diagnostics)) check {
	return check{description, func(value attr.Value, at path.Path, diags *diag.Diagnostics) {
		if value, ok := value.(V); ok {
			run(value, at, diags)
		}
	}}
}

func stringCheck(description string, run func(text string, at path.Path, diags *diag.Diagnostics)) check {
	return checkOf(description, func(text types.String, at path.Path, diags *diag.Diagnostics) { run(text.ValueString(), at, diags) })
}

func (c check) on(value attr.Value, at path.Path, diags *diag.Diagnostics) {
	if !value.IsNull() && !value.IsUnknown() {
		c.run(value, at, diags)
	}
}

// Description says what is checked.
func (c check) Description(context.Context) string { return c.description }

// MarkdownDescription says what is checked.
func (c check) MarkdownDescription(context.Context) string { return c.description }

// ValidateString checks a text.
func (c check) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	c.on(req.ConfigValue, req.Path, &resp.Diagnostics)
}

// ValidateSet checks a set.
func (c check) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	c.on(req.ConfigValue, req.Path, &resp.Diagnostics)
}

// ValidateList checks a list of blocks.
func (c check) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	c.on(req.ConfigValue, req.Path, &resp.Diagnostics)
}

// ValidateObject checks a block.
func (c check) ValidateObject(_ context.Context, req validator.ObjectRequest, resp *validator.ObjectResponse) {
	c.on(req.ConfigValue, req.Path, &resp.Diagnostics)
}
