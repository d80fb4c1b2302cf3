// SPDX-License-Identifier: MPL-2.0

package function

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

var _ function.Function = &ParseCredentialFileFunction{}

// ParseCredentialFileFunction reads a credential file.
type ParseCredentialFileFunction struct{}

// NewParseCredentialFileFunction makes the function.
func NewParseCredentialFileFunction() function.Function {
	return &ParseCredentialFileFunction{}
}

// fileModel is a credential file as Terraform sees it. A null list, object or
// text is what the file has as null, as empty, or not at all.
type fileModel struct {
	Type         string       `tfsdk:"type"`
	ProjectKeyID *string      `tfsdk:"project_key_id"`
	Project      projectModel `tfsdk:"project"`
	API          *apiModel    `tfsdk:"api"`
	Kafka        *kafkaModel  `tfsdk:"kafka"`
	KafkaACLs    []aclModel   `tfsdk:"kafka_acls"`
	ToolProfile  *string      `tfsdk:"tool_profile"`
	AllowedTools []string     `tfsdk:"allowed_tools"`
	BlockedTools []string     `tfsdk:"blocked_tools"`
	CreatedAt    *string      `tfsdk:"created_at"`
	CreatedBy    *string      `tfsdk:"created_by"`
}

type projectModel struct {
	ServiceID *string `tfsdk:"service_id"`
	Name      *string `tfsdk:"name"`
}

type apiModel struct {
	ClientID      *string  `tfsdk:"client_id"`
	ClientSecret  *string  `tfsdk:"client_secret"`
	TokenEndpoint *string  `tfsdk:"token_endpoint"`
	APIURL        *string  `tfsdk:"api_url"`
	Roles         []string `tfsdk:"roles"`
}

type kafkaModel struct {
	Username          *string `tfsdk:"username"`
	Password          *string `tfsdk:"password"`
	BootstrapServers  *string `tfsdk:"bootstrap_servers"`
	SecurityProtocol  *string `tfsdk:"security_protocol"`
	SASLMechanism     *string `tfsdk:"sasl_mechanism"`
	SchemaRegistryURL *string `tfsdk:"schema_registry_url"`
}

type aclModel struct {
	Name        string `tfsdk:"name"`
	Resource    string `tfsdk:"resource"`
	Operation   string `tfsdk:"operation"`
	PatternType string `tfsdk:"resource_pattern_type"`
}

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
	resp.Error = resp.Result.Set(ctx, modelOf(file))
}

func modelOf(file *streamkap.CredentialFile) fileModel {
	model := fileModel{
		Type:         file.Type,
		ProjectKeyID: nullable(file.ProjectKeyID),
		Project:      projectModel{ServiceID: nullable(file.Project.ServiceID), Name: nullable(file.Project.Name)},
		ToolProfile:  nullable(file.ToolProfile),
		AllowedTools: file.AllowedTools,
		BlockedTools: file.BlockedTools,
		CreatedAt:    nullable(file.CreatedAt),
		CreatedBy:    creator(file.CreatedBy),
	}
	if api := file.API; file.HasAPI() {
		model.API = &apiModel{
			ClientID:      nullable(api.ClientID),
			ClientSecret:  nullable(api.ClientSecret),
			TokenEndpoint: nullable(api.TokenEndpoint),
			APIURL:        nullable(api.APIURL),
			Roles:         api.Roles,
		}
	}
	if kafka := file.Kafka; file.HasKafka() {
		model.Kafka = &kafkaModel{
			Username:          nullable(kafka.Username),
			Password:          nullable(kafka.Password),
			BootstrapServers:  nullable(kafka.BootstrapServers),
			SecurityProtocol:  nullable(kafka.SecurityProtocol),
			SASLMechanism:     nullable(kafka.SASLMechanism),
			SchemaRegistryURL: nullable(kafka.SchemaRegistryURL),
		}
	}
	for _, rule := range file.KafkaACLs {
		model.KafkaACLs = append(model.KafkaACLs, aclModel(rule))
	}
	return model
}

func nullable[T ~string](text T) *string {
	if text == "" {
		return nil
	}
	plain := string(text)
	return &plain
}

// creator is who made the key. Its shape is not documented: what is no text is
// passed on as JSON.
func creator(raw json.RawMessage) *string {
	var text string
	if len(raw) == 0 || json.Unmarshal(raw, &text) == nil {
		return nullable(text)
	}
	return nullable(string(raw))
}
