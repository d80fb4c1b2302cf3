// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// warnOfWayAround tells of a role with which an AI agent can step around its
// scope: the scope holds at the MCP server only, and whoever can write project
// keys makes one that has none. A key that has had both is not told again.
func (p *Preflight) warnOfWayAround(planned, prior *parts, diags *diag.Diagnostics) {
	if planned.scope().neutral() {
		return
	}
	had := func(id types.String) bool {
		return prior != nil && prior.scope().equal(planned.scope()) && slices.Contains(texts(prior.RoleIDs), id.ValueString())
	}
	for _, element := range planned.RoleIDs.Elements() {
		id, ok := element.(types.String)
		i := slices.IndexFunc(p.known.roles, func(role streamkap.Role) bool { return strings.EqualFold(role.ID, id.ValueString()) })
		if !ok || i < 0 || had(id) {
			continue
		}
		role := p.known.roles[i]
		if n := slices.IndexFunc(role.Permissions, writesKeys); n >= 0 {
			diags.AddAttributeWarning(path.Root("role_ids").AtSetValue(element), "Role can step around the scope", fmt.Sprintf(
				"The mcp block of project key %q limits what an AI agent can do through the MCP server. Its role %q has the permission %q, with which the agent can call "+
					"the API itself, to make a key that has no scope or to lift its own. Give the key a role that cannot write project keys.",
				planned.Name.ValueString(), diagnosis.Show(role.Name), diagnosis.Show(role.Permissions[n])))
		}
	}
}

var (
	nameOfKeys  = regexp.MustCompile(`project[^a-z]*keys?`)
	verbOfWrite = regexp.MustCompile(`(^|[^a-z])(write|create|update|edit|delete|manage|admin|all)($|[^a-z])|\*`)
)

// writesKeys reports whether a permission is one to make or change project
// keys. The contract gives no spelling of permissions, so this is one that
// names them beside a verb that writes, or that is everything.
func writesKeys(permission string) bool {
	permission = strings.ToLower(permission)
	return permission == "*" || nameOfKeys.MatchString(permission) && verbOfWrite.MatchString(nameOfKeys.ReplaceAllString(permission, " "))
}
