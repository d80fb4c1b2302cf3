// SPDX-License-Identifier: MPL-2.0

//go:build unix

package cli

import (
	"os"
	"os/exec"
	"syscall"
)

// endGently has a program interrupted, once, when its context ends. In a
// process group of its own it does not see the Ctrl-C that a terminal sends to
// everybody: of two interrupts a CLI takes the second for an order to drop
// everything, its provider included.
func endGently(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
}

// endRest ends whatever a program that has ended left running, and tells
// whether there was anything.
func endRest(cmd *exec.Cmd) bool {
	return cmd.Process != nil && syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) == nil
}
