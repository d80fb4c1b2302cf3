// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"maps"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

var (
	laterText = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	laterSet  = tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, tftypes.UnknownValue)
)

// unsure is a dynamic block whose for_each is not known yet, as Terraform hands
// it over: whatever is written in it is unknown.
func (p *protocol) unsure(name string, given ...string) tftypes.Value {
	kind, _ := p.schemas.ResourceSchemas[typeName].ValueType().(tftypes.Object)
	inner, _ := kind.AttributeTypes[name].(tftypes.Object)
	attributes := values{}
	if acl, there := inner.AttributeTypes["acl"]; there {
		attributes["acl"] = tftypes.NewValue(acl, []tftypes.Value{})
	}
	for _, attribute := range given {
		attributes[attribute] = tftypes.NewValue(inner.AttributeTypes[attribute], tftypes.UnknownValue)
	}
	return p.nested(name, attributes)
}

// scoped is an mcp block.
func (p *protocol) scoped(attributes values) tftypes.Value { return p.nested("mcp", attributes) }

// TestPlan_UnknownValuesAreNoChange plans a key that exists, with a value that is not known yet.
func TestPlan_UnknownValuesAreNoChange(t *testing.T) {
	const replaced, lifted, rotated, refused = "Project key will be replaced", "A restriction will be lifted", "Kafka password will be rotated", "ERROR"
	stored := func(p *protocol, attributes values) tftypes.Value {
		all := values{"username": stringOf("orders"), "password": stringOf(keptPassword), "schema_registry": tftypes.NewValue(tftypes.Bool, false)}
		maps.Copy(all, attributes)
		return p.nested("kafka", all)
	}
	for name, test := range map[string]struct {
		prior, config func(p *protocol, key values)
		replaces      bool
		says, not     []string
	}{
		"permissions beside roles": {
			config: func(_ *protocol, key values) { key["permission_ids"] = laterSet },
			not:    []string{replaced, refused},
		},
		"permissions and roles": {
			config: func(_ *protocol, key values) { key["role_ids"], key["permission_ids"] = laterSet, laterSet },
			not:    []string{replaced, refused},
		},
		"roles beside permissions that take the place of roles": {
			config:   func(_ *protocol, key values) { key["role_ids"], key["permission_ids"] = laterSet, setOf(stringOf("a")) },
			replaces: true, says: []string{replaced, "it changes from role_ids to permission_ids"},
		},
		"a permission": {
			prior: func(_ *protocol, key values) {
				key["role_ids"], key["permission_ids"] = setOf(), setOf(stringOf("a"))
				delete(key, "role_ids")
			},
			config:   func(_ *protocol, key values) { delete(key, "role_ids"); key["permission_ids"] = setOf(laterText) },
			replaces: true, says: []string{replaced, "its permission_ids are not known yet", "-target=ADDRESS"}, not: []string{"permission_ids change"},
		},
		"the username": {
			prior:    func(p *protocol, key values) { key["kafka"] = stored(p, nil) },
			config:   func(p *protocol, key values) { key["kafka"] = stored(p, values{"username": laterText}) },
			replaces: true, says: []string{replaced, "its kafka.username is not known yet", "-target=ADDRESS"}, not: []string{"username changes"},
		},
		"the schema registry": {
			prior: func(p *protocol, key values) { key["kafka"] = stored(p, nil) },
			config: func(p *protocol, key values) {
				key["kafka"] = stored(p, values{"schema_registry": tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue)})
			},
			replaces: true, says: []string{replaced, "its kafka.schema_registry is not known yet", "-target=ADDRESS"},
		},
		"another username": {
			prior:    func(p *protocol, key values) { key["kafka"] = stored(p, nil) },
			config:   func(p *protocol, key values) { key["kafka"] = stored(p, values{"username": stringOf("orders-2")}) },
			replaces: true, says: []string{"its kafka.username changes"}, not: []string{"not known yet", "-target"},
		},
		"a password": {
			prior:  func(p *protocol, key values) { key["kafka"] = stored(p, nil) },
			config: func(p *protocol, key values) { key["kafka"] = stored(p, values{"password": laterText}) },
			says:   []string{"Kafka password may be rotated", "The kafka.password of the project key", "-target=ADDRESS"}, not: []string{rotated, refused},
		},
		"the version of a password that is not given": {
			prior: func(p *protocol, key values) {
				key["kafka"] = stored(p, values{"password": tftypes.NewValue(tftypes.String, nil), "password_wo_version": tftypes.NewValue(tftypes.Number, 1)})
			},
			config: func(p *protocol, key values) {
				key["kafka"] = stored(p, values{
					"password": tftypes.NewValue(tftypes.String, nil), "password_wo_version": tftypes.NewValue(tftypes.Number, tftypes.UnknownValue),
				})
			},
			says: []string{"Kafka password may be rotated"}, not: []string{rotated, refused},
		},
		"the version beside a password": {
			prior: func(p *protocol, key values) { key["kafka"] = stored(p, nil) },
			config: func(p *protocol, key values) {
				key["kafka"] = stored(p, values{"password_wo_version": tftypes.NewValue(tftypes.Number, tftypes.UnknownValue)})
			},
			not: []string{"rotated", refused},
		},
		"a password beside the version": {
			prior: func(p *protocol, key values) {
				key["kafka"] = stored(p, values{"password": tftypes.NewValue(tftypes.String, nil), "password_wo_version": tftypes.NewValue(tftypes.Number, 1)})
			},
			config: func(p *protocol, key values) {
				key["kafka"] = stored(p, values{"password": laterText, "password_wo_version": tftypes.NewValue(tftypes.Number, 1)})
			},
			not: []string{"rotated", refused},
		},
		"the profile": {
			prior: func(p *protocol, key values) { key["mcp"] = p.scoped(values{"tool_profile": stringOf("read-only")}) },
			config: func(p *protocol, key values) {
				key["mcp"] = p.scoped(values{"tool_profile": laterText, "blocked_tools": setOf(stringOf("a"))})
			},
			not: []string{lifted},
		},
		"the profile, and no tool is blocked any more": {
			prior: func(p *protocol, key values) {
				key["mcp"] = p.scoped(values{"tool_profile": stringOf("read-only"), "blocked_tools": setOf(stringOf("a"))})
			},
			config: func(p *protocol, key values) { key["mcp"] = p.scoped(values{"tool_profile": laterText}) },
			says:   []string{lifted, "may call a where the profile has it"}, not: []string{"call every tool"},
		},
		"the blocked tools": {
			prior:  func(p *protocol, key values) { key["mcp"] = p.scoped(values{"blocked_tools": setOf(stringOf("a"))}) },
			config: func(p *protocol, key values) { key["mcp"] = p.scoped(values{"blocked_tools": laterSet}) },
			not:    []string{lifted},
		},
		"a blocked tool": {
			prior:  func(p *protocol, key values) { key["mcp"] = p.scoped(values{"blocked_tools": setOf(stringOf("a"))}) },
			config: func(p *protocol, key values) { key["mcp"] = p.scoped(values{"blocked_tools": setOf(laterText)}) },
			not:    []string{lifted},
		},
		"the allowed tools": {
			prior:  func(p *protocol, key values) { key["mcp"] = p.scoped(values{"allowed_tools": setOf(stringOf("a"))}) },
			config: func(p *protocol, key values) { key["mcp"] = p.scoped(values{"allowed_tools": laterSet}) },
			not:    []string{lifted},
		},
		"the addresses": {
			prior: func(p *protocol, key values) {
				key["kafka"] = stored(p, values{"whitelist_ips": setOf(stringOf("10.0.0.1"))})
			},
			config: func(p *protocol, key values) { key["kafka"] = stored(p, values{"whitelist_ips": laterSet}) },
			not:    []string{lifted},
		},
		"an address": {
			prior: func(p *protocol, key values) {
				key["kafka"] = stored(p, values{"whitelist_ips": setOf(stringOf("10.0.0.1"))})
			},
			config: func(p *protocol, key values) {
				key["kafka"] = stored(p, values{"whitelist_ips": setOf(laterText, stringOf("10.0.0.1"))})
			},
			not: []string{lifted},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
			p := reading(t, s)
			prior, config := p.stateOf(key), values{"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin))}
			if test.prior != nil {
				test.prior(p, prior)
			}
			test.config(p, config)
			planned := p.plan(prior, config, nil)
			said := toldBy(planned.Diagnostics)
			for _, says := range test.says {
				if !strings.Contains(said, says) {
					t.Errorf("it lacks %q: %s", says, said)
				}
			}
			for _, not := range test.not {
				if strings.Contains(said, not) {
					t.Errorf("it says %q: %s", not, said)
				}
			}
			if replaces := len(planned.RequiresReplace) > 0; replaces != test.replaces {
				t.Errorf("it replaces the key: %t", replaces)
			}
		})
	}
}

