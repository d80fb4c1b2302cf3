// SPDX-License-Identifier: MPL-2.0

// Package live holds the acceptance tests that fit any service: they inject no
// fault and look at nothing but what the provider shows. In "make test" they run
// against a simulator, and in "make test-live" against whatever STREAMKAP_HOST
// names, with the same guard between them and the service.
package live
