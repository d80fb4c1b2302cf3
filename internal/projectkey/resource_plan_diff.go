// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/diagnosis"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

type change struct {
	// patch is the request that changes the key in place.
	patch streamkap.UpdateProjectKeyRequest
	// patched are the attributes that it changes.
	patched []field
	// replaces are the attributes whose change the API can't make, and reasons
	// say why, for people.
	replaces []path.Path
	reasons  []string
	// rotatedBy is the attribute that rotates the Kafka password, and empty
	// where none does.
	rotatedBy path.Path
	// mayRotate and deferred say that what rotates the password, or replaces the
	// key, is not known yet.
	mayRotate, deferred bool
	// adopts says that permissions are taken over that can't be read back.
	adopts bool
	// loosens are the restrictions that are lifted.
	loosens []loosening
}

type loosening struct {
	at       path.Path
	possible string
}

// diff decides what a change is, for the plan that warns of it and for the update that
// makes it. Only the configuration has a write-only password.
func diff(prior, planned, config *Model) change {
	var c change
	c.patch.AddsAPI = !prior.hasAPI() && planned.wantsAPI()
	for _, f := range fields {
		switch about := f.about(); {
		case !f.changes(prior, planned):
		case about.replaces != "":
			unknown := f.unknown(planned)
			c.deferred = c.deferred || unknown
			c.replace(about.at(), notYet(about.name, unknown)+", and "+about.replaces)
		default:
			f.expandUpdate(&c.patch, planned)
			c.patched = append(c.patched, f)
		}
	}
	c.apiAccess(prior, planned)
	c.kafkaAccess(prior, planned, config)
	c.loosen(prior, planned)
	if status := streamkap.Status(prior.Status.ValueString()); status.Dead() {
		c.replace(path.Root("status"), fmt.Sprintf("its status is %s, and such a key can't be brought back", diagnosis.Quote(status)))
	}
	return c
}

func (c *change) replace(at path.Path, reason string) {
	c.replaces = append(c.replaces, at)
	c.reasons = append(c.reasons, reason)
}

// apiAccess decides what other roles and permissions do: roles change in place,
// permissions can't change, and neither can be removed.
func (c *change) apiAccess(prior, planned *Model) {
	roles, permissions := path.Root("role_ids"), path.Root("permission_ids")
	unknown := !isKnown(planned.PermissionIDs)
	switch {
	case !prior.hasAPI():
	case !prior.PermissionIDs.IsNull():
		if !planned.givesRoles() && !sameStrings(prior.PermissionIDs, planned.PermissionIDs) {
			c.deferred = unknown
			c.replace(permissions, notYet("permission_ids", unknown)+", and Streamkap can't change the permissions of a key")
		}
	case !prior.RoleIDs.IsNull():
		switch {
		case planned.givesRoles():
		case planned.givesPermissions():
			c.replace(permissions, "it changes from role_ids to permission_ids, which Streamkap can't do to an existing key")
		default:
			c.replace(roles, "the configuration has no role_ids, and Streamkap can't take API access away from a key")
		}
	case isGiven(planned.PermissionIDs):
		c.adopts = true
	}
}

// kafkaAccess decides whether Kafka access is added or removed, or its password rotated.
func (c *change) kafkaAccess(prior, planned, config *Model) {
	switch {
	case planned.Kafka.IsUnknown():
	case prior.Kafka.known == nil && planned.Kafka.known != nil:
		c.patch.KafkaConfig = planned.expandCreate(config.password().ValueString()).KafkaConfig
	case prior.Kafka.known != nil && planned.Kafka.known == nil:
		c.replace(kafkaPath, "the configuration has no kafka block, and Streamkap can't take Kafka access away from a key")
	case prior.Kafka.known != nil:
		c.rotation(prior.Kafka.known, planned.Kafka.known)
		if c.rotates() {
			c.patch.KafkaPassword = config.password().ValueString()
		}
	}
}