// TestPlan_BlocksThatMayBeAbsent plans blocks of which nothing is known yet.
func TestPlan_BlocksThatMayBeAbsent(t *testing.T) {
	const kafkaUnknown, replacement, warned = "ERROR: Kafka access is not known yet", "ERROR: Replacement is not known yet", "WARNING: Block is not known yet"
	withKafka := func(p *protocol, key values) { key["kafka"] = p.kafka(stringOf("orders")) }
	dynamicKafka := func(p *protocol, key values) { key["kafka"] = p.unsure("kafka", "username", "password") }
	dynamicScope := func(p *protocol, key values) { key["mcp"] = p.unsure("mcp", "tool_profile") }
	dynamicTimeouts := func(p *protocol, key values) { key["timeouts"] = p.unsure("timeouts", "create") }
	renamed := func(p *protocol, key values) { key["kafka"] = p.kafka(stringOf("orders-2")) }
	laterRoles := func(_ *protocol, key values) { key["role_ids"] = laterSet }
	profiled := func(p *protocol, key values) { key["mcp"] = p.scoped(values{"tool_profile": stringOf("read-only")}) }
	failed := func(_ *protocol, key values) { key["status"] = stringOf("failed") }
	type changes []func(p *protocol, key values)
	for name, test := range map[string]struct {
		isNew         bool
		prior, config changes
		want          string
	}{
		"kafka of a key that has it":                {prior: changes{withKafka}, config: changes{dynamicKafka}, want: kafkaUnknown},
		"kafka of a key that has none":              {config: changes{dynamicKafka}, want: kafkaUnknown},
		"kafka of a key that is replaced":           {prior: changes{withKafka, failed}, config: changes{dynamicKafka}, want: kafkaUnknown},
		"kafka of a new key":                        {isNew: true, config: changes{dynamicKafka}, want: warned},
		"mcp of a key that exists":                  {config: changes{dynamicScope}, want: warned},
		"mcp of a new key":                          {isNew: true, config: changes{dynamicScope}, want: warned},
		"mcp of a key that is replaced":             {prior: changes{withKafka}, config: changes{renamed, dynamicScope}, want: replacement},
		"timeouts of a key that is replaced":        {prior: changes{withKafka}, config: changes{renamed, dynamicTimeouts}, want: replacement},
		"roles of a failed key":                     {prior: changes{failed}, config: changes{laterRoles}, want: replacement},
		"roles of a failed key that has kafka":      {prior: changes{withKafka, failed}, config: changes{withKafka, laterRoles}},
		"roles of a failed key that has both":       {prior: changes{withKafka, failed}, config: changes{withKafka, laterRoles, profiled}, want: replacement},
		"roles of a key that stays":                 {config: changes{laterRoles}},
		"a username in a block that is there":       {isNew: true, config: changes{func(p *protocol, key values) { key["kafka"] = p.kafka(laterText) }}},
		"nothing of a key that is replaced":         {prior: changes{withKafka}, config: changes{renamed}},
		"permissions of a key with permission only": {prior: changes{func(_ *protocol, key values) { delete(key, "role_ids"); key["permission_ids"] = setOf(stringOf("a")) }}, config: changes{func(_ *protocol, key values) { delete(key, "role_ids"); key["permission_ids"] = laterSet }}, want: replacement},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
			p := reading(t, s)
			prior, config := p.stateOf(key), values{"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin))}
			for _, change := range test.prior {
				change(p, prior)
			}
			for _, change := range test.config {
				change(p, config)
			}
			if test.isNew {
				prior = nil
			}
			planned := p.plan(prior, config, nil)
			said := toldBy(planned.Diagnostics)
			if len(planned.RequiresReplace) > 0 {
				said = toldBy(p.plan(nil, config, planned.PlannedPrivate).Diagnostics)
			}
			for _, one := range []string{kafkaUnknown, replacement, warned} {
				if strings.Contains(said, one) != (one == test.want) {
					t.Errorf("%q is not as expected, %q: %s", one, test.want, said)
				}
			}
			if test.want != "" && !strings.Contains(said, "-target=ADDRESS") {
				t.Errorf("it names no way out: %s", said)
			}
		})
	}
}

