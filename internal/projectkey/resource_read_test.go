// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

var (
	// notFound answers every read of one key.
	notFound = simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 404, Body: `{"detail":"Project key not found"}`, Times: -1}
	// unlisted refuses to list keys.
	unlisted = simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Status: 403, Body: `{"detail": "Forbidden"}`, Times: -1}
)

// TestRead_UnreliableAnswersKeepTheState has answers that say one thing and
// another.
func TestRead_UnreliableAnswersKeepTheState(t *testing.T) {
	shows := func(members string) []simulator.Fault {
		return []simulator.Fault{{Method: http.MethodGet, Path: "/project-keys/*", Set: members, Times: -1}}
	}
	const not = "Streamkap's answer contradicts the state: Streamkap shows project key \"orders\" (id key) "
	for name, test := range map[string]struct {
		faults []simulator.Fault
		says   []string
	}{
		"no client id":                     {shows(`{"api_client_id": null}`), []string{not + "without its API access", "so the answer is not believed"}},
		"no Kafka username":                {shows(`{"kafka_username": ""}`), []string{not + "without its Kafka access"}},
		"another client id":                {shows(`{"api_client_id": "another"}`), []string{not + "with another client id"}},
		"another Kafka username":           {shows(`{"kafka_username": "another"}`), []string{not + "with another Kafka username"}},
		"another project":                  {shows(`{"service_id": "another"}`), []string{not + "in another project"}},
		"another one, even while creating": {shows(`{"status": "creating", "api_client_id": "another"}`), []string{not + "with another client id"}},
		"a client id in capitals":          {shows(`{"api_client_id": "CLIENT"}`), nil},
		"another one, of a failed key":     {shows(`{"status": "failed", "kafka_username": "another"}`), []string{not + "with another Kafka username"}},
		"not shown, of an unknown status":  {shows(`{"status": "paused", "kafka_username": null}`), []string{not + "without its Kafka access"}},
		// What can't be used may lack its access. It has to be replaced all the same.
		"not shown, of a failed key":      {shows(`{"status": "Failed", "api_client_id": null, "kafka_username": null}`), nil},
		"not shown, of one being deleted": {shows(`{"status": "deleting", "kafka_username": null}`), nil},
		"not shown yet, while creating":   {shows(`{"status": "creating", "api_client_id": null, "kafka_username": null}`), nil},
		"not found, and listed":           {[]simulator.Fault{notFound}, []string{"Streamkap's answers disagree", "The key stays in the state."}},
		"not found, and no list": {
			[]simulator.Fault{notFound, {Method: http.MethodGet, Path: "/project-keys", Status: 503, Times: -1}},
			[]string{"Could not make sure that project key", "is gone"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := service(test.faults...)
				key := s.Seed(simulator.Key{ID: "key", Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, APIClientID: "client", KafkaUsername: "orders"})
				prior := with(stateOf(key), values{"kafka": with(kafkaUser("orders"), values{"acl": []any{}})})
				after := connect(t, s).read(prior, nil)
				tells(t, after.said, test.says...)
				for attribute, value := range prior {
					// An answer that is believed has other values.
					if len(test.says) == 0 && !slices.Contains([]string{"api", "role_ids", "id"}, attribute) {
						continue
					}
					if !reflect.DeepEqual(after.key[attribute], value) {
						t.Errorf("%s became %s", attribute, after.key[attribute])
					}
				}
				if got := under(after.key, "kafka")["password"]; got != keptPassword {
					t.Errorf("the password became %v", got)
				}
			})
		})
	}
}

// TestRead_NewKeyMayBeHidden has a key that was created and never seen, and that a
// service does not find for a while. Once it was seen, it should be found.
func TestRead_NewKeyMayBeHidden(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := service(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 403})
		p := connect(t, s)
		made := p.apply(nil, orders(nil))
		tells(t, made.said, "Permission missing")
		hidden := notFound
		hidden.Times = 3
		s.Inject(hidden)
		start := time.Now()
		seen := p.read(made.key, made.private)
		if tells(t, seen.said); time.Since(start) != 3*time.Second {
			t.Errorf("it is waited for %s", time.Since(start))
		}
		s.Inject(hidden)
		tells(t, p.read(seen.key, seen.private).said, "Streamkap's answers disagree")
	})
}

// TestRead_KeyGoneAfterTwoAnswers also covers the key of an import.
func TestRead_KeyGoneAfterTwoAnswers(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := seedOrders(s)
	p := connect(t, s)
	s.Remove(key.ID)
	after := p.read(stateOf(key), nil)
	if tells(t, after.said); after.key != nil {
		t.Errorf("it stays: %v", after.key)
	}
	tells(t, p.read(values{"id": key.ID}, nil).said, "No such project key", "So there is nothing to import.")
}

