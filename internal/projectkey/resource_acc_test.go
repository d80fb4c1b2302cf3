// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestAccExplain_RefusalOnItsLine has the plan, or the service, refuse a value, and
// the service echo a password.
func TestAccExplain_RefusalOnItsLine(t *testing.T) {
	detail := map[string]any{
		"loc": []any{"body", "kafka_config", "kafka_acls", 1, "operation"}, "msg": "Value error, refused " + password, "type": "value_error",
		"input": password, "ctx": map[string]any{"error": password},
	}
	body, err := json.Marshal(map[string]any{"detail": []any{detail}})
	if err != nil {
		t.Fatal(err)
	}
	refused := simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Status: 422, Body: string(body)}
	for name, test := range map[string]struct {
		body    []string
		atApply bool
		says    []string
	}{
		"a value, at plan":    {[]string{acl("first", "TOPIC", "READ", "LITERAL"), acl("second", "GROUP", "WRITE", "LITERAL")}, false, []string{`: operation = "WRITE"`, "A rule for a GROUP allows DELETE, DESCRIBE, READ;"}},
		"a value, at apply":   {[]string{acl("first", "TOPIC", "READ", "LITERAL"), acl("second", "GROUP", "READ", "LITERAL")}, true, []string{`: operation = "READ"`, "HTTP 422", "It is about acl block 2 (READ on GROUP second (LITERAL))"}},
		"an item of a set":    {[]string{`whitelist_ips = ["10.0.0.256"]`}, false, []string{`: whitelist_ips = ["10.0.0.256"]`, "neither an IPv4 address"}},
		"two values that are": {[]string{`whitelist_ips = []`, acl("first", "TOPIC", "READ", "REGEX")}, false, []string{`: whitelist_ips = []`, `: pattern_type = "REGEX"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			if test.atApply {
				s.Inject(refused)
			}
			w := configured(t, s, key(named, adminRole, versioned("var.word", 1, test.body...))+passwordVariable)
			w.Setenv("TF_VAR_word", password)
			output := fails(t, w, "apply", "-auto-approve")
			says(t, output, test.says...)
			if strings.Contains(output, password) {
				t.Error("the error repeats the password")
			}
		})
	}
}
