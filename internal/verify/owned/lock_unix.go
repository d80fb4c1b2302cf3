// SPDX-License-Identifier: MPL-2.0

//go:build !windows

package owned

import (
	"os"
	"syscall"
)

// lock keeps a file for this process, as long as that runs.
func lock(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}