// replan plans a key that exists, and then as Terraform does where it is to be replaced although nothing asks for that: as a new one,
// with what the first plan remembers.
func (p *protocol) replan(prior, config values, private []byte) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	first := p.plan(prior, config, private)
	p.check(nil, first.Diagnostics)
	return p.plan(nil, config, first.PlannedPrivate)
}

// TestPlan_ForcedReplacementWithUnsureBlocksRefused covers -replace, replace_triggered_by and taint.
func TestPlan_ForcedReplacementWithUnsureBlocksRefused(t *testing.T) {
	for _, tainted := range []bool{false, true} {
		s := simulator.New(simulator.Config{})
		key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
		p := reading(t, s)
		prior, config := p.stateOf(key), values{"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin))}
		prior["mcp"], config["mcp"] = p.scoped(values{"tool_profile": stringOf("read-only")}), p.unsure("mcp", "tool_profile")
		read := p.read(p.object(p.schemas.ResourceSchemas[typeName], prior), nil)
		planned := p.plan(nil, config, nil)
		if !tainted {
			first := p.plan(prior, config, read.Private)
			planned = p.plan(nil, config, first.PlannedPrivate)
		}
		if said := toldBy(planned.Diagnostics); !strings.Contains(said, "ERROR: Replacement is not known yet") || !strings.Contains(said, key.ID) {
			t.Errorf("tainted %t: %s", tainted, said)
		}
	}
}

// TestReplacement_RecentUseTold deletes a key that was used lately, and sees who tells of it.
func TestReplacement_RecentUseTold(t *testing.T) {
	const use = "The key was last used 1 hour ago"
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, LastUsedAt: time.Now().Add(-time.Hour)})
	p := reading(t, s)
	schema, prior := p.schemas.ResourceSchemas[typeName], p.stateOf(key)
	config := values{"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin))}
	read := p.read(p.object(schema, prior), nil)
	deleting := func(private []byte) string {
		again := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
		applied, err := p.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
			TypeName: typeName, PriorState: p.object(schema, p.stateOf(again)), Config: p.none(), PlannedState: p.none(), PlannedPrivate: private,
		})
		p.check(err, nil)
		return toldBy(applied.Diagnostics)
	}
	t.Run("tainted", func(t *testing.T) {
		if said := toldBy(p.plan(nil, config, nil).Diagnostics); !strings.Contains(said, use) {
			t.Errorf("the plan says %q", said)
		}
	})
	t.Run("forced", func(t *testing.T) {
		if said := deleting(p.replan(prior, config, read.Private).PlannedPrivate); !strings.Contains(said, use) {
			t.Errorf("the deletion says %q", said)
		}
	})
	t.Run("planned", func(t *testing.T) {
		planned := p.plan(prior, values{"name": stringOf("orders"), "permission_ids": setOf(stringOf("a"))}, read.Private)
		if said := toldBy(planned.Diagnostics); !strings.Contains(said, use) {
			t.Errorf("the plan says %q", said)
		}
		if said := deleting(p.plan(nil, config, planned.PlannedPrivate).PlannedPrivate); said != "" {
			t.Errorf("the deletion says %q again", said)
		}
	})
	t.Run("not tainted", func(t *testing.T) {
		if said := toldBy(p.plan(nil, config, nil).Diagnostics); said != "" {
			t.Errorf("the plan of another key of this name says %q", said)
		}
	})
}

