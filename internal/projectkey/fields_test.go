// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// configurable lists the attributes that people can set, with rules as one.
func configurable(t *testing.T) []string {
	t.Helper()
	var response resource.SchemaResponse
	NewProjectKeyResource().Schema(t.Context(), resource.SchemaRequest{}, &response)
	var found []string
	add := func(at path.Path, attributes map[string]schema.Attribute) {
		for name, attribute := range attributes {
			if attribute.IsRequired() || attribute.IsOptional() {
				found = append(found, at.AtName(name).String())
			}
		}
	}
	add(path.Empty(), response.Schema.Attributes)
	for name, block := range response.Schema.Blocks {
		nested := block.GetNestedObject()
		attributes := make(map[string]schema.Attribute)
		for name, attribute := range nested.GetAttributes() {
			attributes[name] = attribute.(schema.Attribute)
		}
		if name != "timeouts" {
			add(path.Root(name), attributes)
		}
		for inner := range nested.GetBlocks() {
			found = append(found, path.Root(name).AtName(inner).String())
		}
	}
	slices.Sort(found)
	return found
}

// TestEveryAttributeIsAField fails for an attribute that the schema has and the
// table of fields has not: a change of it would plan an update that sends
// nothing. That is what a change of recipients is meant to do.
func TestEveryAttributeIsAField(t *testing.T) {
	decidedInDiff := []string{"kafka.password", "kafka.password_wo", "kafka.password_wo_version"}
	known := append(slices.Clone(decidedInDiff), "secret_recipients")
	for _, f := range fields {
		known = append(known, f.at.String())
	}
	slices.Sort(known)
	if want := configurable(t); !slices.Equal(known, want) {
		t.Errorf("the fields are %q\nand the schema's attributes are %q", known, want)
	}
}

// TestEveryFieldIsSentWhenItChanges gives every field in turn another value.
func TestEveryFieldIsSentWhenItChanges(t *testing.T) {
	prior := someParts(t, "1")
	for _, f := range fields {
		planned := prior.copied()
		f.vary(t, planned, someParts(t, "2"))
		c := diff(prior, planned, planned)
		switch sent := !c.patch.IsEmpty(); {
		case f.at.Equal(path.Root("permission_ids")):
			// It excludes role_ids: see TestAccChangeThatTheAPICannotMakeReplacesTheKey.
		case f.replaces != "" && (sent || len(c.replaces) != 1):
			t.Errorf("%s: sent is %t, and %d attributes replace the key", f.at, sent, len(c.replaces))
		case f.replaces == "" && (!sent || len(c.replaces) != 0):
			t.Errorf("%s: sent is %t, and %d attributes replace the key", f.at, sent, len(c.replaces))
		}
		if same := diff(prior, prior.copied(), prior); !same.patch.IsEmpty() || len(same.replaces) > 0 {
			t.Fatalf("nothing changes and %+v is sent", same.patch)
		}
	}
}

// TestEveryFieldIsReadBack reads a key into a model that has nothing but its id.
func TestEveryFieldIsReadBack(t *testing.T) {
	model := &parts{ProjectKeyModel: ProjectKeyModel{ID: types.StringValue("id"), API: types.ObjectNull(apiTypes), Kafka: types.ObjectNull(kafkaTypes), MCP: types.ObjectNull(mcpTypes)}}
	model.refresh(&streamkap.ProjectKey{
		ProjectKeySummary: streamkap.ProjectKeySummary{
			ID: "id", Name: "1", Description: "1", APIClientID: "client", KafkaUsername: "username-1",
			Roles: streamkap.List[streamkap.Role]{{ID: "1"}}, ToolProfile: "read-only", AllowedTools: streamkap.List[string]{"1"}, BlockedTools: streamkap.List[string]{"1"},
		},
		KafkaACLs: streamkap.List[streamkap.ACL]{aRule("1")}, WhitelistIPs: streamkap.AddressList{"10.0.0.1"},
	}, "https://api.example", nil)
	want := someParts(t, "1")
	want.kafka.SchemaRegistry = types.BoolValue(false)
	for _, f := range fields {
		if !f.same(want, model) {
			t.Errorf("%s is not read back", f.at)
		}
	}
}

func TestEveryRefusedMemberHasItsAttribute(t *testing.T) {
	model := someParts(t, "1")
	for _, f := range fields {
		if at, _ := model.refused([]string{"body", f.member}); !at.Equal(f.at) {
			t.Errorf("a refusal of %s lands on %q", f.member, at)
		}
	}
}

