// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	tfpath "github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// standIn stands in for another provider, which can't be installed in a test: its
// resources have the names and the arguments of the real ones that the examples
// use, and talk to nobody.
type standIn struct{ name string }

// standInTypes are the resources by provider: for a secret store what names a
// secret, the write-only argument, and the argument that has it sent again.
var standInTypes = map[string][]standInType{
	// Streamkap's own provider has the same type prefix.
	"streamkap":  {{typeName: "streamkap_tag", names: []string{"name"}, lists: []string{"type"}}},
	"vault":      {{typeName: "vault_kv_secret_v2", names: []string{"mount", "name"}, value: "data_json_wo", version: "data_json_wo_version"}},
	"kubernetes": {{typeName: "kubernetes_secret_v1", metadata: true, value: "data_wo", version: "data_wo_revision", valueIsMap: true}},
	"aws": {
		{typeName: "aws_secretsmanager_secret", names: []string{"name"}},
		{typeName: "aws_secretsmanager_secret_version", names: []string{"secret_id"}, value: "secret_string_wo", version: "secret_string_wo_version"},
	},
}

func serveStandIn(name string) error {
	return providerserver.Serve(context.Background(), func() provider.Provider { return standIn{name} }, providerserver.ServeOpts{
		Address: "registry.terraform.io/example-org/" + name, ProtocolVersion: 6,
	})
}

func (p standIn) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = p.name
}

func (standIn) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (standIn) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (standIn) DataSources(context.Context) []func() datasource.DataSource { return nil }

func (p standIn) Resources(context.Context) []func() resource.Resource {
	var all []func() resource.Resource
	for _, kind := range standInTypes[p.name] {
		all = append(all, func() resource.Resource { return kind })
	}
	return all
}

// standInType is one of its resources.
type standInType struct {
	typeName       string
	names, lists   []string
	metadata       bool // a block with name and namespace, in place of names
	value, version string
	valueIsMap     bool
}

func (k standInType) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = k.typeName
}

func (k standInType) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	attributes := map[string]schema.Attribute{"id": schema.StringAttribute{Computed: true}}
	for _, name := range k.names {
		attributes[name] = schema.StringAttribute{Required: true}
	}
	for _, name := range k.lists {
		attributes[name] = schema.ListAttribute{Required: true, ElementType: types.StringType}
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

func (k standInType) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(k.keep(ctx, req.Config, &resp.State)...)
}

func (k standInType) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
	resp.Diagnostics.Append(k.keep(ctx, req.Config, &resp.State)...)
}

func (standInType) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

func (standInType) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}

// keep writes the value into a file that has the store's name and the secret's. It
// adds a line, so that a test sees how often it was sent.
func (k standInType) keep(ctx context.Context, config tfsdk.Config, state *tfsdk.State) diag.Diagnostics {
	var name types.String
	at := tfpath.Root("metadata").AtListIndex(0).AtName("name")
	if !k.metadata {
		at = tfpath.Root(k.names[len(k.names)-1])
	}
	diags := config.GetAttribute(ctx, at, &name)
	diags.Append(state.SetAttribute(ctx, tfpath.Root("id"), name)...)
	if diags.HasError() || k.value == "" {
		return diags
	}
	line, valueDiags := k.line(ctx, config)
	diags.Append(valueDiags...)
	store, _, _ := strings.Cut(k.typeName, "_")
	file, err := os.OpenFile(filepath.Join(os.Getenv("KEPT"), store+"-"+path.Base(name.ValueString())), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
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
func (k standInType) line(ctx context.Context, config tfsdk.Config) ([]byte, diag.Diagnostics) {
	var text *string
	var texts map[string]*string
	target := any(&text)
	if k.valueIsMap {
		target = &texts
	}
	diags := config.GetAttribute(ctx, tfpath.Root(k.value), target)
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
