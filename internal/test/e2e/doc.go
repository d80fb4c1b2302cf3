// SPDX-License-Identifier: MPL-2.0

// Package e2e holds the tests that a key opens what it should and nothing
// else. A CLI applies a configuration, and clients that are made of its outputs
// alone, a Kafka client and an HTTP client, try the listeners of the simulated
// service.
package e2e
