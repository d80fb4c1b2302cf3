// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestComposed_NamesAreFoundHoweverTheyAreStored has a service that stores
// text decomposed. Terraform composes all text, so that no configuration could
// have the same.
func TestComposed_NamesAreFoundHoweverTheyAreStored(t *testing.T) {
	const stored, written = "Pru\u0308fer", "Pr\u00fcfer"
	s := simulator.New(simulator.Config{Roles: []simulator.Role{{ID: "r", Key: "k" + stored, Name: stored}}})
	seeded := s.Seed(simulator.Key{Name: stored, RoleIDs: []string{"r"}, BlockedTools: []string{stored}, Description: stored})
	p := reading(t, s)
	for what, arguments := range map[string]values{"key": {"key": stringOf("k" + written)}, "name": {"name": stringOf(written)}} {
		role, said := p.data("streamkap_role", arguments)
		if said != "" || textOf(t, role, "id") != "r" {
			t.Errorf("the role is not found by its %s: %s", what, said)
		}
	}
	key, said := p.data("streamkap_project_key", values{"name": stringOf(written)})
	if said != "" || textOf(t, key, "id") != seeded.ID || textOf(t, key, "name") != written {
		t.Errorf("the key is not found by its name: %s", said)
	}
	for _, pattern := range []string{"^" + written + "$", "^Pr.fer$"} {
		if ids := p.listed(p.list(tfprotov6.ListResourceRequest{Limit: 100}, values{"name_regex": stringOf(pattern)})); len(ids) != 1 {
			t.Errorf("%q lists %v", pattern, ids)
		}
	}
}

// TestComposed_ReadOfADecomposedKeyPlansNothing reads a key whose texts are
// stored in another form than the configuration's.
func TestComposed_ReadOfADecomposedKeyPlansNothing(t *testing.T) {
	const stored, written = "Pru\u0308fer", "Pr\u00fcfer"
	s := simulator.New(simulator.Config{})
	seeded := s.Seed(simulator.Key{Name: stored, Description: "of " + stored, RoleIDs: []string{simulator.RoleAdmin}})
	p := reading(t, s)
	prior := p.stateOf(seeded)
	prior["name"], prior["description"] = stringOf(written), stringOf("<p>of "+written+"</p>")
	schema := p.schemas.ResourceSchemas[typeName]
	read, err := p.server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: p.object(schema, prior)})
	p.check(err, read.Diagnostics)
	after := attributesOf(t, p.decode(schema.ValueType(), read.NewState))
	for _, name := range []string{"name", "description"} {
		if got := textOf(t, after, name); got != textOf(t, prior, name) {
			t.Errorf("the refresh changes %s to %+q", name, got)
		}
	}
}
