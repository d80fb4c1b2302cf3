// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"fmt"
	"time"
)

// everyChange are lifecycles that make together every change that there is, each
// at a service that takes long for it. Disturbances are put at every request of
// them.
var everyChange = map[string]scenario{
	"everything that changes in place, of a key for the API": lifecycle(nil, allInPlace(scoped(nil), 0), allInPlace(scoped(nil), 1)),
	"everything that changes in place, of a key for Kafka":   lifecycle(nil, allInPlace(kafkaOnly(stored(1)), 0), allInPlace(kafkaOnly(stored(1)), 1)),
	"all is cleared, where both forms do that":               clearing("null-clears"),
	"all is cleared, where null alone clears":                clearing("null-only"),
	"all is cleared, where empty values clear":               clearing("empty-clears"),
	"the password in the state is rotated":                   lifecycle(nil, kafkaOnly(stored(1)), kafkaOnly(stored(2))),
	"the write-only password is rotated":                     lifecycle(nil, kafkaOnly(writeOnly(1)), kafkaOnly(writeOnly(2))),
	"a password becomes write-only":                          lifecycle(nil, kafkaOnly(stored(1)), kafkaOnly(writeOnly(2))),
	"roles are added":                                        lifecycle(nil, kafkaOnly(stored(1)), &configuration{Name: "orders", RoleIDs: roles[:2], Kafka: stored(1)}),
	"permissions are added":                                  lifecycle(nil, kafkaOnly(writeOnly(1)), &configuration{Name: "orders", PermissionIDs: permissions, Kafka: writeOnly(1)}),
	"Kafka access is added": lifecycle(map[string]string{"update-timing": "creating"}, apiOnly(roles...),
		&configuration{Name: "orders", RoleIDs: roles, Kafka: withRules(writeOnly(1), rules[:3], addresses[:1])}),
	"roles take the place of permissions": lifecycle(nil, &configuration{Name: "orders", PermissionIDs: permissions[:1]}, apiOnly(roles[0])),
	"permissions change": lifecycle(map[string]string{"delete-timing": "deleting"},
		&configuration{Name: "orders", PermissionIDs: permissions[:1]}, &configuration{Name: "orders", PermissionIDs: permissions[1:]}),
	"permissions take the place of roles": lifecycle(map[string]string{"delete-timing": "failed-once", "gone": "400"},
		apiOnly(roles[0]), &configuration{Name: "orders", PermissionIDs: permissions}),
	"access to the API is removed": lifecycle(nil, &configuration{Name: "orders", RoleIDs: roles, Kafka: stored(1)}, kafkaOnly(stored(1))),
	"access to Kafka is removed":   lifecycle(nil, &configuration{Name: "orders", RoleIDs: roles, Kafka: writeOnly(1)}, apiOnly(roles...)),
	"the Kafka user is renamed":    lifecycle(map[string]string{"create-timing": "creating"}, kafkaOnly(stored(1)), kafkaOnly(renamed(stored(1)))),
	"a schema registry is added": lifecycle(map[string]string{"create-timing": "not-found-first"}, kafkaOnly(stored(1)),
		kafkaOnly(&kafkaBlock{Username: "orders-consumer", Password: stored(1).Password, SchemaRegistry: new(true)})),
	"a key that has failed is replaced":             brokenBy("failed"),
	"a key that could not be deleted is replaced":   brokenBy("delete failed"),
	"a key that has failed shows no access":         brokenBy("failed").at(func(s *service) { s.HidesAccess = true }),
	"a key that is gone is made again":              brokenBy(deleted),
	"a key is refreshed, and imported, and changed": imported(step{Do: stepRefresh}, step{Do: stepImport}),
	"a key is imported in upper case":               imported(step{Do: stepDrift, Drift: "username in upper case"}, step{Do: stepImport}),
	"a key is imported with a rule of another kind": imported(step{Do: stepDrift, Drift: "rule of another kind added"}, step{Do: stepImport}),
	"a key is imported by its identity":             imported(step{Do: stepImport, Identity: true}),
	"a key is imported beside others":               imported(step{Do: stepImport, Beside: true}),
	"secrets are encrypted, and what is issued later": lifecycle(nil, apiOnly(roles[0]), encryptedTo(apiOnly(roles[0]), recipients[:1]),
		encryptedTo(&configuration{Name: "orders", RoleIDs: roles[:1], Kafka: writeOnly(1)}, recipients)),
	"encrypted secrets get API access beside them": lifecycle(nil, encryptedTo(kafkaOnly(writeOnly(1)), recipients[:1]),
		encryptedTo(&configuration{Name: "orders", RoleIDs: roles[:1], Kafka: writeOnly(2)}, recipients[:1])),
	"secrets stay encrypted when the recipients go": lifecycle(nil, encryptedTo(kafkaOnly(writeOnly(1)), recipients[:1]), kafkaOnly(writeOnly(1))),
	"answers name items twice": lifecycle(nil,
		&configuration{
			Name: "orders", RoleIDs: roles[:1], Kafka: withRules(stored(1), rules[:2], addresses[:2]),
			MCP: &mcpBlock{AllowedTools: tools[:2], BlockedTools: tools[:1]},
		},
		&configuration{Name: "orders", RoleIDs: roles[:2], Kafka: withRules(stored(1), rules[1:3], addresses[1:3]), MCP: &mcpBlock{BlockedTools: tools}}).at(func(s *service) { s.Repeats = true }),
	"a plan looks first": lifecycle(nil, apiOnly(roles[0]), &configuration{Name: "orders", RoleIDs: roles[:1], Kafka: writeOnly(1)}).
		at(func(s *service) { s.Preflight = true }),
	"a key is not given a name that is taken": lifecycle(map[string]string{"same-name": "409"}, apiOnly(roles[0]),
		&configuration{Name: "Orders & more", RoleIDs: roles[:1]}, &configuration{Name: "renamed", RoleIDs: roles[:1]}),
	"a key is not made with a name that is taken": lifecycle(map[string]string{"same-name": "422"},
		&configuration{Name: "Orders & more", RoleIDs: roles[:1]}, apiOnly(roles[0])),
	"the Kafka username is that of a key that is being deleted": withUsernameHeld(lifecycle(nil, kafkaOnly(stored(1)))),
	"Kafka access is added with the username of a key that is being deleted": withUsernameHeld(lifecycle(nil, apiOnly(roles[0]),
		&configuration{Name: "orders", RoleIDs: roles[:1], Kafka: writeOnly(1)})),
	"a key is destroyed": {
		Service: slow(map[string]string{"delete-timing": "deleting", "delete-answer": "202"}),
		Steps:   []step{apply(apiOnly(roles[0])), {Do: stepDestroy}},
	},
}