// TestPlan_APIAttributesApartWhereAccessIsCertain has roles, or permissions, that only the apply knows.
func TestPlan_APIAttributesApartWhereAccessIsCertain(t *testing.T) {
	given := setOf(stringOf(simulator.RoleAdmin))
	for name, test := range map[string]struct {
		kafka, scoped bool
		config        values
		null, known   bool
	}{
		"roles":                           {true, false, values{"role_ids": given}, false, true},
		"a role of later":                 {true, false, values{"role_ids": setOf(laterText)}, false, true},
		"roles of later":                  {true, false, values{"role_ids": laterSet}, false, false},
		"roles of later, and scope":       {true, true, values{"role_ids": laterSet}, false, true},
		"roles of later alone":            {false, false, values{"role_ids": laterSet}, false, true},
		"permissions":                     {true, false, values{"permission_ids": given}, false, true},
		"permissions of later":            {true, false, values{"permission_ids": laterSet}, false, false},
		"permissions of later alone":      {false, false, values{"permission_ids": laterSet}, false, true},
		"roles beside permissions, later": {true, false, values{"role_ids": given, "permission_ids": laterSet}, false, true},
		"both of later":                   {false, false, values{"role_ids": laterSet, "permission_ids": laterSet}, false, true},
		"none":                            {true, false, values{}, true, true},
	} {
		p := reading(t, simulator.New(simulator.Config{}))
		test.config["name"] = stringOf("orders")
		priors := []values{nil}
		if test.kafka {
			test.config["kafka"] = p.kafka(stringOf("orders"))
			priors = append(priors, values{"id": stringOf("id"), "name": stringOf("orders"), "status": stringOf("Active"), "kafka": test.config["kafka"]})
		}
		if test.scoped {
			test.config["mcp"] = p.scoped(values{"tool_profile": stringOf("read-only")})
		}
		for _, prior := range priors {
			planned := p.plan(prior, test.config, nil)
			p.check(nil, planned.Diagnostics)
			api := attributesOf(t, p.decode(p.schemas.ResourceSchemas[typeName].ValueType(), planned.PlannedState))["api"]
			if api.IsNull() != test.null || api.IsKnown() != test.known {
				t.Errorf("%s, of a new key %t: access to the API is planned as %s", name, prior == nil, api)
			}
		}
	}
}

