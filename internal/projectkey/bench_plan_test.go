// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// BenchmarkKey reads a key with 20 rules, and plans it without a change and with one, as Terraform does in every run.
func BenchmarkKey(b *testing.B) {
	key := simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: "orders", WhitelistIPs: []string{"10.0.0.1", "10.0.0.0/8"}}
	for i := range 20 {
		key.ACLs = append(key.ACLs, simulator.ACL{Name: fmt.Sprintf("orders.%05d", i), Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"})
	}
	s := simulator.New(simulator.Config{})
	key = s.Seed(key)
	p := reading(b, s)
	schema := p.schemas.ResourceSchemas[typeName]
	imported, err := p.server.ImportResourceState(b.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: key.ID})
	p.check(err, imported.Diagnostics)
	read := p.read(imported.ImportedResources[0].State, imported.ImportedResources[0].Private)
	generated, err := p.server.GenerateResourceConfig(b.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: typeName, State: read.NewState})
	p.check(err, generated.Diagnostics)
	changed, proposed := attributesOf(b, p.decode(schema.ValueType(), generated.Config)), attributesOf(b, p.decode(schema.ValueType(), read.NewState))
	changed["name"], proposed["name"] = stringOf("payments"), stringOf("payments")
	plan := func(config, proposed *tfprotov6.DynamicValue) func() {
		return func() {
			planned, err := p.server.PlanResourceChange(b.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: typeName, Config: config, PriorState: read.NewState, ProposedNewState: proposed, PriorPrivate: read.Private,
			})
			p.check(err, planned.Diagnostics)
		}
	}
	for name, do := range map[string]func(){
		"read":      func() { p.read(read.NewState, read.Private) },
		"unchanged": plan(generated.Config, read.NewState),
		"changed":   plan(p.object(schema, changed), p.object(schema, proposed)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
}
