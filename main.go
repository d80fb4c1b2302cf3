// Command terraform-provider-streamkap is the Terraform provider for Streamkap
// Project Keys. Terraform starts it; started by hand it only says so.
package main

import (
	"context"
	"flag"
	"log"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
)

// These are set at link time: the version by every release, the address by
// whoever publishes the provider under another namespace.
var (
	version = "dev"
	address = "registry.terraform.io/streamkap-com/streamkap"
)

func main() {
	debug := flag.Bool("debug", false, "run so that a debugger can attach, and print how Terraform reaches this process")
	flag.Parse()
	if !*debug {
		provider.QuietFramework()
	}

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address:         address,
		Debug:           *debug,
		ProtocolVersion: 6,
	})
	if err != nil {
		log.Fatal(err)
	}
}
