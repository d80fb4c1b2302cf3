// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// fields are all attributes that a configuration can give, but the timeouts. What roles
// and permissions mean together, what rotates a password, and what recipients change, is
// decided in model_test.go besides.
var fields = []field{
	attributeOf[string]{
		facts: facts{path: "name", patch: "name"},
		in:    func(c *configuration) *string { return &c.Name },
		drawn: func(g *generator) string {
			return pick(g, "orders", "orders", "Orders & more", strings.Repeat("n", 100))
		},
		samples: [2]string{"orders", "renamed"},
		held:    direct(func(k *simulator.Key) *string { return &k.Name }), elsewhere: "renamed elsewhere",
	},
	attributeOf[*string]{
		facts:   facts{path: "description", patch: "description", clears: byEmpty},
		in:      func(c *configuration) **string { return &c.Description },
		form:    identical[string],
		drawn:   func(g *generator) *string { return new(pick(g, descriptions...)) },
		samples: [2]*string{new("plain"), new("<b>bold</b> & more")},
		same:    sameText,
		held:    orNil(func(k *simulator.Key) *string { return &k.Description }), elsewhere: new("described <elsewhere>"),
	},
	attributeOf[[]string]{
		facts:   facts{path: "role_ids", patch: "role_ids", byAccess: true},
		in:      func(c *configuration) *[]string { return &c.RoleIDs },
		samples: [2][]string{roles[:1], roles[1:]},
		same:    sameTexts,
		held: &member[[]string]{
			get: func(k *simulator.Key) []string { return k.RoleIDs },
			set: func(k *simulator.Key, ids []string) { k.RoleIDs, k.PermissionIDs = ids, nil },
		},
		elsewhere: roles[2:],
	},
	attributeOf[[]string]{
		facts: facts{path: "permission_ids", byAccess: true, untold: true},
		in:    func(c *configuration) *[]string { return &c.PermissionIDs },
		same:  sameTexts,
		held: &member[[]string]{
			get: func(k *simulator.Key) []string { return k.PermissionIDs },
			set: func(k *simulator.Key, ids []string) { k.RoleIDs, k.PermissionIDs = nil, ids },
		},
		elsewhere: []string{"elsewhere:read"},
	},
	attributeOf[[]string]{
		facts:   facts{path: "secret_recipients", untold: true, fixed: "no key has them"},
		in:      func(c *configuration) *[]string { return &c.Recipients },
		form:    sameTexts,
		drawn:   func(g *generator) []string { return subset(g, recipients...) },
		samples: [2][]string{recipients, recipients[:1]},
		same:    sameTexts,
	},
	attributeOf[string]{
		facts: facts{path: "kafka.username", replaces: "its Kafka user is named differently", fixed: "nobody can rename a Kafka user, but it may be shown in upper case"},
		in:    func(c *configuration) *string { return &c.Kafka.Username },
		drawn: func(g *generator) string { return pick(g, "orders-consumer", "abc", "a-2") },
		same:  strings.EqualFold,
		held:  direct(func(k *simulator.Key) *string { return &k.KafkaUsername }),
	},
	attributeOf[*string]{
		facts: facts{path: "kafka.password", untold: true, fixed: notShown},
		in:    func(c *configuration) **string { return &c.Kafka.Password },
		form:  identical[string],
	},
	attributeOf[*string]{
		facts: facts{path: "kafka.password_wo", untold: true, fixed: notShown},
		in:    func(c *configuration) **string { return &c.Kafka.PasswordWO },
	},
	attributeOf[*int64]{
		facts: facts{path: "kafka.password_wo_version", untold: true, fixed: "no key has one"},
		in:    func(c *configuration) **int64 { return &c.Kafka.PasswordWOVersion },
		form:  identical[int64],
	},
	attributeOf[[]string]{
		facts:   facts{path: "kafka.whitelist_ips", patch: "whitelist_ips", clears: byEmpty},
		in:      func(c *configuration) *[]string { return &c.Kafka.WhitelistIPs },
		drawn:   func(g *generator) []string { return subset(g, addresses...) },
		samples: [2][]string{addresses[:2], addresses[2:]},
		same:    sameAddresses,
		held:    direct(func(k *simulator.Key) *[]string { return &k.WhitelistIPs }), elsewhere: []string{"9.9.9.9"},
	},
	attributeOf[*bool]{
		facts: facts{path: "kafka.schema_registry", replaces: "its schema registry comes or goes", fixed: "nobody can add or remove a registry"},
		in:    func(c *configuration) **bool { return &c.Kafka.SchemaRegistry },
		drawn: func(g *generator) *bool { return new(g.chance(50)) }, samples: [2]*bool{new(true)},
		// Left out, it stays as it is.
		same: func(before, after *bool) bool { return after == nil || before != nil && *before == *after },
		held: &member[*bool]{get: func(k *simulator.Key) *bool { return &k.SchemaRegistry }},
	},
	attributeOf[[]rule]{
		facts:   facts{path: "kafka.acl", patch: "kafka_acls", clears: byEmpty},
		in:      func(c *configuration) *[]rule { return &c.Kafka.ACL },
		drawn:   func(g *generator) []rule { return subset(g, rules...) },
		samples: [2][]rule{rules[:2], rules[1:4]},
		same:    sameRules,
		held: &member[[]rule]{
			get: func(k *simulator.Key) (list []rule) {
				for _, acl := range k.ACLs {
					list = append(list, rule(acl))
				}
				return list
			},
			set: func(k *simulator.Key, list []rule) {
				k.ACLs = nil
				for _, r := range list {
					k.ACLs = append(k.ACLs, simulator.ACL(r.whole()))
				}
			},
		},
		elsewhere: []rule{{Name: "elsewhere", Operation: "ALL"}},
	},
	attributeOf[*string]{
		facts:   facts{path: "mcp.tool_profile", patch: "tool_profile", clears: byNull},
		in:      func(c *configuration) **string { return &c.MCP.ToolProfile },
		form:    identical[string],
		drawn:   func(g *generator) *string { return new(pick(g, "full", "read-only", "agent-operator", "infra-admin")) },
		samples: [2]*string{new("read-only"), new("agent-operator")},
		same: func(before, after *string) bool {
			return strings.TrimPrefix(deref(before), "full") == strings.TrimPrefix(deref(after), "full")
		},
		held: orNil(func(k *simulator.Key) *string { return &k.ToolProfile }), elsewhere: new("infra-admin"),
	},
	toolsOf("allowed_tools", func(m *mcpBlock) *[]string { return &m.AllowedTools }, func(k *simulator.Key) *[]string { return &k.AllowedTools }),
	toolsOf("blocked_tools", func(m *mcpBlock) *[]string { return &m.BlockedTools }, func(k *simulator.Key) *[]string { return &k.BlockedTools }),
}

const notShown = "no answer shows a password, and the drifts of the whole key have it"

func toolsOf(name string, in func(*mcpBlock) *[]string, held func(*simulator.Key) *[]string) field {
	return attributeOf[[]string]{
		facts:   facts{path: "mcp." + name, patch: name, clears: byNull},
		in:      func(c *configuration) *[]string { return in(c.MCP) },
		drawn:   func(g *generator) []string { return subset(g, tools...) },
		samples: [2][]string{tools[:2], tools[1:]},
		same:    sameTexts,
		held:    direct(held), elsewhere: []string{"elsewhere"},
	}
}
