// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

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

// planning is a plan for a key with the role Admin, and what it says.
type planning struct {
	prior, config values // what is changed in its state, and in its configuration
	isNew, own    bool   // whether it is still to be made, and whether the provider has its credentials
	replaces      bool
	heads, says   []string
}

// plans plans each key as Terraform does: a replacement twice, without the warnings of
// the second plan.
func plans(t *testing.T, rows map[string]planning) {
	t.Helper()
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := s.Seed(simulator.Key{ID: "key", Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, APIClientID: "client"})
			credentials := values{}
			if row.own {
				credentials = values{"client_id": key.APIClientID, "secret": key.APISecret}
			}
			p := connect(t, s, credentials)
			prior, config := with(stateOf(key), row.prior), orders(row.config)
			if row.isNew {
				prior = nil
			}
			planned := p.plan(prior, config, nil)
			said, diagnostics := planned.said, planned.diagnostics
			if planned.replaces {
				for _, d := range p.plan(nil, config, planned.private).diagnostics {
					if d.Severity == tfprotov6.DiagnosticSeverityError {
						diagnostics = append(diagnostics, d)
					}
				}
				said = toldBy(diagnostics)
			}
			if got := summaries(diagnostics); !slices.Equal(got, row.heads) {
				t.Errorf("it says %q, expected %q", got, row.heads)
			}
			for _, text := range row.says {
				tells(t, said, text)
			}
			if named := strings.Contains(said, `project key "orders" (id key)`); !named && slices.ContainsFunc(row.heads, func(head string) bool { return !strings.HasPrefix(head, "Block") }) {
				t.Errorf("it does not name the key: %s", said)
			}
			if strings.Contains(said, "-target=ADDRESS") && !strings.Contains(fmt.Sprint(config), fmt.Sprint(unknown)) {
				t.Errorf("everything is known: %s", said)
			}
			if planned.replaces != row.replaces {
				t.Errorf("it replaces the key: %t", planned.replaces)
			}
		})
	}
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
	const stays, later, null = "stays", "later", "null"
	full := func(more values) values { return with(withKafka(more), values{"role_ids": []any{simulator.RoleAdmin}}) }
	for name, test := range map[string]struct {
		before, after values
		file          string // what becomes of the credential file
	}{
		"a name":                      {full(nil), with(full(nil), values{"name": "orders-2"}), stays},
		"a description":               {full(nil), with(full(nil), values{"description": "another"}), stays},
		"addresses":                   {full(nil), full(values{"whitelist_ips": []any{"10.0.0.1"}}), stays},
		"a write-only password":       {full(nil), full(values{"password_wo": otherKeptPassword, "password_wo_version": 2}), stays},
		"rules":                       {full(nil), full(values{"acl": []any{rule("a", "TOPIC", "READ", "LITERAL")}}), stays},
		"roles":                       {orders(nil), orders(values{"role_ids": []any{simulator.RoleReadOnly}}), later},
		"roles of later":              {orders(nil), orders(values{"role_ids": unknown}), later},
		"a scope":                     {orders(nil), orders(values{"mcp": values{"tool_profile": "read-only"}}), later},
		"a password in the state":     {orders(values{"kafka": kafkaUser("orders")}), orders(values{"kafka": values{"username": "orders", "password": otherKeptPassword}}), later},
		"API access that is new":      {withKafka(nil), full(nil), later},
		"API access that may be new":  {withKafka(nil), with(withKafka(nil), values{"role_ids": unknown}), later},
		"Kafka access that is new":    {orders(nil), full(nil), later},
		"recipients of later":         {full(nil), with(full(nil), values{"secret_recipients": unknown}), later},
		"recipients":                  {full(nil), with(full(nil), values{"secret_recipients": []any{recipient}}), null},
		"no recipients any more":      {with(withKafka(nil), values{"secret_recipients": []any{recipient}}), withKafka(nil), later},
		"a name, without such a file": {with(full(nil), values{"secret_recipients": []any{recipient}}), with(full(nil), values{"secret_recipients": []any{recipient}, "name": "another"}), null},
	} {
		t.Run(name, func(t *testing.T) {
			p := connect(t, simulator.New(simulator.Config{}))
			made := p.apply(nil, test.before)
			planned := p.plan(made.key, test.after, made.private)
			for _, attribute := range []string{"id", "created_at", "service_id", "status"} {
				if planned.key[attribute] == unknown || planned.key[attribute] == nil {
					t.Errorf("%s is planned as %v", attribute, planned.key[attribute])
				}
			}
			if api := planned.key["api"]; made.key["api"] != nil && api == unknown {
				t.Errorf("access to the API is planned as %v", api)
			}
			file := stays
			switch planned.key["credential_json"] {
			case unknown:
				file = later
			case nil:
				file = null
			case made.key["credential_json"]:
			default:
				file = "another"
			}
			if file != test.file {
				t.Errorf("credential_json is planned as %s, expected %s", file, test.file)
			}
		})
	}
}

// TestRead_CredentialFileOfAnEarlierVersionStaysUntilAChange has a file with rules in it,
// as earlier versions wrote it.
func TestRead_CredentialFileOfAnEarlierVersionStaysUntilAChange(t *testing.T) {
	s := simulator.New(simulator.Config{})
	p := connect(t, s)
	made := p.apply(nil, orders(nil))
	file, _ := made.key["credential_json"].(string)
	earlier := strings.Replace(file, `"tool_profile":`, `"kafka_acls":[{"name":"orders","resource":"TOPIC","operation":"READ","resource_pattern_type":"LITERAL"}],"tool_profile":`, 1)
	prior := with(made.key, values{"credential_json": earlier})
	if got := p.read(prior, made.private).key["credential_json"]; got != earlier || earlier == file {
		t.Errorf("without a change it is %s", got)
	}
	s.Modify(s.Keys()[0].ID, func(k *simulator.Key) { k.ToolProfile = "read-only" })
	if got, _ := p.read(prior, made.private).key["credential_json"].(string); strings.Contains(got, "kafka_acls") || !strings.Contains(got, "read-only") {
		t.Errorf("after a change it is %s", got)
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
	for name, config := range map[string]values{"API access alone": orders(nil), "Kafka access too": orders(values{"kafka": kafkaUser("orders")})} {
		t.Run(name, func(t *testing.T) {
			p := connect(t, simulator.New(simulator.Config{}))
			made := p.apply(nil, config)
			earlier := p.read(p.upgraded(made.key), made.private) // without what is null in it
			p.plansNothing(earlier, config)
			if tells(t, earlier.said); earlier.key["credential_json"] != made.key["credential_json"] {
				t.Error("the credential file has changed")
			}
		})
	}
}

// TestPlan_StatusOnlyKnownOfAnActiveKey changes a key that may become another status
// meanwhile.
func TestPlan_StatusOnlyKnownOfAnActiveKey(t *testing.T) {
	s := simulator.New(simulator.Config{})
	planned := connect(t, s).plan(with(stateOf(seedOrders(s)), values{"status": "creating"}), orders(values{"description": "changed"}), nil)
	if planned.key["status"] != unknown {
		t.Errorf("it is planned as %v", planned.key["status"])
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
			if test.refused {
				tells(t, test.planned.said, `project key "orders" (id `+key.ID+`)`, "destroy = false")
			}
		})
	}
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
