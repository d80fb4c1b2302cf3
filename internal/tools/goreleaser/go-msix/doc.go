// SPDX-License-Identifier: MPL-2.0

// Package msix stands in for a module that not every module proxy serves. Only
// tests of a dependency of goreleaser's import it, and nothing here runs them;
// but without it "go mod tidy" could not tell whether go.sum is complete.
package msix
