// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"net/http"
	"strings"
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

func TestCreate_RecipientsKeepSecretsFromBeingInClear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{})
		after := connect(t, s).apply(nil, orders(values{
			"secret_recipients": []any{recipient}, "kafka": values{"username": "orders", "password_wo": keptPassword, "password_wo_version": 1},
		}))
		tells(t, after.said)
		for block, attribute := range map[string]string{"api": "encrypted_client_secret", "kafka": "encrypted_password"} {
			if text := fmt.Sprint(under(after.key, block)[attribute]); !strings.HasPrefix(text, "-----BEGIN AGE") {
				t.Errorf("%s.%s is not encrypted: %s", block, attribute, text)
			}
		}
		for name, value := range after.key {
			if text := fmt.Sprint(value); strings.Contains(text, s.Keys()[0].APISecret) || strings.Contains(text, keptPassword) {
				t.Errorf("%s has a secret in clear", name)
			}
		}
	})
}
