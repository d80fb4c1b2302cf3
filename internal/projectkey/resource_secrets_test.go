// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestIssuedSecret_SavedBeforeTheWait has every read refused after the answer that
// carried the secret.
func TestIssuedSecret_SavedBeforeTheWait(t *testing.T) {
	for _, kafka := range []string{"", "orders"} {
		synctest.Test(t, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			p := reading(t, s)
			var prior values
			config := values{"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin))}
			if kafka != "" {
				prior = p.stateOf(s.Seed(simulator.Key{Name: "orders", KafkaUsername: kafka}))
				delete(prior, "role_ids")
				delete(prior, "api")
				prior["kafka"] = p.kafka(stringOf(kafka))
				config["kafka"] = prior["kafka"]
			}
			s.Inject(simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Status: http.StatusForbidden, Times: -1})
			after, _, said := p.apply(prior, config)
			if !strings.Contains(said, "Permission missing") {
				t.Fatalf("the wait was not refused: %s", said)
			}
			if key := s.Keys()[0]; after["api"].IsNull() || textOf(t, attributesOf(t, after["api"]), "client_secret") != key.APISecret {
				t.Errorf("the key with Kafka user %q has no secret in the state: %s", kafka, after["api"])
			}
		})
	}
}

func TestCreate_RecipientsKeepSecretsFromBeingInClear(t *testing.T) {
	const recipient = "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"
	synctest.Test(t, func(t *testing.T) {
		s := simulator.New(simulator.Config{})
		p := reading(t, s)
		after, _, said := p.apply(nil, values{
			"name": stringOf("orders"), "role_ids": setOf(stringOf(simulator.RoleAdmin)), "secret_recipients": setOf(stringOf(recipient)),
			"kafka": p.nested("kafka", values{
				"username": stringOf("orders"), "password_wo": stringOf(keptPassword), "password_wo_version": tftypes.NewValue(tftypes.Number, 1),
			}),
		})
		if said != "" {
			t.Fatal(said)
		}
		for block, attribute := range map[string]string{"api": "encrypted_client_secret", "kafka": "encrypted_password"} {
			if !strings.HasPrefix(textOf(t, attributesOf(t, after[block]), attribute), "-----BEGIN AGE") {
				t.Errorf("%s.%s is not encrypted", block, attribute)
			}
		}
		for name, value := range after {
			if text := value.String(); strings.Contains(text, s.Keys()[0].APISecret) || strings.Contains(text, keptPassword) {
				t.Errorf("%s has a secret in clear", name)
			}
		}
	})
}
