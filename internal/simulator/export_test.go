// SPDX-License-Identifier: MPL-2.0

package simulator

// Members are what requests call the attributes of a key.
func Members() (members []string) {
	for _, a := range attributes {
		members = append(members, a.member)
	}
	return members
}
