// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/cli"
)

// sizes are what the figures depend on.
type sizes struct {
	rules, keys, keyRules, rounds int
	latency                       time.Duration
	benchtime                     string
}

// tenths is a part of the keys of the fleet, and at least one.
func (s sizes) tenths(n int) int { return max(1, s.keys*n/10) }

// parallelism is how many requests Terraform has in flight at once, its default.
const parallelism = 10

// bench is one run.
type bench struct {
	*cli.CLI
	table

	size     sizes
	raw      string
	progress io.Writer
	service  *service
}

func newBench(path string, size sizes, raw string, out, progress io.Writer) *bench {
	return &bench{CLI: &cli.CLI{Path: path}, table: table{out: out}, size: size, raw: raw, progress: progress}
}

// run measures everything, prints the table and clears up.
func (b *bench) run(ctx context.Context) (err error) {
	started := time.Now()
	if b.Dir, err = os.MkdirTemp("", "bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.Dir)) }()
	if b.service, err = startService(ctx); err != nil {
		return err
	}
	defer b.service.stop()
	if err := b.prepare(ctx); err != nil {
		return err
	}
	for _, part := range []struct {
		name    string
		measure func(context.Context) error
	}{
		{"one key with many rules", b.measureRules},
		{"many keys", b.measureFleet},
		{"requests", b.measureRequests},
		{"encrypted secrets and preflight", b.measureOptions},
		{"start", b.measureStart},
		{"waiting", b.measureWait},
		{"rate limits, a list and verify", b.measureOnVirtualTime},
		{"adoption", b.measureAdoption},
		{"hot paths", b.measureHotPaths},
	} {
		fmt.Fprintf(b.progress, "%5.0f s  measuring: %s\n", time.Since(started).Seconds(), part.name)
		if err = part.measure(ctx); err != nil {
			err = fmt.Errorf("%s: %w", part.name, err)
			break
		}
	}
	// What was measured before a failure is told all the same.
	b.print(fmt.Sprintf("%s, %s/%s, %d cores; %.0f s", b.Banner, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), time.Since(started).Seconds()))
	return err
}

// The providers that are measured, by the folders they are built into.
const (
	ours = "ours"
	bare = "bare"
	// reading is the bare one with what no provider can leave out. It refreshes
	// the keys that ours has made.
	reading = "reading"
)

const module = "github.com/streamkap-com/terraform-provider-streamkap"

var providers = map[string]struct {
	source, workspace string
	flags             []string
}{
	ours:    {source: module, workspace: ours},
	bare:    {source: module + "/internal/cmd/bench/bare", workspace: bare},
	reading: {source: module + "/internal/cmd/bench/bare", workspace: ours, flags: []string{"-reading"}},
}

// prepare builds both providers and gives each a workspace.
func (b *bench) prepare(ctx context.Context) error {
	for name, value := range map[string]string{
		"CHECKPOINT_DISABLE":  "1",
		"TF_IN_AUTOMATION":    "1",
		"TF_INPUT":            "0",
		"TF_CLI_CONFIG_FILE":  os.DevNull,
		"CGO_ENABLED":         "0",
		"STREAMKAP_HOST":      b.service.url,
		"STREAMKAP_CLIENT_ID": b.service.simulator().Config().ClientID,
		"STREAMKAP_SECRET":    b.service.simulator().Config().Secret,
		"TF_VAR_password":     "Aa1-" + rand.Text(),
		"TF_CLI_ARGS_plan":    "-no-color",
		"TF_CLI_ARGS_apply":   "-no-color",
	} {
		b.Set(name, value)
	}
	if err := b.Identify(ctx); err != nil {
		return err
	}
	for name, provider := range providers {
		var out bytes.Buffer
		if err := b.Execute(ctx, &out, "", "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", b.program(name), provider.source); err != nil {
			return fmt.Errorf("%s can't be built: %w\n%s", provider.source, err, out.String())
		}
		if err := b.writeWorkspace(name); err != nil {
			return err
		}
	}
	return nil
}

// program is where a provider is built to.
func (b *bench) program(who string) string {
	suffix := ""
	if runtime.GOOS == "windows" {
		suffix = ".exe"
	}
	return filepath.Join(b.Dir, who, "terraform-provider-streamkap"+suffix)
}

// terraform runs the CLI with one of the providers and returns how long it took.
// A plan with -detailed-exitcode has to be empty, and so has one with
// -refresh-only. The exit code of that one says nothing, because Terraform
// reports a change where only the order of the sensitive attributes differs; so
// its text is looked at.
func (b *bench) terraform(ctx context.Context, who string, args ...string) (time.Duration, error) {
	b.Set("TF_CLI_CONFIG_FILE", b.cliConfig(who))
	defer b.Set("TF_CLI_CONFIG_FILE", os.DevNull)
	var out bytes.Buffer
	started := time.Now()
	err := b.Execute(ctx, &out, b.workspace(who), b.Path, args...)
	took := time.Since(started)
	if exit := new(exec.ExitError); errors.As(err, &exit) && exit.ExitCode() == 2 && slices.Contains(args, "-detailed-exitcode") {
		err = errNotEmpty
	}
	if err == nil && slices.Contains(args, "-refresh-only") && !strings.Contains(out.String(), "No changes.") {
		err = errNotEmpty
	}
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%s %s, with the provider %q: %w\n%s", b.Name(), strings.Join(args, " "), who, err, tail(out.String()))
	}
	return took, err
}

var errNotEmpty = errors.New("the plan is not empty")

// tail is the end of a long output.
func tail(text string) string {
	const most = 4000
	return text[max(0, len(text)-most):]
}

// inTurn takes times in rounds, so that what slows the machine down for a while
// slows down everything that is compared.
func (b *bench) inTurn(measure func(round int) error) error {
	for round := range b.size.rounds {
		if err := measure(round); err != nil {
			return err
		}
	}
	return nil
}

// median is the middle one of some figures, the greater one of two.
func median[T cmp.Ordered](figures []T) T {
	sorted := slices.Sorted(slices.Values(figures))
	return sorted[len(sorted)/2]
}