// riskiest are the lifecycles in which most can be lost: a second key, a client
// secret, a password.
var riskiest = []string{
	"everything that changes in place, of a key for Kafka", "the write-only password is rotated", "Kafka access is added",
	"permissions take the place of roles", "encrypted secrets get API access beside them",
}

// lifecycle applies one configuration after the other.
func lifecycle(dialect map[string]string, configs ...*configuration) scenario {
	s := scenario{Service: slow(dialect)}
	for _, config := range configs {
		s.Steps = append(s.Steps, apply(config))
	}
	return s
}

// at changes the service of a lifecycle.
func (s scenario) at(change func(*service)) scenario {
	change(&s.Service)
	return s
}

// withUsernameHeld has another key hold the Kafka username of the last step, at
// first one that nobody has begun to delete.
func withUsernameHeld(s scenario) scenario {
	s.Steps[len(s.Steps)-1].UsernameHeld = &usernameHolder{DeletedAfter: 2 * time.Second, DeletionTakes: 30 * time.Second}
	return s
}

func slow(dialect map[string]string) service {
	return service{
		Dialect: dialect, MaxRetries: 2, ProvisionTime: 3 * time.Second, DeleteTime: 3 * time.Second,
		NotFoundReads: 2, DeleteFailures: 1, Namesakes: true,
	}
}

// clearing clears whatever can be cleared.
func clearing(variant string) scenario {
	return lifecycle(map[string]string{"clearing": variant}, allInPlace(scoped(stored(1)), 0), both())
}

// allInPlace gives a configuration one of two values of all that changes in place.
func allInPlace(c *configuration, number int) *configuration {
	for _, f := range fields {
		if about := f.about(); about.patch != "" && (!about.byAccess || c.RoleIDs != nil) {
			f.sample(c, number)
		}
	}
	return c
}

func brokenBy(how string) scenario {
	s := lifecycle(nil, kafkaOnly(writeOnly(1)), kafkaOnly(writeOnly(1)))
	s.Steps = []step{s.Steps[0], {Do: stepDrift, Drift: how}, s.Steps[1]}
	return s
}

func imported(steps ...step) scenario {
	s := lifecycle(map[string]string{"description": "html-escaped"},
		&configuration{Name: "orders", Description: new("a < b"), RoleIDs: roles[:1], Kafka: withRules(stored(1), rules[:2], nil)},
		&configuration{Name: "renamed", Description: new("a < b"), RoleIDs: roles[1:2], Kafka: withRules(stored(2), rules[2:3], addresses[:1])})
	s.Steps = append(append(s.Steps[:1:1], steps...), s.Steps[1])
	return s
}

func apiOnly(roles ...string) *configuration { return &configuration{Name: "orders", RoleIDs: roles} }

func kafkaOnly(k *kafkaBlock) *configuration { return &configuration{Name: "orders", Kafka: k} }

func encryptedTo(c *configuration, recipients []string) *configuration {
	c.Recipients = recipients
	return c
}

func stored(number int) *kafkaBlock {
	return (&kafkaBlock{Username: "orders-consumer"}).store(fmt.Sprintf("Not-a-secret-%d-stored", number))
}

func writeOnly(version int64) *kafkaBlock {
	return (&kafkaBlock{Username: "orders-consumer"}).hide(fmt.Sprintf("Not-a-secret-%d-writeonly", version), version)
}

func renamed(k *kafkaBlock) *kafkaBlock {
	k.Username = "orders-consumer-2"
	return k
}

func withRules(k *kafkaBlock, rules []rule, addresses []string) *kafkaBlock {
	k.ACL, k.WhitelistIPs = rules, addresses
	return k
}
