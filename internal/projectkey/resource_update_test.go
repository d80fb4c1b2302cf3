// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"reflect"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestUpdate_FailureKeepsWhatIsKnown has a service that fails at one point of a
// change or another.
func TestUpdate_FailureKeepsWhatIsKnown(t *testing.T) {
	noAPI := values{"role_ids": nil, "api": nil}
	withPassword := func(password any, version int) values {
		return values{"kafka": values{"username": "orders", "password_wo": password, "password_wo_version": version}}
	}
	stored := withPassword(nil, 1)
	for name, test := range map[string]struct {
		kafka         string // the user that the key has
		prior, config values // what is changed in a key with the role Admin
		fault         simulator.Fault
		says          []string
		writes        int
	}{
		"Kafka access is not added": {
			config: withPassword(keptPassword, 1),
			fault:  simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Set: `{"kafka_username": null}`, Times: -1},
			says:   []string{"Kafka access was not added", "but the key has no Kafka user"}, writes: 1,
		},
		"the answer to a rotation is lost": {
			kafka: "orders", prior: stored, config: withPassword(keptPassword, 2),
			fault: simulator.Fault{Method: http.MethodPatch, Drop: simulator.DropAfter, Times: -1},
			says:  []string{"The new Kafka password may be in force", "Apply again, with the same password"}, writes: 1,
		},
		"a rotation to nothing": {
			kafka: "orders", prior: stored, config: withPassword(nil, 2),
			says: []string{"Kafka password missing", "and password_wo is null"},
		},
		"the key is still being created, and can't be read": {
			prior: values{"status": "creating"}, config: values{"description": "changed"},
			fault: simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 403, Times: -1},
			says:  []string{"Permission missing", "after it was being created", "Nothing was changed. Apply again to go on."},
		},
		"the key is still being created when the new timeout ends": {
			prior: values{"status": "creating"}, config: values{"description": "changed", "timeouts": values{"update": "10s"}},
			fault: simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Set: `{"status": "creating"}`, Times: -1},
			says:  []string{"Project key is not Active yet", "when the timeout of 10s ended", "Nothing was changed. Apply again to go on."},
		},
		"it is refused": {
			config: values{"description": "changed"},
			fault:  simulator.Fault{Method: http.MethodPatch, Status: 403},
			says:   []string{"Permission missing", "Could not update project key"}, writes: 1,
		},
		"the answer to new API access is lost": {
			kafka: "orders", prior: with(stored, noAPI), config: stored,
			fault: simulator.Fault{Method: http.MethodPatch, Drop: simulator.DropAfter},
			says:  []string{"New access may have been added", "adds API access to project key", "-replace=ADDRESS"}, writes: 1,
		},
		"the answer to new API access and to a rotation is lost": {
			kafka: "orders", prior: with(stored, noAPI), config: withPassword(keptPassword, 2),
			fault: simulator.Fault{Method: http.MethodPatch, Drop: simulator.DropAfter},
			says:  []string{"New access may have been added", "The same request rotates the Kafka password, so the new one may be in force"}, writes: 1,
		},
		"the answer to new Kafka access is lost": {
			config: withPassword(keptPassword, 1),
			fault:  simulator.Fault{Method: http.MethodPatch, Drop: simulator.DropAfter},
			says:   []string{"New access may have been added", "adds Kafka access to project key", "Kafka clients use the password from the configuration"}, writes: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := service(test.fault)
				key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: test.kafka})
				prior := with(stateOf(key), test.prior)
				after := connect(t, s).apply(prior, orders(test.config))
				tells(t, after.said, test.says...)
				if writes := len(s.Writes()); writes != test.writes {
					t.Errorf("%d writes, expected %d", writes, test.writes)
				}
				if !reflect.DeepEqual(after.key["api"], prior["api"]) && prior["api"] != nil {
					t.Errorf("the credentials became %s", after.key["api"])
				}
			})
		})
	}
}

// TestUpdate_UnknownStatusNotWaitedFor changes a key in a status that never ends.
func TestUpdate_UnknownStatusNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{})
		key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, Status: "suspended"})
		after := connect(t, s).apply(with(stateOf(key), values{"status": "suspended"}), orders(values{"description": "changed"}))
		if tells(t, after.said); after.key["status"] != "suspended" {
			t.Errorf("the status is %s", after.key["status"])
		}
	})
}

