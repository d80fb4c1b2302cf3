// SPDX-License-Identifier: MPL-2.0

// Command bare is a provider with the schema of streamkap_project_key and no
// logic: the least that such a resource costs, against which the benchmark
// measures the real one. It makes no request, unless it is told to read.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	measured "github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
)

func main() {
	debug := flag.Bool("debug", false, "run so that the benchmark can attach")
	reading := flag.Bool("reading", false, "read keys, and check their configuration")
	flag.Parse()
	measured.Quiet(*debug)
	err := providerserver.Serve(context.Background(), func() provider.Provider { return bareProvider{*reading} }, providerserver.ServeOpts{
		Address:         "registry.terraform.io/streamkap-com/streamkap",
		Debug:           *debug,
		ProtocolVersion: 6,
	})
	if err != nil {
		log.Fatal(err)
	}
}

type bareProvider struct{ reading bool }

func (bareProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "streamkap"
}

func (bareProvider) Schema(ctx context.Context, req provider.SchemaRequest, resp *provider.SchemaResponse) {
	(&measured.StreamkapProvider{}).Schema(ctx, req, resp)
}

func (bareProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (p bareProvider) Resources(context.Context) []func() resource.Resource {
	if p.reading {
		return []func() resource.Resource{newReadingResource}
	}
	return []func() resource.Resource{func() resource.Resource { return bareResource{} }}
}

func (bareProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
