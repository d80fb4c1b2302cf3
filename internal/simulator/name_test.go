// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestName_TakenInItsProject is about whom a name keeps from using it, where
// names are unique.
func TestName_TakenInItsProject(t *testing.T) {
	unique := simulator.Dialect{SameName: "409"}
	named := with(roleBased(), "name", "n")
	t.Run("a key may keep its name", func(t *testing.T) {
		c := start(t, simulator.Config{Dialect: unique})
		c.want(200, "PATCH", "/project-keys/"+c.create(named), object{"name": "n"})
	})
	t.Run("a change of something else", func(t *testing.T) {
		c := start(t, simulator.Config{Dialect: unique})
		c.server.Seed(simulator.Key{}) // it has no name
		c.want(200, "PATCH", "/project-keys/"+c.create(named), object{"description": "d"})
	})
	t.Run("another project's key has its own", func(t *testing.T) {
		c := start(t, simulator.Config{Dialect: unique})
		c.server.Seed(simulator.Key{Name: "n", ServiceID: "other", RoleIDs: []string{simulator.RoleAdmin}})
		c.create(named)
	})
	t.Run("a key has its name until it is gone", func(t *testing.T) {
		unique := unique
		unique.DeleteTiming = "failed-once"
		c := start(t, simulator.Config{Dialect: unique})
		id := c.create(named)
		c.want(200, "DELETE", "/project-keys/"+id, nil)
		c.refused(409, "POST", "/project-keys", named)
		c.want(200, "DELETE", "/project-keys/"+id, nil)
		c.create(named)
	})
	t.Run("a refused change changes nothing", func(t *testing.T) {
		c := start(t, simulator.Config{Dialect: unique})
		c.create(named)
		id := c.create(with(roleBased(), "name", "m"))
		c.refused(409, "PATCH", "/project-keys/"+id, object{"name": "n", "description": "not saved"})
		if k := c.held(id); k.Name != "m" || k.Description != "" {
			t.Errorf("held: %+v", k)
		}
	})
}

func TestRoleOrder_RoleOutsideTheCatalogueLast(t *testing.T) {
	c := start(t, simulator.Config{})
	k := c.server.Seed(simulator.Key{Name: "n", RoleIDs: []string{"removed", simulator.RoleReadOnly, simulator.RoleAdmin}})
	var order []string
	for _, role := range c.read(k.ID)["roles"].([]any) {
		order = append(order, role.(object)["id"].(string))
	}
	if got, want := strings.Join(order, " "), strings.Join([]string{simulator.RoleAdmin, simulator.RoleReadOnly, "removed"}, " "); got != want {
		t.Errorf("shown in the order %s, want %s", got, want)
	}
}
