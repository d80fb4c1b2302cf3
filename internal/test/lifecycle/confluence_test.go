// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/zclconf/go-cty/cty"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// places are configurations that a key can be led to from any other one. They
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

// road leads to a place.
type route struct {
	steps    []step
	name, to string
}

func registry(k *kafkaBlock, there bool) *kafkaBlock {
	k.SchemaRegistry = &there
	return k
}

// roadsTo are a creation, and changes from any place, made or imported, by way
// of any other place.
func routesTo(place string) []route {
	apply := func(name string) step { return step{Do: stepApply, Config: targets[name]} }
	var roads []route
	for _, from := range slices.Sorted(maps.Keys(targets)) {
		if from == place {
			continue
		}
		roads = append(roads, route{[]step{apply(from), apply(place)}, "from " + from, place})
		// An import can't tell permissions: a configuration without any access
		// to the API leaves them alone, and one with others takes those over.
		if targets[from].PermissionIDs == nil || targets[place].RoleIDs != nil {
			roads = append(roads, route{[]step{apply(from), {Do: stepImport}, apply(place)}, "imported from " + from, place})
		}
		for _, by := range slices.Sorted(maps.Keys(targets)) {
			if by != place && by != from {
				roads = append(roads, route{[]step{apply(from), apply(by), apply(place)}, "from " + from + " by " + by, place})
			}
		}
	}
	return roads
}

// TestTheSameEndByEveryRoad compares what a creation leads to with what every
// other road leads to, in the service and in the state.
func TestConfluence_SameResultByEveryPath(t *testing.T) {
	created := map[string]string{}
	for name := range targets {
		end, found := resultOf(t, route{steps: []step{{Do: stepApply, Config: targets[name]}}})
		if found != nil {
			t.Fatalf("to %s: %v", name, found)
		}
		created[name] = end
	}
	var roads []route
	for _, place := range slices.Sorted(maps.Keys(targets)) {
		roads = append(roads, routesTo(place)...)
	}
	numbers := shareOf(len(roads))
	t.Logf("%d of %d roads", len(numbers), len(roads))
	for _, number := range numbers {
		r := roads[number-1]
		end, found := resultOf(t, r)
		if found != nil {
			t.Errorf("to %s %s (-only=%d): %v", r.to, r.name, number, found)
		} else if end != created[r.to] {
			t.Errorf("to %s %s (-only=%d) the end is\n%s\nand not, as after a creation,\n%s", r.to, r.name, number, end, created[r.to])
		}
	}
}

// endOf walks a road and shows where it ends: the key and the state, but for
// what is issued, and for what an import can't know.
func resultOf(t *testing.T, r route) (end string, found *violation) {
	t.Helper()
	w, found := walkSteps(t, scenario{Service: service{MaxRetries: 2}, Steps: r.steps})
	if found != nil {
		return "", found
	}
	h := stateOf(w.tf.state)
	key, _ := w.server.Key(h.ID)
	for _, issued := range []*string{&key.ID, &key.APIClientID, &key.APISecret} {
		if *issued != "" {
			*issued = "issued"
		}
	}
	key.CreatedAt, key.PasswordRotations = time.Time{}, 0
	key.RoleIDs, key.WhitelistIPs = sorted(key.RoleIDs), sorted(key.WhitelistIPs)
	key.ToolProfile = newScope(key.ToolProfile, nil, nil).profile
	slices.SortFunc(key.ACLs, func(a, b simulator.ACL) int { return slices.Compare([]byte(fmt.Sprint(a)), []byte(fmt.Sprint(b))) })
	if len(key.ACLs) == 0 {
		key.ACLs = nil
	}
	data, err := json.MarshalIndent(key, "", " ")
	if err != nil {
		panic(err)
	}
	return string(data) + "\n" + fmt.Sprintf("%#v", withoutIssued(w.tf.state.value)), nil
}

func sorted(items []string) []string {
	if len(items) == 0 {
		return nil
	}
	return slices.Sorted(slices.Values(items))
}

func withoutIssued(state cty.Value) cty.Value {
	return put(state, []string{"id", "created_at", "credential_json", "api.client_id", "api.client_secret", "kafka.bootstrap_servers"}, cty.NullVal)
}
