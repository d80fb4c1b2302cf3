// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// keptIn names the folder in which a secret store keeps what it is given.
const keptIn = "DOCS_TEST_KEPT_IN"

// secretStore stands in for the provider of a secret manager: its resources
// have the names and the arguments of the real ones that the examples use.
type secretStore struct{ name string }

// secretTypes are the resources by provider: what names a secret, the
// write-only argument, and the argument that has it sent again.
var secretTypes = map[string][]secretType{
	"vault":      {{typeName: "vault_kv_secret_v2", names: []string{"mount", "name"}, value: "data_json_wo", version: "data_json_wo_version"}},
	"kubernetes": {{typeName: "kubernetes_secret_v1", metadata: true, value: "data_wo", version: "data_wo_revision", valueIsMap: true}},
	"aws": {
		{typeName: "aws_secretsmanager_secret", names: []string{"name"}},
		{typeName: "aws_secretsmanager_secret_version", names: []string{"secret_id"}, value: "secret_string_wo", version: "secret_string_wo_version"},
	},
}

func (p secretStore) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = p.name
}

func (secretStore) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (secretStore) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (secretStore) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p secretStore) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, kind := range secretTypes[p.name] {
		all = append(all, func() resource.Resource { return kind })
	}
	return all
}

// secretType is one resource of a secret store.
type secretType struct {
	typeName       string
	names          []string
	metadata       bool // a block with name and namespace, in place of names
	value, version string
	valueIsMap     bool
}

func (k secretType) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = k.typeName
}

func (k secretType) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}}
	for _, name := range k.names {
		attributes[name] = schema.StringAttribute{Required: true}
	}
	if k.version != "" {
		attributes[k.version] = schema.NumberAttribute{Optional: true}
		attributes[k.value] = schema.StringAttribute{Optional: true, WriteOnly: true}
	}
	if k.valueIsMap {
		attributes[k.value] = schema.MapAttribute{Optional: true, WriteOnly: true, ElementType: types.StringType}
	}
	resp.Schema = schema.Schema{Attributes: attributes}
	if k.metadata {
		resp.Schema.Blocks = map[string]schema.Block{"metadata": schema.ListNestedBlock{NestedObject: schema.NestedBlockObject{
			Attributes: map[string]schema.Attribute{"name": schema.StringAttribute{Required: true}, "namespace": schema.StringAttribute{Optional: true}},
		}}}
	}
}

func (k secretType) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(k.keep(ctx, req.Config, &resp.State)...)
}

func (k secretType) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(k.keep(ctx, req.Config, &resp.State)...)
}

func (secretType) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (secretType) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// keep writes the value into a file that has the secret's name. It adds a line,
// so that a test sees how often it was sent.
func (k secretType) keep(ctx context.Context, config tfsdk.Config, state *tfsdk.State) diag.Diagnostics {
	var name types.String
	at := path.Root("metadata").AtListIndex(0).AtName("name")
	if !k.metadata {
		at = path.Root(k.names[len(k.names)-1])
	}
	diags := config.GetAttribute(ctx, at, &name)
	diags.Append(state.SetAttribute(ctx, path.Root("id"), name)...)
	if diags.HasError() || k.value == "" {
		return diags
	}
	line, valueDiags := k.line(ctx, config)
	diags.Append(valueDiags...)
	file, err := os.OpenFile(filepath.Join(os.Getenv(keptIn), filepath.Base(name.ValueString())), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err == nil {
		_, err = file.Write(append(line, '\n'))
		err = errors.Join(err, file.Close())
	}
	if err != nil {
		diags.AddError("The secret is not kept", err.Error())
	}
	return diags
}

// line is the value as JSON.
func (k secretType) line(ctx context.Context, config tfsdk.Config) ([]byte, diag.Diagnostics) {
	var text *string
	var texts map[string]*string
	target := any(&text)
	if k.valueIsMap {
		target = &texts
	}
	diags := config.GetAttribute(ctx, path.Root(k.value), target)
	value := any(text)
	if k.valueIsMap {
		value = texts
	}
	line, err := json.Marshal(value)
	if err != nil {
		diags.AddError("The value is no JSON", err.Error())
	}
	return line, diags
}
