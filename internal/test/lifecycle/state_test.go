// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"cmp"
	"encoding/json"
	"maps"
	"net/netip"
	"slices"
	"strings"

	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// resourceState is a state in plain values.
type resourceState struct {
	ID             string             `json:"id"`
	Name           string             `json:"name"`
	Description    *string            `json:"description"`
	Status         string             `json:"status"`
	ServiceID      string             `json:"service_id"`
	CreatedAt      string             `json:"created_at"`
	RoleIDs        []string           `json:"role_ids"`
	PermissionIDs  []string           `json:"permission_ids"`
	Recipients     []string           `json:"secret_recipients"`
	API            *apiState          `json:"api"`
	Kafka          *kafkaState        `json:"kafka"`
	MCP            *mcpBlock          `json:"mcp"`
	CredentialJSON string             `json:"credential_json"`
	Timeouts       map[string]*string `json:"timeouts"`
	tainted        bool
}

// apiState and kafkaState have secrets in clear or encrypted.
type apiState struct {
	ClientID  string `json:"client_id"`
	Secret    string `json:"client_secret"`
	Encrypted string `json:"encrypted_client_secret"`
}

type kafkaState struct {
	Username          string          `json:"username"`
	Password          string          `json:"password"`
	Encrypted         string          `json:"encrypted_password"`
	Version           json.Number     `json:"password_wo_version"`
	WhitelistIPs      []string        `json:"whitelist_ips"`
	SchemaRegistry    bool            `json:"schema_registry"`
	ACL               []simulator.ACL `json:"acl"`
	BootstrapServers  string          `json:"bootstrap_servers"`
	SchemaRegistryURL string          `json:"schema_registry_url"`
}

// stateOf reads a state.
func stateOf(o *object) *resourceState {
	if o == nil {
		return nil
	}
	data, err := ctyjson.Marshal(o.value, resourceSchema.implied)
	if err != nil {
		panic(err)
	}
	h := &resourceState{tainted: o.tainted}
	fromJSON(data, h)
	return h
}

func (h *resourceState) scope() scope { return h.MCP.scope() }

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

func (h *resourceState) mayTimeOut() bool {
	return slices.ContainsFunc(slices.Collect(maps.Values(h.Timeouts)), func(timeout *string) bool { return deref(timeout) == "3s" })
}

// hasOtherRules reports whether there are rules that no configuration can hold.
func (h *resourceState) hasOtherRules() bool {
	return h.Kafka != nil && slices.ContainsFunc(h.Kafka.ACL, isOther)
}

// isOther reports whether a rule is for neither a topic nor a group.
func isOther(rule simulator.ACL) bool { return rule.Resource != "TOPIC" && rule.Resource != "GROUP" }

// What means the same is decided here without the provider's code.

func sameTexts(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

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

func (c *configuration) scope() scope { return c.MCP.scope() }

func (m *mcpBlock) scope() scope {
	if m == nil {
		return scope{}
	}
	return newScope(deref(m.ToolProfile), m.AllowedTools, m.BlockedTools)
}

func deref[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}
