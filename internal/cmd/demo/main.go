// SPDX-License-Identifier: MPL-2.0

// Command demo shows the provider at work. It builds the provider, starts a
// simulated Streamkap API in its own process, and takes the configuration in
// examples/demo through its life with a real CLI:
//
//	go run ./internal/cmd/demo -cli terraform
//
// Everything it makes is in one temporary directory, which is gone at the end,
// and the provider talks to loopback only. What it claims it has checked: a
// claim that does not hold ends it with exit code 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/cli"
)

func main() {
	// A reader that goes away, as in "make demo | head", is an interruption
	// like any other: what was started has to be ended all the same.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run returns the exit code.
func run(ctx context.Context, args []string, stdout *os.File, stderr io.Writer) int {
	flags := flag.NewFlagSet("demo", flag.ContinueOnError)
	flags.SetOutput(stderr)
	program := flags.String("cli", "terraform", "`path` of terraform or tofu")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	path, err := cli.Find(*program)
	if err == nil {
		err = newDemo(path, stdout, wantsColor(stdout)).run(ctx)
	}
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil && !errors.Is(err, errLeftBehind):
		fmt.Fprintln(stderr, "\ndemo: interrupted; nothing is left of it")
		return 130
	default:
		fmt.Fprintln(stderr, "\ndemo: FAILED:", err)
		return 1
	}
}
