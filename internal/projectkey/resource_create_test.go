// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

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

// TestCreate_LostAnswerListsNamesakes looks for a key whose creation lost its answer,
// in lists with and without keys of its name, and where there is no list.
func TestCreate_LostAnswerListsNamesakes(t *testing.T) {
	const ways = "If none of them is, apply again. Otherwise there are two ways out:\n  - Import "
	listed := func(rows ...string) simulator.Fault {
		for i, row := range rows {
			rows[i] = `{"service_id": "` + simulator.DefaultServiceID + `", ` + row + `}`
		}
		return simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Status: 200, Body: "[" + strings.Join(rows, ", ") + "]", Times: -1}
	}
	const other = `"id": "k2", "name": "billing"`
	for name, test := range map[string]struct {
		config values
		list   simulator.Fault
		says   string
	}{
		"one for Kafka alone": {
			withUser("orders", "orders"), listed(`"id": "k1", "name": "orders", "status": "creating"`),
			ways + "it: import streamkap_project_key.NAME k1.\n  - Delete it in Streamkap and apply again.",
		},
		"one": {
			orders(nil), listed(`"id": "k1", "name": "orders", "status": "creating", "created_at": "2000-01-01T00:00:00Z"`, other),
			"One of them may be the key that was made:\n" +
				"  - project key \"orders\" (id k1, status creating, created at 2000-01-01T00:00:00Z)\n\n" +
				ways + "it: import streamkap_project_key.NAME k1. Its client secret was in the lost answer, and Streamkap never shows it again.\n  - Delete it in Streamkap and apply again. That makes",
		},
		"two": {
			orders(nil), listed(`"id": "k1", "name": "orders", "status": "Active", "created_at": "1999-12-31T23:59:59", "last_used_at": "1999-12-31T23:59:59Z"`, `"id": "k2", "name": "orders"`),
			"  - project key \"orders\" (id k1, status Active, created at 1999-12-31T23:59:59, last used at 1999-12-31T23:59:59Z)\n" +
				"  - project key \"orders\" (id k2)\n\n" +
				ways + "the right one: import streamkap_project_key.NAME ID. Its",
		},
		"none":    {orders(nil), listed(other), "Streamkap lists no key of this name in the project.\n\nLook in Streamkap once more before you apply again"},
		"no list": {orders(nil), unlisted, "Looking for the key failed too. Streamkap answered GET /project-keys with HTTP 403 Forbidden, request id "},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := service(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Drop: simulator.DropAfter}, test.list)
				after := connect(t, s).apply(nil, test.config)
				tells(t, after.said, "ERROR: Project key may have been created", test.says, `The answer to the request that creates project key "orders" was lost.`, "could make a second key.")
				if looks := len(slices.DeleteFunc(gets(s), func(path string) bool { return path != "/project-keys" })); looks != 3 && test.list.Status == 200 || looks != 1 && test.list.Status == 403 {
					t.Errorf("the list was read %d times", looks)
				}
				if after.key != nil {
					t.Errorf("a key is in the state: %v", after.key)
				}
			})
		})
	}
}

// TestCreate_AnswerWithoutIDIdentified has an answer that lacks the id of the key, beside
// another key of its name. What was issued tells which key it is, where it fits one. The
// list may show the key late.
func TestCreate_AnswerWithoutIDIdentified(t *testing.T) {
	for name, test := range map[string]struct {
		config values
		answer string
		list   simulator.Fault
		found  bool
	}{
		"by its client id":      {config: orders(nil), found: true},
		"by its username":       {config: withUser("orders", "orders"), found: true},
		"by neither":            {config: orders(nil), answer: `, "api": {"client_id": "another", "client_secret": "not-a-real-secret"}`},
		"by what two keys have": {config: orders(values{"kafka": kafkaUser("orders")}), answer: `, "api": {"client_id": "namesake", "client_secret": "not-a-real-secret"}`},
		"once it is listed": {config: orders(nil), found: true, list: simulator.Fault{
			Method: http.MethodGet, Path: "/project-keys", Status: http.StatusOK, Body: `[{"id": "namesake", "name": "orders", "service_id": "` + simulator.DefaultServiceID + `"}]`,
		}},
		"where none is listed": {config: orders(nil), list: unlisted},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := service(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Set: `{"project_key_id": null` + test.answer + `}`}, test.list)
				s.Seed(simulator.Key{ID: "namesake", Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, APIClientID: "namesake"})
				after := connect(t, s).apply(nil, test.config)
				if !test.found {
					if tells(t, after.said, "Project key may have been created"); after.key != nil {
						t.Errorf("a key that nobody could find is in the state: %v", after.key)
					}
					return
				}
				tells(t, after.said, "Credentials missing: The answer to the request that creates project key", "held no project_key_id")
				made := s.Keys()[slices.IndexFunc(s.Keys(), func(key simulator.Key) bool { return key.ID != "namesake" })]
				if secret, _ := under(after.key, "api")["client_secret"].(string); after.key["id"] != made.ID || secret != made.APISecret {
					t.Errorf("what was issued is not in the state: %v", after.key["id"])
				}
			})
		})
	}
}

// TestIssuedSecret_SavedBeforeTheWait has every read refused after the answer that
// carried the secret.
func TestIssuedSecret_SavedBeforeTheWait(t *testing.T) {
	for name, kafka := range map[string]any{"a new key": nil, "access that is added": kafkaUser("orders")} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				var prior values
				if kafka != nil {
					key := s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders"})
					prior = with(stateOf(key), values{"role_ids": nil, "api": nil, "kafka": kafka})
				}
				s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: http.StatusForbidden, Times: -1})
				after := connect(t, s).apply(prior, orders(values{"kafka": kafka}))
				tells(t, after.said, "Permission missing")
				if got := under(after.key, "api")["client_secret"]; got != s.Keys()[0].APISecret {
					t.Errorf("the client secret in the state is %v", got)
				}
			})
		})
	}
}
