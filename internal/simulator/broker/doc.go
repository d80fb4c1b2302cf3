// SPDX-License-Identifier: MPL-2.0

// Package broker is the Kafka behind the simulator: a cluster in this process,
// on loopback, that lets a client in as far as a project key says. It is for
// tests, and for the programs in internal/cmd.
//
// The cluster is franz-go's kfake. It stores records and applies access rules,
// but it cannot learn about new users once it runs. So every connection comes
// in through a SASL listener of this package (conn.go): it speaks TLS, checks user
// name, password and address against the keys that the simulator holds at that
// moment, and tells the cluster which key is calling.
//
// Nothing runs in the background: the simulator is asked at every login, and it
// tells the broker when a key may have changed. A key is let in while its status
// is active. A connection whose key was given another password, was deleted, or
// may no longer be used from where it comes from, ends at that moment.
package broker
