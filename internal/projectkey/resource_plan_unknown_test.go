// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"maps"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestPlan_UnknownValuesAreNoChange plans a key that exists, with a value that is not known yet.
func TestPlan_UnknownValuesAreNoChange(t *testing.T) {
	const (
		replaced = "Project key will be replaced"
		lifted   = "A restriction will be lifted at mcp.blocked_tools"
		warned   = "Block is not known yet at mcp"
		perhaps  = "Kafka password may be rotated at kafka."
		way      = "-target=ADDRESS"
	)
	stored := func(more values) values {
		return values{"kafka": with(with(kafkaUser("orders"), values{"schema_registry": false}), more)}
	}
	scoped := func(scope values) values { return values{"mcp": scope} }
	permission := values{"role_ids": nil, "permission_ids": []any{"a"}}
	writeOnly := values{"password": nil, "password_wo_version": 1}
	blocked := scoped(values{"blocked_tools": []any{"a"}})
	plans(t, map[string]planning{
		"permissions beside roles": {config: values{"permission_ids": unknown}},
		"permissions and roles":    {config: values{"role_ids": unknown, "permission_ids": unknown}},
		"roles beside permissions that take the place of roles": {
			config: values{"role_ids": unknown, "permission_ids": []any{"a"}}, replaces: true,
			heads: []string{replaced}, says: []string{"it changes from role_ids to permission_ids"},
		},
		"a permission": {
			prior: permission, config: with(permission, values{"permission_ids": []any{unknown}}), replaces: true,
			heads: []string{replaced}, says: []string{"its permission_ids are not known yet", way},
		},
		"the username": {
			prior: stored(nil), config: stored(values{"username": unknown}), replaces: true,
			heads: []string{replaced}, says: []string{"its kafka.username is not known yet", way},
		},
		"the schema registry": {
			prior: stored(nil), config: stored(values{"schema_registry": unknown}), replaces: true,
			heads: []string{replaced}, says: []string{"its kafka.schema_registry is not known yet", way},
		},
		"another username": {
			prior: stored(nil), config: stored(values{"username": "orders-2"}), replaces: true,
			heads: []string{replaced}, says: []string{"its kafka.username changes"},
		},
		"a password": {
			prior: stored(nil), config: stored(values{"password": unknown}),
			heads: []string{perhaps + "password"}, says: []string{"The kafka.password of the project key", way},
		},
		"the version of a password that is not given": {
			prior: stored(writeOnly), config: stored(with(writeOnly, values{"password_wo_version": unknown})),
			heads: []string{"Kafka password may be missing at kafka.password_wo_version", perhaps + "password_wo_version"},
		},
		"the version beside a password": {prior: stored(nil), config: stored(values{"password_wo_version": unknown})},
		"a password beside the version": {prior: stored(writeOnly), config: stored(with(writeOnly, values{"password": unknown}))},
		"the profile": {
			prior: scoped(values{"tool_profile": "read-only"}), config: scoped(values{"tool_profile": unknown, "blocked_tools": []any{"a"}}),
		},
		"the profile, and no tool is blocked any more": {
			prior: scoped(values{"tool_profile": "read-only", "blocked_tools": []any{"a"}}), config: scoped(values{"tool_profile": unknown}),
			heads: []string{warned, lifted}, says: []string{"may call a where the profile has it"},
		},
		"the blocked tools": {prior: blocked, config: scoped(values{"blocked_tools": unknown}), heads: []string{warned}},
		"a blocked tool":    {prior: blocked, config: scoped(values{"blocked_tools": []any{unknown}})},
		"the allowed tools": {prior: scoped(values{"allowed_tools": []any{"a"}}), config: scoped(values{"allowed_tools": unknown}), heads: []string{warned}},
		"the addresses": {
			prior: stored(values{"whitelist_ips": []any{"10.0.0.1"}}), config: stored(values{"whitelist_ips": unknown}),
		},
		"an address": {
			prior: stored(values{"whitelist_ips": []any{"10.0.0.1"}}), config: stored(values{"whitelist_ips": []any{unknown, "10.0.0.1"}}),
		},
	})
}

// unsure is a dynamic block whose for_each is not known yet, as Terraform hands
// it over: whatever is written in it is unknown.
func unsure(block string, given ...string) values {
	attributes := values{}
	if block == "kafka" {
		attributes["acl"] = []any{}
	}
	for _, attribute := range given {
		attributes[attribute] = unknown
	}
	return values{block: attributes}
}

