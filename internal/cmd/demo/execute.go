// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// outcome is what came of one command of the CLI.
type outcome struct {
	text     string
	changes  bool // what -detailed-exitcode says
	took     time.Duration
	requests []simulator.Request
}

// command runs the CLI in sight of the reader: the command, what it prints,
// and the requests that it made.
func (d *demo) command(ctx context.Context, args ...string) (*outcome, error) {
	d.shell(d.Name() + " " + strings.Join(args, " "))
	view := newTranscript(d.printer, args[0] == "destroy")
	result, err := d.silent(ctx, view, args...)
	view.end()
	if err == nil {
		d.note("Requests: " + tally(result.requests))
	}
	return result, err
}

// silent runs the CLI and leaves it to the caller what to show of it.
func (d *demo) silent(ctx context.Context, view io.Writer, args ...string) (*outcome, error) {
	d.server.ResetRequests()
	var text bytes.Buffer
	started := time.Now()
	err := d.Execute(ctx, io.MultiWriter(&text, view), d.work(), d.Path, args...)
	result := &outcome{text: text.String(), took: time.Since(started), requests: d.server.Requests()}
	if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() == 2 && slices.Contains(args, "-detailed-exitcode") {
		result.changes, err = true, nil
	}
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%s %s: %w", d.Name(), strings.Join(args, " "), err)
	}
	return result, err
}

// change plans and applies, in two commands: what is applied is what was shown.
func (d *demo) change(ctx context.Context, file string) (planned, applied *outcome, err error) {
	d.gap()
	if planned, err = d.command(ctx, "plan", "-out="+file); err != nil {
		return nil, nil, err
	}
	d.gap()
	if applied, err = d.command(ctx, "apply", file); err != nil {
		return nil, nil, err
	}
	d.gap()
	return planned, applied, nil
}

// output is the value of an output, which may be secret.
func (d *demo) output(ctx context.Context, name string) (string, error) {
	done, err := d.silent(ctx, io.Discard, "output", "-raw", name)
	return done.text, err
}

// words joins lines that the CLI has wrapped.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
