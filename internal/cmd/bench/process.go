// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

//go:embed main.tf
var configuration []byte

const module = "github.com/streamkap-com/terraform-provider-streamkap"

// The providers, by the folders in which they are and work.
const ours, bare = "ours", "bare"

// bench is one run.
type bench struct {
	cli     string // its path
	banner  string // what it says of itself, such as "Terraform v1.11.4"
	dir     string
	env     []string
	size    sizes
	service *simulator.Server
	rows    []string
}

func (b *bench) run(ctx context.Context) (err error) {
	if b.dir, err = os.MkdirTemp("", "bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	// Nothing that the caller has set may have a say in what is measured.
	b.env = slices.DeleteFunc(os.Environ(), func(setting string) bool {
		return slices.ContainsFunc([]string{"TF_", "TOFU_", "STREAMKAP_", "CHECKPOINT_", "OTEL_"}, func(prefix string) bool {
			return strings.HasPrefix(setting, prefix)
		})
	})
	b.service = simulator.New(simulator.Config{})
	listener := httptest.NewServer(b.service)
	defer listener.Close()
	for name, value := range map[string]string{
		"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "TF_CLI_CONFIG_FILE": os.DevNull, "CGO_ENABLED": "0",
		"STREAMKAP_HOST": listener.URL, "STREAMKAP_CLIENT_ID": b.service.Config().ClientID, "STREAMKAP_SECRET": b.service.Config().Secret,
		"TF_VAR_password": "Aa1-" + rand.Text(), "TF_VAR_description": "first",
	} {
		b.set(name, value)
	}
	version, err := b.execute(ctx, "", b.cli, "version")
	if err != nil {
		return err
	}
	b.banner, _, _ = strings.Cut(version, "\n")
	for who, source := range map[string]string{ours: module, bare: module + "/internal/cmd/bench/bare"} {
		if _, err := b.execute(ctx, "", "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", b.path(who, "provider"), source); err != nil {
			return err
		}
		if err := os.WriteFile(b.path(who, "main.tf"), configuration, 0o600); err != nil {
			return err
		}
	}
	for _, measure := range []func(context.Context) error{b.measureRules, b.measureKeys, b.countRequests} {
		if err := measure(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (b *bench) path(who, file string) string { return filepath.Join(b.dir, who, file) }

// set sets a variable for whatever is run from now on; the last one counts.
func (b *bench) set(name, value string) { b.env = append(b.env, name+"="+value) }

// execute runs a program to its end, and returns what it printed.
func (b *bench) execute(ctx context.Context, dir, program string, args ...string) (string, error) {
	command := exec.CommandContext(ctx, program, args...)
	command.Dir, command.Env = dir, b.env
	output, err := command.CombinedOutput()
	if err != nil && ctx.Err() == nil {
		err = fmt.Errorf("%s %s, in %q: %w\n%s", filepath.Base(program), strings.Join(args, " "), filepath.Base(dir), err, output[max(0, len(output)-4000):])
	}
	return string(output), err
}

// configure sets how many keys there are to be, of how many rules, in order or
// not.
func (b *bench) configure(who string, keys, rules int, reordered bool) error {
	b.set("TF_VAR_keys", fmt.Sprint(keys))
	order := mathrand.Perm(rules)
	if !reordered {
		slices.Sort(order)
	}
	text := "name\n"
	for _, i := range order {
		text += fmt.Sprintf("orders.%05d\n", i)
	}
	return os.WriteFile(b.path(who, "rules.csv"), []byte(text), 0o600)
}

// spent is what a provider took in a run of the CLI: until it could be reached,
// and of the processor. Other programs on the machine have little influence on
// that.
type spent struct{ start, processor time.Duration }

// terraform runs the CLI with one process of a provider. A plan with
// -detailed-exitcode has to be empty.
func (b *bench) terraform(ctx context.Context, who string, args ...string) (spent, error) {
	began := time.Now()
	process, err := b.attach(ctx, who)
	if err != nil {
		return spent{}, err
	}
	start := time.Since(began)
	_, err = b.execute(ctx, b.path(who, ""), b.cli, args...)
	_ = process.Process.Kill()
	_ = process.Wait()
	return spent{start, process.ProcessState.UserTime() + process.ProcessState.SystemTime()}, err
}

// attach starts a provider as a debugger would, so that the CLI uses this
// process.
func (b *bench) attach(ctx context.Context, who string) (*exec.Cmd, error) {
	process := exec.CommandContext(ctx, b.path(who, "provider"), "-debug")
	process.Env = append(slices.Clone(b.env), "TF_LOG=OFF") // as where nobody reads the log, which a debugger would
	stdout, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if _, value, found := strings.Cut(lines.Text(), "TF_REATTACH_PROVIDERS="); found {
			if value = strings.Trim(value, "'"); strings.HasPrefix(b.banner, "OpenTofu") {
				value = strings.ReplaceAll(value, "registry.terraform.io", "registry.opentofu.org")
			}
			b.set("TF_REATTACH_PROVIDERS", value)
			return process, nil
		}
	}
	_ = process.Process.Kill()
	return nil, errors.Join(fmt.Errorf("the provider %q does not say how it is reached", who), process.Wait())
}
