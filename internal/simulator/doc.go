// SPDX-License-Identifier: MPL-2.0

// Package simulator plays the part of the Streamkap API that is about project
// keys. It is what the provider is tested against, and it runs on its own for
// anyone who wants to try a configuration without a Streamkap project:
//
//	go run ./internal/cmd/simulator
//
// It is also documentation that runs. It is as strict as the service is known
// to be, refuses what the service refuses in the shape in which the service
// does, and where nobody outside Streamkap can say what the service does it
// has a dialect for each possibility. It shares no code with the provider's
// API client, so that a mistake in one cannot hide a mistake in the other.
//
// # Endpoints
//
//	POST   /auth/access-token            auth.go
//	GET    /auth/whoami                  auth.go
//	GET    /auth/roles                   roles.go
//	POST   /project-keys                 write.go
//	GET    /project-keys                 read.go
//	GET    /project-keys/{id}            read.go
//	PATCH  /project-keys/{id}            write.go
//	DELETE /project-keys/{id}            write.go
//	GET    /project-keys/{id}/mcp-config read.go
//
// A request is looked at in this order: token (401), permission (403), form of
// the body (422), existence of the key (404, or 400 by dialect), project of
// the key (403), its status (400), and then what is asked (400, 403, 409, and
// 422 for a name by dialect).
//
// # Projects
//
// One simulator plays any number of projects and tenants (Config.Projects).
// Credentials belong to a project. They list the keys of its whole tenant, make
// and change keys of the project alone, and see nothing of other tenants.
//
// # Time
//
// Nothing runs in the background. A status that is due to change changes when
// somebody looks, by the clock of package time, so a test under
// testing/synctest can wait for hours in no time.
//
// # Kafka
//
// The simulator holds the Kafka users and rules of its keys and lets nobody
// in: the addresses it hands out resolve to nothing. Package broker puts a
// cluster behind it that asks the simulator (Keys) whom to let in, and sets
// Config.KafkaServers to where it listens.
//
// # Dialects
//
// A Dialect chooses one variant of each row that Rows lists. The first variant
// of a row is its default: the one that Streamkap's neighbouring endpoints have
// shown, where they have shown one. What a Server
// holds (Key) is the plain truth in every dialect; dialects act on answers, and
// where they are about behaviour (clearing, timing) on what a request does.
//
// # Clearing
//
// What null, "" and [] do to a field in a PATCH, by the dialect's Clearing.
// They do the same in a creation, where there is nothing to keep.
//
//	                          empty-clears  null-clears   null-only  nothing-clears
//	description    null       kept          cleared       cleared    kept
//	               ""         cleared       cleared       kept       kept
//	whitelist_ips  null       kept          cleared       cleared    kept
//	               ""         cleared       cleared       kept       kept
//	kafka_acls     null       kept          cleared       cleared    kept
//	               []         cleared       cleared       kept       kept
//	allowed_tools  null       kept          cleared       cleared    kept
//	               []         cleared       none allowed  kept       kept
//	blocked_tools  null       kept          cleared       cleared    kept
//	               []         cleared       none blocked  kept       kept
//	tool_profile   null       kept          cleared       cleared    kept
//	               ""         422           422           422        422
//	               "full"     full          full          full       full
//
// "None allowed" is an AllowedTools that is empty without being nil. Null is
// refused (422) for name, role_ids, permission_ids, kafka_config and
// kafka_password, which nothing can clear.
//
// # Faults
//
// A Fault strikes requests by method and path, after letting some through, a
// limited number of times or for ever. It can
//
//   - answer in the service's place, with the work undone (an overloaded
//     gateway) or done (Processed: a gateway that timed out),
//   - drop the connection: before the work, after it, in the middle of the
//     answer, or (in memory) refuse it,
//   - answer for another path (As), as a router does that mixes up requests,
//   - change members of the service's answer (Set),
//   - show a key as it was before its last PATCH (Late), as a replica does that
//     is behind,
//   - delay the answer, with the work done at once.
//
// A delay goes with any of them. Config.RateLimit adds answers of 429. A request
// struck by a fault is in the log like any other.
//
// Over a socket, Go's own HTTP client repeats a GET whose kept-alive connection
// was closed, unasked, and uses up one more fault with it. In memory it does not.
//
// # Where the contract is silent
//
//   - A Kafka username that is taken is answered 409. A key occupies its
//     username until it is gone; a key that failed to be deleted still does.
//   - A DELETE of a key that is being deleted is accepted and changes nothing.
//     A key can be deleted in any status.
//   - A key's credentials and tokens work in every other status and stop working
//     when its deletion begins, even if that fails.
//   - A failed key can be updated; only creating, deleting and delete_failed
//     are known to be refused.
//   - An unknown role is answered 422. Any permission id is accepted; those in
//     the list of constants have a meaning.
//   - Descriptions are held as sent and sanitised on the way out.
//   - Addresses in whitelist_ips are joined by commas without spaces.
//   - kafka_acls, whitelist_ips and kafka_password refer to an existing Kafka
//     user, so they are refused on a key without one, even beside kafka_config.
//   - A key has its name, as its Kafka username, until it is gone. Where names
//     are unique, they are so within a project.
//   - All tenants have the same roles.
package simulator
