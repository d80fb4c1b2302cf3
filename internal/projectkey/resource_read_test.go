// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestRead_UnreliableAnswersKeepTheState has answers that say one thing and
// another.
func TestRead_UnreliableAnswersKeepTheState(t *testing.T) {
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

// TestRead_KeyGoneAfterTwoAnswers also covers the key of an import.
func TestRead_KeyGoneAfterTwoAnswers(t *testing.T) {
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

// TestRead_KeyOfAnUnknownProjectStays has a key that no answer shows, and either
// project not known: that must not count as the same project.
func TestRead_KeyOfAnUnknownProjectStays(t *testing.T) {
	for name, test := range map[string]struct {
		whoami string
		forget bool
		says   string
	}{
		"of the key":         {"", true, "It is not known which project it belongs to."},
		"of the credentials": {`{"tenant_id":"t","service_id":null,"sub":"s","token_type":"x"}`, false, "Streamkap does not say which project the credentials belong to."},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
			p := reading(t, s)
			if test.whoami != "" {
				s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 200, Body: test.whoami, Times: -1})
			}
			prior := p.stateOf(key)
			if test.forget {
				delete(prior, "service_id")
			}
			s.Remove(key.ID)
			after, said := p.readBack(prior)
			if len(after) == 0 || !strings.Contains(said, "Project not known") || !strings.Contains(said, test.says) {
				t.Errorf("left: %v; said: %s", after, said)
			}
			if said := p.delete(prior); !strings.Contains(said, "Project not known") || !strings.Contains(said, "The key stays in the state.") {
				t.Errorf("a deletion says: %s", said)
			}
		})
	}
}

// TestDelete_KeyOfAnUnknownProjectIsGoneAfterItsDeletion has a deletion that was
// accepted: then the credentials are certainly of the key's project.
func TestDelete_KeyOfAnUnknownProjectIsGoneAfterItsDeletion(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := reading(t, s)
	prior := p.stateOf(key)
	delete(prior, "service_id")
	if said := p.delete(prior); said != "" || len(s.Keys()) > 0 {
		t.Errorf("%d keys are left: %s", len(s.Keys()), said)
	}
}

// TestCredentialsOfAnotherProject_AreNamedAtEveryCall has the state of a key
// whose project the credentials are not of, and a service that refuses the key
// or does not find it.
func TestCredentialsOfAnotherProject_AreNamedAtEveryCall(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"403": {Path: "/project-keys/*", Status: 403, Body: `{"detail":"This project key belongs to another project"}`, Times: -1},
		"404": {Path: "/project-keys/*", Status: 404, Body: `{"detail":"Project key not found"}`, Times: -1},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
			p := reading(t, s)
			prior, config := p.stateOf(key), described(key, "changed")
			prior["service_id"] = stringOf(otherProject)
			s.Inject(fault)
			_, read := p.readBack(prior)
			_, _, updated := p.apply(prior, config)
			for call, said := range map[string]string{"read": read, "update": updated, "delete": p.delete(prior)} {
				for _, says := range []string{"Credentials of another project", simulator.DefaultServiceID, otherProject, "client id " + simulator.DefaultClientID} {
					if !strings.Contains(said, says) || strings.Contains(said, "Permission missing") {
						t.Errorf("%s lacks %q: %s", call, says, said)
					}
				}
			}
		})
	}
}

// TestRead_SharedFailureIsAnErrorOfEveryKey has credentials that are refused.
// Each read is a failure, that of an import too, whatever other one fails.
func TestRead_SharedFailureIsAnErrorOfEveryKey(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	p := reading(t, s)
	s.Inject(simulator.Fault{Path: "/auth/access-token", Status: 401, Body: `{"detail":"Invalid credentials"}`, Times: -1})
	for i, prior := range []values{p.stateOf(key), p.stateOf(key), {"id": stringOf(key.ID)}} {
		after, said := p.readBack(prior)
		if !strings.Contains(said, "ERROR: Streamkap credentials refused") || len(after) == 0 {
			t.Errorf("read %d: %s", i+1, said)
		}
	}
}

// TestRead_RepeatedItemsAreOneItem has an answer that names everything twice
// that becomes a set.
func TestRead_RepeatedItemsAreOneItem(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: "orders", ToolProfile: "read-only"})
	p := reading(t, s)
	prior := p.stateOf(key)
	role := `{"id":"` + simulator.RoleAdmin + `"}`
	set := `{"roles":[` + role + `,` + role + `],"allowed_tools":["a","b","a"],"blocked_tools":["c","c"],"whitelist_ips":"10.0.0.1,10.0.0.2,10.0.0.1"}`
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Set: set, Times: -1})
	for name, prior := range map[string]values{"refreshed": prior, "imported": {"id": stringOf(key.ID)}} {
		after, said := p.readBack(prior)
		if said != "" || !after["role_ids"].Equal(setOf(stringOf(simulator.RoleAdmin))) || !attributesOf(t, after["mcp"])["allowed_tools"].Equal(setOf(stringOf("a"), stringOf("b"))) ||
			!attributesOf(t, after["mcp"])["blocked_tools"].Equal(setOf(stringOf("c"))) || !attributesOf(t, after["kafka"])["whitelist_ips"].Equal(setOf(stringOf("10.0.0.1"), stringOf("10.0.0.2"))) {
			t.Errorf("%s: %s %v", name, said, after)
		}
	}
	if _, said := p.data("streamkap_project_key", values{"id": stringOf(key.ID)}); said != "" {
		t.Errorf("read as data: %s", said)
	}
}

// TestImport_KeyOfAnotherProjectRefused also covers a key
// that can't be read at all.
func TestImport_KeyOfAnotherProjectRefused(t *testing.T) {
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
