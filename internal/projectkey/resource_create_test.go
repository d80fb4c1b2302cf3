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
