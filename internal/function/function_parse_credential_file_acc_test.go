// SPDX-License-Identifier: MPL-2.0

package function_test

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestAccParseCredentialFile_WithoutAProviderBlock has neither host nor credentials.
func TestAccParseCredentialFile_WithoutAProviderBlock(t *testing.T) {
	is := func(want string, path tfjsonpath.Path) statecheck.StateCheck {
		return statecheck.ExpectKnownOutputValueAtPath("file", path, knownvalue.StringExact(want))
	}
	resource.ParallelTest(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: []resource.TestStep{{
		Config: fmt.Sprintf(`
terraform {
  required_providers {
    streamkap = { source = "streamkap-com/streamkap" }
  }
}

output "file" {
  value = provider::streamkap::parse_credential_file(%q)
}
`, fullFile),
		ConfigStateChecks: []statecheck.StateCheck{
			is("not-a-real-secret-a", tfjsonpath.New("api").AtMapKey("client_secret")),
			is("TOPIC", tfjsonpath.New("kafka_acls").AtSliceIndex(0).AtMapKey("resource")),
		},
	}}})
}
