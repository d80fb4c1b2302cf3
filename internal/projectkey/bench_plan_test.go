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
	p := connect(b, s)
	imported := p.importBy(s.Seed(key).ID, false)
	generated := p.generate(imported.key)
	another := values{"name": "payments"}
	// Only the provider's part is measured, so everything is encoded before.
	state, config := p.encode(p.key, imported.key), p.encode(p.key, generated)
	plan := func(config, proposed *tfprotov6.DynamicValue) func() {
		return func() {
			planned, err := p.server.PlanResourceChange(b.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: typeName, Config: config, PriorState: state, ProposedNewState: proposed, PriorPrivate: imported.private,
			})
			p.check(err, planned.Diagnostics)
		}
	}
	for name, do := range map[string]func(){
		"read": func() {
			read, err := p.server.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: state, Private: imported.private})
			p.check(err, read.Diagnostics)
		},
		"unchanged": plan(config, state),
		"changed":   plan(p.encode(p.key, with(generated, another)), p.encode(p.key, with(imported.key, another))),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				do()
			}
		})
	}
}
