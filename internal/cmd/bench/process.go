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
	"time"
)

// use is what a process of a provider took.
type use struct {
	processor time.Duration
	// memory is the most it had, in KiB, or 0 where that can't be read.
	memory int
}

// spend runs commands of the CLI with one process of a provider, and returns
// what that process took.
func (b *bench) spend(ctx context.Context, who string, commands ...[]string) (spent use, err error) {
	process, err := b.attach(ctx, who)
	if err != nil {
		return spent, err
	}
	defer b.Set("TF_REATTACH_PROVIDERS", "")
	for _, args := range commands {
		if _, err = b.terraform(ctx, who, args...); err != nil {
			break
		}
	}
	if err == nil {
		spent.memory, err = highWater(process.Process.Pid)
	}
	_ = process.Process.Kill()
	_ = process.Wait()
	spent.processor = process.ProcessState.UserTime() + process.ProcessState.SystemTime()
	return spent, err
}

// attach starts a provider as a debugger would, so that every command of the
// CLI uses the same process.
func (b *bench) attach(ctx context.Context, who string) (*exec.Cmd, error) {
	process := b.Command(ctx, b.program(who), append([]string{"-debug"}, providers[who].flags...)...)
	// As where nobody reads the log, which a debugger would.
	process.Env = append(process.Env, "TF_LOG=OFF")
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
