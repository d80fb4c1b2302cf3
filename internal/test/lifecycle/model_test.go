// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// decision is what a configuration has to do to a key, written from the
// documentation and not from the provider's code.
type decision struct {
	kind decisionKind
	// fields are in the PATCH, and clears are the forms in which it clears some.
	fields    map[string]bool
	clears    map[clearForm]bool
	rotates   bool
	takesOver bool
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
	d := decision{kind: untouched, fields: map[string]bool{}, clears: map[clearForm]bool{}}
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
	if c.MCP != nil && h.API == nil && !c.wantsAPI() {
		return decision{kind: refused, why: "scoping without API access"}
	}
	if c.Kafka != nil && h.Kafka == nil && c.password() == "" {
		return decision{kind: refused, why: "Kafka access without a password"}
	}
	d.access(h, c)
	for _, f := range fields {
		d.value(f, h, c)
	}
	d.kafka(h, c)
	if d.rotates && c.password() == "" {
		return decision{kind: refused, why: "a rotation to no password"}
	}
	d.encryptions(h, c)
	maps.DeleteFunc(d.fields, func(_ string, set bool) bool { return !set })
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

// plainStatus is a status in any spelling.
func plainStatus(status string) string {
	return strings.ToLower(strings.NewReplacer(" ", "", "_", "", "-", "").Replace(status))
}

// replacement says why a key has to be replaced, or returns "".
func replacement(h *resourceState, c *configuration) string {
	switch status := plainStatus(h.Status); {
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
	}
	for _, f := range fields {
		if why := f.about().replaces; why != "" && f.differs(&h.configuration, c) {
			return why
		}
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
}

// value decides of an attribute that changes in place.
func (d *decision) value(f field, h *resourceState, c *configuration) {
	about := f.about()
	lacksKafka := about.needsKafka() && (h.Kafka == nil || c.Kafka == nil)
	if about.patch == "" || about.byAccess || lacksKafka || !f.differs(&h.configuration, c) {
		return
	}
	d.fields[about.patch] = true
	if f.isEmpty(c) {
		d.clears[about.clears] = true
	}
}

func (d *decision) kafka(h *resourceState, c *configuration) {
	switch {
	case c.Kafka == nil:
	case h.Kafka == nil:
		d.fields["kafka_config"] = true
	default:
		d.losesRules = d.fields["kafka_acls"] && h.hasOtherRules()
		d.rotates = deref(c.Kafka.Password) != "" && !sameText(c.Kafka.Password, h.Kafka.Password) ||
			c.Kafka.PasswordWOVersion != nil && !identical(c.Kafka.PasswordWOVersion, h.Kafka.PasswordWOVersion)
		d.fields["kafka_password"] = d.rotates
	}
}

// sameForm reports whether a configuration that means what the state says must not
// show in a plan. Another form of an empty value may show, and so may timeouts and
// password arguments, which are configuration only.
func sameForm(h *resourceState, c *configuration) bool {
	return (h.Kafka == nil) == (c.Kafka == nil) && (h.MCP == nil) == (c.MCP == nil) &&
		(h.Timeouts == nil) == (c.Timeouts == nil) && maps.Equal(h.Timeouts, c.Timeouts) &&
		!slices.ContainsFunc(fields, func(f field) bool { return f.showsForm(&h.configuration, c) })
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
	seen := map[rule]bool{}
	for _, acl := range c.Kafka.ACL {
		acl = acl.whole()
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
func shown(form, text string) string {
	switch form {
	case "trimmed":
		return strings.TrimSpace(text)
	case "html-removed":
		return strings.NewReplacer("<", "", ">", "").Replace(regexp.MustCompile(`<[^<>]*>`).ReplaceAllString(text, ""))
	case "html-escaped":
		return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	}
	return text
}