func aRule(name string) streamkap.ACL {
	return streamkap.ACL{Name: name, Resource: streamkap.ResourceTopic, Operation: "READ", PatternType: streamkap.PatternLiteral}
}

// someParts is a key in which every attribute has a value of its own.
func someParts(t *testing.T, value string) *parts {
	t.Helper()
	profiles := map[string]string{"1": "read-only", "2": "infra-admin"}
	p := &parts{
		ProjectKeyModel: ProjectKeyModel{
			ID: types.StringValue("id"), Name: types.StringValue(value), Description: types.StringValue(value),
			RoleIDs: textSet([]string{value}), PermissionIDs: textSet(nil), Status: types.StringValue("Active"),
		},
		api: &APIModel{ClientID: types.StringValue("client"), ClientSecret: types.StringValue("a secret of nothing")},
		kafka: &KafkaModel{
			Username: types.StringValue("username-" + value), WhitelistIPs: textSet([]string{"10.0.0." + value}),
			SchemaRegistry: types.BoolValue(value == "2"), ACL: ruleList([]streamkap.ACL{aRule(value)}),
		},
		mcp: &MCPModel{ToolProfile: types.StringValue(profiles[value]), AllowedTools: textSet([]string{value}), BlockedTools: textSet([]string{value})},
	}
	p.join()
	return p
}

// vary gives one attribute of a model the value that it has in another one.
func (f field) vary(t *testing.T, model, other *parts) {
	t.Helper()
	set := map[string]func(){
		"name":                  func() { model.Name = other.Name },
		"description":           func() { model.Description = other.Description },
		"role_ids":              func() { model.RoleIDs = other.RoleIDs },
		"permission_ids":        func() { model.PermissionIDs = other.RoleIDs },
		"kafka.username":        func() { model.kafka.Username = other.kafka.Username },
		"kafka.schema_registry": func() { model.kafka.SchemaRegistry = other.kafka.SchemaRegistry },
		"kafka.whitelist_ips":   func() { model.kafka.WhitelistIPs = other.kafka.WhitelistIPs },
		"kafka.acl":             func() { model.kafka.ACL = other.kafka.ACL },
		"mcp.tool_profile":      func() { model.mcp.ToolProfile = other.mcp.ToolProfile },
		"mcp.allowed_tools":     func() { model.mcp.AllowedTools = other.mcp.AllowedTools },
		"mcp.blocked_tools":     func() { model.mcp.BlockedTools = other.mcp.BlockedTools },
	}
	vary := set[f.at.String()]
	if vary == nil {
		t.Fatalf("%s is not among %q", f.at, slices.Sorted(maps.Keys(set)))
	}
	vary()
}

// TestLoosenedRestrictionsAreTold goes through what lifts a restriction and
// what only looks like it.
func TestLoosenedRestrictionsAreTold(t *testing.T) {
	restricted := newScope("read-only", nil, []string{"a"})
	for name, test := range map[string]struct {
		before, after scope
		tells         []string
	}{
		"the block is removed":            {restricted, scope{}, []string{"mcp.tool_profile", "mcp.blocked_tools"}},
		"a wider profile":                 {newScope("read-only", nil, nil), newScope("infra-admin", nil, nil), []string{"mcp.tool_profile"}},
		"a narrower profile":              {scope{}, newScope("read-only", nil, nil), nil},
		"one tool less is blocked":        {newScope("", nil, []string{"a", "b"}), newScope("", nil, []string{"b"}), []string{"mcp.blocked_tools"}},
		"one more tool is blocked":        {newScope("", nil, []string{"a"}), newScope("", nil, []string{"a", "b"}), nil},
		"the list of allowed tools goes":  {newScope("read-only", []string{"a"}, nil), newScope("read-only", nil, nil), []string{"mcp.allowed_tools"}},
		"a list of allowed tools comes":   {scope{}, newScope("", []string{"a"}, nil), nil},
		"the profile behind such a list":  {newScope("read-only", []string{"a"}, nil), newScope("", []string{"a"}, nil), nil},
		"full in place of none, and back": {newScope("full", nil, nil), scope{}, nil},
	} {
		var c change
		c.loosenScope(test.before, test.after)
		var tells []string
		for _, lifted := range c.loosens {
			tells = append(tells, lifted.at.String())
		}
		if !slices.Equal(tells, test.tells) {
			t.Errorf("%s: told at %q, expected %q", name, tells, test.tells)
		}
	}
	for name, test := range map[string]struct {
		before, after []string
		lifted        bool
	}{
		"removed":              {[]string{"10.0.0.1"}, nil, true},
		"every address listed": {[]string{"10.0.0.1"}, []string{"10.0.0.1", "0.0.0.0/0"}, true},
		"one more":             {[]string{"10.0.0.1"}, []string{"10.0.0.1", "10.0.0.2"}, false},
		"none before either":   {nil, []string{"0.0.0.0/0"}, false},
	} {
		prior, planned := someParts(t, "1"), someParts(t, "1")
		prior.kafka.WhitelistIPs, planned.kafka.WhitelistIPs = textSet(test.before), textSet(test.after)
		if c := diff(prior, planned, planned); (len(c.loosens) == 1) != test.lifted {
			t.Errorf("addresses %s: %v", name, c.loosens)
		}
	}
}

