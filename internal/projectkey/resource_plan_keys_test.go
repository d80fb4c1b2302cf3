// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// What plans warn of where several keys collide.
const (
	usernameTaken     = "Kafka username is taken"
	usedTwice         = "Kafka username is used twice"
	exchanged         = "Kafka usernames are exchanged"
	nameInUse         = "Name is in use"
	deletedAndCreated = "Project key will be deleted and created again"
)

// planner plays Terraform as it plans the keys of a state, in the order of a test.
type planner struct {
	*protocol
	s     *simulator.Server
	state map[string]values // by id
	said  []*tfprotov6.Diagnostic
}

type planStep func(*planner)

// held puts a key into the state, and does what Terraform does with it first.
func held(id, name, username string) planStep {
	return func(p *planner) {
		stranger(id, name, username)(p)
		noted(id, name, username)(p)
		p.upgraded(p.state[id])
	}
}

// noted puts a key into the state alone.
func noted(id, name, username string) planStep {
	return func(p *planner) {
		p.state[id] = values{"id": id, "name": name, "status": "active", "service_id": simulator.DefaultServiceID, "created_at": "2026-01-01T00:00:00Z"}
		if username != "" {
			p.state[id]["kafka"] = kafkaUser(username)
		}
	}
}

// applies creates a key that has nothing to do with the others.
func applies(p *planner) { p.apply(nil, withUser("another", "another")) }

// stranger is a key of somebody else.
func stranger(id, name, username string) planStep {
	return func(p *planner) { p.s.Seed(simulator.Key{ID: id, Name: name, KafkaUsername: username}) }
}

// another is a thing of the state that is no key, and has what a key has.
func another(id, name string) planStep {
	return func(p *planner) {
		state := fmt.Sprintf(`{"id": %q, "name": %q}`, id, name)
		_, err := p.server.UpgradeResourceState(p.t.Context(), &tfprotov6.UpgradeResourceStateRequest{
			TypeName: "streamkap_another", RawState: &tfprotov6.RawState{JSON: []byte(state)},
		})
		p.check(err, nil)
	}
}

// imports imports a key into the state.
func imports(id, name, username string) planStep {
	return func(p *planner) {
		stranger(id, name, username)(p)
		imported := p.importBy(id, true)
		p.note(imported.diagnostics)
		p.state[id] = imported.key
	}
}

// creates plans a new key, which may take the place of a tainted one.
func creates(name string, username any) planStep {
	return func(p *planner) { p.note(p.plan(nil, withUser(name, username), nil).diagnostics) }
}

// changes plans a key of the state. Terraform plans a replacement once more, as a
// new key, and drops the warnings of that.
func changes(id, name, username string) planStep {
	return changesTo(id, withUser(name, username), false)
}

// replaces plans a key that stays as it is for -replace.
func replaces(id string) planStep {
	return func(p *planner) {
		changesTo(id, values{"name": p.state[id]["name"], "kafka": p.state[id]["kafka"]}, true)(p)
	}
}

func changesTo(id string, config values, forced bool) planStep {
	return func(p *planner) {
		planned := p.plan(p.state[id], config, nil)
		p.note(planned.diagnostics)
		if planned.replaces || forced {
			if again := p.plan(nil, config, planned.private).said; again != "" {
				p.t.Errorf("of the second plan: %s", again)
			}
		}
	}
}

// deletes plans the end of a key.
func deletes(id string) planStep {
	return func(p *planner) { p.note(p.plan(p.state[id], nil, nil).diagnostics) }
}

// note keeps what a plan said, but for the warning of a replacement.
func (p *planner) note(diagnostics []*tfprotov6.Diagnostic) {
	for _, diagnostic := range diagnostics {
		if diagnostic.Summary != "Project key will be replaced" {
			p.said = append(p.said, diagnostic)
		}
	}
}

func planAll(t *testing.T, steps ...planStep) *planner {
	t.Helper()
	s := simulator.New(simulator.Config{})
	p := &planner{protocol: connect(t, s, values{"preflight": true}), s: s, state: map[string]values{}}
	for _, step := range steps {
		step(p)
	}
	return p
}

