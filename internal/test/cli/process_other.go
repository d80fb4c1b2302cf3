// SPDX-License-Identifier: MPL-2.0

//go:build !unix

package cli

import "os/exec"

// endGently leaves it at the default, which is to kill: nothing gentler is
// portable.
func endGently(*exec.Cmd) {}

func endRest(*exec.Cmd) bool { return false }
