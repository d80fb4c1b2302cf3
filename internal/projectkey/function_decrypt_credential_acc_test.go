// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// decrypting is a configuration with a key whose password another key takes
// over, as a write-only argument, in the apply that makes both.
func decrypting(recipients, identity string) string {
	return acctest.Required + key(named, adminRole, "secret_recipients = "+recipients, kafka()) + `
resource "streamkap_project_key" "second" {
  name = "second"

  kafka {
    username            = "second"
    password_wo         = jsondecode(provider::streamkap::decrypt_credential(` + address + `, ` + identity + `)).kafka.password
    password_wo_version = 1
  }
}

variable "identity" {
  type      = string
  default   = null
  ephemeral = true
}

variable "plain_identity" {
  type    = string
  default = null
}

variable "sensitive_identity" {
  type      = string
  default   = null
  sensitive = true
}

locals {
  identity = { of = [var.plain_identity] }
}
`
}

// TestAccDecryptCredential_ErrorsShowNoIdentity looks at all that a CLI prints
// when the identity is wrong, also where nothing says that it is secret.
func TestAccDecryptCredential_ErrorsShowNoIdentity(t *testing.T) {
	mine, other := newIdentity(t), newIdentity(t)
	for _, identity := range []string{
		"var.identity", "var.sensitive_identity", "var.plain_identity", "local.identity.of[0]", "trimspace(var.plain_identity)", "substr(var.plain_identity, 0, 40)",
		`file("identity.txt")`, `"${var.plain_identity}\n"`,
	} {
		t.Run(identity, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			w.Write("identity.txt", other.String())
			w.Write("main.tf", decrypting(`["`+mine.Recipient().String()+`"]`, identity))
			for _, variable := range []string{"identity", "sensitive_identity", "plain_identity"} {
				w.Setenv("TF_VAR_"+variable, other.String())
			}
			for _, arguments := range [][]string{{"apply", "-auto-approve"}, {"plan"}, {"plan", "-json"}} {
				output := fails(t, w, arguments...)
				if strings.Contains(output, other.String()[:30]) {
					t.Errorf("%v shows the identity:\n%s", arguments, output)
				}
				says(t, output, "The key can't be decrypted")
			}
		})
	}
}
