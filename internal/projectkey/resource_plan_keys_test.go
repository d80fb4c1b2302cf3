// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// What plans warn of where several keys collide.
const (
	usernameTaken = "Kafka username is taken"
	usedTwice     = "Kafka username is used twice"
	nameInUse     = "Name is in use"
)

// planner plays Terraform as it plans the keys of a state, in the order of a test.
type planner struct {
	*protocol
	said []*tfprotov6.Diagnostic
}

// seeded puts a key for Kafka there, and returns its state.
func (p *planner) seeded(s *simulator.Server, name, username string) values {
	key := s.Seed(simulator.Key{Name: name, KafkaUsername: username})
	return p.inState(key.ID, name, username)
}

func (p *planner) inState(id, name, username string) values {
	return values{
		"id": stringOf(id), "name": stringOf(name), "status": stringOf("active"), "service_id": stringOf(simulator.DefaultServiceID),
		"created_at": stringOf("2026-01-01T00:00:00Z"), "kafka": p.kafka(stringOf(username)),
	}
}

func (p *planner) config(name, username string) values {
	return values{"name": stringOf(name), "kafka": p.kafka(stringOf(username))}
}

// begin is the first that Terraform does with a key of the state.
func (p *planner) begin(states ...values) {
	for _, state := range states {
		raw, err := json.Marshal(map[string]any{
			"id": textOf(p.t, state, "id"), "name": textOf(p.t, state, "name"), "kafka": map[string]any{"username": textOf(p.t, attributesOf(p.t, state["kafka"]), "username")},
		})
		p.check(err, nil)
		upgraded, err := p.server.UpgradeResourceState(p.t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: typeName, RawState: &tfprotov6.RawState{JSON: raw}})
		p.check(err, upgraded.Diagnostics)
	}
}

// note keeps what a plan said, but for the warning of a replacement.
func (p *planner) note(diagnostics []*tfprotov6.Diagnostic) {
	for _, diagnostic := range diagnostics {
		if diagnostic.Summary != "Project key will be replaced" {
			p.said = append(p.said, diagnostic)
		}
	}
}

// create plans a new key, which may take the place of a tainted one.
func (p *planner) create(name, username string) {
	p.note(p.plan(nil, p.config(name, username), nil).Diagnostics)
}

// change plans a key of the state. Terraform plans a replacement once more, as a
// new key, and drops the warnings of that.
func (p *planner) change(state values, name, username string) {
	planned := p.plan(state, p.config(name, username), nil)
	p.note(planned.Diagnostics)
	if len(planned.RequiresReplace) > 0 {
		p.replace(planned, name, username)
	}
}

func (p *planner) replace(planned *tfprotov6.PlanResourceChangeResponse, name, username string) {
	if again := toldBy(p.plan(nil, p.config(name, username), planned.PlannedPrivate).Diagnostics); again != "" {
		p.t.Errorf("of the second plan: %s", again)
	}
}

// delete plans the end of a key.
func (p *planner) delete(state values) {
	planned, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: p.object(p.schemas.ResourceSchemas[typeName], state), Config: p.none(), ProposedNewState: p.none(),
	})
	p.check(err, nil)
	p.note(planned.Diagnostics)
}

