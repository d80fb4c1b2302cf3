// SPDX-License-Identifier: MPL-2.0

package provider_test

import (
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

const oneKey = `
resource "streamkap_project_key" "test" {
  name     = "orders"
  role_ids = ["` + simulator.RoleAdmin + `"]
}
`

func TestAccProvider_PlanOfANewKeyMakesNoRequest(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps:                    []resource.TestStep{{Config: s.Config(oneKey), PlanOnly: true, ExpectNonEmptyPlan: true}},
	})
	if requests := s.Requests(); len(requests) != 0 {
		t.Errorf("%d requests, the first of them %s %s", len(requests), requests[0].Method, requests[0].Path)
	}
}

// TestAccProvider_CredentialsUnknownAtPlan has a resource that keeps the
// credentials in the state, where those of other tests must not be.
func TestAccProvider_CredentialsUnknownAtPlan(t *testing.T) {
	const id, word = "known-later", "given-to-terraform-data"
	s := acctest.Start(t, simulator.Config{})
	s.AddClient(id, word, simulator.PermissionReadKeys, simulator.PermissionWriteKeys)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: acctest.Factories(),
		Steps: []resource.TestStep{{
			Config: `
terraform {
  required_providers {
    streamkap = { source = "streamkap-com/streamkap" }
  }
}

resource "terraform_data" "later" {
  input = {
    host   = "` + s.URL + `/"
    id     = "` + id + `"
    secret = "` + word + `"
  }
}

provider "streamkap" {
  host      = terraform_data.later.output.host
  client_id = terraform_data.later.output.id
  secret    = terraform_data.later.output.secret
}
` + oneKey,
		}},
	})
}

func TestAccProvider_BlockChecked(t *testing.T) {
	for name, test := range map[string]struct{ arguments, says string }{
		"negative retries":      {`max_retries = -1`, `max_retries = -1(.|\n)*must be at least 0`},
		"file beside client id": {"client_id = \"a\"\nproject_key = \"b\"", `Two sets of provider credentials(.|\n)*project_key = "b"`},
		"path of a file":        {"client_id = \"\"\nproject_key = \"./key.json\"", `project_key = "./key.json"(.|\n)*what is in the\s+file\s+belongs\s+here`},
	} {
		t.Run(name, func(t *testing.T) {
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: acctest.Factories(),
				Steps: []resource.TestStep{{
					Config:      acctest.Required + "provider \"streamkap\" {\n" + test.arguments + "\n}\n" + oneKey,
					PlanOnly:    true,
					ExpectError: regexp.MustCompile(test.says),
				}},
			})
		})
	}
}

// TestAccProvider_ConfiguredByACredentialFile makes a key with one configuration
// of the provider and uses its credential file for another.
func TestAccProvider_ConfiguredByACredentialFile(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+oneKey+`
provider "streamkap" {
  alias       = "made"
  project_key = base64encode(streamkap_project_key.test.credential_json)
}

resource "streamkap_project_key" "second" {
  provider = streamkap.made
  name     = "made by the first"
  role_ids = ["`+simulator.RoleReadOnly+`"]
}
`)
	w.Run("apply", "-auto-approve")
	writes := s.Writes()
	if len(writes) != 2 || writes[1].ClientID != s.Keys()[0].APIClientID {
		t.Error("the second key was not made with the first")
	}
	w.Run("plan", "-detailed-exitcode")
	w.Run("destroy", "-auto-approve")
}

func TestMain(m *testing.M) { acctest.Main(m) }
