// SPDX-License-Identifier: MPL-2.0

//go:build !unix

package main

// kill ends the program.
func (p *program) kill() error { return p.Process.Kill() }