// TestPreflight_KeysOfOnePlan plans several keys, in the orders in which Terraform
// may.
func TestPreflight_KeysOfOnePlan(t *testing.T) {
	for name, test := range map[string]struct {
		plan func(*planner, *simulator.Server)
		says []string
	}{
		"a tainted key, without a refresh": {plan: func(p *planner, s *simulator.Server) {
			p.begin(p.seeded(s, "orders", "a-user"))
			p.create("orders", "a-user")
		}},
		"a tainted key gets another username": {plan: func(p *planner, s *simulator.Server) {
			p.begin(p.seeded(s, "orders", "a-user"))
			p.create("orders", "b-user")
		}},
		"a key is replaced": {plan: func(p *planner, s *simulator.Server) {
			state := p.seeded(s, "orders", "a-user")
			state["kafka"] = p.nested("kafka", values{"username": stringOf("a-user"), "password": stringOf(keptPassword), "schema_registry": tftypes.NewValue(tftypes.Bool, false)})
			p.begin(state)
			config := p.config("orders", "a-user")
			config["kafka"] = p.nested("kafka", values{"username": stringOf("a-user"), "password": stringOf(keptPassword), "schema_registry": tftypes.NewValue(tftypes.Bool, true)})
			p.note(p.plan(state, config, nil).Diagnostics)
		}},
		"a key is replaced with -replace": {plan: func(p *planner, s *simulator.Server) {
			state := p.seeded(s, "orders", "a-user")
			p.begin(state)
			p.replace(p.plan(state, p.config("orders", "a-user"), nil), "orders", "a-user")
		}},
		"a username is handed over": {plan: func(p *planner, s *simulator.Server) {
			state := p.seeded(s, "orders", "a-user")
			p.begin(state)
			p.change(state, "orders", "b-user")
			p.create("payments", "a-user")
		}},
		"a username is handed over, and the new key is planned first": {plan: func(p *planner, s *simulator.Server) {
			state := p.seeded(s, "orders", "a-user")
			p.begin(state)
			p.create("payments", "a-user")
			p.change(state, "orders", "b-user")
		}},
		"usernames move on": {plan: func(p *planner, s *simulator.Server) {
			first, second := p.seeded(s, "orders", "a-user"), p.seeded(s, "payments", "b-user")
			p.begin(first, second)
			p.change(first, "orders", "b-user")
			p.change(second, "payments", "c-user")
		}},
		"the holder is deleted, and its read is late": {plan: func(p *planner, s *simulator.Server) {
			state := p.seeded(s, "orders", "a-user")
			p.begin(state)
			p.create("payments", "a-user")
			p.delete(state)
		}},
		"the holder is deleted": {plan: func(p *planner, s *simulator.Server) {
			state := p.seeded(s, "orders", "a-user")
			p.begin(state)
			p.delete(state)
			p.create("payments", "a-user")
		}},
		"the holder is imported": {plan: func(p *planner, s *simulator.Server) {
			state := p.seeded(s, "orders", "a-user")
			_, said := p.importAndRead(p.identity(textOf(p.t, state, "id")))
			p.note(said)
			p.create("payments", "a-user")
			p.change(state, "orders", "b-user")
		}},
		"the holder is somebody else's": {plan: func(p *planner, s *simulator.Server) {
			p.seeded(s, "billing", "a-user")
			p.create("payments", "a-user")
		}, says: []string{usernameTaken}},
		"two new keys": {plan: func(p *planner, _ *simulator.Server) {
			p.create("orders", "a-user")
			p.create("payments", "a-user")
		}, says: []string{usedTwice}},
		"a new key, and one that stays": {plan: func(p *planner, s *simulator.Server) {
			state := p.seeded(s, "orders", "a-user")
			p.begin(state)
			p.create("payments", "a-user")
			p.change(state, "orders", "a-user")
		}, says: []string{usedTwice}},
		"one that stays, and a new key": {plan: func(p *planner, s *simulator.Server) {
			state := p.seeded(s, "orders", "a-user")
			p.begin(state)
			p.change(state, "orders", "a-user")
			p.create("payments", "a-user")
		}, says: []string{usedTwice}},
		"one that stays, and one that is replaced": {plan: func(p *planner, s *simulator.Server) {
			first, second := p.seeded(s, "orders", "a-user"), p.seeded(s, "payments", "b-user")
			p.begin(first, second)
			p.change(first, "orders", "a-user")
			p.change(second, "payments", "a-user")
		}, says: []string{usedTwice}},
		"usernames that are swapped": {plan: func(p *planner, s *simulator.Server) {
			first, second := p.seeded(s, "orders", "a-user"), p.seeded(s, "payments", "b-user")
			p.begin(first, second)
			p.change(first, "orders", "b-user")
			p.change(second, "payments", "a-user")
		}},
		"a username is wanted by a key outside the circle": {plan: func(p *planner, s *simulator.Server) {
			first, second, outside := p.seeded(s, "orders", "a-user"), p.seeded(s, "payments", "b-user"), p.seeded(s, "audit", "d-user")
			p.begin(first, second, outside)
			p.change(first, "orders", "b-user")
			p.change(second, "payments", "a-user")
			p.change(outside, "audit", "a-user")
		}, says: []string{usedTwice}},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			p := &planner{protocol: checking(t, s)}
			test.plan(p, s)
			var says []string
			for _, said := range p.said {
				says = append(says, said.Summary)
				if said.Severity != tfprotov6.DiagnosticSeverityWarning {
					t.Errorf("%s is no warning", said.Summary)
				}
			}
			if !slices.Equal(says, test.says) {
				t.Errorf("said %q, expected %q", says, test.says)
			}
			for path, count := range countPaths(gets(s)) {
				if count > 1 {
					t.Errorf("%d requests of %s", count, path)
				}
			}
		})
	}
}

func countPaths(paths []string) map[string]int {
	counts := map[string]int{}
	for _, path := range paths {
		counts[path]++
	}
	return counts
}

// TestPreflight_SharedUsernameOfManyKeys plans many keys at once.
func TestPreflight_SharedUsernameOfManyKeys(t *testing.T) {
	const keys = 8
	p := checking(t, simulator.New(simulator.Config{}))
	said := make([]string, keys)
	var calls sync.WaitGroup
	for i := range keys {
		calls.Go(func() {
			said[i] = toldBy(p.plan(nil, values{"name": stringOf(fmt.Sprint("orders-", i)), "kafka": p.kafka(stringOf("a-user"))}, nil).Diagnostics)
		})
	}
	calls.Wait()
	if told := strings.Count(strings.Join(said, "\n"), usedTwice); told != keys-1 {
		t.Errorf("%d of %d keys: %q", told, keys, said)
	}
}

// TestPreflight_ReplacedKeyIsOneOfTheWaysOut plans the second half
// of a replacement with create_before_destroy as an apply does. Its process knows
// nothing of the key that is still to be deleted, so the warning has to say so.
func TestPreflight_ReplacedKeyIsOneOfTheWaysOut(t *testing.T) {
	s := simulator.New(simulator.Config{})
	p := &planner{protocol: checking(t, s)}
	p.seeded(s, "orders", "a-user")
	said := toldBy(p.plan(nil, p.config("orders", "a-user"), nil).Diagnostics)
	for _, says := range []string{"If this run deletes or replaces that key, all is well. Otherwise", "unless this run deletes or replaces that key, Streamkap refuses it"} {
		if !strings.Contains(said, says) {
			t.Errorf("it lacks %q: %s", says, said)
		}
	}
}
