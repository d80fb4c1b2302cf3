// SPDX-License-Identifier: MPL-2.0

// Package docs holds nothing but tests: each example in the repository is
// applied by one, and the guides take their configurations from the examples.
package docs
