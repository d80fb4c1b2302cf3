// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestSeedsAreCheckedLikeRequests(t *testing.T) {
	admin := []string{simulator.RoleAdmin}
	for want, k := range map[string]simulator.Key{
		"":                                  {Name: "n", RoleIDs: admin, KafkaUsername: "orders", ToolProfile: "full", Status: simulator.StatusFailed},
		"name: String should have":          {RoleIDs: admin},
		"needs role_ids":                    {Name: "n"},
		"exclude each other":                {Name: "n", RoleIDs: admin, PermissionIDs: []string{"p"}},
		"role_ids.0: 'r' is not a role":     {Name: "n", RoleIDs: []string{"r"}},
		"kafka_username: String should":     {Name: "n", KafkaUsername: "-"},
		"kafka_password: String should":     {Name: "n", KafkaUsername: "abc", KafkaPassword: "short"},
		"acls.0.operation: a GROUP takes":   {Name: "n", KafkaUsername: "abc", ACLs: []simulator.ACL{{Name: "g", Resource: "GROUP", Operation: "WRITE", PatternType: "LITERAL"}}},
		"acls.0.pattern_type: Input should": {Name: "n", KafkaUsername: "abc", ACLs: []simulator.ACL{{Name: "g", Resource: "GROUP", Operation: "READ"}}},
		"whitelist_ips: 'x' is not":         {Name: "n", KafkaUsername: "abc", WhitelistIPs: []string{"x"}},
		"MCP tool scoping":                  {Name: "n", KafkaUsername: "abc", ToolProfile: "full"},
		"tool_profile: Input should":        {Name: "n", RoleIDs: admin, ToolProfile: "most"},
		"there is no project":               {Name: "n", RoleIDs: admin, ServiceID: "none"},
		"status: \"odd\" is none of":        {Name: "n", RoleIDs: admin, Status: "odd"},
		"id: one is taken":                  {Name: "n", RoleIDs: admin, ID: "one"},
		"api_client_id: client is taken":    {Name: "n", RoleIDs: admin, APIClientID: "client"},
		"kafka_username: taken is taken":    {Name: "n", KafkaUsername: "taken"},
	} {
		server := simulator.New(simulator.Config{})
		server.Seed(simulator.Key{ID: "one", APIClientID: "client", KafkaUsername: "taken"})
		err := server.CheckSeed(k)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q in it", k, err, want)
		}
		if err != nil && k.KafkaPassword != "" && strings.Contains(err.Error(), k.KafkaPassword) {
			t.Errorf("a password is shown in %v", err)
		}
	}
}

func TestASeedMaySayWhoseItIs(t *testing.T) {
	c := start(t, several())
	k := simulator.Key{Name: "n", RoleIDs: []string{simulator.RoleAdmin}, ServiceID: billing}
	if err := c.server.CheckSeed(k); err != nil {
		t.Fatal(err)
	}
	if k = c.server.Seed(k); k.CreatedBy != "billing" {
		t.Errorf("seeded %+v", k)
	}
	c.refused(403, "DELETE", "/project-keys/"+k.ID, nil)
	c.of("billing", "billing-secret").want(200, "DELETE", "/project-keys/"+k.ID, nil)
}
