// SPDX-License-Identifier: MPL-2.0

// Package cli runs Terraform or OpenTofu, and other programs beside it, so that
// no setting of the caller's has a say in what the CLI or the provider does, and
// so that they end when they are told to. On Unix they leave no process behind.
package cli

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
)

// patience is how long a program that was asked to end is given to do so. A
// CLI that is applying has to save its state first.
const patience = 15 * time.Second

// CLI is a terraform or tofu, with the environment that it is run in.
type CLI struct {
	// Path is where it is, absolutely: it is run in other directories.
	Path string
	// Dir is where everything temporary is written.
	Dir string
	// Banner is what it says of itself, such as "Terraform v1.11.4". It is
	// empty until [CLI.Identify] was called.
	Banner string
	// settings are environment variables, in the form of os.Environ.
	settings []string
}

// Find returns the absolute path of a program.
func Find(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err != nil && !errors.Is(err, exec.ErrDot) {
		return "", err
	}
	return filepath.Abs(path)
}

// Name is what people type.
func (c *CLI) Name() string { return strings.TrimSuffix(filepath.Base(c.Path), ".exe") }

// Identify asks the CLI for its name and version.
func (c *CLI) Identify(ctx context.Context) error {
	var out bytes.Buffer
	if err := c.Execute(ctx, &out, c.Dir, c.Path, "version"); err != nil {
		return fmt.Errorf("%s version: %w\n%s", c.Path, err, out.String())
	}
	c.Banner, _, _ = strings.Cut(out.String(), "\n")
	return nil
}

// RegistryHost is the host with which the CLI completes a provider's address.
func (c *CLI) RegistryHost() string {
	if strings.HasPrefix(c.Banner, "OpenTofu") {
		return "registry.opentofu.org"
	}
	return "registry.terraform.io"
}

// Set sets an environment variable for every program that is run from now on. A
// value that is set again takes the place of the old one.
func (c *CLI) Set(name, value string) {
	c.settings = slices.DeleteFunc(c.settings, func(setting string) bool { return nameOf(setting) == name })
	c.settings = append(c.settings, name+"="+value)
}

func nameOf(setting string) string {
	name, _, _ := strings.Cut(setting, "=")
	return name
}

// Command is a program to start in that environment. It is interrupted when the
// context ends, and killed if it takes too long over its end.
func (c *CLI) Command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = c.environment()
	cmd.WaitDelay = patience
	endGently(cmd)
	return cmd
}

// Execute runs a program to its end, and no longer than the context lasts.
func (c *CLI) Execute(ctx context.Context, out io.Writer, dir, program string, args ...string) error {
	cmd := c.Command(ctx, program, args...)
	cmd.Dir = dir
	cmd.Stdout, cmd.Stderr = out, out
	err := cmd.Run()
	if left := endRest(cmd); left && (err == nil || errors.Is(err, exec.ErrWaitDelay)) {
		err = fmt.Errorf("%s left a process behind", filepath.Base(program))
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// environment is the caller's without anything that could have a say in what
// the CLI or the provider does, or where they write, and with what was set.
func (c *CLI) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(setting string) bool {
		for _, prefix := range []string{"TF_", "TOFU_", "STREAMKAP_", "CHECKPOINT_", "OTEL_"} {
			if strings.HasPrefix(setting, prefix) {
				return true
			}
		}
		return false
	})
	env = append(env, "TMPDIR="+c.Dir, "TMP="+c.Dir, "TEMP="+c.Dir, "GOTMPDIR="+c.Dir)
	return append(env, c.settings...)
}
