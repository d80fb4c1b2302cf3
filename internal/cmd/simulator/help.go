package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const introduction = `Simulator runs a simulated Streamkap API for project keys on this machine.

Usage:

    go run ./internal/cmd/simulator [flags]

It prints the environment variables that point the provider at it on standard
output, and one line for each request on standard error.

Flags:

`

const explanations = `
Faults have a method and a path, each possibly *, and then any of

    status=503          answer in the service's place
    body=html           with the page of a gateway, or with this text (comes last)
    header=Name:value   with this header
    processed           after the service did the work
    drop=before         close the connection; also after, truncated
    delay=2s            hold the answer back
    skip=1              let this many requests pass first
    times=2             strike this often; -1 for ever

Seed files hold a JSON list of keys, for example

    [{"name": "made-by-hand", "role_ids": ["` + simulator.RoleReadOnly + `"]}]

With -kafka-ca a key's Kafka access is real: its user can log in where its
bootstrap_servers say, may do what its ACL rules allow, and is asked for its
password and its address. The broker is on loopback, so a whitelist that is to
let a client in has to list 127.0.0.1. An example, for a key that may read:

    go run ./internal/cmd/simulator -kafka-ca kafka-ca.pem

    kcat -C -t payments -b <bootstrap_servers> -X security.protocol=SASL_SSL \
      -X ssl.ca.location=kafka-ca.pem -X sasl.mechanism=PLAIN \
      -X sasl.username=<username> -X sasl.password=<password>

Dialects: what the service does where that is not known. The first variant of
each row is the default; the number is the row's in the API contract.

`

// printHelp describes the flags, and the rows of the dialect.
func printHelp(flags *flag.FlagSet, w io.Writer) {
	fmt.Fprint(w, introduction)
	flags.SetOutput(w)
	flags.PrintDefaults()
	fmt.Fprint(w, explanations)
	for _, row := range simulator.Rows() {
		fmt.Fprintf(w, "%2d  %s: %s\n", row.Number, row.Name, row.About)
		for _, variant := range row.Variants {
			fmt.Fprintf(w, "      %-18s %s\n", variant.Name, variant.Means)
		}
	}
}
