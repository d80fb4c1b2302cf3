// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"net/http"
)

// Role is a named set of permissions.
type Role struct {
	ID          string       `json:"id"`
	Key         Text         `json:"key"`
	Name        Text         `json:"name"`
	Description Text         `json:"description"`
	Permissions List[string] `json:"permissions"`
}

func (r *Role) normalize() { r.Key, r.Name = Compose(r.Key), Compose(r.Name) }

// Roles lists the roles that keys can be given. Without the permission to read
// roles the API answers 403, never an empty list. An answer that is no list, or
// has a row without an id, is of [KindInvalidResponse].
func (c *Client) Roles(ctx context.Context) ([]Role, error) {
	var roles []Role
	id := func(role Role) string { return role.ID }
	err := c.do(ctx, call{method: http.MethodGet, path: "/auth/roles"}, decodeRows(&roles, mendRole, id))
	return roles, err
}

// WhoAmI says whom the provider's credentials belong to.
type WhoAmI struct {
	TenantID  string `json:"tenant_id"`
	ServiceID string `json:"service_id"`
	Subject   string `json:"sub"`
	TokenType string `json:"token_type"`
	// ProjectKeyID is empty unless the credentials are a project key's.
	ProjectKeyID Text `json:"project_key_id"`
}

// WhoAmI asks whom the credentials belong to.
func (c *Client) WhoAmI(ctx context.Context) (*WhoAmI, error) {
	who, err := c.askWhoAmI(ctx)
	if err == nil && c.config.ServiceID != "" {
		err = c.compareProject(who, c.config.ServiceID)
	}
	if err != nil {
		return nil, c.shared(err)
	}
	return who, nil
}

func (c *Client) askWhoAmI(ctx context.Context) (*WhoAmI, error) {
	return fetch(ctx, c.send, call{method: http.MethodGet, path: "/auth/whoami"}, func(body []byte, who *WhoAmI) error {
		return decodeObject(body, who, mendWhoAmI)
	})
}
