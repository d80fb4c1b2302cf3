// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestAccUpdate_UnchangedValuesKnownInPlan(t *testing.T) {
	known := func(attributes ...string) []plancheck.PlanCheck {
		checks := []plancheck.PlanCheck{
			plancheck.ExpectKnownValue(address, tfjsonpath.New("id"), knownvalue.NotNull()),
			plancheck.ExpectKnownValue(address, tfjsonpath.New("created_at"), knownvalue.NotNull()),
			plancheck.ExpectKnownValue(address, tfjsonpath.New("service_id"), knownvalue.NotNull()),
		}
		for _, attribute := range attributes {
			checks = append(checks, plancheck.ExpectKnownValue(address, tfjsonpath.New(attribute), knownvalue.NotNull()))
		}
		return checks
	}
	unknown := func(attribute string) plancheck.PlanCheck {
		return plancheck.ExpectUnknownValue(address, tfjsonpath.New(attribute))
	}
	everything := "mcp {\ntool_profile = \"read-only\"\n}"
	for _, change := range []struct {
		name   string
		before string
		after  string
		checks []plancheck.PlanCheck
	}{
		{"name", key(named, adminRole, kafka()), key(`name = "orders-2"`, adminRole, kafka()), known("api", "credential_json", "status")},
		{"addresses", key(named, adminRole, kafka()), key(named, adminRole, kafka(`whitelist_ips = ["10.0.0.1"]`)), known("api", "credential_json")},
		{
			"write-only password", key(named, adminRole, kafka()),
			key(named, adminRole, kafkaWith(fmt.Sprintf("password_wo = %q\npassword_wo_version = 2", otherPassword))), known("api", "credential_json"),
		},
		{"roles", key(named, adminRole), key(named, readRole), append(known("api"), unknown("credential_json"))},
		{"rules", key(named, adminRole, kafka()), key(named, adminRole, kafka(acl("a", "TOPIC", "READ", "LITERAL"))), known("api", "credential_json")},
		{"scope", key(named, adminRole), key(named, adminRole, everything), append(known("api"), unknown("credential_json"))},
		{
			"password in the state", key(named, adminRole, kafkaWith(fmt.Sprintf("password = %q", keptPassword))),
			key(named, adminRole, kafkaWith(fmt.Sprintf("password = %q", otherKeptPassword))), append(known("api"), unknown("credential_json")),
		},
		{"API access added", key(named, kafka()), key(named, adminRole, kafka()), append(known("api"), unknown("credential_json"))},
		{"Kafka access added", key(named, adminRole), key(named, adminRole, kafka()), append(known("api"), unknown("credential_json"))},
	} {
		t.Run(change.name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			scenario(t,
				apply(s, change.before, plancheck.ResourceActionCreate),
				resource.TestStep{
					Config:           s.Config(change.after),
					ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: change.checks},
					Check:            secretsMatch(s),
				},
			)
		})
	}
}