// TestPlan_BlocksThatMayBeAbsent plans blocks of which nothing is known yet.
func TestPlan_BlocksThatMayBeAbsent(t *testing.T) {
	const kafkaUnknown, replaced = "ERROR: Kafka access is not known yet at kafka", "Project key will be replaced"
	way := []string{"-target=ADDRESS"}
	refused := func(at string) []string { return []string{replaced, "ERROR: Replacement is not known yet at " + at} }
	warned := func(at string) []string { return []string{"Block is not known yet at " + at} }
	both := func(changes ...values) values {
		all := values{}
		for _, change := range changes {
			maps.Copy(all, change)
		}
		return all
	}
	stored, renamed := values{"kafka": kafkaUser("orders")}, values{"kafka": kafkaUser("orders-2")}
	dynamicKafka, dynamicScope, dynamicTimeouts := unsure("kafka", "username", "password"), unsure("mcp", "tool_profile"), unsure("timeouts", "create")
	laterRoles, failed, profiled := values{"role_ids": unknown}, values{"status": "failed"}, values{"mcp": values{"tool_profile": "read-only"}}
	plans(t, map[string]planning{
		"kafka of a key that has it":               {prior: stored, config: dynamicKafka, heads: []string{kafkaUnknown}, says: way},
		"kafka of a key that has none":             {config: dynamicKafka, heads: []string{kafkaUnknown}, says: way},
		"kafka of a key that is replaced":          {prior: both(stored, failed), config: dynamicKafka, heads: []string{kafkaUnknown}, says: way},
		"kafka of a new key":                       {isNew: true, config: dynamicKafka, heads: warned("kafka"), says: way},
		"mcp of a key that exists":                 {config: dynamicScope, heads: warned("mcp"), says: way},
		"mcp of a new key":                         {isNew: true, config: dynamicScope, heads: warned("mcp"), says: way},
		"mcp of a key that is replaced":            {prior: stored, config: both(renamed, dynamicScope), replaces: true, heads: refused("mcp"), says: way},
		"timeouts of a key that is replaced":       {prior: stored, config: both(renamed, dynamicTimeouts), replaces: true, heads: refused("timeouts"), says: way},
		"roles of a failed key":                    {prior: failed, config: laterRoles, replaces: true, heads: refused("role_ids"), says: way},
		"roles of a failed key that has kafka":     {prior: both(stored, failed), config: both(stored, laterRoles), replaces: true, heads: []string{replaced}},
		"roles of a failed key that has both":      {prior: both(stored, failed), config: both(stored, laterRoles, profiled), replaces: true, heads: refused("role_ids"), says: way},
		"roles of a key that stays":                {config: laterRoles},
		"permissions beside roles of a failed key": {prior: failed, config: values{"permission_ids": unknown}, replaces: true, heads: []string{replaced}},
		"a username in a block that is there":      {isNew: true, config: values{"kafka": kafkaUser(unknown)}},
		"nothing of a key that is replaced":        {prior: stored, config: renamed, replaces: true, heads: []string{replaced}},
		"permissions of a key with permission only": {
			prior: values{"role_ids": nil, "permission_ids": []any{"a"}}, config: values{"role_ids": nil, "permission_ids": unknown}, replaces: true, heads: refused("permission_ids"), says: way,
		},
	})
}

// TestPlan_ForcedReplacementWithUnsureBlocksRefused covers -replace, replace_triggered_by and taint.
func TestPlan_ForcedReplacementWithUnsureBlocksRefused(t *testing.T) {
	for name, tainted := range map[string]bool{"tainted": true, "forced": false} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			key := seedOrders(s)
			p := connect(t, s)
			config := orders(unsure("mcp", "tool_profile"))
			read := p.read(with(stateOf(key), values{"mcp": values{"tool_profile": "read-only"}}), nil)
			var private []byte
			if !tainted {
				private = p.plan(read.key, config, read.private).private
			}
			tells(t, p.plan(nil, config, private).said, "ERROR: Replacement is not known yet", key.ID)
		})
	}
}

// TestPlan_APIAttributesApartWhereAccessIsCertain has roles, or permissions, that only the apply knows.
func TestPlan_APIAttributesApartWhereAccessIsCertain(t *testing.T) {
	const null, apart, whole = "null", "apart", "unknown as a whole"
	given, kafka, scope := []any{simulator.RoleAdmin}, kafkaUser("orders"), values{"tool_profile": "read-only"}
	for name, test := range map[string]struct {
		config values
		want   string
	}{
		"roles":                           {values{"kafka": kafka, "role_ids": given}, apart},
		"a role of later":                 {values{"kafka": kafka, "role_ids": []any{unknown}}, apart},
		"roles of later":                  {values{"kafka": kafka, "role_ids": unknown}, whole},
		"roles of later, and scope":       {values{"kafka": kafka, "role_ids": unknown, "mcp": scope}, apart},
		"roles of later alone":            {values{"role_ids": unknown}, apart},
		"permissions":                     {values{"kafka": kafka, "permission_ids": given}, apart},
		"permissions of later":            {values{"kafka": kafka, "permission_ids": unknown}, whole},
		"permissions of later alone":      {values{"permission_ids": unknown}, apart},
		"roles beside permissions, later": {values{"kafka": kafka, "role_ids": given, "permission_ids": unknown}, apart},
		"both of later":                   {values{"role_ids": unknown, "permission_ids": unknown}, apart},
		"none":                            {values{"kafka": kafka}, null},
	} {
		config := with(test.config, values{"name": "orders"})
		for which, prior := range map[string]values{"new": nil, "with Kafka access": {"id": "id", "name": "orders", "status": "Active", "kafka": kafka}} {
			if prior != nil && config["kafka"] == nil {
				continue
			}
			t.Run(name+", "+which, func(t *testing.T) {
				planned := connect(t, simulator.New(simulator.Config{})).plan(prior, config, nil)
				got := apart
				switch planned.key["api"] {
				case unknown:
					got = whole
				case nil:
					got = null
				}
				if tells(t, planned.said); got != test.want {
					t.Errorf("access to the API is planned as %s, expected %s", got, test.want)
				}
			})
		}
	}
}
