// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// decision is what a configuration has to do to a key, written from the
// documentation and not from the provider's code.
type decision struct {
	kind decisionKind
	// fields are in the PATCH, and clears are those that it clears.
	fields, clears map[string]bool
	rotates        bool
	takesOver      bool
	// losesRules says that the plan has to warn of rules that can't be added again.
	losesRules bool
	// unrequestedAPI says that the plan has to warn of API access that is not
	// configured.
	unrequestedAPI bool
	// wasInClear and keepsCiphertext say that the plan has to warn of secrets in clear
	// in earlier states, and of those that stay encrypted to earlier recipients.
	wasInClear, keepsCiphertext bool
	// sameForm says that the configuration differs from the state in nothing that a
	// plan may show.
	sameForm bool
	why      string
}

type decisionKind string

const (
	refused   decisionKind = "refused"
	created   decisionKind = "created"
	replaced  decisionKind = "replaced"
	inPlace   decisionKind = "changed in place"
	untouched decisionKind = "left alone"
)

func decide(h *resourceState, c *configuration, force bool) decision {
	d := decision{kind: untouched, fields: map[string]bool{}, clears: map[string]bool{}}
	if why := invalid(c); why != "" {
		return decision{kind: refused, why: why}
	}
	if h == nil {
		d.kind, d.why = created, "there is none"
		return refuseNew(d, c)
	}
	why := replacement(h, c)
	if why == "" && force {
		why = "it is to be replaced"
	}
	if why != "" {
		d.kind, d.why, d.losesRules = replaced, why, h.hasOtherRules()
		return refuseNew(d, c)
	}
	d.access(h, c)
	if c.MCP != nil && h.API == nil && !c.wantsAPI() {
		return decision{kind: refused, why: "scoping without API access"}
	}
	if c.Kafka != nil && h.Kafka == nil && c.password() == "" {
		return decision{kind: refused, why: "Kafka access without a password"}
	}
	d.values(h, c)
	d.change("description", deref(h.Description) == deref(c.Description), deref(c.Description) == "")
	if c.Kafka != nil {
		d.kafka(h, c)
	}
	if d.rotates && c.password() == "" {
		return decision{kind: refused, why: "a rotation to no password"}
	}
	d.encryptions(h, c)
	if len(d.fields) > 0 {
		d.kind = inPlace
	}
	d.sameForm = len(d.fields) == 0 && !d.takesOver && sameForm(h, c)
	return d
}

// refuseNew refuses a new key that can't be made.
func refuseNew(d decision, c *configuration) decision {
	switch {
	case c.Kafka != nil && c.password() == "":
		return decision{kind: refused, why: "Kafka access without a password"}
	case c.MCP != nil && !c.wantsAPI():
		return decision{kind: refused, why: "scoping without API access"}
	}
	return d
}

// replacement says why a key has to be replaced, or returns "".
func replacement(h *resourceState, c *configuration) string {
	switch status := strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(h.Status)); {
	case h.tainted:
		return "it is tainted"
	case status == "failed", status == "deletefailed", status == "deleting":
		return "its status is " + h.Status
	case h.PermissionIDs != nil && c.RoleIDs == nil && !sameTexts(h.PermissionIDs, c.PermissionIDs):
		return "its permissions change"
	case h.RoleIDs != nil && c.RoleIDs == nil:
		return "its roles are gone from the configuration"
	case h.Kafka == nil:
		return ""
	case c.Kafka == nil:
		return "its Kafka access is gone from the configuration"
	case !strings.EqualFold(h.Kafka.Username, c.Kafka.Username):
		return "its Kafka user is named differently"
	case c.Kafka.SchemaRegistry != nil && *c.Kafka.SchemaRegistry != h.Kafka.SchemaRegistry:
		return "its schema registry comes or goes"
	}
	return ""
}

func (d *decision) access(h *resourceState, c *configuration) {
	switch {
	case c.RoleIDs != nil:
		d.fields["role_ids"] = h.API == nil || !sameTexts(h.RoleIDs, c.RoleIDs)
	case c.PermissionIDs != nil && h.API == nil:
		d.fields["permission_ids"] = true
	case c.PermissionIDs != nil && h.PermissionIDs == nil:
		d.takesOver = true
	case c.PermissionIDs == nil:
		d.unrequestedAPI = h.API != nil
	}
	d.drop()
}