// TestImport_DescriptionInAnotherFormIsAChangeOnce plans descriptions for a key that was imported.
func TestImport_DescriptionInAnotherFormIsAChangeOnce(t *testing.T) {
	for configured, want := range map[string]int{"a &lt; b": 0, "a < b": 1, "<p>a &lt; b</p>": 1} {
		s := simulator.New(simulator.Config{Dialect: simulator.Dialect{Description: simulator.DescriptionHTMLEscaped}})
		key := s.Seed(simulator.Key{Name: "orders", Description: "a < b", RoleIDs: []string{simulator.RoleAdmin}})
		p := reading(t, s)
		schema := p.schemas.ResourceSchemas[typeName]
		imported, err := p.server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: key.ID})
		p.check(err, imported.Diagnostics)
		read := p.read(imported.ImportedResources[0].State, imported.ImportedResources[0].Private)
		prior := attributesOf(t, p.decode(schema.ValueType(), read.NewState))
		planned := p.plan(prior, described(key, configured), read.Private)
		p.check(nil, planned.Diagnostics)
		applied, err := p.server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
			TypeName: typeName, PriorState: read.NewState, Config: p.object(schema, described(key, configured)), PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate,
		})
		p.check(err, applied.Diagnostics)
		if writes := len(s.Writes()); writes != want {
			t.Errorf("%q makes %d changes of the key", configured, writes)
		}
		again := p.read(applied.NewState, applied.Private)
		state := attributesOf(t, p.decode(schema.ValueType(), again.NewState))
		if !state["description"].Equal(stringOf(configured)) {
			t.Errorf("after %q a refresh shows %s", configured, state["description"])
		}
	}
}
