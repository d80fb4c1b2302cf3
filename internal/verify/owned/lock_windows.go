// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"os"

	"golang.org/x/sys/windows"
)

// lock keeps a file for this process, as long as that runs. The byte that is
// locked lies beyond any text, which others may read.
func lock(file *os.File) error {
	return windows.LockFileEx(windows.Handle(file.Fd()), windows.LOCKFILE_EXCLUSIVE_LOCK|windows.LOCKFILE_FAIL_IMMEDIATELY,
		0, 1, 0, &windows.Overlapped{OffsetHigh: 1 << 20})
}
