// SPDX-License-Identifier: MPL-2.0

package role_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func scenario(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

func is(address, attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), value)
}

func permissions(names ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, len(names))
	for i, name := range names {
		checks[i] = knownvalue.StringExact(name)
	}
	return knownvalue.SetExact(checks)
}

func TestAccRoleDataSource_ByKeyAndByName(t *testing.T) {
	for _, empty := range []string{"null", "both"} {
		t.Run(empty, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{EmptyValues: empty, ExtraFields: "some"}})
			var checks []statecheck.StateCheck
			for _, address := range []string{"data.streamkap_role.by_key", "data.streamkap_role.by_name"} {
				checks = append(checks,
					is(address, "id", knownvalue.StringExact(simulator.RoleReadOnly)),
					is(address, "key", knownvalue.StringExact("read-only")),
					is(address, "name", knownvalue.StringExact("Read Only")),
					is(address, "description", knownvalue.Null()),
					is(address, "permissions", permissions(simulator.PermissionReadKeys, simulator.PermissionReadRoles)),
				)
			}
			scenario(t, resource.TestStep{
				Config: s.Config(`
data "streamkap_role" "by_key" {
  key = "read-only"
}

data "streamkap_role" "by_name" {
  name = "Read Only"
}
`),
				ConfigStateChecks: checks,
			})
		})
	}
}

func TestAccRoleDataSource_ErrorListsTheRoles(t *testing.T) {
	s := acctest.Start(t, simulator.Config{Roles: append(simulator.DefaultRoles(), simulator.Role{ID: "another", Key: "reader", Name: "Read Only"})})
	scenario(t,
		resource.TestStep{
			Config:      s.Config("data \"streamkap_role\" \"test\" {\nkey = \"Admin\"\n}"),
			ExpectError: regexp.MustCompile(`(?s)No such role.*key = "Admin".*key "admin", name "Admin", id ` + simulator.RoleAdmin),
		},
		resource.TestStep{
			Config:      s.Config("data \"streamkap_role\" \"test\" {\nname = \"Read Only\"\n}"),
			ExpectError: regexp.MustCompile(`(?s)Several roles match.*id ` + simulator.RoleReadOnly + `.*id another`),
		},
	)
}

func TestAccRoleDataSource_CheckedAtPlan(t *testing.T) {
	const exactlyOne = `Exactly one of these attributes must be configured: \[key,name\]`
	for name, test := range map[string]struct{ body, says string }{
		"neither":       {`data "streamkap_role" "test" {}`, exactlyOne},
		"an empty name": {"data \"streamkap_role\" \"test\" {\nname = \"\"\n}", `length must be at least 1`},
	} {
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			scenario(t, resource.TestStep{
				Config:      s.Config(test.body),
				PlanOnly:    true,
				ExpectError: regexp.MustCompile(test.says),
			})
			if made := s.Requests(); len(made) != 0 {
				t.Errorf("the plan made %d requests", len(made))
			}
		})
	}
}

func TestAccRolesDataSource_StableOrder(t *testing.T) {
	roles := simulator.DefaultRoles()
	s, none := acctest.Start(t, simulator.Config{Roles: []simulator.Role{roles[2], roles[0], roles[1]}}), acctest.Start(t, simulator.Config{Roles: []simulator.Role{}})
	ordered := make([]knownvalue.Check, len(roles))
	for i, role := range roles {
		ordered[i] = knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"id": knownvalue.StringExact(role.ID), "key": knownvalue.StringExact(role.Key), "name": knownvalue.StringExact(role.Name),
			"permissions": permissions(role.Permissions...),
		})
	}
	scenario(t, resource.TestStep{
		Config:            s.Config(`data "streamkap_roles" "test" {}`),
		ConfigStateChecks: []statecheck.StateCheck{is("data.streamkap_roles.test", "roles", knownvalue.ListExact(ordered))},
	}, resource.TestStep{
		Config:            none.Config(`data "streamkap_roles" "test" {}`),
		ConfigStateChecks: []statecheck.StateCheck{is("data.streamkap_roles.test", "roles", knownvalue.ListExact(nil))},
	})
}

func TestAccRoleDataSources_MissingPermission(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	const clientID, secret = "reader", "a-secret-of-a-reader"
	s.AddClient(clientID, secret, simulator.PermissionReadKeys)
	as := strings.NewReplacer(simulator.DefaultSecret, secret, simulator.DefaultClientID, clientID)
	missing := regexp.MustCompile(`(?s)Permission missing.*lack the permission to read\s+roles`)
	scenario(t,
		resource.TestStep{Config: as.Replace(s.Config(`data "streamkap_roles" "test" {}`)), ExpectError: missing},
		resource.TestStep{Config: as.Replace(s.Config("data \"streamkap_role\" \"test\" {\nkey = \"admin\"\n}")), ExpectError: missing},
	)
}
