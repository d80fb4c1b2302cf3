// SPDX-License-Identifier: MPL-2.0

// Package streamkap is a client for the part of the Streamkap API that deals
// with Project Keys. It knows nothing of Terraform.
//
// What the API is known to do, and where it may differ, is written down in
// CONTRACT.md beside this file. Every tolerance in this package names the
// section it comes from.
package streamkap
