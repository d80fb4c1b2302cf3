// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const (
	billing   = "65e94bbe0000000000000002"
	elsewhere = "65e94bbe0000000000000003"
	elsewhat  = "7e9a0000-0000-4000-8000-000000000002"
)

// several is a simulator with a second project of the tenant and one of another tenant.
func several() simulator.Config {
	return simulator.Config{Projects: []simulator.Project{
		{ServiceID: billing, Name: "Billing", ClientID: "billing", Secret: "billing-secret"},
		{ServiceID: elsewhere, TenantID: elsewhat},
	}}
}

// ofSeveral are the administrators of the three projects.
func ofSeveral(t *testing.T) (own, second, foreign *caller) {
	own = start(t, several())
	second = own.as("billing", "billing-secret")
	foreign = own.as(simulator.DefaultClientID+"-3", simulator.DefaultSecret+"-3")
	return own, second, foreign
}

func TestWhoAmI_NamesCallerProjectAndTenant(t *testing.T) {
	own, second, foreign := ofSeveral(t)
	k := own.held(own.create(roleBased()))
	for _, caller := range []struct {
		*caller
		sub, service, tenant string
		key                  any
	}{
		{own, simulator.DefaultClientID, simulator.DefaultServiceID, simulator.DefaultTenantID, nil},
		{second, "billing", billing, simulator.DefaultTenantID, nil},
		{foreign, simulator.DefaultClientID + "-3", elsewhere, elsewhat, nil},
		{own.owner(k), k.APIClientID, simulator.DefaultServiceID, simulator.DefaultTenantID, k.ID},
	} {
		who := caller.want(200, "GET", "/auth/whoami", nil)
		if who["sub"] != caller.sub || who["service_id"] != caller.service || who["tenant_id"] != caller.tenant || who["project_key_id"] != caller.key || who["token_type"] == "" {
			t.Errorf("whoami: %v", who)
		}
	}
}

func TestCreate_KeyIsOfItsMakersProject(t *testing.T) {
	own, second, _ := ofSeveral(t)
	file := second.want(200, "POST", "/project-keys", kafkaOnly())
	if project := file["project"].(object); project["service_id"] != billing || project["name"] != "Billing" {
		t.Errorf("the credential file names the project %v", project)
	}
	own.create(kafkaOnly()) // the username is free in the first project
	second.refused(409, "POST", "/project-keys", kafkaOnly())
}

func TestList_HasTheKeysOfTheTenant(t *testing.T) {
	own, second, foreign := ofSeveral(t)
	if status, text := own.call("GET", "/project-keys", nil); status != 200 || text != "[]" {
		t.Errorf("without keys: %d %s", status, text)
	}
	ids := []string{own.create(with(roleBased(), "name", "own")), second.create(with(roleBased(), "name", "theirs"))}
	foreign.create(with(roleBased(), "name", "foreign"))
	var listed []string
	for _, row := range own.list() {
		listed = append(listed, row["id"].(string))
	}
	if !slices.Equal(listed, ids) || len(foreign.list()) != 1 {
		t.Errorf("listed %v, and %d in the other tenant", listed, len(foreign.list()))
	}
	own.play(`
		200 GET /project-keys/{theirs}
		403 PATCH /project-keys/{theirs} {"name": "mine"}
		403 DELETE /project-keys/{theirs}
	`)
	foreign.play(`
		404 GET /project-keys/{own}
		404 DELETE /project-keys/{own}
	`)
}

// TestSeed_OfAnotherProject has credentials of a project that no Config names.
func TestSeed_OfAnotherProject(t *testing.T) {
	c := start(t, simulator.Config{})
	k := c.server.Seed(simulator.Key{Name: "theirs", ServiceID: "other", RoleIDs: []string{simulator.RoleAdmin}})
	c.play(`
		200 POST /project-keys {"name": "own", "role_ids": ["{admin}"]}
		200 GET /project-keys/{theirs}
		403 PATCH /project-keys/{theirs} {"name": "x"}
		403 DELETE /project-keys/{theirs}
	`)
	owner := c.owner(k)
	owner.play(`
		200 PATCH /project-keys/{theirs} {"description": "d"}
		403 DELETE /project-keys/{own}
		200 POST /project-keys {"name": "made", "role_ids": ["{admin}"]}
	`)
	if who := owner.want(200, "GET", "/auth/whoami", nil); who["service_id"] != "other" {
		t.Errorf("whoami: %v", who)
	}
	if keys := c.server.Keys(); keys[2].ServiceID != "other" {
		t.Errorf("the new key is in project %s", keys[2].ServiceID)
	}
}

func TestConfig_SenselessOnePanics(t *testing.T) {
	project := func(p simulator.Project) simulator.Config { return simulator.Config{Projects: []simulator.Project{p}} }
	for want, config := range map[string]simulator.Config{
		"service id":        project(simulator.Project{Name: "none"}),
		"two projects have": project(simulator.Project{ServiceID: simulator.DefaultServiceID}),
		"is taken":          project(simulator.Project{ServiceID: billing, ClientID: simulator.DefaultClientID}),
		"no variant":        {Dialect: simulator.Dialect{Status: "shouting"}},
		"expected seconds":  {RetryAfter: "never"},
	} {
		wantPanic(t, want, func() { simulator.New(config) })
	}
}

// wantPanic calls what has to panic with a text that holds another one.
func wantPanic(t *testing.T, want string, do func()) {
	t.Helper()
	defer func() {
		if text, _ := recover().(string); !strings.Contains(text, want) {
			t.Errorf("panicked with %q, want %q in it", text, want)
		}
	}()
	do()
	t.Errorf("no panic with %q", want)
}
