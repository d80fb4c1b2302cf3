// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/zclconf/go-cty/cty"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// held is what a state says, in plain values: empty is null.
type held struct {
	id, name, description, status string
	serviceID, createdAt          string
	roles, permissions            []string
	recipients                    []string
	api                           *heldAPI
	kafka                         *heldKafka
	scope                         scope
	scoped                        bool
	credentialJSON                string
	tainted                       bool
	value                         cty.Value
}

// heldAPI and heldKafka have secrets as they are in the state in clear, and as
// they are encrypted.
type heldAPI struct {
	clientID, secret string
	encrypted        string
}

type heldKafka struct {
	username, password string
	encrypted          string
	version            string
	addresses          []string
	registry           bool
	rules              []simulator.ACL
	bootstrap          string
	registryURL        string
}

// scope is what an agent may do, in one form for all that means the same.
type scope struct {
	profile          string
	allowed, blocked []string
}

func newScope(profile string, allowed, blocked []string) scope {
	if profile == "full" {
		profile = ""
	}
	return scope{profile, slices.Sorted(slices.Values(allowed)), slices.Sorted(slices.Values(blocked))}
}

func (s scope) equal(other scope) bool {
	return s.profile == other.profile && slices.Equal(s.allowed, other.allowed) && slices.Equal(s.blocked, other.blocked)
}

// read takes a state apart.
func read(o *object) *held {
	if o == nil {
		return nil
	}
	v := o.value
	h := &held{
		id: str(v, "id"), name: str(v, "name"), description: str(v, "description"), status: str(v, "status"),
		serviceID: str(v, "service_id"), createdAt: str(v, "created_at"),
		roles: strs(v, "role_ids"), permissions: strs(v, "permission_ids"), recipients: strs(v, "secret_recipients"),
		credentialJSON: str(v, "credential_json"), tainted: o.tainted, value: v,
	}
	if api := v.GetAttr("api"); !api.IsNull() {
		h.api = &heldAPI{str(api, "client_id"), str(api, "client_secret"), str(api, "encrypted_client_secret")}
	}
	if mcp := v.GetAttr("mcp"); !mcp.IsNull() {
		h.scoped = true
		h.scope = newScope(str(mcp, "tool_profile"), strs(mcp, "allowed_tools"), strs(mcp, "blocked_tools"))
	}
	if k := v.GetAttr("kafka"); !k.IsNull() {
		h.kafka = &heldKafka{
			username: str(k, "username"), password: str(k, "password"), encrypted: str(k, "encrypted_password"), addresses: strs(k, "whitelist_ips"),
			bootstrap: str(k, "bootstrap_servers"), registryURL: str(k, "schema_registry_url"),
		}
		if registry := k.GetAttr("schema_registry"); !registry.IsNull() {
			h.kafka.registry = registry.True()
		}
		if version := k.GetAttr("password_wo_version"); !version.IsNull() {
			h.kafka.version = version.AsBigFloat().String()
		}
		if acl := k.GetAttr("acl"); !acl.IsNull() {
			for _, r := range acl.AsValueSlice() {
				h.kafka.rules = append(h.kafka.rules, simulator.ACL{
					Name: str(r, "name"), Resource: str(r, "resource"), Operation: str(r, "operation"), PatternType: str(r, "pattern_type"),
				})
			}
		}
	}
	return h
}

func str(v cty.Value, name string) string {
	if inner := v.GetAttr(name); !inner.IsNull() {
		return inner.AsString()
	}
	return ""
}

func strs(v cty.Value, name string) []string {
	inner := v.GetAttr(name)
	if inner.IsNull() {
		return nil
	}
	items := []string{}
	for _, item := range inner.AsValueSlice() {
		items = append(items, item.AsString())
	}
	return items
}

// hasOtherRules reports whether the key has rules that no configuration can hold.
func (h *held) hasOtherRules() bool {
	return h.kafka != nil && slices.ContainsFunc(h.kafka.rules, isOther)
}

// isOther reports whether a rule is for neither a topic nor a group.
func isOther(rule simulator.ACL) bool { return rule.Resource != "TOPIC" && rule.Resource != "GROUP" }

// What means the same, written apart from the provider's own notion of it.

func sameTexts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

// The same rule twice allows what it allows once.
func sameRules(a, b []simulator.ACL) bool {
	set := func(rules []simulator.ACL) map[simulator.ACL]bool {
		found := map[simulator.ACL]bool{}
		for _, r := range rules {
			found[r] = true
		}
		return found
	}
	return maps.Equal(set(a), set(b))
}

func sameAddresses(a, b []string) bool {
	networks := func(items []string) []netip.Prefix {
		var list []netip.Prefix
		for _, item := range items {
			if !strings.Contains(item, "/") {
				item += "/32"
			}
			prefix := netip.MustParsePrefix(strings.TrimSpace(item)).Masked()
			if !slices.Contains(list, prefix) {
				list = append(list, prefix)
			}
		}
		slices.SortFunc(list, func(a, b netip.Prefix) int { return cmp.Compare(a.String(), b.String()) })
		return list
	}
	return slices.Equal(networks(a), networks(b))
}

func (c *configuration) acls() []simulator.ACL {
	if c.Kafka == nil {
		return nil
	}
	var list []simulator.ACL
	for _, r := range c.Kafka.ACL {
		acl := simulator.ACL{Name: r.Name, Resource: "TOPIC", Operation: r.Operation, PatternType: "LITERAL"}
		if r.Resource != nil {
			acl.Resource = *r.Resource
		}
		if r.PatternType != nil {
			acl.PatternType = *r.PatternType
		}
		list = append(list, acl)
	}
	return list
}

func (c *configuration) scope() scope {
	if c.MCP == nil {
		return scope{}
	}
	return newScope(deref(c.MCP.ToolProfile), c.MCP.AllowedTools, c.MCP.BlockedTools)
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
