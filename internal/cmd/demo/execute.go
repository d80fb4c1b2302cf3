package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// patience is how long a program that was asked to end is given to do so. A
// CLI that is applying has to save its state first.
const patience = 15 * time.Second

// execute runs a program to its end, and no longer than the context lasts.
func (d *demo) execute(ctx context.Context, out io.Writer, dir, program string, args ...string) error {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = dir
	cmd.Env = append(d.inherited(), d.settings...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.WaitDelay = patience
	endGently(cmd)
	err := cmd.Run()
	if left := endRest(cmd); left && err == nil {
		err = fmt.Errorf("%s left a process behind", filepath.Base(program))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// inherited is the caller's environment without anything that could have a say
// in what the CLI or the provider does, or where they write.
func (d *demo) inherited() []string {
	env := slices.DeleteFunc(os.Environ(), func(setting string) bool {
		for _, prefix := range []string{"TF_", "TOFU_", "STREAMKAP_", "CHECKPOINT_", "OTEL_"} {
			if strings.HasPrefix(setting, prefix) {
				return true
			}
		}
		return false
	})
	return append(env, "TMPDIR="+d.dir, "TMP="+d.dir, "TEMP="+d.dir)
}

func nameOf(setting string) string {
	name, _, _ := strings.Cut(setting, "=")
	return name
}

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
	d.shell(d.name() + " " + strings.Join(args, " "))
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
	err := d.execute(ctx, io.MultiWriter(&text, view), d.work(), d.cli, args...)
	result := &outcome{text: text.String(), took: time.Since(started), requests: d.server.Requests()}
	if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() == 2 && slices.Contains(args, "-detailed-exitcode") {
		result.changes, err = true, nil
	}
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%s %s: %w", d.name(), strings.Join(args, " "), err)
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

// name is what people type.
func (d *demo) name() string {
	return strings.TrimSuffix(filepath.Base(d.cli), ".exe")
}
