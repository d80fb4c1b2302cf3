// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-streamkap is the Terraform provider for Streamkap
// Project Keys. Terraform starts it; started by hand it only says so.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

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
	logging := provider.DisableSDKLogs(*debug)
	provider.SilenceStdLog(os.Stderr)

	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		provider.EndWithTerraform()
	}
	if err := tf6server.Serve(address, provider.NewServer(version, logging), options...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
