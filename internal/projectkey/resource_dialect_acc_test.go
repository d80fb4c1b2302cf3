// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// provisioning is how long the service takes in tests that see it take time.
const provisioning = 300 * time.Millisecond

// wide, changed and narrow are configurations that use every attribute whose form
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

func isNarrow(key simulator.Key) bool {
	return key.Description == "" && len(key.ACLs) == 0 && len(key.WhitelistIPs) == 0 &&
		len(key.AllowedTools) == 0 && len(key.BlockedTools) == 0 && (key.ToolProfile == "" || key.ToolProfile == "full")
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
			t.Parallel()
			config := simulator.Config{DeleteTime: provisioning}
			for row, variant := range service {
				var err error
				if config.Dialect, err = config.Dialect.With(row, variant); err != nil {
					t.Fatal(err)
				}
			}
			t.Log(config.Dialect)
			if strings.Contains(config.Dialect.String(), "=creating") {
				config.ProvisionTime = provisioning
			}
			s := acctest.Start(t, config)
			w := acctest.NewWorkspace(t, s)
			ids := map[string]bool{}
			for _, configuration := range []string{wide, changed, narrow, wide} {
				configure(w, configuration)
				w.Run("apply", "-auto-approve")
				w.Run("plan", "-detailed-exitcode")
				held := holdsIssued(t, s, w)
				if ids[held.ID] = true; configuration == narrow && !isNarrow(held) {
					t.Errorf("the service still holds values that were removed: %+v", redacted(held))
				}
			}
			if w.Run("destroy", "-auto-approve"); len(ids) > 1 || len(s.Keys()) > 0 {
				t.Errorf("there were %d keys, and %d are left", len(ids), len(s.Keys()))
			}
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
