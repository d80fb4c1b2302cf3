// SPDX-License-Identifier: MPL-2.0

// Package secret keeps the values that this process must never show, and takes
// them out of every text that somebody may read: diagnostics, errors and logs.
//
// A value stays known for as long as the process runs. A token that was
// replaced and a password that was changed may still be in use somewhere, and a
// service may echo either in the answer to a call that has nothing to do with it.
package secret
