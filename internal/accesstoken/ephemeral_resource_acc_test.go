// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

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

func TestAccAccessToken_InNoFile(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Setenv("TF_LOG", "TRACE")
	w.Setenv("TF_LOG_PATH", filepath.Join(w.Dir, "trace.log"))
	// Somebody has to use the token, and a write-only password is one of the
	// few that may.
	w.Write("main.tf", acctest.Required+`
ephemeral "streamkap_access_token" "test" {
  use_provider_credentials = true
}

resource "streamkap_project_key" "test" {
  name = "orders"

  kafka {
    username            = "orders-consumer"
    password_wo         = "Aa1!${ephemeral.streamkap_access_token.test.access_token}"
    password_wo_version = 1
  }
}
`)
	printed := w.Run("plan", "-out=saved.plan", "-no-color")
	printed += w.Run("show", "-json", "saved.plan")
	printed += w.Run("apply", "-no-color", "saved.plan")
	printed += w.Run("show", "-json")

	password := s.Keys()[0].KafkaPassword
	if !strings.Contains(password, "simulated-access-") {
		t.Fatal("the token was not used")
	}
	for name, content := range map[string]string{"the state": w.Read("terraform.tfstate"), "the log": w.Read("trace.log"), "the output": printed} {
		if content == "" || strings.Contains(content, "simulated-access-") {
			t.Errorf("%s holds the token, or is empty", name)
		}
	}
	plan, err := os.ReadFile(filepath.Join(w.Dir, "saved.plan"))
	if err != nil {
		t.Fatal(err)
	}
	if found, err := acctest.NewScanner().Plan(plan); err != nil || len(found) > 0 {
		t.Errorf("the plan holds %q, %v", found, err)
	}
}
