// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"encoding/base64"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestToken_NeededByAllButTheExchange(t *testing.T) {
	for _, bearer := range []string{"", "wrong"} {
		c := anonymous(t, simulator.New(simulator.Config{}))
		c.bearer = bearer
		c.play(`
			401 GET /auth/whoami
			401 GET /auth/roles
			401 GET /project-keys
			401 POST /project-keys
			401 GET /project-keys/x
			401 PATCH /project-keys/x
			401 DELETE /project-keys/x
			401 GET /project-keys/x/mcp-config
		`)
	}
}

func TestToken_WorksUntilItExpiresOrIsRevoked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t, simulator.Config{TokenLifetime: time.Minute})
		time.Sleep(time.Minute - time.Nanosecond)
		c.play(`200 GET /auth/whoami`)
		time.Sleep(time.Nanosecond)
		c.play(`401 GET /auth/whoami`)
		c.logIn(simulator.DefaultClientID, simulator.DefaultSecret)
		c.play(`200 GET /auth/whoami`)
		c.server.RevokeTokens()
		c.play(`401 GET /auth/whoami`)
	})
}

func TestExchange_WrongCredentialsRefused(t *testing.T) {
	c := anonymous(t, simulator.New(simulator.Config{}))
	c.play(`
		401 POST /auth/access-token {"client_id": "` + simulator.DefaultClientID + `", "secret": "wrong"}
		401 POST /auth/access-token {"client_id": "nobody", "secret": "` + simulator.DefaultSecret + `"}
		422 POST /auth/access-token {"client_id": "` + simulator.DefaultClientID + `", "client_secret": "` + simulator.DefaultSecret + `"}
	`)
	for _, member := range []string{"client_id", "secret"} {
		c.wantProblem("", "value_error", "POST", "/auth/access-token", object{"project_key": object{}, member: "x"})
	}
	if !slices.Contains(c.server.Secrets(), "wrong") {
		t.Error("a refused secret is not among the secrets")
	}
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
			c.refused(400, "POST", "/auth/access-token", object{"project_key": form})
		})
	}
}

func TestPermissions_AreThoseOfTheClient(t *testing.T) {
	c := start(t, simulator.Config{})
	c.server.AddClient("reader", "a-secret", simulator.PermissionReadKeys)
	c.as("reader", "a-secret").play(`
		200 GET /auth/whoami
		200 GET /project-keys
		403 GET /auth/roles
		403 POST /project-keys {"name": "n", "role_ids": ["{admin}"]}
		403 PATCH /project-keys/x {}
		403 DELETE /project-keys/x
	`)
	c.server.AddClient("nobody", "nothing", simulator.PermissionReadRoles)
	c.as("nobody", "nothing").play(`
		200 GET /auth/roles
		403 GET /project-keys
	`)
}

func TestPermissions_AreThoseOfAKeysRolesWhenTheTokenWasIssued(t *testing.T) {
	c := start(t, simulator.Config{})
	k := c.held(c.create(roleBased()))
	owner := c.owner(k)
	if c.held(k.ID).LastUsedAt.IsZero() {
		t.Error("the key was not used")
	}
	owner.refused(403, "POST", "/project-keys", kafkaOnly())
	c.update(k.ID, object{"role_ids": []string{simulator.RoleAdmin}})
	owner.refused(403, "POST", "/project-keys", kafkaOnly())
	c.owner(k).create(kafkaOnly())
}

func TestRoles_AreABareArray(t *testing.T) {
	c := start(t, simulator.Config{})
	_, text := c.call("GET", "/auth/roles", nil)
	var roles []struct{ ID, Key, Name string }
	if err := json.Unmarshal([]byte(text), &roles); err != nil || len(roles) != 3 || roles[0].ID != simulator.RoleAdmin {
		t.Errorf("roles %s (%v)", text, err)
	}
}

func TestRoles_OfTheConfigTakeTheirPlace(t *testing.T) {
	c := start(t, simulator.Config{Roles: []simulator.Role{{ID: "r1", Key: "lister", Name: "Lister", Permissions: []string{simulator.PermissionReadKeys, "custom"}}}})
	c.owner(c.held(c.create(object{"name": "n", "role_ids": []string{"r1"}}))).play(`
		200 GET /project-keys
		403 GET /auth/roles
	`)
}

func TestRoles_OutsideTheCatalogueShownLast(t *testing.T) {
	c := start(t, simulator.Config{})
	k := c.server.Seed(simulator.Key{Name: "n", RoleIDs: []string{"removed", simulator.RoleReadOnly, simulator.RoleAdmin}})
	var order []string
	for _, role := range c.read(k.ID)["roles"].([]any) {
		order = append(order, role.(object)["id"].(string))
	}
	if want := []string{simulator.RoleAdmin, simulator.RoleReadOnly, "removed"}; !slices.Equal(order, want) {
		t.Errorf("shown in the order %s, want %s", order, want)
	}
}

func TestSecrets_IssuedAndGivenAreRemembered(t *testing.T) {
	c := start(t, simulator.Config{})
	k := c.held(c.create(both()))
	c.update(k.ID, object{"kafka_password": newPassword})
	secrets := c.server.Secrets()
	for _, secret := range []string{simulator.DefaultSecret, c.bearer, k.APISecret, password, newPassword} {
		if !slices.Contains(secrets, secret) {
			t.Errorf("%q is not among the secrets", secret)
		}
	}
	if !strings.HasPrefix(k.APISecret, "simulated-") {
		t.Errorf("the secret %q does not look fake", k.APISecret)
	}
}
