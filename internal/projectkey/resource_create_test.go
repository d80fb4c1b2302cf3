// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestCreate_AnswerWithoutIDKeepsSecrets has the key found in the list by what was
// issued for it, and not found.
func TestCreate_AnswerWithoutIDKeepsSecrets(t *testing.T) {
	create := func(t *testing.T, s *simulator.Server) answer {
		t.Helper()
		s.Inject(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Set: `{"project_key_id": null}`})
		return connect(t, s).apply(nil, orders(nil))
	}
	t.Run("found", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			after := create(t, s)
			tells(t, after.said, "Credentials missing")
			if key := s.Keys()[0]; after.key["id"] != key.ID || under(after.key, "api")["client_secret"] != key.APISecret {
				t.Error("what was issued is not in the state")
			}
		})
	})
	t.Run("not found", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Status: http.StatusForbidden, Times: -1})
			after := create(t, s)
			tells(t, after.said, "Project key may have been created")
			if after.key["id"] != nil {
				t.Errorf("a key that nobody could find is in the state: %s", after.key["id"])
			}
		})
	})
}

// TestCreate_IssuedValuesPreferredToRead has an answer that issues other addresses than
// a read shows.
func TestCreate_IssuedValuesPreferredToRead(t *testing.T) {
	s := service(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Set: `{
		"api": {"client_id": "issued", "client_secret": "not-a-real-secret", "token_endpoint": "https://issued.example/token", "api_url": "https://issued.example"},
		"kafka": {"username": "orders", "bootstrap_servers": "issued:1", "security_protocol": "SASL_SSL", "sasl_mechanism": "SCRAM", "schema_registry_url": "https://issued.example"}
	}`}, simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Set: `{"api_client_id": "issued"}`, Times: -1})
	after := connect(t, s).apply(nil, orders(values{"kafka": with(kafkaUser("orders"), values{"schema_registry": true})}))
	tells(t, after.said)
	got := map[string]string{}
	leavesOf("", after.key, got)
	for attribute, want := range map[string]string{
		".api.client_secret": "not-a-real-secret", ".api.token_endpoint": "https://issued.example/token", ".api.api_url": "https://issued.example",
		".kafka.bootstrap_servers": "issued:1", ".kafka.sasl_mechanism": "SCRAM", ".kafka.schema_registry_url": "https://issued.example",
	} {
		if got[attribute] != want {
			t.Errorf("%s is %q", attribute, got[attribute])
		}
	}
}
