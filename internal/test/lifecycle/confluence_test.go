// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
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

// route is the steps that lead to a target.
type route struct {
	steps    []step
	name, to string
}

func registry(k *kafkaBlock, there bool) *kafkaBlock {
	k.SchemaRegistry = &there
	return k
}

// routesTo are a creation, which comes first, and changes from any target, made or
// imported, by way of any other one.
func routesTo(target string) []route {
	apply := func(name string) step { return step{Do: stepApply, Config: targets[name]} }
	routes := []route{{[]step{apply(target)}, "by a creation", target}}
	for _, from := range slices.Sorted(maps.Keys(targets)) {
		if from == target {
			continue
		}
		routes = append(routes, route{[]step{apply(from), apply(target)}, "from " + from, target})
		// An import can't tell permissions: a configuration without any access
		// to the API leaves them alone, and one with others takes those over.
		if targets[from].PermissionIDs == nil || targets[target].RoleIDs != nil {
			routes = append(routes, route{[]step{apply(from), {Do: stepImport}, apply(target)}, "imported from " + from, target})
		}
		for _, by := range slices.Sorted(maps.Keys(targets)) {
			if by != target && by != from {
				routes = append(routes, route{[]step{apply(from), apply(by), apply(target)}, "from " + from + " by " + by, target})
			}
		}
	}
	return routes
}

// TestConfluence_SameResultByEveryRoute compares the service's key and the state
// after a creation with what they are after every other route.
func TestConfluence_SameResultByEveryRoute(t *testing.T) {
	var routes []route
	for _, target := range slices.Sorted(maps.Keys(targets)) {
		routes = append(routes, routesTo(target)...)
	}
	numbers := shareOf(len(routes))
	t.Logf("%d of %d routes", len(numbers), len(routes))
	inParallel(t, len(numbers), func(t *testing.T, i int) {
		r := routes[numbers[i]-1]
		if got, created := resultOf(t, r), resultOf(t, routesTo(r.to)[0]); got != created {
			t.Errorf("to %s %s (-only=%d) the result is\n%s\nand not, as after a creation,\n%s", r.to, r.name, numbers[i], got, created)
		}
	})
}

// resultOf walks a route and shows the key and the state, without what is issued
// and what an import can't know.
func resultOf(t *testing.T, r route) string {
	t.Helper()
	w, found := walkFrom(t, nil, scenario{Service: service{MaxRetries: 2}, Steps: r.steps}, nil, func(*world) {})
	if found != nil {
		t.Fatalf("to %s %s: %v", r.to, r.name, found)
	}
	key, _ := w.server.Key(stateOf(w.tf.state).ID)
	for _, issued := range []*string{&key.ID, &key.APIClientID, &key.APISecret} {
		if *issued != "" {
			*issued = "issued"
		}
	}
	key.CreatedAt, key.PasswordRotations = time.Time{}, 0
	key.ToolProfile = strings.TrimPrefix(key.ToolProfile, "full")
	slices.Sort(key.RoleIDs)
	slices.Sort(key.WhitelistIPs)
	slices.SortFunc(key.ACLs, func(a, b simulator.ACL) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	issued := []string{"id", "created_at", "credential_json", "api.client_id", "api.client_secret", "kafka.bootstrap_servers"}
	return fmt.Sprintf("%+v\n%#v", key, put(w.tf.state.value, issued, cty.NullVal))
}
