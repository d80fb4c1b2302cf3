// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// planEnd plans to destroy a key, and returns what is said.
func (p *protocol) planEnd(prior values) string {
	p.t.Helper()
	schema := p.schemas.ResourceSchemas[typeName]
	state := p.read(p.object(schema, prior), nil)
	planned, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: state.NewState, Config: p.none(), ProposedNewState: p.none(), PriorPrivate: state.Private,
	})
	p.check(err, nil)
	return toldBy(planned.Diagnostics)
}

func TestPlan_DestroyOfARecentlyUsedKeyWarned(t *testing.T) {
	for ago, want := range map[time.Duration]string{
		time.Hour:            "The key was last used 1 hour ago",
		365 * 24 * time.Hour: "",
	} {
		s := simulator.New(simulator.Config{})
		key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, LastUsedAt: time.Now().Add(-ago)})
		p := reading(t, s)
		if said := p.planEnd(p.stateOf(key)); !strings.Contains(said, want) || (said == "") != (want == "") {
			t.Errorf("used %s ago: %q", ago, said)
		}
	}
}

// TestPlan_OwnKeyChangedNotDeleted plans with the credentials of the key itself.
func TestPlan_OwnKeyChangedNotDeleted(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := speakTo(t, provider.NewServer("test", provider.WithTransport(s.RoundTripper()))(), "http://localhost",
		values{"client_id": stringOf(key.APIClientID), "secret": stringOf(key.APISecret)})
	const refused = "The provider's own key can't be deleted"
	if said := toldBy(p.plan(p.stateOf(key), described(key, "changed"), nil).Diagnostics); said != "" {
		t.Error(said)
	}
	// Of -replace a plan hears at the second of its two calls.
	unchanged := p.plan(p.stateOf(key), described(key, ""), nil)
	if said := toldBy(p.plan(nil, described(key, ""), unchanged.PlannedPrivate).Diagnostics); !strings.Contains(said, refused) {
		t.Errorf("it may be replaced by -replace: %s", said)
	}
	replaced := values{"name": stringOf("orders"), "permission_ids": setOf(stringOf("a"))}
	if said := toldBy(p.plan(p.stateOf(key), replaced, nil).Diagnostics); !strings.Contains(said, refused) {
		t.Errorf("it may be replaced: %s", said)
	}
	if said := p.planEnd(p.stateOf(key)); !strings.Contains(said, refused) {
		t.Errorf("it may be destroyed: %s", said)
	}
}

// TestPlan_LateRecipientsChecked plans values that the validators saw as unknown.
func TestPlan_LateRecipientsChecked(t *testing.T) {
	s := simulator.New(simulator.Config{})
	p := reading(t, s)
	config := values{
		"name": stringOf("orders"), "secret_recipients": setOf(stringOf("nobody")),
		"kafka": p.nested("kafka", values{"username": stringOf("orders"), "password": stringOf(keptPassword)}),
	}
	said := toldBy(p.plan(nil, config, nil).Diagnostics)
	if !strings.Contains(said, "ERROR: Invalid recipient") || !strings.Contains(said, "ERROR: Kafka password in clear") || len(s.Requests()) > 0 {
		t.Errorf("after %d requests: %s", len(s.Requests()), said)
	}
}
