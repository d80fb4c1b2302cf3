// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/cli"
)

const module = "github.com/streamkap-com/terraform-provider-streamkap"

// nodeModules is where internal/tools/install-clients puts Node's packages.
const nodeModules = "bin/clients/node_modules"

// tools are everything that is run beside the CLI, in one folder.
type tools struct {
	*cli.CLI
	repository string
	dir        string
	pythons    map[string]string // which Python has a module
}

func (t *tools) path(name string) string { return filepath.Join(t.dir, name) }

// prepare builds and copies.
func (t *tools) prepare(ctx context.Context, missing map[string]bool) error {
	for name, source := range map[string]string{
		"terraform-provider-streamkap": ".",
		"simulator":                    "./internal/cmd/simulator",
		"franz":                        "./internal/cmd/clients/peers/franz",
		"orders-consumer":              "./examples/kafka-clients/go",
	} {
		if err := t.do(ctx, t.repository, "go", "build", "-buildvcs=false", "-o", t.path(name), source); err != nil {
			return err
		}
	}
	for _, name := range []string{"sarama", "segmentio"} {
		if err := t.do(ctx, filepath.Join(t.repository, "internal", "tools", "kafkaclients"), "go", "build", "-buildvcs=false", "-o", t.path(name), "./"+name); err != nil {
			return err
		}
	}
	for _, pattern := range []string{"internal/cmd/clients/peers/*.*", "examples/kafka-clients/python/*.py", "examples/kafka-clients/node/*.mjs"} {
		if err := t.copy(pattern); err != nil {
			return err
		}
	}
	// A program for Node finds its packages beside itself.
	if err := os.Symlink(filepath.Join(t.repository, nodeModules), t.path("node_modules")); err != nil {
		return err
	}
	if missing["javac"] {
		return nil
	}
	return t.do(ctx, t.dir, "javac", "Readback.java")
}

func (t *tools) copy(pattern string) error {
	files, err := filepath.Glob(filepath.Join(t.repository, filepath.FromSlash(pattern)))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("there is nothing in %s", pattern)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(t.path(filepath.Base(file)), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}

func (t *tools) do(ctx context.Context, dir, program string, args ...string) error {
	var out bytes.Buffer
	if err := t.Execute(ctx, &out, dir, program, args...); err != nil {
		return fmt.Errorf("%s %s: %w\n%s", program, strings.Join(args, " "), err, out.String())
	}
	return nil
}

// findRepository asks Go where this module is.
func (t *tools) findRepository(ctx context.Context) error {
	var out bytes.Buffer
	if err := t.Execute(ctx, &out, "", "go", "list", "-m", "-f", "{{.Dir}}", module); err != nil {
		return fmt.Errorf("the repository can't be found: %w\n%s", err, out.String())
	}
	t.repository = strings.TrimSpace(out.String())
	return nil
}
