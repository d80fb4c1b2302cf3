// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

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
