// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestEverythingButTheExchangeNeedsAToken(t *testing.T) {
	c := anonymous(t, simulator.New(simulator.Config{}))
	for _, request := range [][2]string{
		{"GET", "/auth/whoami"},
		{"GET", "/auth/roles"},
		{"GET", "/project-keys"},
		{"POST", "/project-keys"},
		{"GET", "/project-keys/x"},
		{"PATCH", "/project-keys/x"},
		{"DELETE", "/project-keys/x"},
		{"GET", "/project-keys/x/mcp-config"},
	} {
		c.bearer = ""
		c.refused(401, request[0], request[1], nil)
		c.bearer = "wrong"
		c.refused(401, request[0], request[1], nil)
	}
}

func TestWrongCredentialsAreRefused(t *testing.T) {
	c := anonymous(t, simulator.New(simulator.Config{}))
	c.refused(401, "POST", "/auth/access-token", object{"client_id": simulator.DefaultClientID, "secret": "wrong"})
	c.refused(401, "POST", "/auth/access-token", object{"client_id": "nobody", "secret": simulator.DefaultSecret})
	status, text := c.call("POST", "/auth/access-token", object{"client_id": simulator.DefaultClientID, "client_secret": simulator.DefaultSecret})
	if status != 422 {
		t.Errorf("the field name of a credential file was answered %d %s", status, text)
	}
	status, text = c.call("POST", "/auth/access-token", object{"project_key": object{}, "client_id": "x"})
	wantProblem(t, status, text, `["body"]`, "value_error")
}

func TestExchange_CredentialFile(t *testing.T) {
	c := start(t, simulator.Config{})
	file := c.want(200, "POST", "/project-keys", roleBased())
	encoded, _ := json.Marshal(file)
	for _, form := range []any{file, base64.StdEncoding.EncodeToString(encoded)} {
		owner := anonymous(t, c.server)
		owner.bearer = owner.want(200, "POST", "/auth/access-token", object{"project_key": form})["accessToken"].(string)
		if who := owner.want(200, "GET", "/auth/whoami", nil); who["project_key_id"] != file["project_key_id"] {
			t.Errorf("whoami: %v", who)
		}
	}
}

func TestExchange_UselessCredentialFileRefused(t *testing.T) {
	c := start(t, simulator.Config{})
	kafka := c.want(200, "POST", "/project-keys", kafkaOnly())
	for name, form := range map[string]any{
		"Kafka-only":   kafka,
		"wrong type":   with(kafka, "type", "service_account"),
		"no Base64":    "{}",
		"no object":    5,
		"no JSON":      base64.StdEncoding.EncodeToString([]byte("text")),
		"empty object": object{},
	} {
		t.Run(name, func(t *testing.T) {
			if detail := c.refused(400, "POST", "/auth/access-token", object{"project_key": form}); detail == "" {
				t.Error("no reason")
			}
		})
	}
}

func TestTokensExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{TokenLifetime: time.Minute})
		time.Sleep(time.Minute - time.Nanosecond)
		c.want(200, "GET", "/auth/whoami", nil)
		time.Sleep(time.Nanosecond)
		c.refused(401, "GET", "/auth/whoami", nil)
		c.logIn(simulator.DefaultClientID, simulator.DefaultSecret)
		c.want(200, "GET", "/auth/whoami", nil)
	})
}

func TestTokensAreRevoked(t *testing.T) {
	c := start(t, simulator.Config{})
	c.server.RevokeTokens()
	c.refused(401, "GET", "/auth/whoami", nil)
}

func TestWhoAmI(t *testing.T) {
	c := start(t, simulator.Config{})
	who := c.want(200, "GET", "/auth/whoami", nil)
	if who["tenant_id"] != simulator.DefaultTenantID || who["service_id"] != simulator.DefaultServiceID ||
		who["sub"] != simulator.DefaultClientID || who["token_type"] == "" || who["project_key_id"] != nil {
		t.Errorf("whoami: %v", who)
	}
}

func TestPermissionsAreChecked(t *testing.T) {
	c := anonymous(t, simulator.New(simulator.Config{}))
	c.server.AddClient("reader", "a-secret", simulator.PermissionReadKeys)
	c.logIn("reader", "a-secret")
	c.want(200, "GET", "/auth/whoami", nil)
	c.list()
	c.refused(403, "GET", "/auth/roles", nil)
	c.refused(403, "POST", "/project-keys", roleBased())
	c.refused(403, "PATCH", "/project-keys/x", object{})
	c.refused(403, "DELETE", "/project-keys/x", nil)
	c.server.AddClient("nobody", "nothing", simulator.PermissionReadRoles)
	c.logIn("nobody", "nothing")
	c.refused(403, "GET", "/project-keys", nil)
}

func TestAKeyMayDoWhatItsRolesAllow(t *testing.T) {
	c := start(t, simulator.Config{})
	k := c.held(c.create(roleBased()))
	owner := anonymous(t, c.server)
	owner.logIn(k.APIClientID, k.APISecret)
	if who := owner.want(200, "GET", "/auth/whoami", nil); who["project_key_id"] != k.ID || c.held(k.ID).LastUsedAt.IsZero() {
		t.Errorf("whoami: %v, held %+v", who, c.held(k.ID))
	}
	owner.refused(403, "POST", "/project-keys", kafkaOnly())
	c.want(200, "PATCH", "/project-keys/"+k.ID, object{"role_ids": []string{simulator.RoleAdmin}})
	owner.refused(403, "POST", "/project-keys", kafkaOnly()) // the token issued before is as it was
	owner.logIn(k.APIClientID, k.APISecret)
	owner.create(kafkaOnly())
}

func TestRolesAreABareArray(t *testing.T) {
	c := start(t, simulator.Config{})
	_, text := c.call("GET", "/auth/roles", nil)
	var roles []struct{ ID, Key, Name string }
	if err := json.Unmarshal([]byte(text), &roles); err != nil || len(roles) != 3 || roles[0].ID != simulator.RoleAdmin {
		t.Errorf("roles %s (%v)", text, err)
	}
}

func TestSecretsAreRememberedAndLookFake(t *testing.T) {
	c := start(t, simulator.Config{})
	k := c.held(c.create(with(roleBased(), "kafka_config", kafkaConfig("orders"))))
	c.want(200, "PATCH", "/project-keys/"+k.ID, object{"kafka_password": newPassword})
	secrets := c.server.Secrets()
	for _, secret := range []string{simulator.DefaultSecret, c.bearer, k.APISecret, password, newPassword} {
		if !slices.Contains(secrets, secret) {
			t.Errorf("%q is not among the secrets", secret)
		}
	}
	if prefix := "simulated-"; k.APISecret[:len(prefix)] != prefix {
		t.Errorf("the secret %q does not look fake", k.APISecret)
	}
}
