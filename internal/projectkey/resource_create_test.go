// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestCreate_AnswerWithoutIDKeepsSecrets has the key found in the
// list by what was issued for it, and not found.
func TestCreate_AnswerWithoutIDKeepsSecrets(t *testing.T) {
	for list, says := range map[int]string{0: "Credentials missing", http.StatusForbidden: "Project key may have been created"} {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			p := reading(t, s)
			s.Inject(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Set: `{"project_key_id": null}`})
			if list != 0 {
				s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys", Status: list, Times: -1})
			}
			after, _, said := p.apply(nil, values{"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin))})
			if !strings.Contains(said, says) {
				t.Errorf("the list is answered with %d: %s", list, said)
			}
			key := s.Keys()[0]
			if list != 0 {
				if len(after) > 0 && !after["id"].IsNull() {
					t.Errorf("a key that nobody could find is in the state: %s", after["id"])
				}
				return
			}
			if textOf(t, after, "id") != key.ID || textOf(t, attributesOf(t, after["api"]), "client_secret") != key.APISecret {
				t.Error("what was issued is not in the state")
			}
		})
	}
}
