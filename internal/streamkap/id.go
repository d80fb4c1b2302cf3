// SPDX-License-Identifier: MPL-2.0

package streamkap

import "regexp"

var (
	idCharacters = regexp.MustCompile(`^[0-9A-Za-z._:~@-]{1,128}$`)
	dotsAlone    = regexp.MustCompile(`^\.+$`)
)

// PlausibleID reports whether a key can have this id: it is no longer than 128
// characters, which are letters, digits and - _ . : ~ @ alone, and it is not
// made of dots. Anything else, such as a credential file, must get into no URL,
// which proxies and servers log.
func PlausibleID(id string) bool { return idCharacters.MatchString(id) && !dotsAlone.MatchString(id) }

// checkID refuses an id that no key can have, the empty one among them: a path
// that ends with no id is that of the list. The id is not repeated: it may be a
// secret.
func checkID(id string) error {
	if PlausibleID(id) {
		return nil
	}
	return &CallError{Kind: KindImplausibleID, Text: "this is not the id of a project key: " +
		"an id is at most 128 letters, digits, hyphens, underscores, dots, colons, tildes and at signs"}
}
