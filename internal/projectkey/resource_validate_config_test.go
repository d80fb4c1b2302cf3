// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"strings"
	"testing"

	"filippo.io/age"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// planned validates and plans a new key, as Terraform does.
func (p *protocol) planned(config values) []*tfprotov6.Diagnostic {
	p.t.Helper()
	validated, err := p.server.ValidateResourceConfig(p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: typeName, Config: p.encode(p.key, config), ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	p.check(err, nil)
	if len(validated.Diagnostics) > 0 {
		return validated.Diagnostics
	}
	return p.plan(nil, config, nil).diagnostics
}

// TestConfiguration_OneFaultIsOneError plans configurations with one thing wrong. at is
// where the error points, and says a part of it.
func TestConfiguration_OneFaultIsOneError(t *testing.T) {
	const variable = " A variable that it comes from has no value in this run"
	user := func(more values) values { return with(withUser("orders", "orders"), more) }
	block := func(more values) values { return values{"kafka": with(kafkaUser("orders"), more)} }
	rules := func(rules ...any) values { return block(values{"acl": rules}) }
	writeOnly := func(password, version any) values {
		return block(values{"password": nil, "password_wo": password, "password_wo_version": version})
	}
	for name, test := range map[string]struct {
		config   values
		at, says string
	}{
		"no access at all":       {values{"name": "orders"}, "", "The key would give access to nothing. It needs role_ids, permission_ids or a kafka block"},
		"an empty name":          {orders(values{"name": ""}), "name", "A name has 1 to 100 characters, and this one has 0"},
		"no roles":               {user(values{"role_ids": []any{}}), "role_ids", "role_ids is an empty set. Name at least one role"},
		"an empty role":          {orders(values{"role_ids": []any{"", "a"}}), "role_ids[]", "One of role_ids is an empty text"},
		"a role that is null":    {orders(values{"role_ids": []any{nil}}), "role_ids", "This attribute contains a null value"},
		"no permissions":         {user(values{"permission_ids": []any{}}), "permission_ids", "Name at least one permission"},
		"roles and permissions":  {orders(values{"permission_ids": []any{"a"}}), "role_ids", "A key has either role_ids or permission_ids"},
		"no roles, permissions":  {orders(values{"role_ids": []any{}, "permission_ids": []any{"a"}}), "role_ids", "Name at least one role"},
		"no time to read":        {orders(values{"timeouts": values{"read": "-5m"}}), "timeouts.read", "leaves no time for anything"},
		"no username":            {user(block(values{"username": nil})), "kafka.username", "A kafka block needs a username"},
		"a username of a letter": {user(block(values{"username": "A"})), "kafka.username", `This one is "A", of 1 characters`},
		"no password":            {user(block(values{"password": nil})), "kafka.password", "Kafka access can't be created without a password, and the kafka block has none"},
		"an empty password":      {user(block(values{"password": ""})), "kafka.password", "password is empty." + variable},
		"a password with a break": {
			user(block(values{"password": keptPassword + "\n"})), "kafka.password", `trimspace(file("PATH")) leaves out white space`,
		},
		"two passwords":                {user(block(values{"password_wo": otherKeptPassword, "password_wo_version": 1})), "kafka.password", "Remove one of the two kinds"},
		"a weak write-only password":   {user(writeOnly("weak", 1)), "kafka.password_wo", "has 4 characters"},
		"an empty write-only password": {user(writeOnly("", 1)), "kafka.password_wo", "password_wo is empty." + variable},
		"a password without a version": {user(writeOnly(keptPassword, nil)), "kafka.password_wo", "Set password_wo_version, to 1 at first"},
		"a version without a password": {user(writeOnly(nil, 1)), "kafka.password_wo_version", "password_wo is null, or not set." + variable},
		"no addresses":                 {user(block(values{"whitelist_ips": []any{}})), "kafka.whitelist_ips", "Do not leave whitelist_ips out, or set it to null, unless every address may connect"},
		"no address":                   {user(block(values{"whitelist_ips": []any{"10.0.0.256"}})), "kafka.whitelist_ips[10.0.0.256]", "neither an IPv4 address"},
		"an operation of no group":     {user(rules(rule("a", "GROUP", "WRITE", "LITERAL"))), "kafka.acl[0].operation", `A rule for a GROUP allows DELETE, DESCRIBE, READ; acl block 1 (WRITE on GROUP a (LITERAL)) has "WRITE"`},
		"a rule of no topic or group": {
			user(rules(rule("orders", "TOPIC", "READ", "LITERAL"), rule("kafka-cluster", "CLUSTER", "DESCRIBE", "LITERAL"))), "kafka.acl[1].resource",
			"acl block 2 (DESCRIBE on CLUSTER kafka-cluster (LITERAL)) is for a CLUSTER. Streamkap may show such rules, and accepts none: if this configuration was generated from a key, remove the block.",
		},
		"a pattern type that is none":     {user(rules(rule("a", "TOPIC", "READ", "REGEX"))), "kafka.acl[0].pattern_type", "value must be one of"},
		"the same rule twice":             {user(rules(rule("a", "TOPIC", "READ", "LITERAL"), values{"name": "a", "operation": "READ"})), "kafka.acl[1].name", "acl blocks 1 and 2"},
		"a profile that is none":          {orders(values{"mcp": values{"tool_profile": "all"}}), "mcp.tool_profile", "value must be one of"},
		"no allowed tools":                {orders(values{"mcp": values{"allowed_tools": []any{}}}), "mcp.allowed_tools", "Do not leave allowed_tools out, or set it to null, unless every tool of tool_profile may be called"},
		"no blocked tools":                {orders(values{"mcp": values{"blocked_tools": []any{}}}), "mcp.blocked_tools", "Where no tool is to be blocked, leave it out, or set it to null"},
		"a tool with a tab":               {orders(values{"mcp": values{"allowed_tools": []any{"a\tb"}}}), "mcp.allowed_tools[a\tb]", "One of the tool names has a tab (U+0009), as character 2 of 3"},
		"a profile without API access":    {user(values{"mcp": values{"tool_profile": "read-only"}}), "mcp.tool_profile", "An AI agent uses a key through its API access"},
		"a tool list without API access":  {user(values{"mcp": values{"blocked_tools": []any{"a"}}}), "mcp.blocked_tools", "An AI agent uses a key through its API access"},
		"no recipients":                   {orders(values{"secret_recipients": []any{}}), "secret_recipients", "unless the state may hold the key's secrets in clear"},
		"a recipient that is none":        {orders(values{"secret_recipients": []any{"hunter2"}}), "secret_recipients", "One of the recipients has an unknown form: a recipient begins with age1"},
		"a password beside recipients":    {user(values{"secret_recipients": []any{recipient}}), "kafka.password", "Use password_wo and password_wo_version instead"},
		"recipients that age keeps apart": {orders(values{"secret_recipients": []any{recipient, postQuantum(t)}}), "secret_recipients", "Of the recipients, some begin with age1pq1"},
	} {
		t.Run(name, func(t *testing.T) {
			s := simulator.New(simulator.Config{})
			diagnostics := connect(t, s).planned(test.config)
			tells(t, toldBy(diagnostics), "ERROR: ", test.says)
			if len(diagnostics) != 1 {
				t.Fatalf("%d errors: %s", len(diagnostics), toldBy(diagnostics))
			}
			if at := placed(diagnostics[0]); at != test.at {
				t.Errorf("it points at %q, expected %q", at, test.at)
			}
			if requests := s.Requests(); len(requests) > 0 {
				t.Errorf("%d requests", len(requests))
			}
		})
	}
}

// TestConfiguration_UnknownValuesAccepted plans a new key of which only the apply knows
// anything.
func TestConfiguration_UnknownValuesAccepted(t *testing.T) {
	for name, config := range map[string]values{
		"every attribute": {
			"name": unknown, "description": unknown, "role_ids": unknown, "permission_ids": unknown, "secret_recipients": unknown,
			"kafka": values{
				"username": unknown, "password_wo": unknown, "password_wo_version": unknown, "whitelist_ips": unknown, "schema_registry": unknown,
				"acl": []any{values{"name": unknown, "resource": unknown, "operation": unknown, "pattern_type": "LITERAL"}},
			},
			"mcp":      values{"tool_profile": unknown, "allowed_tools": unknown, "blocked_tools": []any{"a"}},
			"timeouts": values{"create": unknown, "read": "1m"},
		},
		"items": {
			"name": "orders", "role_ids": []any{unknown}, "secret_recipients": []any{unknown},
			"kafka": values{"username": "orders", "password_wo": unknown, "password_wo_version": 1, "whitelist_ips": []any{unknown}, "acl": unknown},
			"mcp":   values{"allowed_tools": []any{unknown}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			tells(t, toldBy(connect(t, simulator.New(simulator.Config{})).planned(config)))
		})
	}
}

func TestConfiguration_UnknownBlockCountsAsAccess(t *testing.T) {
	planned := connect(t, simulator.New(simulator.Config{})).planned(values{"name": "orders", "kafka": unknown})
	tells(t, toldBy(planned), "WARNING: Block is not known yet")
}

func TestConfiguration_PrivateKeyAmongRecipientsNotRepeated(t *testing.T) {
	identity := newIdentity(t).String()
	said := toldBy(connect(t, simulator.New(simulator.Config{})).planned(orders(values{"secret_recipients": []any{identity}})))
	if tells(t, said, "One of the recipients is a private key"); strings.Contains(said, identity) {
		t.Errorf("the private key is repeated: %s", said)
	}
}

func TestConfiguration_TooManyRecipientsCountedFirst(t *testing.T) {
	var many []any
	for i := range 51 {
		many = append(many, fmt.Sprint("age1", i)) // none of them is one
	}
	tells(t, toldBy(connect(t, simulator.New(simulator.Config{})).planned(orders(values{"secret_recipients": many}))), "There are 51 recipients, and a key can have 50")
}

func postQuantum(t *testing.T) string {
	t.Helper()
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return identity.Recipient().String()
}