// TestRead_KeyOfAnUnknownProjectStays has a key that no answer shows, and either
// project not known: that must not count as the same project.
func TestRead_KeyOfAnUnknownProjectStays(t *testing.T) {
	for name, test := range map[string]struct {
		whoami string
		prior  values
		says   string
	}{
		"of the key":         {"", values{"service_id": nil}, "It is not known which project it belongs to."},
		"of the credentials": {`{"tenant_id":"t","service_id":null,"sub":"s","token_type":"x"}`, nil, "Streamkap does not say which project the credentials belong to."},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := seedOrders(s)
			p := connect(t, s)
			if test.whoami != "" {
				s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 200, Body: test.whoami, Times: -1})
			}
			s.Remove(key.ID)
			prior := with(stateOf(key), test.prior)
			after := p.read(prior, nil)
			if tells(t, after.said, "Project not known", test.says); after.key == nil {
				t.Error("it has left the state")
			}
			tells(t, p.delete(prior), "Project not known", "The key stays in the state.")
		})
	}
}

// TestDelete_KeyOfAnUnknownProjectIsGoneAfterItsDeletion has a deletion that was
// accepted: then the credentials are certainly of the key's project.
func TestDelete_KeyOfAnUnknownProjectIsGoneAfterItsDeletion(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := seedOrders(s)
	tells(t, connect(t, s).delete(with(stateOf(key), values{"service_id": nil})))
	if left := s.Keys(); len(left) > 0 {
		t.Errorf("%d keys are left", len(left))
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
		s := simulator.New(simulator.Config{})
		prior := with(stateOf(seedOrders(s)), values{"service_id": otherProject})
		p := connect(t, s)
		s.Inject(fault)
		for call, said := range map[string]string{
			"read": p.read(prior, nil).said, "update": p.apply(prior, orders(values{"description": "changed"})).said, "delete": p.delete(prior),
		} {
			t.Run(call+" "+name, func(t *testing.T) {
				tells(t, said, "Credentials of another project", simulator.DefaultServiceID, otherProject, "client id "+simulator.DefaultClientID)
				if strings.Contains(said, "Permission missing") {
					t.Errorf("it blames a permission: %s", said)
				}
			})
		}
	}
}

// TestRead_SharedFailureIsAnErrorOfEveryKey has credentials that are refused.
// Each read is a failure, that of an import too, whatever other one fails, and the
// first of them says all that there is to say.
func TestRead_SharedFailureIsAnErrorOfEveryKey(t *testing.T) {
	s := simulator.New(simulator.Config{})
	key := seedOrders(s)
	p := connect(t, s)
	s.Inject(simulator.Fault{Path: "/auth/access-token", Status: 401, Body: `{"detail":"Invalid credentials"}`, Times: -1})
	for i, prior := range []values{stateOf(key), stateOf(key), {"id": key.ID}} {
		after := p.read(prior, nil)
		if tells(t, after.said, "ERROR: Streamkap credentials refused"); after.key == nil {
			t.Error("it has left the state")
		}
		if all := strings.Contains(after.said, "The provider asked host http://localhost"); all != (i == 0) {
			t.Errorf("it says all there is to say: %s", after.said)
		}
	}
}

// TestImport_KeyOfAnotherProjectRefused also covers a key that can't be read at all.
func TestImport_KeyOfAnotherProjectRefused(t *testing.T) {
	s := simulator.New(simulator.Config{Projects: []simulator.Project{{ServiceID: otherProject, ClientID: "another", Secret: "another-not-real"}}})
	p := connect(t, s)
	for project, says := range map[string]string{simulator.DefaultServiceID: "", otherProject: "Credentials of another project"} {
		t.Run(project, func(t *testing.T) {
			key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, ServiceID: project})
			tells(t, p.importBy(key.ID, false).said, says)
			s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: 403})
			tells(t, p.importBy(key.ID, false).said, "Permission missing")
		})
	}
}

// TestRead_DecomposedTextsStayAsWritten reads a key whose texts are stored in another
// form than the configuration's.
func TestRead_DecomposedTextsStayAsWritten(t *testing.T) {
	const stored, written = "Pru\u0308fer", "Pr\u00fcfer"
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: stored, Description: "of " + stored, RoleIDs: []string{simulator.RoleAdmin}})
	prior := with(stateOf(key), values{"name": written, "description": "<p>of " + written + "</p>"})
	after := connect(t, s).read(prior, nil)
	tells(t, after.said)
	for _, name := range []string{"name", "description"} {
		if after.key[name] != prior[name] {
			t.Errorf("the refresh changes %s to %+q", name, after.key[name])
		}
	}
}

// TestDelete_KeyThatStaysInTheListToldOf has a service that finds a deleted key no more, and lists it.
func TestDelete_KeyThatStaysInTheListToldOf(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{Dialect: simulator.Dialect{DeleteTiming: "deleting"}, DeleteTime: time.Hour})
		s.Inject(notFound)
		said := connect(t, s).delete(with(stateOf(seedOrders(s)), values{"timeouts": values{"delete": "10s"}}))
		tells(t, said, "Project key is not deleted yet", "was asked for once", "Streamkap does not find it any more, and still lists it.", "The key stays in the state.")
	})
}