// rotation decides whether the planned block rotates the password. Removing a password does
// not. Password and version exclude each other, so an unknown one counts as null beside the
// other.
func (c *change) rotation(prior, planned *kafkaModel) {
	for _, by := range []struct {
		name                  string
		absent                bool
		before, after, beside attr.Value
	}{
		{"password", isAbsent(planned.Password), prior.Password, planned.Password, planned.PasswordWOVersion},
		{"password_wo_version", planned.PasswordWOVersion.IsNull(), prior.PasswordWOVersion, planned.PasswordWOVersion, planned.Password},
	} {
		if !c.rotates() && !by.absent && !by.after.Equal(by.before) && (!by.after.IsUnknown() || !isGiven(by.beside)) {
			c.rotatedBy, c.mayRotate = kafkaPath.AtName(by.name), by.after.IsUnknown()
		}
	}
}

// rotatingPath is the attribute whose change rotates the password.
func (k *kafkaModel) rotatingPath() path.Path {
	if isAbsent(k.Password) {
		return kafkaPath.AtName("password_wo_version")
	}
	return kafkaPath.AtName("password")
}

// password is the password in either attribute of a configuration, or null.
func (p *Model) password() types.String {
	switch {
	case p.Kafka.known == nil:
		return types.StringNull()
	case !isAbsent(p.Kafka.known.PasswordWO):
		return p.Kafka.known.PasswordWO
	}
	return p.Kafka.known.Password
}

func (c *change) rotates() bool { return len(c.rotatedBy.Steps()) > 0 }

// sendsPassword reports whether the change carries a Kafka password, in either
// kind of request.
func (c *change) sendsPassword() bool {
	return c.patch.KafkaConfig != nil || c.rotates()
}

// loosen notes the restrictions that are lifted. An unknown value lifts none.
func (c *change) loosen(prior, planned *Model) {
	scopeBefore, scopeAfter := prior.scope(), planned.scope()
	if mcp := planned.MCP.known; mcp != nil {
		if mcp.ToolProfile.IsUnknown() {
			scopeAfter.profile = scopeBefore.profile
		}
		if !isKnown(mcp.AllowedTools) {
			scopeAfter.allowed = scopeBefore.allowed
		}
		if !isKnown(mcp.BlockedTools) {
			scopeAfter.blocked = scopeBefore.blocked
		}
	}
	if !planned.MCP.IsUnknown() {
		c.loosenScope(scopeBefore, scopeAfter)
	}
	before, after := prior.Kafka.known, planned.Kafka.known
	if before != nil && after != nil && isKnown(after.WhitelistIPs) && !anyAddress(stringsOf(before.WhitelistIPs)) && anyAddress(stringsOf(after.WhitelistIPs)) {
		c.loosens = append(c.loosens, loosening{
			kafkaPath.AtName("whitelist_ips"), "its Kafka user may connect from any address that Streamkap's platform admits",
		})
	}
}

func anyAddress(addresses []string) bool {
	return len(addresses) == 0 || slices.ContainsFunc(addresses, func(address string) bool {
		prefix, ok := parseAddress(address)
		return ok && prefix.Bits() == 0
	})
}

// profiles are the tool profiles, from the narrowest to the widest.
var profiles = []string{"read-only", "agent-operator", "infra-admin", neutralProfile}

// loosenScope notes the tools that an AI agent may call now and could not before. A list
// of allowed tools is exactly what may be called; without one it is the profile's tools
// minus the blocked ones.
func (c *change) loosenScope(before, after scope) {
	add := func(name, possible string) {
		c.loosens = append(c.loosens, loosening{mcpPath.AtName(name), possible})
	}
	wider := "an AI agent may call every tool"
	if after.profile != "" {
		wider = "an AI agent may call every tool of the profile " + diagnosis.Quote(after.profile)
	}
	if len(after.blocked) > 0 {
		wider += " that is not in blocked_tools"
	}
	switch {
	case len(after.allowed) > 0:
		return
	case len(before.allowed) > 0:
		add("allowed_tools", wider)
		return
	}
	if after.rank() > before.rank() {
		add("tool_profile", wider)
	}
	freed := slices.DeleteFunc(slices.Clone(before.blocked), func(tool string) bool { return slices.Contains(after.blocked, tool) })
	if len(freed) > 0 {
		add("blocked_tools", "an AI agent may call "+diagnosis.Show(strings.Join(freed, ", "))+" where the profile has it")
	}
}

func (s scope) rank() int {
	if s.profile == "" {
		return len(profiles)
	}
	return slices.Index(profiles, s.profile)
}
