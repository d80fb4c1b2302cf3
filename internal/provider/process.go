// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// EndWithTerraform has this process end when Terraform does, and not before. A
// CI runner that cancels a job sends SIGTERM to every process of it. Terraform
// then waits for what is under way, and a provider that ended at once would take
// the answer to a creation with it, and the key's only copy of its secret.
// (About SIGINT go-plugin does the same.) A provider whose Terraform was killed
// has nobody to answer to.
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
