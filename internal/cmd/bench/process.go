// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
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
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/cli"
)

//go:embed main.tf
var configuration []byte

const module = "github.com/streamkap-com/terraform-provider-streamkap"

// The providers, by the folders in which they are and work.
const ours, bare = "ours", "bare"

// bench is one run.
type bench struct {
	*cli.CLI
	size    sizes
	service *simulator.Server
	rows    []string
}

func (b *bench) run(ctx context.Context) (err error) {
	if b.Dir, err = os.MkdirTemp("", "bench-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.Dir)) }()
	b.service = simulator.New(simulator.Config{})
	listener := httptest.NewServer(b.service)
	defer listener.Close()
	for name, value := range map[string]string{
		"CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1", "TF_INPUT": "0", "TF_CLI_CONFIG_FILE": os.DevNull, "CGO_ENABLED": "0",
		"STREAMKAP_HOST": listener.URL, "STREAMKAP_CLIENT_ID": b.service.Config().ClientID, "STREAMKAP_SECRET": b.service.Config().Secret,
		"TF_VAR_password": "Aa1-" + rand.Text(), "TF_VAR_description": "first",
	} {
		b.Set(name, value)
	}
	if err := b.Identify(ctx); err != nil {
		return err
	}
	for who, source := range map[string]string{ours: module, bare: module + "/internal/cmd/bench/bare"} {
		var out bytes.Buffer
		if err := b.Execute(ctx, &out, "", "go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w", "-o", b.path(who, "provider"), source); err != nil {
			return fmt.Errorf("%s can't be built: %w\n%s", source, err, out.String())
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

func (b *bench) path(who, file string) string { return filepath.Join(b.Dir, who, file) }

// configure sets how many keys there are to be, of how many rules, in order or
// not.
func (b *bench) configure(who string, keys, rules int, reordered bool) error {
	b.Set("TF_VAR_keys", fmt.Sprint(keys))
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
	var out bytes.Buffer
	err = b.Execute(ctx, &out, b.path(who, ""), b.Path, args...)
	_ = process.Process.Kill()
	_ = process.Wait()
	if err != nil && ctx.Err() == nil {
		text := out.String()
		err = fmt.Errorf("%s %s, with the provider %q: %w\n%s", b.Name(), strings.Join(args, " "), who, err, text[max(0, len(text)-4000):])
	}
	return spent{start, process.ProcessState.UserTime() + process.ProcessState.SystemTime()}, err
}

// attach starts a provider as a debugger would, so that the CLI uses this
// process.
func (b *bench) attach(ctx context.Context, who string) (*exec.Cmd, error) {
	process := b.Command(ctx, b.path(who, "provider"), "-debug")
	process.Env = append(process.Env, "TF_LOG=OFF") // as where nobody reads the log, which a debugger would
	stdout, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		return nil, err
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if _, value, found := strings.Cut(lines.Text(), "TF_REATTACH_PROVIDERS="); found {
			b.Set("TF_REATTACH_PROVIDERS", strings.ReplaceAll(strings.Trim(value, "'"), "registry.terraform.io", b.RegistryHost()))
			return process, nil
		}
	}
	_ = process.Process.Kill()
	return nil, errors.Join(fmt.Errorf("the provider %q does not say how it is reached", who), process.Wait())
}