// TestUpdate_LateReadWithoutNewKafkaAccessRepeated has a first read that is older
// than the change.
func TestUpdate_LateReadWithoutNewKafkaAccessRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{})
		key := seedOrders(s)
		s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Late: true})
		after := connect(t, s).apply(stateOf(key), orders(values{"kafka": kafkaUser("orders")}))
		if tells(t, after.said); after.key["kafka"] == nil {
			t.Error("the state has no Kafka access")
		}
	})
}

// TestUpdate_SentDescriptionKnownInItsHeldForm refreshes a key after its
// description was changed, at a service that holds it in another form.
func TestUpdate_SentDescriptionKnownInItsHeldForm(t *testing.T) {
	s := simulator.New(simulator.Config{Dialect: simulator.Dialect{Description: "html-escaped"}})
	key := seedOrders(s)
	p := connect(t, s)
	after := p.apply(stateOf(key), orders(values{"description": "a < b"}))
	tells(t, after.said)
	if got := p.read(after.key, after.private).key["description"]; got != "a < b" {
		t.Errorf("a refresh shows %q", got)
	}
	s.Modify(key.ID, func(k *simulator.Key) { k.Description = "a  b" })
	if got := p.read(after.key, after.private).key["description"]; got != "a  b" {
		t.Errorf("after someone else gave it a third form a refresh shows %q", got)
	}
}

// TestUpdate_OtherFormOfClearingOnlyWhereValueStays takes out of a configuration whatever
// can be cleared, at services that clear in one form, in the other, or in none, and has a
// key that can't be read once more.
func TestUpdate_OtherFormOfClearingOnlyWhereValueStays(t *testing.T) {
	full := with(withKafka(values{"whitelist_ips": []any{"10.0.0.1"}, "acl": []any{rule("a", "TOPIC", "READ", "LITERAL")}}), values{
		"role_ids": []any{simulator.RoleAdmin}, "description": "old",
		"mcp": values{"tool_profile": "read-only", "allowed_tools": []any{"a"}, "blocked_tools": []any{"b"}},
	})
	const all = "it still shows the old value of description, kafka.whitelist_ips, kafka.acl, mcp.allowed_tools, mcp.blocked_tools. Both forms of clearing were tried."
	for name, test := range map[string]struct {
		clearing     string
		before       values
		skip, writes int // how many reads succeed before one is refused, and how many requests are sent
		says         string
	}{
		"cleared":                        {"empty-clears", with(withKafka(nil), values{"description": "old"}), -1, 1, ""},
		"all cleared, some by the other": {"empty-clears", full, -1, 2, ""},
		"all cleared, most by the other": {"null-only", full, -1, 2, ""},
		"not read before the other form": {"null-only", full, 1, 1, "Permission missing"},
		"not read after the other form":  {"null-only", full, 2, 2, "Permission missing"},
		"not cleared":                    {"nothing-clears", full, -1, 3, all},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{Dialect: simulator.Dialect{Clearing: test.clearing}})
				p := connect(t, s)
				made := p.apply(nil, test.before)
				tells(t, made.said)
				s.ResetRequests()
				if test.skip >= 0 {
					s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 403, Skip: test.skip})
				}
				tells(t, p.apply(made.key, with(withKafka(nil), values{"role_ids": test.before["role_ids"]})).said, test.says)
				held, writes := s.Keys()[0], len(s.Writes())
				left := len(held.ACLs) + len(held.WhitelistIPs) + len(held.AllowedTools) + len(held.BlockedTools) + len(held.Description)
				if cleared := left == 0 && held.ToolProfile != "read-only"; cleared != (test.says != all && test.skip != 1) || writes != test.writes {
					t.Errorf("after %d writes the service holds %+v", writes, redacted(held))
				}
			})
		})
	}
}

// TestUpdate_ValueSetElsewhereNotCleared changes a key to which someone gives a
// description that no plan has seen.
func TestUpdate_ValueSetElsewhereNotCleared(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{})
		key := seedOrders(s)
		s.Modify(key.ID, func(k *simulator.Key) { k.Description = "theirs" })
		tells(t, connect(t, s).apply(stateOf(key), orders(values{"name": "payments"})).said)
		if now := s.Keys()[0]; now.Name != "payments" || now.Description != "theirs" || len(s.Writes()) != 1 {
			t.Errorf("%d writes make %+v of it", len(s.Writes()), redacted(now))
		}
	})
}
