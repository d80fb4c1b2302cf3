// SPDX-License-Identifier: MPL-2.0

package verify

import "strings"

var separators = strings.NewReplacer(" ", "", "-", "", "_", "")

// isStatus tells whether a text spells a status in any of the ways.
func isStatus(text, status string) bool {
	return strings.EqualFold(separators.Replace(text), separators.Replace(status))
}

// statuses are those that the contract names.
var statuses = []string{"active", "creating", "failed", "deleting", "delete_failed"}

// profiles are the tool profiles that the contract names.
var profiles = []string{"full", "read-only", "agent-operator", "infra-admin"}
