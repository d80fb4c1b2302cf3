// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// importable is a key of every kind, made elsewhere.
var importable = map[string]simulator.Key{
	"roles": {Name: "with roles", Description: "A plain one", RoleIDs: []string{simulator.RoleAdmin, simulator.RoleReadOnly}},
	"kafka": {
		Name: "Kafka only", KafkaUsername: "kafka-only", WhitelistIPs: []string{"10.0.0.1", "192.168.0.0/16"},
		ACLs: []simulator.ACL{
			{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"},
			{Name: "orders", Resource: "GROUP", Operation: "READ", PatternType: "LITERAL"},
			{Name: "billing", Resource: "TOPIC", Operation: "WRITE", PatternType: "LITERAL"},
		},
	},
	"both":     {Name: "both", RoleIDs: []string{simulator.RoleReadOnly}, KafkaUsername: "both-kinds", LastUsedAt: time.Unix(1, 0)},
	"registry": {Name: "with a registry", KafkaUsername: "with-registry", SchemaRegistry: true},
	"scoped":   {Name: "scoped", RoleIDs: []string{simulator.RoleReadOnly}, ToolProfile: "agent-operator", BlockedTools: []string{"b", "a"}},
	"allowed":  {Name: "scoped to a list", RoleIDs: []string{simulator.RoleReadOnly}, KafkaUsername: "allowed", AllowedTools: []string{"a"}},
}

var permissionBased = simulator.Key{Name: "with permissions", PermissionIDs: []string{"a", "b"}, KafkaUsername: "permissions", ToolProfile: "read-only"}

// importDialects are services under which an import has to plan nothing.
var importDialects = map[string]simulator.Dialect{
	"as documented":  readDialects["as documented"],
	"in other words": readDialects["in other words"],
	"at odds": {
		Status: "upper", WhitelistForm: "cidr", WhitelistEmpty: "null", DefaultScope: "full",
		Description: "html-escaped", ACLOrder: "sorted", Gone: "400",
	},
	"without HTML": {Description: "html-removed", WhitelistForm: "reordered", RoleOrder: "reversed"},
}

// plansNothing plans a key that exists, and expects no change.
func (p *protocol) plansNothing(state answer, config values) {
	p.t.Helper()
	planned := p.plan(state.key, config, state.private)
	if tells(p.t, planned.said); planned.replaces || !reflect.DeepEqual(planned.key, state.key) {
		p.t.Errorf("the plan is %v, and the state %v", planned.key, state.key)
	}
}

// TestImport_UsernameInCapitalsPlansNothing has a key with a username as no configuration
// can have it.
func TestImport_UsernameInCapitalsPlansNothing(t *testing.T) {
	s := simulator.New(simulator.Config{})
	p := connect(t, s)
	imported := p.importBy(s.Seed(simulator.Key{Name: "orders", KafkaUsername: "ORDERS"}).ID, false)
	p.plansNothing(imported, values{"name": "orders", "kafka": values{"username": "orders"}})
}

// TestImport_ReadsEachKeyTwice lists keys, generates their configuration, imports
// them and plans them, call by call as Terraform does.
func TestImport_ReadsEachKeyTwice(t *testing.T) {
	for name, dialect := range importDialects {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{Dialect: dialect})
			for _, each := range importable {
				s.Seed(each)
			}
			p := connect(t, s)
			listed := p.list(nil, true, 100)
			for _, result := range listed {
				p.check(nil, result.Diagnostics)
				p.plansNothing(p.importBy(p.id(result.Identity), true), p.generate(p.decode(p.key, result.Resource)))
			}
			if requests := len(s.Requests()); len(listed) != len(importable) || requests != 2*len(importable)+3 {
				t.Errorf("%d keys were adopted with %d requests", len(listed), requests)
			}
		})
	}
}

func TestImport_UnknownIdentityIsAnError(t *testing.T) {
	tells(t, connect(t, simulator.New(simulator.Config{})).importBy("nobody", true).said, `There is no project key with the id "nobody"`)
}

