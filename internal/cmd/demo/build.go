// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const (
	module  = "github.com/streamkap-com/terraform-provider-streamkap"
	version = "0.1.0"
)

// prepare builds the provider into a mirror, from which alone the CLI may
// install it, and lays the configuration out.
func (d *demo) prepare(ctx context.Context) error {
	config := filepath.Join(d.Dir, "cli.tfrc")
	mirror := filepath.Join(d.Dir, "mirror")
	text := fmt.Sprintf("provider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n", filepath.ToSlash(mirror))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		return err
	}
	d.Set("TF_CLI_CONFIG_FILE", config)
	d.Set("CHECKPOINT_DISABLE", "1")
	d.Set("TF_IN_AUTOMATION", "1")
	d.Set("TF_INPUT", "0")
	d.Set("CGO_ENABLED", "0")
	if err := d.Identify(ctx); err != nil {
		return err
	}
	d.Set("TF_CLI_ARGS", "-no-color")

	d.title("The Streamkap provider, with " + d.Banner)
	started := time.Now()
	if err := d.build(ctx, mirror); err != nil {
		return err
	}
	d.say("Built the provider in %.1f s.", time.Since(started).Seconds())
	return d.copyExample(ctx)
}

func (d *demo) build(ctx context.Context, mirror string) error {
	program := filepath.Join(mirror, d.RegistryHost(), "streamkap-com", "streamkap", version,
		runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-streamkap_v"+version)
	if runtime.GOOS == "windows" {
		program += ".exe"
	}
	var out bytes.Buffer
	err := d.Execute(ctx, &out, "", "go", "build", "-trimpath", "-buildvcs=false",
		"-ldflags", "-s -w -X main.version="+version, "-o", program, module)
	if err != nil {
		return fmt.Errorf("the provider can't be built: %w\n%s", err, out.String())
	}
	return nil
}

// copyExample leaves alone what else may lie beside the configuration, such as
// the state of somebody who has tried it.
func (d *demo) copyExample(ctx context.Context) error {
	var root bytes.Buffer
	if err := d.Execute(ctx, &root, "", "go", "list", "-m", "-f", "{{.Dir}}", module); err != nil {
		return fmt.Errorf("the repository can't be found: %w\n%s", err, root.String())
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(root.String()), "examples", "demo", "*.tf"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("there is no configuration in examples/demo")
	}
	if err := os.Mkdir(d.work(), 0o700); err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(d.work(), filepath.Base(file)), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
