// SPDX-License-Identifier: MPL-2.0

package projectkey

import "testing"

// TestPermissionsThatWriteKeys goes through spellings, because the contract
// gives none. A permission that only reads is never called one that writes.
func TestPermissionsThatWriteKeys(t *testing.T) {
	for permission, want := range map[string]bool{
		"*":                     true,
		"project-keys:write":    true,
		"project-keys:*":        true,
		"PROJECT_KEYS_CREATE":   true,
		"projectKey.manage":     true,
		"write:project_keys":    true,
		"fe.secure.projectKeys": false,
		"project-keys:read":     false,
		"project-keys:overall":  false,
		"topics:write":          false,
		"api-keys:write":        false,
		"projects:write":        false,
		"":                      false,
	} {
		if got := writesKeys(permission); got != want {
			t.Errorf("%q writes project keys: %v", permission, got)
		}
	}
}
