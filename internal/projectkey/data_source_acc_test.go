// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestAccDataSource_UnknownArgumentsDeferred(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	wanted := s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	w := applied(t, s, `
resource "terraform_data" "later" {
  input = { id = "`+wanted.ID+`", name = "orders" }
}

data "streamkap_project_key" "by_id" {
  id = terraform_data.later.output.id
}

data "streamkap_project_key" "by_name" {
  name = terraform_data.later.output.name
}

data "streamkap_project_keys" "test" {
  name_regex = terraform_data.later.output.name
  status     = terraform_data.later.output.name == "orders" ? "active" : "failed"
}

data "streamkap_mcp_config" "test" {
  project_key_id = terraform_data.later.output.id
}

output "found" {
  value = "${data.streamkap_project_key.by_name.id} ${length(data.streamkap_project_keys.test.project_keys)} ${data.streamkap_mcp_config.test.service_id}"
}
`)
	tells(t, w.Run("output", "-raw", "found"), wanted.ID+" 1 "+simulator.DefaultServiceID)
	w.Run("plan", "-detailed-exitcode")
}
