// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"cmp"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// TestWarn_Changes changes a key with a role and Kafka access in every way that
// somebody may regret.
func TestWarn_Changes(t *testing.T) {
	const (
		replaced  = "Project key will be replaced"
		roles     = "The provider's own roles will change at role_ids"
		rotated   = "Kafka password will be rotated at kafka.password"
		adopted   = "Permissions are taken over unchecked at permission_ids"
		missing   = "Client secret missing at api.client_secret"
		unasked   = "API access is not in the configuration"
		addresses = "A restriction will be lifted at kafka.whitelist_ips"
		others    = "Rules will be removed that can't be added again at kafka.acl"
	)
	topic, cluster := rule("orders", "TOPIC", "READ", "LITERAL"), rule("kafka-cluster", "CLUSTER", "DESCRIBE", "LITERAL")
	block := func(more values) values {
		return values{"kafka": with(values{"username": "orders", "password": keptPassword}, more)}
	}
	rules := func(rules ...any) values { return block(values{"acl": rules}) }
	from := func(addresses ...any) values { return block(values{"whitelist_ips": addresses}) }
	noRoles, renamed := values{"role_ids": nil}, block(values{"username": "another"})
	lost := values{"api": values{"client_id": "client"}}
	rows := map[string]planning{
		"nothing changes":               {},
		"a name":                        {config: values{"name": "another"}, own: true},
		"its own roles":                 {config: values{"role_ids": []any{simulator.RoleReadOnly}}, own: true, heads: []string{roles}},
		"the roles of another key":      {config: values{"role_ids": []any{simulator.RoleReadOnly}}},
		"a password":                    {config: block(values{"password": otherKeptPassword}), heads: []string{rotated}},
		"a password and every address":  {prior: from("10.0.0.1"), config: block(values{"password": otherKeptPassword}), heads: []string{rotated, addresses}},
		"every address":                 {prior: from("10.0.0.1"), config: from("10.0.0.1", "0.0.0.0/0"), heads: []string{addresses}},
		"one more address":              {prior: from("10.0.0.1"), config: from("10.0.0.1", "10.0.0.2")},
		"every address, as before":      {config: from("0.0.0.0/0")},
		"permissions of an import":      {prior: noRoles, config: values{"role_ids": nil, "permission_ids": []any{"p"}}, heads: []string{adopted}},
		"permissions not asked for":     {prior: noRoles, config: noRoles, heads: []string{unasked}},
		"a secret that never arrived":   {prior: lost, heads: []string{missing}},
		"another user, a secret lost":   {prior: lost, config: renamed, replaces: true, heads: []string{replaced}},
		"a rule that no key takes":      {prior: rules(topic, cluster), config: rules(topic), heads: []string{others}, says: []string{"This change removes them."}},
		"another rule in its place":     {prior: rules(cluster), config: rules(topic), heads: []string{others}, says: []string{"ignore_changes = [kafka.acl]"}},
		"such a rule, and another user": {prior: rules(topic, cluster), config: renamed, replaces: true, heads: []string{others, replaced}, says: []string{"DESCRIBE on CLUSTER kafka-cluster (LITERAL)\n\nThe new key will not have them."}},
		"a rule that a key takes":       {prior: rules(topic), config: rules()},
		"another user": {config: renamed, replaces: true, heads: []string{replaced}, says: []string{"will be deleted and created again, because its kafka.username changes, and Streamkap can't rename a Kafka user." +
			"\n\nIts credentials end with it: everything that uses the key has to be given the new ones. " +
			"With create_before_destroy, give the new key another name: Streamkap may refuse a second key of the same name."}},
		"another user and another name": {config: with(renamed, values{"name": "another"}), replaces: true, heads: []string{replaced}, says: []string{"the new ones."}},
		"another user and a later name": {config: with(renamed, values{"name": unknown}), replaces: true, heads: []string{replaced}, says: []string{"the new ones."}},
		"no Kafka access any more, and permissions": {
			config: values{"kafka": nil, "role_ids": nil, "permission_ids": []any{"p"}}, replaces: true, heads: []string{replaced},
			says: []string{"because it changes from role_ids to permission_ids, which Streamkap can't do to an existing key; and because the configuration has no kafka block,"},
		},
	}
	for name, row := range rows {
		row.prior, row.config = with(block(values{"schema_registry": false}), row.prior), with(block(nil), row.config)
		rows[name] = row
	}
	plans(t, rows)
}

