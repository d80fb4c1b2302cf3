// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// EndWithTerraform ends this process when Terraform ends, and not before. A CI
// runner that cancels a job sends SIGTERM to all of its processes. Terraform then
// waits for what is in progress. A provider that ended at once would lose the answer
// to a creation, and with it the only copy of a secret. (go-plugin does the same for
// SIGINT.) A provider whose Terraform was killed has nothing left to do.
func EndWithTerraform() {
	signal.Ignore(syscall.SIGTERM)
	parent := os.Getppid()
	go func() {
		for range time.Tick(time.Second) {
			if os.Getppid() != parent {
				os.Exit(1)
			}
		}
	}()
}
