// SPDX-License-Identifier: MPL-2.0

// Command bench measures what the provider costs at the size of a large
// platform team, and prints a table: what was measured, ours, the floor, and
// the ratio of the two. It runs the provider with a real CLI against a
// simulated Streamkap API in its own process:
//
//	go run ./internal/cmd/bench -cli terraform
//
// The floor is measured in the same run. For the cost of computing it is a
// provider with the same resource schema and no logic (the folder bare), for the
// cost of calls the arithmetic of latency. A ratio holds on any machine; the
// times beside it do not.
//
// A plan that should be empty and is not ends the run with exit code 1. A ratio
// that is out of reach does not: the table says so.
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
	"time"

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
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	program := flags.String("cli", "terraform", "`path` of terraform or tofu")
	size := sizes{}
	flags.IntVar(&size.rules, "rules", 1000, "ACL rules of the large key")
	flags.IntVar(&size.keys, "keys", 1000, "keys of the fleet")
	flags.IntVar(&size.keyRules, "key-rules", 20, "ACL rules of each key of the fleet")
	flags.DurationVar(&size.latency, "latency", 20*time.Millisecond, "latency of the API in the refresh of the fleet")
	flags.IntVar(&size.rounds, "rounds", 5, "how often each time is taken; the median counts")
	flags.StringVar(&size.benchtime, "benchtime", "0.1s", "`time` for each Go benchmark, as for go test")
	raw := flags.String("raw", "", "`file` for the output of the Go benchmarks, for benchstat")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 0 || min(size.rules, size.keys, size.keyRules, size.rounds) < 1 {
		fmt.Fprintln(stderr, "bench: flags only, and every number at least 1")
		return 2
	}
	path, err := cli.Find(*program)
	if err == nil {
		err = newBench(path, size, *raw, stdout, stderr).run(ctx)
	}
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		fmt.Fprintln(stderr, "bench: interrupted; nothing is left of it")
		return 130
	default:
		fmt.Fprintln(stderr, "bench:", err)
		return 1
	}
}
