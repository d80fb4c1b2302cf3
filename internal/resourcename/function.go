// SPDX-License-Identifier: MPL-2.0

// Package resourcename is the function resource_name.
package resourcename

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
)

var _ function.Function = &ResourceNameFunction{}

// ResourceNameFunction names the resource of an existing key.
type ResourceNameFunction struct{}

// NewResourceNameFunction makes the function.
func NewResourceNameFunction() function.Function {
	return &ResourceNameFunction{}
}

// Metadata names the function.
func (f *ResourceNameFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "resource_name"
}

// Definition describes the function.
func (f *ResourceNameFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Names the resource of an existing project key",
		MarkdownDescription: "Returns a name for the resource of an existing key, such as `orders_consumer_2f4e8c01`, which configurations that import keys can be written with. " +
			"It is a valid identifier whatever the key is called, and ends in eight characters that depend on the id alone, because several keys may have the same name. " +
			"The same name and id always make the same result.\n\n" +
			"It makes no request.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "name",
				MarkdownDescription: "Name of the key.",
			},
			function.StringParameter{
				Name:                "id",
				MarkdownDescription: "Id of the key.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run names the resource. Terraform ends the sentence of an error.
func (f *ResourceNameFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var name, id string
	if resp.Error = req.Arguments.Get(ctx, &name, &id); resp.Error != nil {
		return
	}
	if id == "" {
		resp.Error = function.NewArgumentFuncError(1, "The id is empty, and nothing else tells keys of the same name apart")
		return
	}
	resp.Error = resp.Result.Set(ctx, resourceName(name, id))
}
