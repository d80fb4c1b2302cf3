// SPDX-License-Identifier: MPL-2.0

package resourcename

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// resourceName makes a name that every version of Terraform and OpenTofu takes
// for an identifier: lower-case ASCII letters, digits and underscores, a letter
// first. Names of keys need not be unique and ids may begin alike, so the end
// is a digest of the id.
func resourceName(name, id string) string {
	var words strings.Builder
	for _, char := range norm.NFKD.String(strings.ToLower(name)) {
		switch {
		case char >= 'a' && char <= 'z', char >= '0' && char <= '9':
			words.WriteRune(char)
		case unicode.Is(unicode.Mn, char): // the accent of the letter before
		default:
			words.WriteByte(' ')
		}
	}
	parts := strings.Fields(words.String())
	if len(parts) == 0 || unicode.IsDigit(rune(parts[0][0])) {
		parts = append([]string{"key"}, parts...)
	}
	digest := sha256.Sum256([]byte(id))
	return strings.Join(append(parts, hex.EncodeToString(digest[:4])), "_")
}
