// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
)

// peakMemory runs commands of the CLI with one process of a provider, and
// returns how much memory it had at most, in KiB. It is 0 where that can't be
// read.
func (b *bench) peakMemory(ctx context.Context, who string, commands ...[]string) (int, error) {
	process, err := b.attach(ctx, who)
	if err != nil {
		return 0, err
	}
	defer func() {
		_ = process.Process.Kill()
		_ = process.Wait()
		b.Set("TF_REATTACH_PROVIDERS", "")
	}()
	for _, args := range commands {
		if _, err := b.terraform(ctx, who, args...); err != nil {
			return 0, err
		}
	}
	return highWater(process.Process.Pid)
}

// attach starts a provider as a debugger would, so that every command of the
// CLI uses the same process.
func (b *bench) attach(ctx context.Context, who string) (*exec.Cmd, error) {
	process := b.Command(ctx, b.program(who), "-debug")
	// As where nobody reads the log, which a debugger would.
	process.Env = append(process.Env, "TF_LOG_SDK=OFF", "TF_LOG_SDK_FRAMEWORK=OFF")
	stdout, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, value, found := strings.Cut(lines.Text(), "TF_REATTACH_PROVIDERS="); found {
			value = strings.ReplaceAll(strings.Trim(value, "'"), "registry.terraform.io", b.RegistryHost())
			b.Set("TF_REATTACH_PROVIDERS", value)
			return process, nil
		}
	}
	_ = process.Process.Kill()
	return nil, errors.Join(fmt.Errorf("%s -debug does not say how it is reached", filepath.Base(b.program(who))), lines.Err(), process.Wait())
}

// highWater is the most memory that a process has had, in KiB. Only Linux tells.
func highWater(pid int) (int, error) {
	if runtime.GOOS != "linux" {
		return 0, nil
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, found := strings.CutPrefix(line, "VmHWM:"); found {
			return strconv.Atoi(strings.Fields(value)[0])
		}
	}
	return 0, errors.New("/proc does not tell a process's memory")
}
