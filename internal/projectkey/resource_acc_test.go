// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestAccPlan_WriteOnlyPasswordNeededOnlyWhereSent runs everything that sends
// no password without one.
func TestAccPlan_WriteOnlyPasswordNeededOnlyWhereSent(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	configuration := func(name string, version int) string {
		return passwordVariable + key(fmt.Sprintf("name = %q", name), versioned("var.word", version))
	}
	w := configured(t, s, configuration("orders", 1))
	says(t, fails(t, w, "plan"), "Kafka password missing", "password_wo is null")
	w.Setenv("TF_VAR_word", password)
	w.Run("apply", "-auto-approve")

	w.Setenv("TF_VAR_word", "")
	w.Run("plan", "-detailed-exitcode")
	w.Run("apply", "-refresh-only", "-auto-approve")
	w.Run("plan", "-destroy")
	configure(w, configuration("orders-2", 1))
	w.Run("apply", "-auto-approve")
	configure(w, configuration("orders-2", 2))
	says(t, fails(t, w, "plan"), "Kafka password missing", "password_wo is empty")
	w.Setenv("TF_VAR_word", otherPassword)
	w.Run("apply", "-auto-approve")
	if got := s.Keys()[0].KafkaPassword; got != otherPassword {
		t.Error("the password was not rotated")
	}
	w.Run("destroy", "-auto-approve")
}

// TestAccRead_OutageExplainedOnce counts the lines that a person has to read.
func TestAccRead_OutageExplainedOnce(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	const keys = 40
	w := applied(t, s, strings.Replace(key(`name = "orders-${count.index}"`, adminRole), "{\n", fmt.Sprintf("{\ncount = %d\n", keys), 1))
	w.Setenv("STREAMKAP_SECRET", "wrong-secret-of-nobody")
	output := fails(t, w, "plan")
	// Each key that could not be read is an error, and one of them says why.
	if errors, told := strings.Count(output, "Error: Streamkap credentials refused"), strings.Count(output, "The provider asked host"); errors != keys || told != 1 {
		t.Errorf("%d errors, of which %d tell all:\n%s", errors, told, output)
	}
	says(t, output, "Streamkap credentials refused", s.URL, simulator.DefaultClientID)
}

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

// TestAccPlan_PasswordOfTwoFormsWarned gives the password decomposed, which is not
// how Terraform hands it over.
func TestAccPlan_PasswordOfTwoFormsWarned(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	w := configured(t, s, key(named, kafkaWith("password = \"Cafe\u0301-password-1\"")))
	says(t, w.Run("apply", "-no-color", "-auto-approve"), "Warning: Kafka password with characters that have two forms")
	if got := s.Keys()[0].KafkaPassword; got != "Caf\u00e9-password-1" {
		t.Errorf("the service was sent %+q", got)
	}
}
