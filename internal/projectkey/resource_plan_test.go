// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// rule is an acl block.
func rule(name, resource, operation, pattern string) values {
	return values{"name": name, "resource": resource, "operation": operation, "pattern_type": pattern}
}

// withKafka is the configuration of a key for Kafka with a write-only password, and
// more in its block.
func withKafka(more values) values {
	return values{"name": "orders", "kafka": with(values{"username": "orders", "password_wo": keptPassword, "password_wo_version": 1}, more)}
}

// TestPlan_EquivalentConfigurationIsNoChange makes a key, and plans a configuration
// that means the same.
func TestPlan_EquivalentConfigurationIsNoChange(t *testing.T) {
	a, b, c := rule("a", "TOPIC", "READ", "LITERAL"), rule("b", "GROUP", "READ", "PREFIXED"), rule("c", "TOPIC", "ALL", "PREFIXED")
	for name, test := range map[string]struct{ before, after values }{
		"order of rules":                {withKafka(values{"acl": []any{a, b, c}}), withKafka(values{"acl": []any{c, a, b}})},
		"a rule's defaults spelled out": {withKafka(values{"acl": []any{values{"name": "a", "operation": "READ"}}}), withKafka(values{"acl": []any{a}})},
		"spelling of an address": {
			withKafka(values{"whitelist_ips": []any{"10.0.0.1", "10.1.0.0/16"}}), withKafka(values{"whitelist_ips": []any{"10.1.2.3/16", "10.0.0.1/32"}}),
		},
		"a schema registry left out later":     {withKafka(values{"schema_registry": true}), withKafka(nil)},
		"another password of the same version": {withKafka(nil), withKafka(values{"password_wo": otherKeptPassword})},
		"no password, of the same version":     {withKafka(nil), withKafka(values{"password_wo": nil})},
		"an empty password in the state":       {withUser("orders", "orders"), values{"name": "orders", "kafka": values{"username": "orders", "password": ""}}},
		"no description":                       {orders(nil), orders(values{"description": nil})},
		"a neutral scope":                      {orders(nil), orders(values{"mcp": values{"tool_profile": "full"}})},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			p := connect(t, s)
			made := p.apply(nil, test.before)
			tells(t, made.said)
			s.ResetRequests()
			planned := p.plan(made.key, test.after, made.private)
			tells(t, planned.said)
			tells(t, p.carryOut(made.key, test.after, planned).said)
			if writes := s.Writes(); planned.replaces || len(writes) > 0 {
				t.Errorf("the key is replaced %t, or written to: %d requests", planned.replaces, len(writes))
			}
		})
	}
}

// TestPlan_UnchangedValuesKnown makes a key, and plans a change of it. Whatever
// refers to what stays is then not planned to change.
func TestPlan_UnchangedValuesKnown(t *testing.T) {
	full := func(more values) values { return with(withKafka(more), values{"role_ids": []any{simulator.RoleAdmin}}) }
	for name, test := range map[string]struct {
		before, after values
		file          bool // the credential file stays known
	}{
		"a name":                   {full(nil), with(full(nil), values{"name": "orders-2"}), true},
		"addresses":                {full(nil), full(values{"whitelist_ips": []any{"10.0.0.1"}}), true},
		"a write-only password":    {full(nil), full(values{"password_wo": otherKeptPassword, "password_wo_version": 2}), true},
		"rules":                    {full(nil), full(values{"acl": []any{rule("a", "TOPIC", "READ", "LITERAL")}}), true},
		"roles":                    {orders(nil), orders(values{"role_ids": []any{simulator.RoleReadOnly}}), false},
		"a scope":                  {orders(nil), orders(values{"mcp": values{"tool_profile": "read-only"}}), false},
		"a password in the state":  {orders(values{"kafka": kafkaUser("orders")}), orders(values{"kafka": values{"username": "orders", "password": otherKeptPassword}}), false},
		"API access that is new":   {withKafka(nil), full(nil), false},
		"Kafka access that is new": {orders(nil), full(nil), false},
	} {
		t.Run(name, func(t *testing.T) {
			p := connect(t, simulator.New(simulator.Config{}))
			made := p.apply(nil, test.before)
			planned := p.plan(made.key, test.after, made.private)
			for _, attribute := range []string{"id", "created_at", "service_id", "api"} {
				if planned.key[attribute] == unknown || planned.key[attribute] == nil {
					t.Errorf("%s is planned as %v", attribute, planned.key[attribute])
				}
			}
			if file := planned.key["credential_json"]; (file != unknown) != test.file || file == nil {
				t.Errorf("credential_json is planned as %v", file)
			}
			tells(t, p.carryOut(made.key, test.after, planned).said)
		})
	}
}

