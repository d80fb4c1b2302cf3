// SPDX-License-Identifier: MPL-2.0

package streamkap

import "strings"

// Status is a key's status as the API spells it. Spellings vary (contract,
// dialect 1), so compare it with Is, never with ==.
type Status string

// The statuses that are known. A status that is none of these is neither
// success nor failure.
const (
	StatusActive       Status = "active"
	StatusCreating     Status = "creating"
	StatusFailed       Status = "failed"
	StatusDeleting     Status = "deleting"
	StatusDeleteFailed Status = "delete_failed"
)

var statusSeparators = strings.NewReplacer(" ", "", "-", "", "_", "")

// Is reports whether both spell the same status. Case, spaces, hyphens and
// underscores make no difference.
func (s Status) Is(other Status) bool {
	return strings.EqualFold(statusSeparators.Replace(string(s)), statusSeparators.Replace(string(other)))
}

// Known reports whether the status is one of those that are known.
func (s Status) Known() bool { return s.Is(StatusActive) || s.Is(StatusCreating) || s.Dead() }

// Dead reports whether a key with this status can only be replaced: its
// creation failed, or its deletion has begun.
func (s Status) Dead() bool {
	return s.Is(StatusFailed) || s.Is(StatusDeleting) || s.Is(StatusDeleteFailed)
}
