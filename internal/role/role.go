// SPDX-License-Identifier: MPL-2.0

// Package role is the data sources streamkap_role and streamkap_roles: the
// roles that a project key can be given.
package role

import (
	"cmp"
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Model is a role as Terraform sees it.
type Model struct {
	ID          types.String `tfsdk:"id"`
	Key         types.String `tfsdk:"key"`
	Name        types.String `tfsdk:"name"`
	Description types.String `tfsdk:"description"`
	Permissions []string     `tfsdk:"permissions"`
}

// FromAPI turns a role of an answer into a model.
func FromAPI(role streamkap.Role) Model {
	return Model{
		ID:          types.StringValue(role.ID),
		Key:         text(role.Key),
		Name:        text(role.Name),
		Description: text(role.Description),
		Permissions: role.Permissions,
	}
}

// ModelsOf turns roles into models, in an order that does not depend on the
// answer's (contract, dialect 18). No roles make an empty list, which can be looped over.
func ModelsOf(roles []streamkap.Role) []Model {
	models := []Model{}
	for _, role := range slices.SortedFunc(slices.Values(roles), compare) {
		models = append(models, FromAPI(role))
	}
	return models
}

func compare(a, b streamkap.Role) int {
	return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.ID, b.ID))
}

// text makes a null string of an empty text (contract, dialect 12).
func text(value streamkap.Text) types.String {
	if value == "" {
		return types.StringNull()
	}
	return types.StringValue(string(value))
}

// Attributes describes the attributes of a Model that is an answer.
func Attributes() map[string]schema.Attribute {
	shown := func(description string) schema.Attribute {
		return schema.StringAttribute{Computed: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"id":          shown("The role's id, for `role_ids` of a `streamkap_project_key`."),
		"key":         shown("The role's key, a name for machines."),
		"name":        shown("The role's name, as Streamkap's UI shows it."),
		"description": shown("What the role is for."),
		"permissions": schema.SetAttribute{
			Computed:            true,
			ElementType:         types.StringType,
			MarkdownDescription: "What the role permits.",
		},
	}
}

// read lists the roles, and explains why where it can't.
func read(ctx context.Context, client *streamkap.Client, diags *diag.Diagnostics) []streamkap.Role {
	roles, err := client.Roles(ctx)
	if err != nil {
		diags.AddError(diagnosis.Explain(diagnosis.Operation{
			Action:     "list the roles",
			Permission: "the permission to read roles",
		}, err))
	}
	return roles
}
