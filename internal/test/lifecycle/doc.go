// SPDX-License-Identifier: MPL-2.0

// Package lifecycle walks keys through lifecycles, in memory and in virtual time,
// and checks after every step what has to hold. This is what happens to one key
// in one walk:
//
//	a scenario: a service with a variant of every dialect, and steps
//	│
//	├─ apply     core ──▶ provider ──▶ interceptor ──▶ simulator
//	│            validate, refresh,    at request n:     answers, or faults,
//	│            plan, and in another  interrupt, kill,  and tampered or
//	│            process plan, apply   drift             forged answers
//	│            │                                       │
//	│            ▼                                       ▼
//	│            state, diagnostics ──▶ invariants ◀── key, requests
//	│                                       ▲
//	│                                     model: what the step has to do
//	├─ drift     someone else changes or deletes the key
//	├─ refresh ┐
//	├─ import  ├ like an apply, with the rules for them
//	├─ destroy ┘
//	│
//	└─ the end   the service heals; an apply leads to the configuration, the next
//	             plan is empty, and a destroy leaves no key
//
// The scenarios come from a seed (generate), from a list that makes every change
// there is (every_change) with a disturbance at any request (the fault matrix),
// from routes between configurations (route), and from faults of the past
// (regression). A scenario that breaks a rule is shrunk.
//
// What an attribute can be, where the service holds it, how it is cleared, and what
// someone else sets it to, is a row of its own (fields).
//
// A disturbed walk begins at a fork of the undisturbed one, and ends where a
// fingerprint shows that the rest was walked before.
//
// # What has to hold
//
//   - Plans and results keep to Terraform's rules, and a second plan, with all
//     values known, does not contradict the first.
//   - A plan does what the model says: nothing, a change in place, a replacement,
//     or a refusal before any request. It warns of what people have to know.
//   - There are as many writes as the change needs, and the PATCH holds the fields
//     that changed. What could make a second key, or lose a secret, is sent once.
//   - After an apply that succeeded, the service holds what the configuration
//     says, the state shows what the service holds, a refresh changes nothing,
//     and the next plan is empty.
//   - A refresh shows what the service holds. Only a key that is gone leaves the
//     state, and only credentials of its own project change it.
//   - The state holds the secrets that were issued. None that arrived is lost, and
//     no response takes one away, nor a password, its version or a capability.
//   - No secret is in a message or in private state, and a write-only one nowhere.
//     With recipients no secret is in the state in clear: its recipients can
//     decrypt it, and nobody else.
//   - Nothing that the service says begins a line of a message, or controls a
//     terminal.
//   - Every key is in the state, in an error, or someone else's.
//   - A run that nothing disturbs succeeds, whatever happened before. Preflight
//     warns of other keys only.
//   - The same holds by every route to a configuration. An import with a matching or
//     a generated configuration plans nothing. An import that fails is an error,
//     whatever fails beside it.
//   - An unknown value is no reason for a change, and the deletion of a recently
//     used key is reported.
//
// # Running it
//
//	go test ./internal/test/lifecycle                             # a share of everything
//	go test ./internal/test/lifecycle -seed=0                     # another share
//	go test ./internal/test/lifecycle -share=0 -timeout=12h       # all of it
//	go test ./internal/test/lifecycle -triples -per-dialect=50    # services that cover every triple of variants
//	go test ./internal/test/lifecycle -every-dialect -run=FaultMatrix_Every -share=9999
//
// A failure says how to repeat it, and shows the shortest lifecycle it has found
// that breaks the same rule. Its configurations are Terraform's JSON.
//
// # What it can't see
//
//   - A key that was made while the provider or the CLI was killed, before anyone
//     heard of it, is taken away as if its owner had found it.
//   - More than two disturbances of a run, but where a seed draws them, and other
//     signals than the provider's Stop: a process meets those.
//   - A new key's password that a plan does not know and that turns out to be
//     null: the key that it replaces is deleted by then.
//   - A tainted key that gets another name in the same run.
//   - An id that a creation's answer has wrong, and a capability that a read shows
//     and that is not there: nothing gives either away.
//   - Reads that stay late for longer than a second after a PATCH.
//   - What the service has in store and does not show, such as a deletion that
//     will fail, where a walk ends by its fingerprint.
//   - Headers of answers, but for Retry-After, and answers of another shape than
//     the simulator's, but for one member at a time.
package lifecycle
