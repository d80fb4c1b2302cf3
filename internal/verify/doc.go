// SPDX-License-Identifier: MPL-2.0

// Package verify finds out how the real service behaves where CONTRACT.md of
// package streamkap can't say. It makes a few keys in a project, one after the
// other, looks at every answer on the way, and deletes them again.
//
// What is asked stands in the files life*.go. What is made of the answers stands
// in rows.go, beside the contract's table of dialects. Observers see the answers
// alone, so what they say can be read off one run.
//
// It is safe by construction:
//
//   - Nothing is made before the project that was named is the one that the
//     credentials belong to.
//   - At most eight keys are made, one at a time, and none after a deletion
//     that failed for good. Two requests a second go out at the most.
//   - Package owned changes nothing but what was shown to be made by the run, and
//     its journal lets another process finish a run that was killed (Clean).
//   - A report holds shapes, times and words of the contract, and no value that
//     came from the account.
package verify