func TestImport_PermissionsWarnedOfOnce(t *testing.T) {
	s := simulator.New(simulator.Config{})
	p := connect(t, s)
	imported := p.importBy(s.Seed(permissionBased).ID, false)
	config := values{
		"name": "with permissions", "permission_ids": []any{"b", "a"}, "kafka": values{"username": "permissions"}, "mcp": values{"tool_profile": "read-only"},
	}
	planned := p.plan(imported.key, config, imported.private)
	if tells(t, planned.said, "WARNING: Permissions are taken over unchecked"); planned.replaces {
		t.Error("the plan replaces the key")
	}
	applied := p.carryOut(imported.key, config, planned)
	tells(t, applied.said)
	p.plansNothing(applied, config)
	if made := s.Writes(); len(made) > 0 {
		t.Errorf("%d requests changed something", len(made))
	}
}

// TestImport_DescriptionInAnotherFormIsAChangeOnce plans descriptions for a key that was imported.
func TestImport_DescriptionInAnotherFormIsAChangeOnce(t *testing.T) {
	for configured, want := range map[string]int{"a &lt; b": 0, "a < b": 1, "<p>a &lt; b</p>": 1} {
		t.Run(configured, func(t *testing.T) {
			s := simulator.New(simulator.Config{Dialect: simulator.Dialect{Description: "html-escaped"}})
			key := s.Seed(simulator.Key{Name: "orders", Description: "a < b", RoleIDs: []string{simulator.RoleAdmin}})
			p := connect(t, s)
			read, config := p.importBy(key.ID, false), orders(values{"description": configured})
			applied := p.carryOut(read.key, config, p.plan(read.key, config, read.private))
			tells(t, applied.said)
			if writes := len(s.Writes()); writes != want {
				t.Errorf("%d changes are made", writes)
			}
			p.plansNothing(p.read(applied.key, applied.private), config)
		})
	}
}

// TestImport_DescriptionEditedLaterIsSent edits the description after the first apply
// that follows an import. The service may hold what was there in such a form.
func TestImport_DescriptionEditedLaterIsSent(t *testing.T) {
	for name, edited := range map[string]string{"a tag": "<p>Orders</p>", "brackets": "Orders <team@example.com>", "more room": "  Orders  "} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := s.Seed(simulator.Key{Name: "orders", Description: "Orders", RoleIDs: []string{simulator.RoleAdmin}})
			p := connect(t, s)
			read := p.importBy(key.ID, false)
			p.plansNothing(read, orders(values{"description": "Orders"}))
			config := orders(values{"description": edited})
			tells(t, p.carryOut(read.key, config, p.plan(read.key, config, read.private)).said)
			if got := s.Keys()[0].Description; got != edited {
				t.Errorf("the service holds %q", got)
			}
		})
	}
}

const pastedFile = `{"type": "streamkap_project_key", "api": {"client_id": "an-id", "client_secret": "pasted-by-mistake"}}`

// TestImpossibleID_RefusedBeforeAnyRequestAndNotRepeated has ids that no key can have.
// One may be a secret.
func TestImpossibleID_RefusedBeforeAnyRequestAndNotRepeated(t *testing.T) {
	s := simulator.New(simulator.Config{})
	p := connect(t, s)
	for _, id := range []string{
		".", "..", " ", "an id", "{an-id}", "a/b", pastedFile, base64.StdEncoding.EncodeToString([]byte(pastedFile)), strings.Repeat("a", 129),
	} {
		refusals := map[string][]*tfprotov6.Diagnostic{"by id": p.importBy(id, false).diagnostics, "by identity": p.importBy(id, true).diagnostics}
		for name, argument := range map[string]string{typeName: "id", mcpName: "project_key_id"} {
			config := p.encode(p.schemas.DataSourceSchemas[name].ValueType(), values{argument: id})
			validated, err := p.server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
			p.check(err, nil)
			// An id that was unknown reaches the read as it is.
			read, err := p.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
			p.check(err, nil)
			refusals["validation of "+name], refusals["read of "+name] = validated.Diagnostics, read.Diagnostics
		}
		for call, refusal := range refusals {
			t.Run(call+" "+id, func(t *testing.T) {
				said := toldBy(refusal)
				if tells(t, said, "Not the id of a project key"); len(refusal) != 1 || len(id) > 2 && strings.Contains(said, id) || strings.Contains(said, "pasted-by-mistake") {
					t.Errorf("it is repeated: %q", said)
				}
			})
		}
	}
	if requests := s.Requests(); len(requests) > 0 {
		t.Errorf("%d requests, the first to %s", len(requests), requests[0].Path)
	}
}
