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

func (c *caller) of(clientID, secret string) *caller {
	c.t.Helper()
	other := anonymous(c.t, c.server)
	other.logIn(clientID, secret)
	return other
}

func TestWhoAmINamesTheCallersProjectAndTenant(t *testing.T) {
	c := start(t, several())
	if who := c.of("billing", "billing-secret").want(200, "GET", "/auth/whoami", nil); who["service_id"] != billing || who["tenant_id"] != simulator.DefaultTenantID {
		t.Errorf("whoami in the second project: %v", who)
	}
	other := c.of(simulator.DefaultClientID+"-3", simulator.DefaultSecret+"-3")
	if who := other.want(200, "GET", "/auth/whoami", nil); who["service_id"] != elsewhere || who["tenant_id"] != elsewhat {
		t.Errorf("whoami in the other tenant: %v", who)
	}
}

func TestAKeyIsOfItsMakersProject(t *testing.T) {
	c := start(t, several())
	second := c.of("billing", "billing-secret")
	file := second.want(200, "POST", "/project-keys", kafkaOnly())
	project := file["project"].(object)
	if project["service_id"] != billing || project["name"] != "Billing" {
		t.Errorf("the credential file names the project %v", project)
	}
	c.create(kafkaOnly()) // the username is free in the first project
	second.refused(409, "POST", "/project-keys", kafkaOnly())
}

func TestKeysOfOtherProjectsAreListedAndKeysOfOtherTenantsAreNot(t *testing.T) {
	c := start(t, several())
	own, other := c.create(roleBased()), c.of("billing", "billing-secret").create(roleBased())
	foreign := c.of(simulator.DefaultClientID+"-3", simulator.DefaultSecret+"-3")
	foreign.create(roleBased())
	var listed []string
	for _, row := range c.list() {
		listed = append(listed, row["id"].(string))
	}
	if !slices.Equal(listed, []string{own, other}) || len(foreign.list()) != 1 {
		t.Errorf("listed %v, and %d in the other tenant", listed, len(foreign.list()))
	}
	c.read(other)
	c.refused(403, "PATCH", "/project-keys/"+other, object{"name": "mine"})
	c.refused(403, "DELETE", "/project-keys/"+other, nil)
	foreign.refused(404, "GET", "/project-keys/"+own, nil)
	foreign.refused(404, "DELETE", "/project-keys/"+own, nil)
}

func TestProjectsThatCannotBeToldApartPanic(t *testing.T) {
	for want, project := range map[string]simulator.Project{
		"service id":        {Name: "none"},
		"two projects have": {ServiceID: simulator.DefaultServiceID},
		"is taken":          {ServiceID: billing, ClientID: simulator.DefaultClientID},
	} {
		func() {
			defer func() {
				if text, _ := recover().(string); !strings.Contains(text, want) {
					t.Errorf("panicked with %q, want %q in it", text, want)
				}
			}()
			simulator.New(simulator.Config{Projects: []simulator.Project{project}})
		}()
	}
}

func TestRolesOfOnesOwn(t *testing.T) {
	c := start(t, simulator.Config{Roles: []simulator.Role{{ID: "r1", Key: "lister", Name: "Lister", Permissions: []string{simulator.PermissionReadKeys, "custom"}}}})
	k := c.held(c.create(object{"name": "n", "role_ids": []string{"r1"}}))
	owner := c.of(k.APIClientID, k.APISecret)
	owner.list()
	owner.refused(403, "GET", "/auth/roles", nil)
}
