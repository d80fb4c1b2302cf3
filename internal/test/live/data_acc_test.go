// SPDX-License-Identifier: MPL-2.0

package live

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/querycheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// looks are all data sources, at the key under test where they take one.
const looks = `
data "streamkap_whoami" "me" {}

data "streamkap_roles" "all" {}

data "streamkap_project_key" "by_id" {
  id = streamkap_project_key.test.id
}

data "streamkap_project_key" "by_name" {
  name = streamkap_project_key.test.name
}

data "streamkap_project_keys" "these" {
  name_regex = "^${streamkap_project_key.test.name}$"
}

data "streamkap_mcp_config" "test" {
  project_key_id = streamkap_project_key.test.id
}
`

func TestAccLiveDataSources_ShowTheKey(t *testing.T) {
	s := acctest.Live(t)
	same := func(source, attribute, of string) resource.TestCheckFunc {
		return resource.TestCheckResourceAttrPair("data."+source, attribute, address, of)
	}
	scenario(t, resource.TestStep{
		Config: key(s, "data", byRole, "mcp {\ntool_profile = \"read-only\"\n}") + looks,
		Check: resource.ComposeAggregateTestCheckFunc(
			same("streamkap_whoami.me", "service_id", "service_id"),
			same("streamkap_role.read_only", "id", "role_ids.0"),
			resource.TestMatchResourceAttr("data.streamkap_roles.all", "roles.#", regexp.MustCompile("^[1-9]")),
			same("streamkap_project_key.by_id", "name", "name"),
			same("streamkap_project_key.by_name", "id", "id"),
			same("streamkap_project_key.by_name", "api.client_id", "api.client_id"),
			resource.TestCheckResourceAttr("data.streamkap_project_keys.these", "project_keys.#", "1"),
			same("streamkap_project_keys.these", "project_keys.0.id", "id"),
			resource.TestCheckResourceAttr("data.streamkap_mcp_config.test", "tool_profile", "read-only"),
		),
	})
}

// TestAccLiveAccessToken_Issued looks at when a token ends, and keeps the token itself
// out of every file.
func TestAccLiveAccessToken_Issued(t *testing.T) {
	s := acctest.Live(t)
	factories := acctest.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	configuration := strings.Replace(s.Config(`
ephemeral "streamkap_access_token" "test" {
  use_provider_credentials = true
}

provider "echo" {
  data = {
    issued  = ephemeral.streamkap_access_token.test.access_token != ""
    expires = ephemeral.streamkap_access_token.test.expires_at
  }
}

resource "echo" "test" {}
`), "required_providers {", "required_providers {\n    echo = { source = \"streamkap-com/echo\" }", 1)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config: configuration,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("issued"), knownvalue.Bool(true)),
			},
		}},
	})
}

// TestAccLiveList_FindsTheKey needs a CLI that can query.
func TestAccLiveList_FindsTheKey(t *testing.T) {
	s := acctest.Live(t)
	resource.Test(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)},
		Steps: []resource.TestStep{
			{Config: key(s, "listed", byRole)},
			{
				Query: true,
				Config: s.Config(fmt.Sprintf(`
list "streamkap_project_key" "these" {
  provider = streamkap
  config {
    name_regex = "^%s$"
  }
}
`, s.Name("listed"))),
				QueryResultChecks: []querycheck.QueryResultCheck{
					querycheck.ExpectLength("streamkap_project_key.these", 1),
				},
			},
		},
	})
}
