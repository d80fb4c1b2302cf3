// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// echoed is a configuration that hands an access token to the echo provider,
// which puts it into the state of its resource for a test to see.
func echoed(s *acctest.Service, body string) string {
	return withEcho(s, `
ephemeral "streamkap_access_token" "test" {
`+body+`
}

provider "echo" {
  data = ephemeral.streamkap_access_token.test
}
`)
}

// own asks for a token of the provider's credentials.
const own = "use_provider_credentials = true"

func withEcho(s *acctest.Service, body string) string {
	return strings.Replace(s.Config(body), "required_providers {", "required_providers {\n    echo = { source = \"streamkap-com/echo\" }", 1) + `
resource "echo" "test" {}
`
}

// withoutCredentials takes the credentials out of the provider block.
func withoutCredentials(configuration string) string {
	return regexp.MustCompile(`(?m)^ *(client_id|secret) .*$`).ReplaceAllString(configuration, "")
}

func factories() map[string]func() (tfprotov6.ProviderServer, error) {
	all := acctest.Factories()
	all["echo"] = echoprovider.NewProviderServer()
	return all
}

func scenario(t *testing.T, steps ...resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{ProtoV6ProviderFactories: factories(), Steps: steps})
}

func is(attribute string, value knownvalue.Check) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey(attribute), value)
}

// about checks an expiry against what it should be by now.
func about(life time.Duration) knownvalue.Check {
	return knownvalue.StringFunc(func(text string) error {
		expiry, err := time.Parse(time.RFC3339, text)
		if err != nil {
			return err
		}
		if off := time.Until(expiry) - life; off.Abs() > time.Minute || !strings.HasSuffix(text, "Z") {
			return fmt.Errorf("%s is not %s from now in UTC", text, life)
		}
		return nil
	})
}

var issued = knownvalue.StringRegexp(regexp.MustCompile(`^simulated-access-`))

func TestAccAccessTokenExchangesTheProvidersCredentials(t *testing.T) {
	for _, spelling := range []simulator.TokenSpelling{simulator.TokenCamel, simulator.TokenSnake} {
		t.Run(string(spelling), func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{TokenLifetime: 3 * time.Hour, Dialect: simulator.Dialect{Token: spelling}})
			scenario(t, resource.TestStep{
				Config: echoed(s, own),
				ConfigStateChecks: []statecheck.StateCheck{
					is("access_token", issued),
					is("token_type", knownvalue.StringExact("Bearer")),
					is("expires_in", knownvalue.Int64Exact(10800)),
					is("expires_at", about(3*time.Hour)),
				},
			})
		})
	}
}

func TestAccAccessTokenHasNoExpiryWhereTheServiceTellsNone(t *testing.T) {
	s := acctest.Start(t, simulator.Config{Dialect: simulator.Dialect{Token: simulator.TokenNoLifetime}})
	scenario(t, resource.TestStep{
		Config: echoed(s, own),
		ConfigStateChecks: []statecheck.StateCheck{
			is("access_token", issued),
			is("expires_in", knownvalue.Null()),
			is("expires_at", knownvalue.Null()),
		},
	})
}

// credentialFile is what the service would let people download.
func credentialFile(key simulator.Key, apiURL string) string {
	file, err := json.Marshal(map[string]any{
		"type": "streamkap_project_key", "project_key_id": key.ID,
		"api": map[string]any{"client_id": key.APIClientID, "client_secret": key.APISecret, "api_url": apiURL},
	})
	if err != nil {
		panic(err)
	}
	return string(file)
}

func projectKey(file string) string { return fmt.Sprintf("project_key = %q", file) }

// exchanges lists whose credentials a service was asked to exchange.
func exchanges(s *acctest.Service) map[string]int {
	count := map[string]int{}
	for _, request := range s.Requests() {
		if request.Path == "/auth/access-token" {
			count[request.ClientID]++
		}
	}
	return count
}

func TestAccAccessTokenExchangesACredentialFileWhereItBelongs(t *testing.T) {
	for name, form := range map[string]func(string) string{
		"JSON":   func(file string) string { return file },
		"Base64": func(file string) string { return base64.StdEncoding.EncodeToString([]byte(file)) },
	} {
		t.Run(name, func(t *testing.T) {
			providers, files := acctest.StartAsDocumented(t, simulator.Config{}), acctest.StartAsDocumented(t, simulator.Config{})
			key := files.Seed(simulator.Key{Name: "other", RoleIDs: []string{simulator.RoleReadOnly}})
			scenario(t, resource.TestStep{
				Config:            echoed(providers, projectKey(form(credentialFile(key, files.URL)))),
				ConfigStateChecks: []statecheck.StateCheck{is("access_token", issued), is("expires_in", knownvalue.Int64Exact(3600))},
			})
			if made := exchanges(providers); len(made) != 0 {
				t.Errorf("the provider's host was asked to exchange credentials: %v", made)
			}
			if made := exchanges(files); len(made) != 1 || made[key.APIClientID] == 0 {
				t.Errorf("the file's host was asked to exchange the credentials of %v", made)
			}
		})
	}
}

