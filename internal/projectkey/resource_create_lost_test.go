// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestLostCreate_NamesakesListed looks for a key whose creation lost its answer,
// in lists with and without keys of its name, and where there is no list.
func TestLostCreate_NamesakesListed(t *testing.T) {
	const ways = "If none of them is, apply again. Otherwise there are two ways out:\n  - Import "
	listed := func(status int, body string) simulator.Fault {
		return simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Status: status, Body: body, Times: -1}
	}
	for name, test := range map[string]struct {
		answer simulator.Fault
		roles  types.Set
		says   string
		looks  int
	}{
		"one for Kafka alone": {
			answer: listed(200, `[{"id": "k1", "name": "orders", "service_id": "own", "status": "creating"}]`),
			says:   ways + "it: import streamkap_project_key.NAME k1.\n  - Delete it in Streamkap and apply again.",
			looks:  lostSearches,
		},
		"one": {
			roles:  stringSet([]string{"a"}),
			answer: listed(200, `[{"id": "k1", "name": "orders", "service_id": "own", "status": "creating", "created_at": "2000-01-01T00:00:00Z"}, {"id": "k2", "name": "billing", "service_id": "own"}]`),
			says: "One of them may be the key that was made:\n" +
				"  - project key \"orders\" (id k1, status creating, created at 2000-01-01T00:00:00Z)\n\n" +
				ways + "it: import streamkap_project_key.NAME k1. Its client secret was in the lost answer, and Streamkap never shows it again.\n  - Delete it in Streamkap and apply again. That makes",
			looks: lostSearches,
		},
		"two": {
			roles:  stringSet([]string{"a"}),
			answer: listed(200, `[{"id": "k1", "name": "orders", "service_id": "own", "status": "Active", "created_at": "1999-12-31T23:59:59", "last_used_at": "1999-12-31T23:59:59Z"}, {"id": "k2", "name": "orders", "service_id": "own"}]`),
			says: "  - project key \"orders\" (id k1, status Active, created at 1999-12-31T23:59:59, last used at 1999-12-31T23:59:59Z)\n" +
				"  - project key \"orders\" (id k2)\n\n" +
				ways + "the right one: import streamkap_project_key.NAME ID. Its",
			looks: lostSearches,
		},
		"none": {answer: listed(200, `[{"id": "k1", "name": "billing", "service_id": "own"}]`), looks: lostSearches, says: "Streamkap lists no key of this name in the project.\n\nLook in Streamkap once more before you apply again"},
		"no list": {
			answer: listed(403, ""), looks: 1,
			says: "Looking for the key failed too. Streamkap answered GET /project-keys with HTTP 403 Forbidden, request id ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{ServiceID: "own"})
				s.Inject(test.answer)
				lost := &streamkap.CallError{Kind: streamkap.KindUnknownOutcome, Text: "the answer was lost", Err: &streamkap.Error{Method: "POST", Path: "/project-keys", Status: 504}}
				planned := &Model{Name: types.StringValue("orders"), RoleIDs: test.roles}
				var diags diag.Diagnostics
				(&Resource{client: clientOf(s)}).explainLostCreate(t.Context(), planned, lost, &diags)
				if len(diags) != 1 || diags[0].Summary() != "Project key may have been created" {
					t.Fatalf("told: %v", diags)
				}
				for _, says := range []string{test.says, `The answer to the request that creates project key "orders" was lost. Streamkap answered POST /project-keys with HTTP 504`, "could make a second key."} {
					if !strings.Contains(diags[0].Detail(), says) {
						t.Errorf("it lacks %q:\n%s", says, diags[0].Detail())
					}
				}
				if looks := listings(s); looks != test.looks {
					t.Errorf("the list was read %d times, expected %d", looks, test.looks)
				}
			})
		})
	}
}

// listings counts how often the list was read.
func listings(s *simulator.Server) (count int) {
	for _, r := range s.Requests() {
		if r.Method == http.MethodGet && r.Path == "/project-keys" {
			count++
		}
	}
	return count
}

// TestCreate_AnswerWithoutIDIdentified has other keys of its
// name, and answers that fit two.
func TestCreate_AnswerWithoutIDIdentified(t *testing.T) {
	s := simulator.New(simulator.Config{})
	kafka := s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders"})
	api := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	fileOf := func(clientID, username string) *streamkap.CredentialFile {
		return &streamkap.CredentialFile{
			API: &streamkap.APICredentials{ClientID: streamkap.Text(clientID)}, Kafka: &streamkap.KafkaCredentials{Username: streamkap.Text(username)},
		}
	}
	r := &Resource{client: clientOf(s)}
	for name, test := range map[string]struct {
		file *streamkap.CredentialFile
		want string
	}{
		"by its client id":       {fileOf(api.APIClientID, ""), api.ID},
		"by its username":        {fileOf("", "orders"), kafka.ID},
		"by neither":             {fileOf("another", "others"), ""},
		"by what two keys have":  {fileOf(api.APIClientID, "orders"), ""},
		"by nothing that is one": {fileOf("", ""), ""},
	} {
		if got := r.identify(t.Context(), "orders", test.file); got != test.want {
			t.Errorf("%s: %q, expected %q", name, got, test.want)
		}
	}
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Status: 403, Times: -1})
	if got := r.identify(t.Context(), "orders", fileOf("", "orders")); got != "" {
		t.Errorf("where nothing is listed: %q", got)
	}
}

// TestExplainIncomplete_MissingCredentialsNamed has the client secret lost, or
// something else.
func TestExplainIncomplete_MissingCredentialsNamed(t *testing.T) {
	missing := []string{"one", "other"}
	for name, test := range map[string]struct {
		model   func(*Model)
		missing []string
		want    []string
	}{
		"nothing":           {func(*Model) {}, nil, nil},
		"something else":    {func(*Model) {}, missing, []string{"Error: Credentials missing"}},
		"the client secret": {func(p *Model) { p.API.known.ClientSecret = types.StringNull() }, missing, []string{"Error: Client secret missing"}},
		"all of the access": {func(p *Model) { p.API.known = nil }, missing, []string{"Error: Client secret missing"}},
		"nothing of what is encrypted": {func(p *Model) {
			p.API.known.ClientSecret, p.API.known.EncryptedClientSecret = types.StringNull(), types.StringValue("encrypted")
		}, missing, []string{"Error: Credentials missing"}},
	} {
		model := someParts(t, "1")
		test.model(model)
		var diags diag.Diagnostics
		model.explainIncomplete("makes", test.missing, &diags)
		expect(t, name, diags, test.want...)
		for _, d := range diags {
			if !strings.Contains(d.Detail(), `makes project key "1" (id id) held no one and no other, and`) {
				t.Error(d.Detail())
			}
		}
	}
}
