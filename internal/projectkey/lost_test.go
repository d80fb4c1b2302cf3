// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestLostCreateIsToldByWhatTheListShows looks for a key whose creation lost
// its answer, in lists that show it, that may, that do not, and that can't.
func TestLostCreateIsToldByWhatTheListShows(t *testing.T) {
	const check = "Look in Streamkap for a key of this name that was created at 2000-01-01T00:00:00Z or later."
	made := func(names ...string) func(*simulator.Server) []string {
		return func(s *simulator.Server) (ids []string) {
			for _, name := range names {
				ids = append(ids, s.Seed(simulator.Key{Name: name, KafkaUsername: fmt.Sprint("user-", len(ids))}).ID)
			}
			return ids
		}
	}
	for name, test := range map[string]struct {
		seed   func(*simulator.Server) []string
		answer simulator.Fault
		says   []string
		looks  int
	}{
		"one": {seed: made("orders"), looks: 1, says: []string{"This key is probably the one that was made: id %[1]s, created at 2000-01-01T00:00:00", "import ADDRESS %[1]s.", "Import it:", "Delete it"}},
		"two": {seed: made("orders", "orders"), looks: 1, says: []string{"One of these keys is probably the one", "id %[1]s, created at 2000-01-01T00:00:00.000000Z; id %[2]s,", "Import the right one:", "Delete the right one"}},
		"one of no age": {
			seed: made("orders"), looks: lostSearches, answer: simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Set: `{"created_at": null}`, Times: -1},
			says: []string{"It may be among these keys, whose age can't be told: id %[1]s, created at (not told). Or it was not made.", check},
		},
		"none": {seed: made("billing"), looks: lostSearches, says: []string{"Streamkap lists no key of this name that was created at 2000-01-01T00:00:00Z or later, so it was probably not made.", "then apply again"}},
		"none that could be seen": {
			seed: made("billing"), looks: lostSearches, answer: simulator.Fault{Method: http.MethodGet, Path: "/auth/whoami", Set: `{"service_id": ""}`, Times: -1},
			says: []string{"but the look could have missed it: Streamkap does not say which project the credentials are of. So the key may have been made, or not.", check},
		},
		"nothing": {
			seed: made("orders"), looks: 1, answer: simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Status: 403, Times: -1},
			says: []string{"Looking for the key failed too. Streamkap answered GET /project-keys with HTTP 403", check},
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				ids := test.seed(s)
				if test.answer.Method != "" {
					s.Inject(test.answer)
				}
				lost := &streamkap.LostAnswerError{Err: &streamkap.Error{Method: "POST", Path: "/project-keys", Status: 504}, SentAt: time.Now()}
				var diags diag.Diagnostics
				(&ProjectKeyResource{client: clientOf(s)}).explainLostCreate(t.Context(), "orders", lost, &diags)
				if len(diags) != 1 || diags[0].Summary() != "Project key may have been created" {
					t.Fatalf("told: %v", diags)
				}
				for _, says := range append(test.says, `The answer to the request that creates project key "orders" was lost. Streamkap answered POST /project-keys with HTTP 504`, "could make a second key.") {
					for i, id := range ids {
						says = strings.ReplaceAll(says, fmt.Sprintf("%%[%d]s", i+1), id)
					}
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

// TestKeyWhoseIDWasNotToldIsIdentifiedByWhatWasIssued has other keys of its
// name, and answers that fit two.
func TestKeyWhoseIDWasNotToldIsIdentifiedByWhatWasIssued(t *testing.T) {
	s := simulator.New(simulator.Config{})
	kafka := s.Seed(simulator.Key{Name: "orders", KafkaUsername: "orders"})
	api := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	fileOf := func(clientID, username string) *streamkap.CredentialFile {
		return &streamkap.CredentialFile{
			API: &streamkap.APICredentials{ClientID: streamkap.Text(clientID)}, Kafka: &streamkap.KafkaCredentials{Username: streamkap.Text(username)},
		}
	}
	r := &ProjectKeyResource{client: clientOf(s)}
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
		if got := r.identify(t.Context(), "orders", time.Now().Add(-time.Minute), test.file); got != test.want {
			t.Errorf("%s: %q, expected %q", name, got, test.want)
		}
	}
	s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Status: 403, Times: -1})
	if got := r.identify(t.Context(), "orders", time.Now().Add(-time.Minute), fileOf("", "orders")); got != "" {
		t.Errorf("where nothing is listed: %q", got)
	}
}

// TestIncompleteAnswerIsToldByWhatIsMissing has the client secret lost, or
// something else.
func TestIncompleteAnswerIsToldByWhatIsMissing(t *testing.T) {
	incomplete := &streamkap.IncompleteAnswerError{Missing: []string{"one", "other"}}
	for name, test := range map[string]struct {
		model      func(*parts)
		incomplete *streamkap.IncompleteAnswerError
		want       []string
	}{
		"nothing":           {func(*parts) {}, nil, nil},
		"something else":    {func(*parts) {}, incomplete, []string{"Error: Credentials missing"}},
		"the client secret": {func(p *parts) { p.api.ClientSecret = types.StringNull() }, incomplete, []string{"Error: Client secret missing"}},
		"all of the access": {func(p *parts) { p.api = nil }, incomplete, []string{"Error: Client secret missing"}},
		"nothing of what is sealed": {func(p *parts) {
			p.api.ClientSecret, p.api.EncryptedClientSecret = types.StringNull(), types.StringValue("sealed")
		}, incomplete, []string{"Error: Credentials missing"}},
	} {
		model := someParts(t, "1")
		test.model(model)
		var diags diag.Diagnostics
		model.explainIncomplete("makes", test.incomplete, &diags)
		expect(t, name, diags, test.want...)
		for _, d := range diags {
			if !strings.Contains(d.Detail(), `makes project key "1" (id id) held no one and no other, and`) {
				t.Error(d.Detail())
			}
		}
	}
}
