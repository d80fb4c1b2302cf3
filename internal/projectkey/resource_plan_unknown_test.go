// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestPlan_UnknownValuesAreNoChange plans a key that exists, with a value that is not known yet.
func TestPlan_UnknownValuesAreNoChange(t *testing.T) {
	const replaced, lifted, rotated, refused, way = "Project key will be replaced", "A restriction will be lifted", "Kafka password will be rotated", "ERROR", "-target=ADDRESS"
	stored := func(more values) values {
		return values{"kafka": with(with(kafkaUser("orders"), values{"schema_registry": false}), more)}
	}
	scoped := func(scope values) values { return values{"mcp": scope} }
	permission := values{"role_ids": nil, "permission_ids": []any{"a"}}
	writeOnly := values{"password": nil, "password_wo_version": 1}
	blocked := scoped(values{"blocked_tools": []any{"a"}})
	for name, test := range map[string]struct {
		prior, config values // what is changed in a key with the role Admin
		replaces      bool
		says, not     []string
	}{
		"permissions beside roles": {config: values{"permission_ids": unknown}, not: []string{replaced, refused}},
		"permissions and roles":    {config: values{"role_ids": unknown, "permission_ids": unknown}, not: []string{replaced, refused}},
		"roles beside permissions that take the place of roles": {
			config: values{"role_ids": unknown, "permission_ids": []any{"a"}}, replaces: true, says: []string{replaced, "it changes from role_ids to permission_ids"},
		},
		"a permission": {
			prior: permission, config: with(permission, values{"permission_ids": []any{unknown}}), replaces: true,
			says: []string{replaced, "its permission_ids are not known yet", way}, not: []string{"permission_ids change"},
		},
		"the username": {
			prior: stored(nil), config: stored(values{"username": unknown}), replaces: true,
			says: []string{replaced, "its kafka.username is not known yet", way}, not: []string{"username changes"},
		},
		"the schema registry": {
			prior: stored(nil), config: stored(values{"schema_registry": unknown}), replaces: true,
			says: []string{replaced, "its kafka.schema_registry is not known yet", way},
		},
		"another username": {
			prior: stored(nil), config: stored(values{"username": "orders-2"}), replaces: true,
			says: []string{"its kafka.username changes"}, not: []string{"not known yet", "-target"},
		},
		"a password": {
			prior: stored(nil), config: stored(values{"password": unknown}),
			says: []string{"Kafka password may be rotated", "The kafka.password of the project key", way}, not: []string{rotated, refused},
		},
		"the version of a password that is not given": {
			prior: stored(writeOnly), config: stored(with(writeOnly, values{"password_wo_version": unknown})),
			says: []string{"Kafka password may be rotated"}, not: []string{rotated, refused},
		},
		"the version beside a password": {prior: stored(nil), config: stored(values{"password_wo_version": unknown}), not: []string{"rotated", refused}},
		"a password beside the version": {prior: stored(writeOnly), config: stored(with(writeOnly, values{"password": unknown})), not: []string{"rotated", refused}},
		"the profile": {
			prior: scoped(values{"tool_profile": "read-only"}), config: scoped(values{"tool_profile": unknown, "blocked_tools": []any{"a"}}), not: []string{lifted},
		},
		"the profile, and no tool is blocked any more": {
			prior: scoped(values{"tool_profile": "read-only", "blocked_tools": []any{"a"}}), config: scoped(values{"tool_profile": unknown}),
			says: []string{lifted, "may call a where the profile has it"}, not: []string{"call every tool"},
		},
		"the blocked tools": {prior: blocked, config: scoped(values{"blocked_tools": unknown}), not: []string{lifted}},
		"a blocked tool":    {prior: blocked, config: scoped(values{"blocked_tools": []any{unknown}}), not: []string{lifted}},
		"the allowed tools": {prior: scoped(values{"allowed_tools": []any{"a"}}), config: scoped(values{"allowed_tools": unknown}), not: []string{lifted}},
		"the addresses": {
			prior: stored(values{"whitelist_ips": []any{"10.0.0.1"}}), config: stored(values{"whitelist_ips": unknown}), not: []string{lifted},
		},
		"an address": {
			prior: stored(values{"whitelist_ips": []any{"10.0.0.1"}}), config: stored(values{"whitelist_ips": []any{unknown, "10.0.0.1"}}), not: []string{lifted},
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			planned := connect(t, s).plan(with(stateOf(seedOrders(s)), test.prior), orders(test.config), nil)
			for _, says := range test.says {
				tells(t, planned.said, says)
			}
			for _, not := range test.not {
				if strings.Contains(planned.said, not) {
					t.Errorf("it says %q: %s", not, planned.said)
				}
			}
			if planned.replaces != test.replaces {
				t.Errorf("it replaces the key: %t", planned.replaces)
			}
		})
	}
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
	const kafkaUnknown, replacement, warned = "ERROR: Kafka access is not known yet", "ERROR: Replacement is not known yet", "WARNING: Block is not known yet"
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
	for name, test := range map[string]struct {
		isNew         bool
		prior, config values // what is changed in a key with the role Admin
		want          string
	}{
		"kafka of a key that has it":               {prior: stored, config: dynamicKafka, want: kafkaUnknown},
		"kafka of a key that has none":             {config: dynamicKafka, want: kafkaUnknown},
		"kafka of a key that is replaced":          {prior: both(stored, failed), config: dynamicKafka, want: kafkaUnknown},
		"kafka of a new key":                       {isNew: true, config: dynamicKafka, want: warned},
		"mcp of a key that exists":                 {config: dynamicScope, want: warned},
		"mcp of a new key":                         {isNew: true, config: dynamicScope, want: warned},
		"mcp of a key that is replaced":            {prior: stored, config: both(renamed, dynamicScope), want: replacement},
		"timeouts of a key that is replaced":       {prior: stored, config: both(renamed, dynamicTimeouts), want: replacement},
		"roles of a failed key":                    {prior: failed, config: laterRoles, want: replacement},
		"roles of a failed key that has kafka":     {prior: both(stored, failed), config: both(stored, laterRoles)},
		"roles of a failed key that has both":      {prior: both(stored, failed), config: both(stored, laterRoles, profiled), want: replacement},
		"roles of a key that stays":                {config: laterRoles},
		"permissions beside roles of a failed key": {prior: failed, config: values{"permission_ids": unknown}},
		"a username in a block that is there":      {isNew: true, config: values{"kafka": kafkaUser(unknown)}},
		"nothing of a key that is replaced":        {prior: stored, config: renamed},
		"permissions of a key with permission only": {
			prior: values{"role_ids": nil, "permission_ids": []any{"a"}}, config: values{"role_ids": nil, "permission_ids": unknown}, want: replacement,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			p := connect(t, s)
			prior, config := with(stateOf(seedOrders(s)), test.prior), orders(test.config)
			if test.isNew {
				prior = nil
			}
			planned := p.plan(prior, config, nil)
			if planned.replaces {
				planned = p.plan(nil, config, planned.private)
			}
			for _, one := range []string{kafkaUnknown, replacement, warned} {
				if strings.Contains(planned.said, one) != (one == test.want) {
					t.Errorf("%q is not as expected, %q: %s", one, test.want, planned.said)
				}
			}
			if test.want != "" {
				tells(t, planned.said, "-target=ADDRESS")
			}
		})
	}
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
