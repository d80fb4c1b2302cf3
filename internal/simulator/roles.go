// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"net/http"
	"slices"
	"time"
)

// The permissions that the simulator checks. The real service has more of them
// under names of its own.
const (
	PermissionReadKeys  = "project-keys:read"
	PermissionWriteKeys = "project-keys:write"
	PermissionReadRoles = "roles:read"
	// PermissionTenant is what Admin has beyond Data Admin. Nothing here asks
	// for it, but the dialect's granting can.
	PermissionTenant = "tenant:write"
)

// The ids of the roles that a simulator starts with.
const (
	RoleAdmin     = "a0000000-0000-4000-8000-000000000001"
	RoleDataAdmin = "a0000000-0000-4000-8000-000000000002"
	RoleReadOnly  = "a0000000-0000-4000-8000-000000000003"
)

// Role is a set of permissions that a key can be given. The JSON form is that
// of the command's roles files.
type Role struct {
	ID          string   `json:"id"`
	Key         string   `json:"key"`
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Permissions []string `json:"permissions"`
}

// DefaultRoles returns the roles of the guide to project keys: Admin, Data
// Admin and Read Only.
func DefaultRoles() []Role {
	data := []string{PermissionReadKeys, PermissionWriteKeys, PermissionReadRoles}
	all := append(slices.Clone(data), PermissionTenant)
	return []Role{
		{ID: RoleAdmin, Key: "admin", Name: "Admin", Description: "Everything", Permissions: all},
		{ID: RoleDataAdmin, Key: "data-admin", Name: "Data Admin", Description: "Everything about data", Permissions: data},
		{ID: RoleReadOnly, Key: "read-only", Name: "Read Only", Permissions: []string{PermissionReadKeys, PermissionReadRoles}},
	}
}

// rolesSince is the creation time that answers show for every role.
var rolesSince = time.Date(2023, time.November, 7, 5, 31, 56, 0, time.UTC)

// listRoles answers `GET /auth/roles`: a bare array.
func (s *Server) listRoles(a *answer, _ *http.Request, _ *token) {
	roles := make([]object, len(s.cfg.Roles))
	for i, role := range s.cfg.Roles {
		roles[i] = a.view.role(role)
	}
	a.json(http.StatusOK, roles)
}

// role finds a role, and its place in the catalogue. A role that the tenant does
// not have (a seeded key can name one) is shown under its id, after the others.
func (c Config) role(id string) (role Role, at int) {
	at = slices.IndexFunc(c.Roles, func(role Role) bool { return role.ID == id })
	if at < 0 {
		return Role{ID: id, Key: id, Name: id}, len(c.Roles)
	}
	return c.Roles[at], at
}

// permissions is what a key with API access may do: what its roles allow, or
// the permissions themselves.
func (c Config) permissions(k Key) []string {
	permissions := slices.Clone(k.PermissionIDs)
	for _, id := range k.RoleIDs {
		role, _ := c.role(id)
		permissions = append(permissions, role.Permissions...)
	}
	return permissions
}
