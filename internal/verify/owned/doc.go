// SPDX-License-Identifier: MPL-2.0

// Package owned sends requests to a Streamkap service, and changes nothing there
// but keys that were shown to be its own.
//
//   - A key is asked for under a random name, which is in the journal, on the
//     disk, before the request goes out.
//   - Every PATCH and DELETE takes a proof, and is its only use. Look alone makes
//     one: of an id that can stand in a path, whose key was just read, and has
//     that very name, in the right project, and no earlier time.
//   - An id that the service names and that fails this is a NotOwnError. Nothing
//     is sent to it.
//   - A key is gone when its own read and a list agree. The journal goes when
//     every key of it is gone, and not before.
package owned
