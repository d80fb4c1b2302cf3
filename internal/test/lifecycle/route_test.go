// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"maps"
	"slices"
	"testing"
)

// targets are configurations that a key can be led to from any other one. They
// say whether there is a schema registry: left out, it stays as it is.
var targets = map[string]*configuration{
	"roles":              apiOnly(roles...),
	"a role, restricted": {Name: "orders", RoleIDs: roles[:1], MCP: &mcpBlock{ToolProfile: new("read-only"), BlockedTools: tools[:2]}},
	"a role, with a list": {
		Name: "renamed", Description: new("plain"), RoleIDs: roles[2:], MCP: &mcpBlock{AllowedTools: tools},
	},
	"permissions":         {Name: "orders", Description: new("plain"), PermissionIDs: permissions},
	"another permission":  {Name: "orders", PermissionIDs: permissions[:1]},
	"Kafka":               kafkaOnly(registry(stored(1), false)),
	"Kafka, write-only":   kafkaOnly(withRules(registry(writeOnly(2), false), rules[:3], addresses[:2])),
	"Kafka, with rules":   {Name: "renamed", Description: new("a < b"), Kafka: withRules(registry(stored(3), false), rules[3:], addresses[3:])},
	"Kafka, renamed":      kafkaOnly(renamed(registry(stored(1), false))),
	"Kafka, a registry":   kafkaOnly(registry(stored(1), true)),
	"all, with a role":    {Name: "orders", RoleIDs: roles[:1], Kafka: withRules(registry(stored(1), false), rules[:1], nil), MCP: &mcpBlock{ToolProfile: new("full")}},
	"all, permissions":    {Name: "orders", PermissionIDs: permissions, Kafka: withRules(registry(writeOnly(1), false), rules[1:3], addresses[:1])},
	"all, and described":  {Name: "orders", Description: new("<b>bold</b> & more"), RoleIDs: roles[1:], Kafka: registry(stored(2), false)},
	"all, without a list": {Name: "orders", Description: new("plain"), RoleIDs: roles[:2], Kafka: registry(writeOnly(3), false), MCP: &mcpBlock{BlockedTools: tools[:1]}},
}

func registry(k *kafkaBlock, there bool) *kafkaBlock {
	k.SchemaRegistry = &there
	return k
}

// routes lead to every target: by a creation, and by a change from any other target,
// made or imported, and by way of any third one.
func routes() (all []scenario) {
	add := func(steps ...step) { all = append(all, scenario{Service: service{MaxRetries: 2}, Steps: steps}) }
	names := slices.Sorted(maps.Keys(targets))
	for _, name := range names {
		to := apply(targets[name])
		add(to)
		for _, other := range names {
			if other == name {
				continue
			}
			from := apply(targets[other])
			add(from, to)
			// An import can't tell permissions: a configuration without any access
			// to the API leaves them alone, and one with others takes those over.
			if from.Config.PermissionIDs == nil || to.Config.RoleIDs != nil {
				add(from, step{Do: stepImport}, to)
			}
			for _, third := range names {
				if third != name && third != other {
					add(from, apply(targets[third]), to)
				}
			}
		}
	}
	return all
}

// TestLifecycle_EveryRoute leads keys to every target by every route. The same has to
// hold of them at the end.
func TestLifecycle_EveryRoute(t *testing.T) {
	all := routes()
	walkShare(t, len(all), func(i int) walk { return walk{scenario: all[i]} })
}
