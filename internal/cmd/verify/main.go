// SPDX-License-Identifier: MPL-2.0

// Command verify finds out how Streamkap's API behaves where nobody outside
// Streamkap can say. It makes a few keys in a project of yours, one after the
// other, looks at the answers, and deletes them:
//
//	go run ./internal/cmd/verify              says what it would do
//	go run ./internal/cmd/verify -yes -service-id ID
//	go run ./internal/cmd/verify -clean JOURNAL -yes -service-id ID
//
// The service and the credentials come from the environment, as the provider's
// do. What is reported has no value of the account in it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// The exit codes, besides 0.
const (
	exitFailed = 1 // it could not be done, or something is left
	exitUsage  = 2 // the command line is wrong
	exitBreach = 3 // the service was seen to break the contract
	exitNotOwn = 4 // the service named a key that is not this run's
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A second interrupt ends the program at once: the journal is for that.
	context.AfterFunc(ctx, stop)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	command, err := parse(args, getenv, stdout, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return 0
	case err != nil:
		fmt.Fprintln(stderr, "verify:", err)
		return exitUsage
	case !command.yes:
		command.printPlan(stdout)
		return 0
	case command.clean:
		return conclude(verify.Clean(ctx, command.options), nil, stderr)
	}
	report, err := verify.Run(ctx, command.options)
	if report != nil {
		err = errors.Join(err, report.WriteText(stdout), command.writeReport(report), command.compare(report))
	}
	return conclude(err, report, stderr)
}

func conclude(err error, report *verify.Report, stderr io.Writer) int {
	var notOwn *owned.NotOwnError
	switch {
	case errors.As(err, &notOwn):
		fmt.Fprintln(stderr, "verify:", err)
		return exitNotOwn
	case err != nil:
		fmt.Fprintln(stderr, "verify:", err)
		return exitFailed
	case report == nil:
		return 0
	case report.Stopped != "":
		fmt.Fprintln(stderr, "verify: it ended early:", report.Stopped)
		return exitFailed
	case report.Failed():
		return exitBreach
	default:
		return 0
	}
}

// writeReport writes the report for programs.
func (c *command) writeReport(report *verify.Report) error {
	if c.report == "" {
		return nil
	}
	encoded, err := json.MarshalIndent(report, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(c.report, append(encoded, '\n'), 0o600)
}

// compare fails where a row has changed since an earlier report.
func (c *command) compare(report *verify.Report) error {
	if c.against == "" {
		return nil
	}
	data, err := os.ReadFile(c.against)
	if err != nil {
		return err
	}
	var earlier verify.Report
	if err := json.Unmarshal(data, &earlier); err != nil {
		return fmt.Errorf("%s is no report: %w", c.against, err)
	}
	if changed := report.ChangedSince(&earlier); len(changed) > 0 {
		return fmt.Errorf("changed since %s: %s", c.against, strings.Join(changed, "; "))
	}
	return nil
}
