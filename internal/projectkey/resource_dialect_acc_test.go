// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// provisioning is how long the service takes in tests that see it take time.
const provisioning = 300 * time.Millisecond

// wide and narrow are configurations that use every attribute whose form
// varies between dialects, and its absence. Between them everything is
// changed, cleared and set again, all of it in place.
var (
	wide = key(named, `description = " <b>Reads</b> orders & more "`,
		`role_ids = ["`+simulator.RoleAdmin+`", "`+simulator.RoleReadOnly+`"]`,
		kafka(`whitelist_ips = ["10.0.0.1", "192.168.0.0/16", "1.2.3.4"]`,
			acl("b", "TOPIC", "READ", "LITERAL"), acl("a", "TOPIC", "WRITE", "PREFIXED"), acl("g", "GROUP", "READ", "LITERAL")),
		"mcp {\ntool_profile = \"read-only\"\nallowed_tools = [\"x\", \"a\"]\n}")
	changed = key(named, `description = "plain < & >"`, readRole,
		kafka(`whitelist_ips = ["1.2.3.4/32", "10.0.0.2"]`, acl("g", "GROUP", "READ", "LITERAL"), acl("c", "TOPIC", "ALL", "LITERAL")),
		"mcp {\ntool_profile = \"agent-operator\"\nblocked_tools = [\"b\"]\n}")
	narrow = key(named, readRole, kafka())
)

// dialectSteps are a life under one dialect. plugin-testing fails a step after
// which the plan is not empty.
func dialectSteps(s *acctest.Service) []resource.TestStep {
	return []resource.TestStep{
		apply(s, wide, plancheck.ResourceActionCreate, secretsMatch(s)),
		apply(s, changed, plancheck.ResourceActionUpdate, secretsMatch(s)),
		apply(s, narrow, plancheck.ResourceActionUpdate, secretsMatch(s), held(s, isNarrow)),
		apply(s, wide, plancheck.ResourceActionUpdate, secretsMatch(s)),
	}
}

func isNarrow(key simulator.Key) error {
	if key.Description != "" || len(key.ACLs) > 0 || len(key.WhitelistIPs) > 0 ||
		len(key.AllowedTools) > 0 || len(key.BlockedTools) > 0 || key.ToolProfile != "" && key.ToolProfile != "full" {
		return errorf("the service still holds values that were removed: %+v", redacted(key))
	}
	return nil
}

// otherLives are lives that the common one has no place for: capabilities
// added, permissions, and the Kafka-only key.
var otherLives = map[string][]string{
	"API access added to a Kafka-only key":  {key(named, kafka()), key(named, kafka(), adminRole)},
	"Kafka access added to an API-only key": {key(named, adminRole), key(named, adminRole, kafka(acl("a", "TOPIC", "READ", "LITERAL")))},
	"permissions, then roles":               {key(named, `permission_ids = ["project-keys:read"]`), key(named, adminRole)},
}

// TestAccDialects_EveryVariantWithACLI lives at the few services that show every
// variant between them. That of every pair of variants is walked in memory
// (internal/test/lifecycle).
func TestAccDialects_EveryVariantWithACLI(t *testing.T) {
	rows := simulator.Rows()
	for i := range rows {
		rows[i].Variants = slices.DeleteFunc(rows[i].Variants, func(v simulator.Variant) bool { return excepted(rows[i].Name, v.Name) })
	}
	for i, service := range simulator.Covering(1, rows) {
		// A log is named after its test, so a name can't hold the dialect.
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			var dialect simulator.Dialect
			for row, variant := range service {
				var err error
				if dialect, err = dialect.With(row, variant); err != nil {
					t.Fatal(err)
				}
			}
			t.Log(dialect)
			liveUnder(t, dialect)
			addUnder(t, dialect)
		})
	}
}

// excepted are the variants under which a life does not end well. They have
// tests of their own.
func excepted(row, variant string) bool {
	return row == "create-outcome" && variant == "failed" ||
		row == "delete-timing" && variant == "failed-forever" ||
		row == "clearing" && variant == "nothing-clears"
}

func liveUnder(t *testing.T, dialect simulator.Dialect) {
	t.Helper()
	config := simulator.Config{Dialect: dialect}
	if text := dialect.String(); strings.Contains(text, "=creating") {
		config.ProvisionTime = provisioning
	}
	config.DeleteTime = provisioning
	s := acctest.Start(t, config)
	scenario(t, dialectSteps(s)...)
}

// addUnder adds capabilities under one dialect.
func addUnder(t *testing.T, dialect simulator.Dialect) {
	t.Helper()
	for name, configurations := range otherLives {
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{Dialect: dialect, DeleteTime: provisioning})
			same := sameID()
			scenario(t,
				withID(same, apply(s, configurations[0], plancheck.ResourceActionCreate, secretsMatch(s))),
				withID(same, apply(s, configurations[1], plancheck.ResourceActionUpdate, secretsMatch(s))),
			)
		})
	}
}
