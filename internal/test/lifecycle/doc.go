// SPDX-License-Identifier: MPL-2.0

// Package lifecycle walks keys through random lives: it applies, refreshes,
// imports and destroys configurations in which every attribute comes, changes
// and goes, at services that show every pair of dialects, while requests fail in
// every way that the simulator knows and other people change the key in
// between. After every step it checks what has to hold.
//
// There is nothing here but tests. The parts are
//
//	core_*           Terraform core for one resource: what it sends over the
//	                 protocol, and the rules that it holds against a provider
//	configuration    a resource block
//	scenario         a lifecycle as plain data: a service and the steps
//	generate, drift  what a seed draws
//	lives            lives that make together every change that there is
//	lattice          has everything happen to them that can, at every request
//	lies             what a service could tell that is not so
//	hostile          what a service could say to be taken for the provider
//	arrival          where a walk has come to what another one has walked on from
//	recall           what need not be worked out once more
//	preflight        keys in the way, and what plans may warn of
//	gate             where runs are interrupted and killed, and keys changed meanwhile
//	roads            the same end by every road
//	held, model      what a state says, and what a change has to lead to,
//	                 written from the documentation and not from the provider
//	world            walks through a scenario
//	invariant        what has to hold after a step
//	shrink           makes a scenario that broke a rule as short as it can
//
// # What has to hold
//
//   - Plans and results keep to Terraform's rules, and a second plan, with all
//     values known, does not contradict the first.
//   - A plan does what the model says: nothing, a change in place, a
//     replacement, or a refusal before anything is called.
//   - The number of requests that write is what the change needs, and the PATCH
//     holds the fields that changed. What could make a second key, or lose a
//     secret, is sent once.
//   - After an apply that succeeded, the service holds what the configuration
//     says, the state shows what the service holds, and the next plan is empty.
//   - A refresh shows what the service holds. Only a key that is gone leaves the
//     state.
//   - The secrets in the state are those that were issued, and none that arrived
//     is lost. No secret is in a message or among the provider's notes, and a
//     write-only one is nowhere.
//   - Nothing that the service says begins a line of a message, or commands a
//     terminal.
//   - With recipients no secret is in the state in clear, and one that is
//     encrypted is in clear nowhere. Every secret that is issued or sent can be
//     read by its recipients and by nobody else, and stays as it is until
//     another one takes its place.
//   - No key is in the service that is neither in the state nor in an error.
//   - An apply that nothing disturbs succeeds, whatever happened before, and
//     waits for a Kafka username whose key is being deleted. One whose plan did
//     not know whether something is there at all may end before anything is
//     deleted or made.
//   - No plan warns that its own key is in the way of what it does.
//   - For the same key a client secret, a password, its version and a capability
//     only stay or are replaced by newly issued ones, whatever an answer says.
//   - By every road to a configuration, the service's key and the state are the
//     same, but for what was issued.
//   - An import with a matching configuration plans nothing, or takes over
//     permissions. No first look is any different from a later one.
//   - What a plan does not know is no reason for it, and the end of a key that
//     was used lately is told.
//
// # Running it
//
//	go test ./internal/test/lifecycle                             # the everyday number
//	go test ./internal/test/lifecycle -lives=50 -triples -seed=0  # at services that cover every triple of variants
//	go test ./internal/test/lifecycle -lifecycles=10000 -seed=0   # at services drawn at random, from a new seed
//	go test ./internal/test/lifecycle -share=0 -timeout=12h       # with everything that can happen at each request, and by all roads
//	go test ./internal/test/lifecycle -everywhere -run=TestEveryFault -share=9999  # a part of that, at services that cover every pair of variants
//
// # What it can't see
//
//   - A key that was made while the provider or the CLI was killed, before anyone
//     was told of it, is taken away as if its owner had found it.
//   - Three things that go wrong in one run, and two in other lives than the
//     weightiest, but where a seed draws them.
//   - A new key's password that a plan does not know and that turns out to be
//     null: the key that it replaces is deleted by then.
//   - A tainted key that gets another name in the same run: the plan of the new
//     one can't be told from any other.
//   - An id that a creation's answer tells wrongly, and a capability that a read
//     tells of and that is not there: nothing gives either away.
//   - Reads that stay late for longer than a second after a PATCH: they can have
//     the empty list take the place of allowed tools that null had cleared.
//   - What the service has in store and does not show, such as a deletion that
//     will fail, where a disturbed walk ends because it has come to where it
//     would have come without the disturbance, or has stayed where it was.
//   - Headers of answers, but for Retry-After, and answers of another shape than
//     the simulator's, but for one member at a time.
//
// A failure says how to repeat it, and shows the shortest lifecycle it has found
// that breaks the same rule, in steps that can be walked through by hand.
//
// All of it happens in memory and in bubbles of testing/synctest, so waiting
// for twenty minutes takes no time. A few lifecycles are also walked through
// with a real CLI, as an acceptance test.
package lifecycle
