// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// readBack refreshes a state.
func (p *protocol) readBack(prior values) (after values, said string) {
	p.t.Helper()
	schema := p.schemas.ResourceSchemas[typeName]
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: p.object(schema, prior)})
	p.check(err, nil)
	return attributesOf(p.t, p.decode(schema.ValueType(), read.NewState)), toldBy(read.Diagnostics)
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

// TestKeyOfAnotherProjectIsImportedByItsOwnCredentialsOnly also covers a key
// that can't be read at all.
func TestKeyOfAnotherProjectIsImportedByItsOwnCredentialsOnly(t *testing.T) {
	s := simulator.New(simulator.Config{Projects: []simulator.Project{{ServiceID: otherProject, ClientID: "another", Secret: "another-not-real"}}})
	p := reading(t, s)
	for project, says := range map[string]string{simulator.DefaultServiceID: "", otherProject: "Credentials of another project"} {
		key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, ServiceID: project})
		if _, said := p.readBack(values{"id": stringOf(key.ID)}); !strings.Contains(said, says) || (said == "") != (says == "") {
			t.Errorf("of the project %s: %q", project, said)
		}
		s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 403})
		if _, said := p.readBack(values{"id": stringOf(key.ID)}); !strings.Contains(said, "Permission missing") {
			t.Errorf("where it may not be read: %q", said)
		}
	}
}
