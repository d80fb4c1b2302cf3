// SPDX-License-Identifier: MPL-2.0

package live

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestMain(m *testing.M) {
	acctest.Hide(password, otherPassword)
	acctest.LiveMain(m)
}

// address is that of the one key that most tests are about.
const address = "streamkap_project_key.test"

// Passwords that are given as write-only values. Nobody can use them, since the
// users that have them admit no address that exists.
const (
	password      = "Written-only-1"
	otherPassword = "Written-only-2"
)

// readOnly is the role that keys are given.
const readOnly = `
data "streamkap_role" "read_only" {
  name = "Read Only"
}
`

// byRole are the arguments of a key with access to the API.
const byRole = "role_ids = [data.streamkap_role.read_only.id]\n"

// key is the configuration of the key under test.
func key(s *acctest.LiveService, name string, body ...string) string {
	text := readOnly + fmt.Sprintf("resource \"streamkap_project_key\" \"test\" {\nname = %q\n", s.Name(name))
	for _, part := range body {
		text += part + "\n"
	}
	return s.Config(text + "}\n")
}

// kafka is a kafka block that admits nobody.
func kafka(s *acctest.LiveService, username string, version int, body ...string) string {
	secret := password
	if version > 1 {
		secret = otherPassword
	}
	text := fmt.Sprintf("kafka {\nusername = %q\npassword_wo = %q\npassword_wo_version = %d\n", s.Username(username), secret, version)
	text += "whitelist_ips = [\"192.0.2.1\", \"192.0.2.128/25\"]\n"
	for _, part := range body {
		text += part + "\n"
	}
	return text + "}\n"
}

func acl(name, resource, operation, pattern string) string {
	return fmt.Sprintf("acl {\nname = %q\nresource = %q\noperation = %q\npattern_type = %q\n}\n", name, resource, operation, pattern)
}

// scenario runs steps one after the other, and no two tests at once: a service
// of others' is not to be hurried.
func scenario(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: acctest.Factories(), Steps: steps})
}

// apply is a step that applies a configuration and expects this action on the
// key. The plan after it has to be empty: plugin-testing checks that.
func apply(configuration string, action plancheck.ResourceActionType, checks ...resource.TestCheckFunc) resource.TestStep {
	return resource.TestStep{
		Config: configuration,
		ConfigPlanChecks: resource.ConfigPlanChecks{
			PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(address, action)},
		},
		Check: resource.ComposeAggregateTestCheckFunc(checks...),
	}
}

// has checks an attribute of the key.
func has(name, value string) resource.TestCheckFunc {
	return resource.TestCheckResourceAttr(address, name, value)
}

func isSet(name string) resource.TestCheckFunc {
	return resource.TestCheckResourceAttrSet(address, name)
}

func isNot(name string) resource.TestCheckFunc {
	return resource.TestCheckNoResourceAttr(address, name)
}

// importedPlansNothing is a step that imports the key with the configuration of
// the step before.
func importedPlansNothing() resource.TestStep {
	return resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithID}
}

// imported is a step that imports the key and compares it with the state. What
// no answer shows again is left out, and so are the addresses that an import
// takes from the provider's host, which is the guard's.
func imported(ignored ...string) resource.TestStep {
	return resource.TestStep{
		ResourceName: address, ImportState: true, ImportStateVerify: true,
		ImportStateVerifyIgnore: append([]string{"api.client_secret", "credential_json", "api.api_url", "api.token_endpoint"}, ignored...),
	}
}