// TestPreflight_KeysOfOnePlan plans several keys, in the orders in which Terraform
// may.
func TestPreflight_KeysOfOnePlan(t *testing.T) {
	type steps []planStep
	first, second := held("k1", "orders", "a-user"), held("k2", "payments", "b-user")
	withRegistry := values{"name": "orders", "kafka": with(kafkaUser("a-user"), values{"schema_registry": true})}
	for name, test := range map[string]struct {
		plan steps
		says []string
	}{
		"a tainted key, without a refresh":                            {steps{first, creates("orders", "a-user")}, nil},
		"a tainted key gets another username":                         {steps{first, creates("orders", "b-user")}, nil},
		"a key is replaced":                                           {steps{first, changesTo("k1", withRegistry, false)}, nil},
		"a key is replaced with -replace":                             {steps{first, replaces("k1")}, nil},
		"a username is handed over":                                   {steps{first, changes("k1", "orders", "b-user"), creates("payments", "a-user")}, nil},
		"a username is handed over, and the new key is planned first": {steps{first, creates("payments", "a-user"), changes("k1", "orders", "b-user")}, nil},
		"usernames move on":                                           {steps{first, second, changes("k1", "orders", "b-user"), changes("k2", "payments", "c-user")}, nil},
		"the holder is deleted, and its read is late":                 {steps{first, creates("payments", "a-user"), deletes("k1")}, []string{deletedAndCreated}},
		"the holder is deleted":                                       {steps{first, deletes("k1"), creates("payments", "a-user")}, []string{deletedAndCreated}},
		"the holder is imported":                                      {steps{imports("k1", "orders", "a-user"), creates("payments", "a-user"), changes("k1", "orders", "b-user")}, nil},
		"the holder is somebody else's":                               {steps{stranger("k1", "billing", "a-user"), creates("payments", "a-user")}, []string{usernameTaken}},
		"the holder is somebody else's, beside a thing of its id": {
			steps{stranger("k1", "billing", "a-user"), another("k1", "billing"), creates("payments", "a-user")}, []string{usernameTaken},
		},
		"a username that is somebody else's":       {steps{first, stranger("k9", "billing", "b-user"), changes("k1", "orders", "b-user")}, []string{usernameTaken}},
		"two new keys":                             {steps{creates("orders", "a-user"), creates("payments", "a-user")}, []string{usedTwice}},
		"a new key, and one that stays":            {steps{first, creates("payments", "a-user"), changes("k1", "orders", "a-user")}, []string{usedTwice}},
		"one that stays, and a new key":            {steps{first, changes("k1", "orders", "a-user"), creates("payments", "a-user")}, []string{usedTwice}},
		"one that stays, and one that is replaced": {steps{first, second, changes("k1", "orders", "a-user"), changes("k2", "payments", "a-user")}, []string{usedTwice}},
		"usernames that are swapped":               {steps{first, second, changes("k1", "orders", "b-user"), changes("k2", "payments", "a-user")}, []string{exchanged}},
		"a username is wanted by a key outside the circle": {steps{
			first, second, held("k3", "audit", "d-user"), changes("k1", "orders", "b-user"), changes("k2", "payments", "a-user"), changes("k3", "audit", "a-user"),
		}, []string{exchanged, usedTwice}},
	} {
		t.Run(name, func(t *testing.T) {
			p := planAll(t, test.plan...)
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
			asked := gets(p.s)
			slices.Sort(asked)
			if once := slices.Compact(slices.Clone(asked)); len(once) < len(asked) {
				t.Errorf("asked more than once: %q", asked)
			}
		})
	}
}

// TestPreflight_SharedUsernameOfManyKeys plans many keys at once.
func TestPreflight_SharedUsernameOfManyKeys(t *testing.T) {
	const keys = 8
	p := checking(t, simulator.New(simulator.Config{}))
	said := make([]string, keys)
	var calls sync.WaitGroup
	for i := range keys {
		calls.Go(func() { said[i] = p.plan(nil, withUser(fmt.Sprint("orders-", i), "a-user"), nil).said })
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
	p := planAll(t, stranger("k1", "orders", "a-user"), creates("orders", "a-user"))
	tells(t, toldBy(p.said), "If this run deletes or replaces that key, all is well. Otherwise", "unless this run deletes or replaces that key, Streamkap refuses it")
}

// TestPlan_MissingMovedBlockWarned needs no preflight, and no request.
func TestPlan_MissingMovedBlockWarned(t *testing.T) {
	type steps []planStep
	const sameUsername = `This plan deletes project key "payments" (id k1), and creates another key with the same Kafka username, "a-user".`
	renamed := noted("k1", "payments", "a-user")
	for name, test := range map[string]struct {
		plan steps
		says string
	}{
		"the same username, created first":       {steps{renamed, creates("orders", "a-user"), deletes("k1")}, sameUsername},
		"the same username, deleted first":       {steps{renamed, deletes("k1"), creates("orders", "a-user")}, sameUsername},
		"the same name":                          {steps{noted("k1", "orders", ""), deletes("k1"), creates("orders", "a-user")}, `creates another key with the same name, "orders".`},
		"the same name, and a username of later": {steps{noted("k1", "orders", "a-user"), deletes("k1"), creates("orders", unknown)}, `with the same name, "orders".`},
		"the same name, and another username":    {steps{noted("k1", "orders", "a-user"), deletes("k1"), creates("orders", "b-user")}, ""},
		"another key is deleted":                 {steps{noted("k1", "payments", "b-user"), deletes("k1"), creates("orders", "a-user")}, ""},
		"a key is replaced, and another one of its name deleted": {
			steps{noted("k1", "orders", "a-user"), noted("k2", "orders", "b-user"), deletes("k2"), changes("k1", "orders", "b-user")}, "",
		},
		"a tainted key is replaced, and what was left of an earlier replacement deleted": {
			steps{held("k1", "orders", "a-user"), held("k2", "orders", "a-user"), deletes("k2"), creates("orders", "a-user")}, "",
		},
		"an apply has begun": {steps{renamed, applies, creates("orders", "a-user"), deletes("k1")}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			p := &planner{protocol: connect(t, s), s: s, state: map[string]values{}}
			for _, step := range test.plan {
				step(p)
			}
			said := toldBy(p.said)
			if len(p.said) > 1 || !strings.Contains(said, test.says) || (said == "") != (test.says == "") || said != "" && !strings.HasPrefix(said, "WARNING: "+deletedAndCreated+": ") {
				t.Errorf("%q", said)
			}
		})
	}
}
