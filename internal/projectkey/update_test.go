// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// apply plans a change of a key and makes it. It returns the state after it,
// and what was said.
func (p *protocol) apply(prior, config values) (after values, said string) {
	p.t.Helper()
	schema := p.schemas.ResourceSchemas[typeName]
	planned := p.plan(prior, config, nil)
	if said := toldBy(planned.Diagnostics); strings.Contains(said, "ERROR") {
		return prior, said
	}
	applied, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: p.object(schema, prior), Config: p.object(schema, config), PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate,
	})
	p.check(err, nil)
	return attributesOf(p.t, p.decode(schema.ValueType(), applied.NewState)), toldBy(applied.Diagnostics)
}

// readBack refreshes a state.
func (p *protocol) readBack(prior values) (after values, said string) {
	p.t.Helper()
	schema := p.schemas.ResourceSchemas[typeName]
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: p.object(schema, prior)})
	p.check(err, nil)
	return attributesOf(p.t, p.decode(schema.ValueType(), read.NewState)), toldBy(read.Diagnostics)
}

// TestUpdateThatDoesNotComeTrueIsToldAndKeepsWhatIsKnown has a service that
// fails at one point of a change or another.
func TestUpdateThatDoesNotComeTrueIsToldAndKeepsWhatIsKnown(t *testing.T) {
	withPassword := func(p *protocol, password, version any) tftypes.Value {
		attributes := values{"username": stringOf("orders")}
		if password != nil {
			attributes["password_wo"] = tftypes.NewValue(tftypes.String, password)
		}
		attributes["password_wo_version"] = tftypes.NewValue(tftypes.Number, version)
		return p.nested("kafka", attributes)
	}
	for name, test := range map[string]struct {
		kafka  string // the user that the key has
		change func(p *protocol, prior, config values)
		fault  simulator.Fault
		says   []string
		writes int
	}{
		"Kafka access is not added": {
			change: func(p *protocol, _, config values) { config["kafka"] = withPassword(p, keptPassword, 1) },
			fault:  simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Set: `{"kafka_username": null}`, Times: -1},
			says:   []string{"Kafka access was not added", "but the key has no Kafka user"}, writes: 1,
		},
		"the answer to a rotation is lost": {
			kafka: "orders",
			change: func(p *protocol, prior, config values) {
				prior["kafka"], config["kafka"] = withPassword(p, nil, 1), withPassword(p, keptPassword, 2)
			},
			fault: simulator.Fault{Method: http.MethodPatch, Drop: simulator.DropAfter, Times: -1},
			says:  []string{"The new Kafka password may be in force", "Apply again, with the same password"}, writes: 1,
		},
		"a rotation to nothing": {
			kafka: "orders",
			change: func(p *protocol, prior, config values) {
				prior["kafka"], config["kafka"] = withPassword(p, nil, 1), withPassword(p, nil, 2)
			},
			says: []string{"Kafka password missing", "and password_wo is null"},
		},
		"the key is still being created, and can't be read": {
			change: func(_ *protocol, prior, config values) {
				prior["status"], config["description"] = stringOf("creating"), stringOf("changed")
			},
			fault: simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 403, Times: -1},
			says:  []string{"Permission missing", "after it was being created", "Nothing was changed. Apply again."},
		},
		"it is refused": {
			change: func(_ *protocol, _, config values) { config["description"] = stringOf("changed") },
			fault:  simulator.Fault{Method: http.MethodPatch, Status: 403},
			says:   []string{"Permission missing", "Could not update project key"}, writes: 1,
		},
		"the answer to new API access is lost": {
			kafka: "orders",
			change: func(p *protocol, prior, config values) {
				delete(prior, "role_ids")
				delete(prior, "api")
				prior["kafka"] = withPassword(p, nil, 1)
				config["kafka"] = prior["kafka"]
			},
			fault: simulator.Fault{Method: http.MethodPatch, Drop: simulator.DropAfter},
			says:  []string{"New access may have been added", "adds API access to project key", "-replace=ADDRESS"}, writes: 1,
		},
		"the answer to new Kafka access is lost": {
			change: func(p *protocol, _, config values) { config["kafka"] = withPassword(p, keptPassword, 1) },
			fault:  simulator.Fault{Method: http.MethodPatch, Drop: simulator.DropAfter},
			says:   []string{"New access may have been added", "adds Kafka access to project key", "Kafka clients use the password from the configuration"}, writes: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: test.kafka})
				p := reading(t, s)
				prior, config := p.stateOf(key), described(key, "")
				delete(config, "description")
				test.change(p, prior, config)
				if test.fault.Method != "" {
					s.Inject(test.fault)
				}
				after, said := p.apply(prior, config)
				for _, says := range test.says {
					if !strings.Contains(said, says) {
						t.Errorf("it lacks %q: %s", says, said)
					}
				}
				if writes := len(s.Writes()); writes != test.writes {
					t.Errorf("%d writes, expected %d", writes, test.writes)
				}
				if !after["api"].Equal(prior["api"]) && !prior["api"].IsNull() {
					t.Errorf("the credentials became %s", after["api"])
				}
			})
		})
	}
}

// TestReadThatCanNotBeBelievedKeepsTheState has answers that say one thing and
// another.
func TestReadThatCanNotBeBelievedKeepsTheState(t *testing.T) {
	missing := simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 404, Body: `{"detail":"Project key not found"}`, Times: -1}
	for name, test := range map[string]struct {
		faults []simulator.Fault
		says   []string
	}{
		"another client id": {
			[]simulator.Fault{{Method: http.MethodGet, Path: "/project-keys/*", Set: `{"api_client_id": "another"}`, Times: -1}},
			[]string{"Streamkap's answer contradicts the state", "so the answer is not believed"},
		},
		"not found, and listed": {[]simulator.Fault{missing}, []string{"Streamkap's answers disagree", "The key stays in the state."}},
		"not found, and no list": {
			[]simulator.Fault{missing, {Method: http.MethodGet, Path: "/project-keys", Status: 503, Times: -1}},
			[]string{"Could not make sure that project key", "is gone"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
				p := reading(t, s)
				for _, fault := range test.faults {
					s.Inject(fault)
				}
				prior := p.stateOf(key)
				after, said := p.readBack(prior)
				for _, says := range test.says {
					if !strings.Contains(said, says) {
						t.Errorf("it lacks %q: %s", says, said)
					}
				}
				for attribute, value := range prior {
					if !after[attribute].Equal(value) {
						t.Errorf("%s became %s", attribute, after[attribute])
					}
				}
			})
		})
	}
}

// TestKeyIsGoneWhereTwoAnswersSaySo also covers the key of an import.
func TestKeyIsGoneWhereTwoAnswersSaySo(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := reading(t, s)
	s.Remove(key.ID)
	if after, said := p.readBack(p.stateOf(key)); len(after) > 0 || said != "" {
		t.Errorf("it stays: %v %s", after, said)
	}
	if _, said := p.readBack(values{"id": stringOf(key.ID)}); !strings.Contains(said, "No such project key") || !strings.Contains(said, "So there is nothing to import.") {
		t.Error(said)
	}
}
