// SPDX-License-Identifier: MPL-2.0

package function

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var _ function.Function = &ParseCredentialFileFunction{}

// ParseCredentialFileFunction reads a credential file.
type ParseCredentialFileFunction struct{}

// NewParseCredentialFileFunction makes the function.
func NewParseCredentialFileFunction() function.Function {
	return &ParseCredentialFileFunction{}
}

// fileTypes are those of a credential file as Terraform sees it. A null list, object
// or text is what the file has as null, as empty, or not at all.
var (
	textList  = types.ListType{ElemType: types.StringType}
	fileTypes = map[string]attr.Type{
		"type":           types.StringType,
		"project_key_id": types.StringType,
		"project": types.ObjectType{AttrTypes: map[string]attr.Type{
			"service_id": types.StringType,
			"name":       types.StringType,
		}},
		"api": types.ObjectType{AttrTypes: map[string]attr.Type{
			"client_id":      types.StringType,
			"client_secret":  types.StringType,
			"token_endpoint": types.StringType,
			"api_url":        types.StringType,
			"roles":          textList,
		}},
		"kafka": types.ObjectType{AttrTypes: map[string]attr.Type{
			"username":            types.StringType,
			"password":            types.StringType,
			"bootstrap_servers":   types.StringType,
			"security_protocol":   types.StringType,
			"sasl_mechanism":      types.StringType,
			"schema_registry_url": types.StringType,
		}},
		"kafka_acls": types.ListType{ElemType: types.ObjectType{AttrTypes: map[string]attr.Type{
			"name":                  types.StringType,
			"resource":              types.StringType,
			"operation":             types.StringType,
			"resource_pattern_type": types.StringType,
		}}},
		"tool_profile":  types.StringType,
		"allowed_tools": textList,
		"blocked_tools": textList,
		"created_at":    types.StringType,
		"created_by":    types.StringType,
	}
)

// Metadata names the function.
func (f *ParseCredentialFileFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "parse_credential_file"
}

// Definition describes the function.
func (f *ParseCredentialFileFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Reads a project key's credential file",
		MarkdownDescription: "Reads the credential file of a project key, given as JSON or as Base64, and returns an object with the file's fields: " +
			"`type`, `project_key_id`, `project` (`service_id`, `name`), " +
			"`api` (`client_id`, `client_secret`, `token_endpoint`, `api_url`, `roles`; null for a Kafka-only key), " +
			"`kafka` (`username`, `password`, `bootstrap_servers`, `security_protocol`, `sasl_mechanism`, `schema_registry_url`; null for an API-only key), " +
			"`kafka_acls` (`name`, `resource`, `operation`, `resource_pattern_type`), `tool_profile`, `allowed_tools`, `blocked_tools`, `created_at` and `created_by`. " +
			"What the file does not have is null.\n\n" +
			"It makes no request. What it returns is as sensitive as what it is given. Give it a value that Terraform knows to be sensitive, such as a variable " +
			"that is declared so, or `sensitive(file(…))`: beside an error Terraform itself shows the values of names that are not.",
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "text",
				MarkdownDescription: "The credential file, as JSON or as Base64.",
			},
		},
		Return: function.ObjectReturn{AttributeTypes: fileTypes},
	}
}

// Run reads the file.
func (f *ParseCredentialFileFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var text string
	if resp.Error = req.Arguments.Get(ctx, &text); resp.Error != nil {
		return
	}
	file, err := streamkap.ParseCredentialFile(text)
	if err != nil {
		// Terraform ends the sentence.
		resp.Error = function.NewArgumentFuncError(0, "The text is not a credential file: "+err.Error())
		return
	}
	value, err := valueOf(ctx, file)
	if err != nil {
		// It may repeat what is in the file.
		resp.Error = function.NewFuncError("The credential file can't be converted. This is a defect of the provider: please report it.")
		return
	}
	resp.Error = resp.Result.Set(ctx, value)
}

// valueOf converts a file by its JSON, which has the same names.
func valueOf(ctx context.Context, file *streamkap.CredentialFile) (attr.Value, error) {
	shown := *file
	if !file.HasAPI() {
		shown.API = nil
	}
	if !file.HasKafka() {
		shown.Kafka = nil
	}
	// The shape of created_by is not documented: what is no text is passed on as JSON.
	var text string
	if len(file.CreatedBy) > 0 && json.Unmarshal(file.CreatedBy, &text) != nil {
		text = string(file.CreatedBy)
	}
	shown.CreatedBy, _ = json.Marshal(streamkap.Text(text))
	plain, err := json.Marshal(shown)
	if err != nil {
		return nil, err
	}
	object := types.ObjectType{AttrTypes: fileTypes}
	raw, err := (&tfprotov6.RawState{JSON: plain}).Unmarshal(object.TerraformType(ctx))
	if err != nil {
		return nil, err
	}
	return object.ValueFromTerraform(ctx, raw)
}
