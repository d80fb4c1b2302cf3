// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestUpdate_FailureKeepsWhatIsKnown has a service that
// fails at one point of a change or another.
func TestUpdate_FailureKeepsWhatIsKnown(t *testing.T) {
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
			says:  []string{"Permission missing", "after it was being created", "Nothing was changed. Apply again to go on."},
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
		"the answer to new API access and to a rotation is lost": {
			kafka: "orders",
			change: func(p *protocol, prior, config values) {
				delete(prior, "role_ids")
				delete(prior, "api")
				prior["kafka"], config["kafka"] = withPassword(p, nil, 1), withPassword(p, keptPassword, 2)
			},
			fault: simulator.Fault{Method: http.MethodPatch, Drop: simulator.DropAfter},
			says:  []string{"New access may have been added", "The same request rotates the Kafka password, so the new one may be in force"}, writes: 1,
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
				after, _, said := p.apply(prior, config)
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

// TestUpdate_UnknownStatusNotWaitedFor changes a key in a status that
// never ends, and one that gets Kafka access, which a late read does not show.
func TestUpdate_UnknownStatusNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{})
		key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, Status: "suspended"})
		p := reading(t, s)
		prior := p.stateOf(key)
		prior["status"] = stringOf("suspended")
		if after, _, said := p.apply(prior, described(key, "changed")); said != "" || textOf(t, after, "status") != "suspended" {
			t.Errorf("a description: %v %s", after, said)
		}
		key = s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
		s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Late: true})
		config := values{"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin)), "kafka": p.kafka(stringOf("orders"))}
		if after, _, said := p.apply(p.stateOf(key), config); said != "" || after["kafka"].IsNull() {
			t.Errorf("Kafka access: %v %s", after, said)
		}
	})
}

// TestUpdate_SentDescriptionKnownInItsHeldForm refreshes a key after its
// description was changed, at a service that holds it in another form.
func TestUpdate_SentDescriptionKnownInItsHeldForm(t *testing.T) {
	s := simulator.New(simulator.Config{Dialect: simulator.Dialect{Description: simulator.DescriptionHTMLEscaped}})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := reading(t, s)
	after, private, said := p.apply(p.stateOf(key), described(key, "a < b"))
	if said != "" {
		t.Fatal(said)
	}
	schema := p.schemas.ResourceSchemas[typeName]
	read := p.read(p.object(schema, after), private)
	if got := textOf(t, attributesOf(t, p.decode(schema.ValueType(), read.NewState)), "description"); got != "a < b" {
		t.Errorf("a refresh shows %q", got)
	}
	s.Modify(key.ID, func(k *simulator.Key) { k.Description = "a  b" })
	read = p.read(p.object(schema, after), private)
	if got := textOf(t, attributesOf(t, p.decode(schema.ValueType(), read.NewState)), "description"); got != "a  b" {
		t.Errorf("after someone else gave it a third form a refresh shows %q", got)
	}
}

// TestUpdate_OtherFormOfClearingOnlyWhereValueStays has a service that takes one
// form of clearing, and a key that can't be read once more.
func TestUpdate_OtherFormOfClearingOnlyWhereValueStays(t *testing.T) {
	for name, test := range map[string]struct {
		clearing simulator.Clearing
		skip     int
		writes   int
		says     string
	}{
		"cleared":                        {simulator.EmptyClears, -1, 1, ""},
		"cleared in the other form":      {simulator.NullOnly, -1, 2, ""},
		"not read before the other form": {simulator.NullOnly, 1, 1, "Permission missing"},
		"not read after the other form":  {simulator.NullOnly, 2, 2, "Permission missing"},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Config{Dialect: simulator.Dialect{Clearing: test.clearing}})
			key := s.Seed(simulator.Key{Name: "orders", Description: "old", RoleIDs: []string{simulator.RoleAdmin}})
			p := reading(t, s)
			if test.skip >= 0 {
				s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 403, Skip: test.skip})
			}
			prior, config := p.stateOf(key), values{"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin))}
			prior["description"] = stringOf("old")
			_, _, said := p.apply(prior, config)
			if writes := len(s.Writes()); writes != test.writes || !strings.Contains(said, test.says) || (said == "") != (test.says == "") {
				t.Errorf("%s: %d writes, %s", name, writes, said)
			}
		})
	}
}