// upgraded is a state as Terraform hands it over first, of which some attributes were
// not known to an earlier version.
func (p *protocol) upgraded(state values) values {
	p.t.Helper()
	raw, err := json.Marshal(state)
	p.check(err, nil)
	upgraded, err := p.server.UpgradeResourceState(p.t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: typeName, RawState: &tfprotov6.RawState{JSON: raw}})
	p.check(err, upgraded.Diagnostics)
	return p.decode(p.key, upgraded.UpgradedState)
}

func TestPlan_StateOfAnEarlierVersionUnchanged(t *testing.T) {
	p := connect(t, simulator.New(simulator.Config{}))
	config := orders(values{"kafka": kafkaUser("orders")})
	made := p.apply(nil, config)
	earlier := p.read(p.upgraded(made.key), made.private) // without what is null in it
	p.plansNothing(earlier, config)
	if tells(t, earlier.said); earlier.key["credential_json"] != made.key["credential_json"] {
		t.Error("the credential file has changed")
	}
}

func TestPlan_DestroyOfARecentlyUsedKeyWarned(t *testing.T) {
	for ago, want := range map[time.Duration]string{time.Hour: "The key was last used 1 hour ago", 365 * 24 * time.Hour: ""} {
		t.Run(fmt.Sprint(ago), func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, LastUsedAt: time.Now().Add(-ago)})
			p := connect(t, s)
			read := p.read(stateOf(key), nil)
			tells(t, p.plan(read.key, nil, read.private).said, want)
		})
	}
}

// TestPlan_OwnKeyChangedNotDeleted plans with the credentials of the key itself.
func TestPlan_OwnKeyChangedNotDeleted(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := seedOrders(s)
	p := connect(t, s, values{"client_id": key.APIClientID, "secret": key.APISecret})
	// Of -replace a plan hears at the second of its two calls.
	unchanged := p.plan(stateOf(key), orders(nil), nil)
	for name, test := range map[string]struct {
		planned answer
		refused bool
	}{
		"changed":              {p.plan(stateOf(key), orders(values{"description": "changed"}), nil), false},
		"replaced":             {p.plan(stateOf(key), values{"name": "orders", "permission_ids": []any{"a"}}, nil), true},
		"replaced by -replace": {p.plan(nil, orders(nil), unchanged.private), true},
		"destroyed":            {p.plan(stateOf(key), nil, nil), true},
	} {
		t.Run(name, func(t *testing.T) {
			if refused := strings.Contains(test.planned.said, "ERROR: The provider's own key can't be deleted"); refused != test.refused {
				t.Errorf("it says %q", test.planned.said)
			}
		})
	}
}

// TestReplacement_RecentUseTold deletes a key that was used lately, and sees who tells of it.
func TestReplacement_RecentUseTold(t *testing.T) {
	const use = "The key was last used 1 hour ago"
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, LastUsedAt: time.Now().Add(-time.Hour)})
	p := connect(t, s)
	read := p.read(stateOf(key), nil)
	// deleted is what is said of the deletion that belongs to a plan for a new key.
	deleted := func(planned answer) string {
		tells(t, planned.said)
		return p.carryOut(stateOf(seedOrders(s)), nil, answer{private: planned.private}).said
	}
	t.Run("tainted", func(t *testing.T) { tells(t, p.plan(nil, orders(nil), nil).said, use) })
	t.Run("forced", func(t *testing.T) {
		tells(t, deleted(p.plan(nil, orders(nil), p.plan(read.key, orders(nil), read.private).private)), use)
	})
	t.Run("planned", func(t *testing.T) {
		planned := p.plan(read.key, values{"name": "orders", "permission_ids": []any{"a"}}, read.private)
		tells(t, planned.said, use)
		tells(t, deleted(p.plan(nil, orders(nil), planned.private)))
	})
	t.Run("not tainted", func(t *testing.T) { tells(t, p.plan(nil, orders(nil), nil).said) })
}

// TestPlan_LateRecipientsChecked plans values that the validators saw as unknown.
func TestPlan_LateRecipientsChecked(t *testing.T) {
	s := simulator.New(simulator.Config{})
	config := with(withUser("orders", "orders"), values{"secret_recipients": []any{"nobody"}})
	tells(t, connect(t, s).plan(nil, config, nil).said, "ERROR: Invalid recipient", "ERROR: Kafka password in clear")
	if requests := s.Requests(); len(requests) > 0 {
		t.Errorf("%d requests", len(requests))
	}
}
