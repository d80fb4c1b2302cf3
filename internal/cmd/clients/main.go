// SPDX-License-Identifier: MPL-2.0

// Command clients proves that the Kafka clients that teams have get through the
// doors of a key, and no further. For each of them it starts the simulator as
// its documentation says, applies examples/kafka-clients with a real CLI, lets
// the client work with what Terraform puts out, and prints a table:
//
//	go run ./internal/cmd/clients -cli terraform
//
// The table is in the guide on clients, too. A run in which every client was
// there compares the two; -write makes the guide's that of the run.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"regexp"
	"syscall"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("clients", flag.ContinueOnError)
	flags.SetOutput(stderr)
	program := flags.String("cli", "terraform", "`path` of terraform or tofu")
	only := flags.String("only", "", "only what is named so, a regular `expression`")
	write := flags.Bool("write", false, "write the table into the guide")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	named, err := regexp.Compile(*only)
	if err != nil {
		fmt.Fprintln(stderr, "clients:", err)
		return 2
	}
	path, err := cli.Find(*program)
	if err == nil {
		err = (&trial{cli: path, named: named, write: *write, out: stdout, progress: stderr}).run(ctx)
	}
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "clients: interrupted; nothing is left of it")
		return 130
	default:
		fmt.Fprintln(stderr, "clients:", err)
		return 1
	}
}
