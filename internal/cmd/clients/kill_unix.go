// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import "syscall"

// kill ends the program and what it has started.
func (p *program) kill() error { return syscall.Kill(-p.Process.Pid, syscall.SIGKILL) }