func (d *decision) values(h *resourceState, c *configuration) {
	d.fields["name"] = h.Name != c.Name
	before, after := h.scope(), c.scope()
	d.change("tool_profile", before.profile == after.profile, after.profile == "" && (c.MCP == nil || c.MCP.ToolProfile == nil))
	d.change("allowed_tools", slices.Equal(before.allowed, after.allowed), len(after.allowed) == 0)
	d.change("blocked_tools", slices.Equal(before.blocked, after.blocked), len(after.blocked) == 0)
	d.drop()
}

func (d *decision) kafka(h *resourceState, c *configuration) {
	if h.Kafka == nil {
		d.fields["kafka_config"] = true
		return
	}
	d.change("kafka_acls", sameRules(h.Kafka.ACL, c.acls()), len(c.Kafka.ACL) == 0)
	d.change("whitelist_ips", sameAddresses(h.Kafka.WhitelistIPs, c.Kafka.WhitelistIPs), len(c.Kafka.WhitelistIPs) == 0)
	d.losesRules = d.fields["kafka_acls"] && h.hasOtherRules()
	d.rotates = deref(c.Kafka.Password) != "" && *c.Kafka.Password != h.Kafka.Password ||
		c.Kafka.PasswordWOVersion != nil && versionOf(c.Kafka) != h.Kafka.Version
	d.fields["kafka_password"] = d.rotates
	d.drop()
}

func (d *decision) change(field string, same, clears bool) {
	if !same {
		d.fields[field] = true
		if clears {
			d.clears[field] = true
		}
	}
}

func (d *decision) drop() { maps.DeleteFunc(d.fields, func(_ string, set bool) bool { return !set }) }

// sameForm reports whether a configuration that means what the state says must not
// show in a plan. Another form of an empty value may show, and so may timeouts and
// password arguments, which are configuration only.
func sameForm(h *resourceState, c *configuration) bool {
	timeouts := map[string]*string{"create": nil, "read": nil, "update": nil, "delete": nil}
	for name, duration := range c.Timeouts {
		timeouts[name] = &duration
	}
	equal := func(a, b *string) bool { return (a == nil) == (b == nil) && deref(a) == deref(b) }
	switch {
	case (h.Description == nil) != (c.Description == nil), !sameTexts(h.Recipients, publicKeys(c.Recipients)),
		(h.MCP == nil) != (c.MCP == nil), c.MCP != nil && deref(h.MCP.ToolProfile) != deref(c.MCP.ToolProfile),
		(h.Timeouts == nil) != (c.Timeouts == nil), c.Timeouts != nil && !maps.EqualFunc(h.Timeouts, timeouts, equal):
		return false
	case c.Kafka == nil, h.Kafka == nil:
		return (c.Kafka == nil) == (h.Kafka == nil)
	}
	return deref(c.Kafka.Password) == h.Kafka.Password && versionOf(c.Kafka) == h.Kafka.Version
}

var username = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,22}[a-z0-9]$`)

// invalid says why a configuration is refused whatever the state is.
func invalid(c *configuration) string {
	switch {
	case c.RoleIDs != nil && c.PermissionIDs != nil:
		return "roles and permissions"
	case c.RoleIDs == nil && c.PermissionIDs == nil && c.Kafka == nil:
		return "nothing to give access to"
	case slices.Contains(c.Recipients, "nobody"):
		return "recipient"
	case c.Kafka == nil:
		return ""
	case !username.MatchString(c.Kafka.Username):
		return "username"
	case deref(c.Kafka.Password) != "" && len(*c.Kafka.Password) < 12:
		return "password"
	case deref(c.Kafka.Password) != "" && c.Recipients != nil:
		return "a password in clear beside recipients"
	}
	for _, address := range c.Kafka.WhitelistIPs {
		if strings.Contains(address, ":") {
			return "address"
		}
	}
	seen := map[simulator.ACL]bool{}
	for _, acl := range c.acls() {
		if seen[acl] {
			return "the same rule twice"
		}
		seen[acl] = true
		if acl.Resource == "GROUP" && !slices.Contains([]string{"DELETE", "DESCRIBE", "READ"}, acl.Operation) {
			return "operation"
		}
	}
	return ""
}

// shown is a description as the service shows it.
func shown(form simulator.DescriptionForm, text string) string {
	switch form {
	case simulator.DescriptionTrimmed:
		return strings.TrimSpace(text)
	case simulator.DescriptionHTMLRemoved:
		return strings.NewReplacer("<", "", ">", "").Replace(regexp.MustCompile(`<[^<>]*>`).ReplaceAllString(text, ""))
	case simulator.DescriptionHTMLEscaped:
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	}
	return text
}
