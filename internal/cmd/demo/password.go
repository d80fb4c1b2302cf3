// SPDX-License-Identifier: MPL-2.0

package main

import (
	"crypto/rand"
	"fmt"
)

// newPassword makes a password with one of each kind of character that
// Streamkap asks for.
func newPassword() string { return "aA1!" + rand.Text() }

// concealed stands for a secret wherever something is printed.
func concealed(secret string) string {
	return fmt.Sprintf("(secret, %d characters)", len(secret))
}
