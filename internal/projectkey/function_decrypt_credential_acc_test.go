// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func sshPair(t *testing.T) (public, private string) {
	t.Helper()
	publicKey, privateKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	wire, err := ssh.NewPublicKey(publicKey)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(privateKey, "")
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(wire))), string(pem.EncodeToMemory(block))
}

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

// TestAccDecryptCredential_WriteOnlyArgumentInOneApply has a key that is
// still to be made, so that at plan its secrets are not known.
func TestAccDecryptCredential_WriteOnlyArgumentInOneApply(t *testing.T) {
	public, private := sshPair(t)
	identity := newIdentity(t)
	for name, pair := range map[string][2]string{
		"age": {identity.Recipient().String(), identity.String()},
		"SSH": {public, private},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.Hide(strings.TrimSpace(pair[1]))
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", decrypting(`["`+pair[0]+`"]`, "var.identity"))
			w.Setenv("TF_VAR_identity", pair[1])
			w.Run("plan", "-no-color", "-out=saved.tfplan")
			w.Run("apply", "-no-color", "saved.tfplan")
			for _, made := range s.Keys() {
				if made.KafkaPassword != password {
					t.Errorf("the password of %s is %q", made.Name, made.KafkaPassword)
				}
			}
			w.Run("plan", "-no-color", "-detailed-exitcode")
			acctest.Hide(s.Secrets()...)
		})
	}
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