// TestWarn_LoosenedScope goes through what lifts a restriction of an AI agent, and what
// only looks like it.
func TestWarn_LoosenedScope(t *testing.T) {
	const every = "an AI agent may call every tool"
	scope := func(profile any, allowed, blocked []any) values {
		scope := values{"tool_profile": profile}
		for name, tools := range map[string][]any{"allowed_tools": allowed, "blocked_tools": blocked} {
			if len(tools) > 0 {
				scope[name] = tools
			}
		}
		return values{"mcp": scope}
	}
	tools := func(tools ...any) []any { return tools }
	restricted, listed := scope("read-only", nil, tools("a")), scope("read-only", tools("a"), nil)
	lifts := func(says string, before, after values, attributes ...string) planning {
		row := planning{prior: before, config: after, says: []string{says}}
		for _, attribute := range attributes {
			row.heads = append(row.heads, "A restriction will be lifted at mcp."+attribute)
		}
		return row
	}
	plans(t, map[string]planning{
		"the block is removed":                lifts(every+".", restricted, nil, "tool_profile", "blocked_tools"),
		"a wider profile":                     lifts(every+` of the profile "infra-admin".`, scope("read-only", nil, nil), scope("infra-admin", nil, nil), "tool_profile"),
		"a narrower profile":                  lifts("", nil, scope("read-only", nil, nil)),
		"one tool less is blocked":            lifts("an AI agent may call a where the profile has it", scope(nil, nil, tools("a", "b")), scope(nil, nil, tools("b")), "blocked_tools"),
		"two tools less are blocked":          lifts("an AI agent may call a, c where", scope(nil, nil, tools("a", "b", "c")), scope(nil, nil, tools("b")), "blocked_tools"),
		"one more tool is blocked":            lifts("", scope(nil, nil, tools("a")), scope(nil, nil, tools("a", "b"))),
		"the list goes":                       lifts(every+` of the profile "read-only".`, listed, scope("read-only", nil, nil), "allowed_tools"),
		"the list goes, with the profile":     lifts(every+".", listed, nil, "allowed_tools"),
		"the list goes, and some are blocked": lifts(every+" that is not in blocked_tools.", listed, scope(nil, nil, tools("b")), "allowed_tools"),
		"it goes for a profile, some blocked": lifts(`of the profile "infra-admin" that is not in blocked_tools.`, listed, scope("infra-admin", nil, tools("b")), "allowed_tools"),
		"a list comes":                        lifts("", nil, scope(nil, tools("a"), nil)),
		"the profile behind such a list":      lifts("", listed, scope(nil, tools("a"), nil)),
		"full in place of none":               lifts("", scope("full", nil, nil), nil),
	})
}

// TestWarn_DestroyOfAKeyInUse also covers what is no time, and clocks that are ahead.
func TestWarn_DestroyOfAKeyInUse(t *testing.T) {
	const month = 30 * 24 * time.Hour
	for name, test := range map[string]struct {
		ago  time.Duration
		at   string
		want string
	}{
		"just now":           {ago: 0, want: "less than a minute ago"},
		"59 s ago":           {ago: 59 * time.Second, want: "less than a minute ago"},
		"in an hour":         {ago: -time.Hour, want: "less than a minute ago"},
		"later than that":    {ago: -time.Hour - time.Second},
		"a minute ago":       {ago: time.Minute, want: "1 minute ago"},
		"nearly two minutes": {ago: 2*time.Minute - time.Second, want: "1 minute ago"},
		"59 minutes ago":     {ago: 59 * time.Minute, want: "59 minutes ago"},
		"an hour ago":        {ago: time.Hour, want: "1 hour ago"},
		"23 hours ago":       {ago: 23 * time.Hour, want: "23 hours ago"},
		"a day ago":          {ago: 24 * time.Hour, want: "1 day ago"},
		"a month ago":        {ago: month, want: "30 days ago"},
		"longer ago":         {ago: month + time.Second},
		"no time":            {at: "lately"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := simulator.New(simulator.Config{})
				key := seedOrders(s)
				at := cmp.Or(test.at, time.Now().Add(-test.ago).Format(time.RFC3339))
				s.Inject(simulator.Fault{Path: "/project-keys/*", Set: fmt.Sprintf(`{"last_used_at": %q}`, at)})
				p := connect(t, s)
				read := p.read(stateOf(key), nil)
				if test.want != "" {
					test.want = "The key was last used " + test.want + ", as far as Streamkap shows; use of Kafka may not count."
				}
				tells(t, p.plan(read.key, nil, read.private).said, test.want)
			})
		})
	}
}

// TestWarn_ReplacementOfAKeyInUse deletes a key that was used lately, and sees who tells of it.
func TestWarn_ReplacementOfAKeyInUse(t *testing.T) {
	const use = "The key was last used 1 hour ago"
	s := simulator.New(simulator.Config{})
	key := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, LastUsedAt: time.Now().Add(-time.Hour)})
	p := connect(t, s)
	read := p.read(stateOf(key), nil)
	// deleted is what is said of the deletion that belongs to a plan for a new key.
	deleted := func(planned answer) string {
		tells(t, planned.said)
		return p.carryOut(stateOf(seedOrders(s)), nil, answer{private: planned.private}).said
	}
	t.Run("tainted", func(t *testing.T) { tells(t, p.plan(nil, orders(nil), nil).said, use) })
	t.Run("forced", func(t *testing.T) {
		tells(t, deleted(p.plan(nil, orders(nil), p.plan(read.key, orders(nil), read.private).private)), use)
	})
	t.Run("planned", func(t *testing.T) {
		planned := p.plan(read.key, values{"name": "orders", "permission_ids": []any{"a"}}, read.private)
		tells(t, planned.said, use)
		tells(t, deleted(p.plan(nil, orders(nil), planned.private)))
	})
	t.Run("not tainted", func(t *testing.T) { tells(t, p.plan(nil, orders(nil), nil).said) })
}