// TestLoosenedRestrictionSaysWhatBecomesPossible goes through what can be left
// of a scope.
func TestLoosenedRestrictionSaysWhatBecomesPossible(t *testing.T) {
	before := newScope("read-only", []string{"a"}, nil)
	for want, after := range map[string]scope{
		"an AI agent may call every tool":                                                           {},
		"an AI agent may call every tool that is not in blocked_tools":                              newScope("", nil, []string{"b"}),
		`an AI agent may call every tool of the profile "read-only"`:                                newScope("read-only", nil, nil),
		`an AI agent may call every tool of the profile "infra-admin" that is not in blocked_tools`: newScope("infra-admin", nil, []string{"b"}),
	} {
		var c change
		c.loosenScope(before, after)
		if len(c.loosens) != 1 || c.loosens[0].possible != want {
			t.Errorf("%+v: told %v, expected %q", after, c.loosens, want)
		}
	}
	var c change
	c.loosenScope(newScope("", nil, []string{"a", "b", "c"}), newScope("", nil, []string{"b"}))
	if want := "an AI agent may call a, c where the profile has it"; len(c.loosens) != 1 || c.loosens[0].possible != want {
		t.Errorf("told %v, expected %q", c.loosens, want)
	}
}

// decoded is a key as it comes out of an answer.
func decoded(t *testing.T, key *streamkap.ProjectKey) *streamkap.ProjectKey {
	t.Helper()
	answer, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	var decoded streamkap.ProjectKey
	if err := json.Unmarshal(answer, &decoded); err != nil {
		t.Fatal(err)
	}
	return &decoded
}

func TestContradictionsOfWhatWasIssued(t *testing.T) {
	whole := func() *streamkap.ProjectKey {
		return &streamkap.ProjectKey{ProjectKeySummary: streamkap.ProjectKeySummary{ID: "id", APIClientID: "client", KafkaUsername: "username-1", Status: "Active"}}
	}
	for name, test := range map[string]struct {
		change   func(*streamkap.ProjectKey)
		believed bool
	}{
		"nothing missing":                  {func(*streamkap.ProjectKey) {}, true},
		"no client id":                     {func(k *streamkap.ProjectKey) { k.APIClientID = "" }, false},
		"no Kafka username":                {func(k *streamkap.ProjectKey) { k.KafkaUsername = "" }, false},
		"another client id":                {func(k *streamkap.ProjectKey) { k.APIClientID = "another" }, false},
		"another Kafka username":           {func(k *streamkap.ProjectKey) { k.KafkaUsername = "another" }, false},
		"another project":                  {func(k *streamkap.ProjectKey) { k.ServiceID = "another" }, false},
		"a client id in capitals":          {func(k *streamkap.ProjectKey) { k.APIClientID = "CLIENT " }, true},
		"a username with a blank":          {func(k *streamkap.ProjectKey) { k.KafkaUsername = " username-1" }, true},
		"not shown yet, while creating":    {func(k *streamkap.ProjectKey) { k.APIClientID, k.KafkaUsername, k.Status = "", "", "Creating" }, true},
		"another one, even while creating": {func(k *streamkap.ProjectKey) { k.APIClientID, k.Status = "another", "creating" }, false},
	} {
		state, key := someParts(t, "1"), whole()
		state.ServiceID = types.StringValue("project")
		test.change(key)
		key = decoded(t, key)
		if says := state.contradiction(key); (says == "") != test.believed {
			t.Errorf("%s: %q", name, says)
		}
		state.refresh(key, "https://api.example", nil)
		if state.api == nil || state.api.ClientSecret.IsNull() || state.kafka == nil {
			t.Errorf("%s: the refresh took away what was issued: %s", name, fmt.Sprint(state.api == nil))
		}
	}
}
