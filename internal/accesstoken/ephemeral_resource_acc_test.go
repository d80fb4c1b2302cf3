// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestAccAccessToken_KeyMadeInTheSameRun hands the token to the echo provider, which
// puts it into the state of its resource for a test to see.
func TestAccAccessToken_KeyMadeInTheSameRun(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	factories := acctest.Factories()
	factories["echo"] = echoprovider.NewProviderServer()
	config := s.Config(`
ephemeral "streamkap_access_token" "test" {
  project_key = streamkap_project_key.test.credential_json
}

resource "streamkap_project_key" "test" {
  name     = "orders"
  role_ids = ["` + simulator.RoleReadOnly + `"]
}

provider "echo" {
  data = ephemeral.streamkap_access_token.test
}

resource "echo" "test" {}
`)
	resource.ParallelTest(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
		Config: strings.Replace(config, "required_providers {", "required_providers {\n    echo = { source = \"streamkap-com/echo\" }", 1),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("access_token"), knownvalue.StringRegexp(regexp.MustCompile(`^simulated-access-`))),
		},
	}}})
}

// A key's credential_json becomes null in the life of a key. That must not turn
// its token into one with more rights.
func TestAccAccessToken_KeyWithoutCredentialFileIsAnError(t *testing.T) {
	const recipients = `["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"]`
	w := acctest.NewWorkspace(t, acctest.Start(t, simulator.Config{}))
	write := func(recipients string) {
		w.Write("main.tf", acctest.Required+`
resource "streamkap_project_key" "test" {
  name              = "orders"
  role_ids          = ["`+simulator.RoleReadOnly+`"]
  secret_recipients = `+recipients+`
}

ephemeral "streamkap_access_token" "test" {
  project_key = streamkap_project_key.test.credential_json
}

resource "terraform_data" "user" {
  provisioner "local-exec" {
    command     = "test -n \"$TOKEN\""
    environment = { TOKEN = ephemeral.streamkap_access_token.test.access_token }
  }
}
`)
	}
	write("null")
	w.Run("apply", "-no-color", "-auto-approve")
	write(recipients)
	printed, err := w.Try("plan", "-no-color")
	if printed = acctest.OneLine(printed); err == nil || !strings.Contains(printed, "Error: Credential file missing") || !strings.Contains(printed, "decrypt_credential") {
		t.Errorf("the plan ends with %v and says %s", err, printed)
	}
}
