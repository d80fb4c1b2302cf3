// SPDX-License-Identifier: MPL-2.0

package whoami_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

const address = "data.streamkap_whoami.test"

func is(attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), value)
}

func TestAccWhoAmI_OwnerOfTheCredentials(t *testing.T) {
	for _, empty := range []string{"null", "both"} {
		t.Run(empty, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{EmptyValues: empty}})
			key := s.Seed(simulator.Key{Name: "own", RoleIDs: []string{simulator.RoleReadOnly}})
			configuration := s.Config(`data "streamkap_whoami" "test" {}`)
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{
					{
						Config: configuration,
						ConfigStateChecks: []statecheck.StateCheck{
							is("tenant_id", knownvalue.StringExact(simulator.DefaultTenantID)),
							is("service_id", knownvalue.StringExact(simulator.DefaultServiceID)),
							is("subject", knownvalue.StringExact(simulator.DefaultClientID)),
							is("token_type", knownvalue.StringExact("tenantApiToken")),
							is("project_key_id", knownvalue.Null()),
						},
					},
					{
						Config: strings.NewReplacer(simulator.DefaultSecret, key.APISecret, simulator.DefaultClientID, key.APIClientID).Replace(configuration),
						ConfigStateChecks: []statecheck.StateCheck{
							is("subject", knownvalue.StringExact(key.APIClientID)),
							is("project_key_id", knownvalue.StringExact(key.ID)),
						},
					},
				},
			})
		})
	}
}

func TestAccWhoAmI_WrongCredentials(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{
			{
				Config:      strings.Replace(s.Config(`data "streamkap_whoami" "test" {}`), simulator.DefaultSecret, "mistyped", 1),
				ExpectError: regexp.MustCompile(`Streamkap credentials refused`),
			},
			{
				Config:      regexp.MustCompile(`(?m)^ *(client_id|secret) .*$`).ReplaceAllString(s.Config(`data "streamkap_whoami" "test" {}`), ""),
				ExpectError: regexp.MustCompile(`(?s)No usable Streamkap credentials.*The provider has no\s+credentials`),
			},
		},
	})
}
