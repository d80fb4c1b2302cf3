// SPDX-License-Identifier: MPL-2.0

// Command bench measures what needs a real CLI and whole processes: what the
// provider costs at the size of a large team, beside a provider with the same
// schema and no logic (the folder bare). Everything else is measured by Go
// benchmarks, next to the code.
//
//	go run ./internal/cmd/bench -cli terraform
//
// It prints a table. The guide "What to expect at scale" shows the one that is
// kept as table.txt. Processor time is that of the provider's process. A ratio
// holds on any machine; the times beside it do not. A
// plan that should be empty and is not ends it with exit code 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGPIPE)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// sizes are what the figures depend on.
type sizes struct{ rules, keys, keyRules, rounds int }

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	program := flags.String("cli", "terraform", "`path` of terraform or tofu")
	size := sizes{}
	flags.IntVar(&size.rules, "rules", 1000, "ACL rules of the large key")
	flags.IntVar(&size.keys, "keys", 1000, "keys of the largest fleet; the others have three and one tenths of them")
	flags.IntVar(&size.keyRules, "key-rules", 20, "ACL rules of each key of a fleet")
	flags.IntVar(&size.rounds, "rounds", 5, "how often each time is taken; the least counts")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 || min(size.rules, size.keys/10, size.keyRules, size.rounds) < 1 {
		return errors.New("flags only, at least 10 keys, and every other number at least 1")
	}
	path, err := exec.LookPath(*program)
	if err == nil {
		path, err = filepath.Abs(path)
	}
	if err != nil {
		return err
	}
	b := &bench{cli: path, size: size}
	if err := b.run(ctx); err != nil {
		return err
	}
	fmt.Fprintf(out, "%s, %s/%s, %d cores\n\n", b.banner, runtime.GOOS, runtime.GOARCH, runtime.NumCPU())
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "\tthis provider\tbare\tratio\n"+strings.Join(b.rows, ""))
	return table.Flush()
}