func TestAccAccessTokenExchangesAFileWithoutAddressAtTheProvidersHost(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	key := s.Seed(simulator.Key{Name: "other", RoleIDs: []string{simulator.RoleReadOnly}})
	// The provider itself needs no credentials for it.
	scenario(t, resource.TestStep{
		Config:            withoutCredentials(echoed(s, projectKey(credentialFile(key, "")))),
		ConfigStateChecks: []statecheck.StateCheck{is("access_token", issued)},
	})
}

func TestAccAccessTokenOfAKeyMadeInTheSameRun(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	scenario(t, resource.TestStep{
		Config: echoed(s, `
  project_key = streamkap_project_key.test.credential_json
}

resource "streamkap_project_key" "test" {
  name     = "orders"
  role_ids = ["`+simulator.RoleReadOnly+`"]`),
		ConfigStateChecks: []statecheck.StateCheck{is("access_token", issued)},
	})
}

// The provider's own token must not stand in for a file that is not there.
func TestAccAccessToken_MissingFileIsAnError(t *testing.T) {
	missing := regexp.MustCompile(`(?s)Credential file missing.*streamkap_access_token.*project_key is null.*not\s+used\s+in\s+its\s+place`)
	for name, test := range map[string]struct {
		body string
		want *regexp.Regexp
	}{
		"nothing is given":                {"", missing},
		"null":                            {"project_key = null", missing},
		"null, known at the apply":        {"project_key = terraform_data.unknown.output ? null : null", missing},
		"not the provider's":              {"use_provider_credentials = false", missing},
		"both":                            {own + "\n" + projectKey("simulated-file-secret"), regexp.MustCompile(`Two sets of credentials`)},
		"empty beside the provider's":     {own + "\n" + projectKey(""), regexp.MustCompile(`Two sets of credentials`)},
		"empty, known at the apply":       {`project_key = terraform_data.unknown.output ? "" : ""`, regexp.MustCompile(`(?s)Credential file refused.*it is empty`)},
		"not the provider's, and no file": {"use_provider_credentials = false\nproject_key = \"\"", regexp.MustCompile(`(?s)Credential file refused.*it is empty`)},
	} {
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			scenario(t, resource.TestStep{
				Config:      echoed(s, test.body) + "\nresource \"terraform_data\" \"unknown\" {\n  input = true\n}\n",
				ExpectError: test.want,
			})
			if made := s.Requests(); len(made) != 0 {
				t.Errorf("%d requests were made", len(made))
			}
		})
	}
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

func TestAccAccessTokenIsNewEachTime(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	scenario(t, resource.TestStep{
		Config: withEcho(s, `
ephemeral "streamkap_access_token" "first" {
  use_provider_credentials = true
}

ephemeral "streamkap_access_token" "second" {
  use_provider_credentials = true
}

provider "echo" {
  data = ephemeral.streamkap_access_token.first.access_token == ephemeral.streamkap_access_token.second.access_token
}
`),
		ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data"), knownvalue.Bool(false))},
	})
}

func TestAccAccessTokenRefusesAFileBeforeAnyConnection(t *testing.T) {
	key := simulator.Key{ID: "a", APIClientID: "client", APISecret: "simulated-file-secret"}
	for name, refusal := range map[string]struct{ file, says string }{
		"empty":          {"", "it is empty"},
		"no file":        {"simulated-file-secret", `it is neither the\s+JSON`},
		"other type":     {`{"type": "service_account"}`, `its "type" is\s+not`},
		"Kafka-only":     {`{"type": "streamkap_project_key", "api": null, "kafka": {"username": "a"}}`, `belongs to a\s+Kafka-only\s+key`},
		"no secret":      {`{"type": "streamkap_project_key", "api": {"client_id": "a"}}`, `it holds no client\s+secret`},
		"plain http":     {credentialFile(key, "http://api.streamkap.com"), `its api_url uses\s+plain\s+http`},
		"no URL":         {credentialFile(key, "api.streamkap.com"), `its api_url is not\s+a\s+URL`},
		"other protocol": {credentialFile(key, "ftp://api.streamkap.com"), `its api_url is not\s+a\s+URL`},
	} {
		t.Run(name, func(t *testing.T) {
			s := acctest.Start(t, simulator.Config{})
			scenario(t, resource.TestStep{
				Config:      echoed(s, projectKey(refusal.file)),
				PlanOnly:    true,
				ExpectError: regexp.MustCompile(`(?s)Credential file refused.*project_key = .*` + refusal.says),
			})
			if made := s.Requests(); len(made) != 0 {
				t.Errorf("%d requests were made", len(made))
			}
		})
	}
}

func TestAccAccessTokenSaysThatCredentialsAreRefused(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	gone := simulator.Key{ID: "a", APIClientID: "client", APISecret: "simulated-file-secret"}
	scenario(t,
		resource.TestStep{
			Config:      echoed(s, projectKey(credentialFile(gone, s.URL))),
			ExpectError: regexp.MustCompile(`(?s)Streamkap credentials refused.*project_key = .*Could not exchange the credential file in project_key`),
		},
		resource.TestStep{
			Config:      strings.Replace(echoed(s, own), simulator.DefaultSecret, "mistyped", 1),
			ExpectError: regexp.MustCompile(`(?s)Streamkap credentials refused.*Could not exchange the provider's credentials`),
		},
	)
}
