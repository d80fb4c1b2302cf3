// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const (
	clientSecret = simulator.ClientSecretPrefix + "1"
	accessToken  = simulator.AccessTokenPrefix + "1"
	hiddenWord   = "Hidden-away-1"
)

// planted are leaks, each in a file of its own kind, and what is no leak.
var planted = []struct {
	name string
	file string
	data []byte
	leak bool
}{
	{"client secret in a log", "a.log", []byte("got " + clientSecret), true},
	{"token in a log", "a.log", []byte("Bearer " + accessToken), true},
	{"hidden password in a log", "a.log", []byte(`{"password":"` + hiddenWord + `"}`), true},
	{"Base64 in a log", "a.log", []byte(base64.StdEncoding.EncodeToString([]byte(`{"a":"` + clientSecret + `"}`))), true},
	{"URL Base64 in a log, at another offset", "a.log", []byte(base64.URLEncoding.EncodeToString([]byte("xx" + hiddenWord))), true},
	{"nothing in a log", "a.log", []byte("status=200 path=/project-keys"), false},
	{"a test's own configuration in a log", "a.log", []byte("  test_terraform_configuration=\n  | a = " + clientSecret + "\n2026\n"), false},
	{"client secret where it belongs", "terraform.tfstate", state(`"api": {"client_secret": "` + clientSecret + `"}, "credential_json": "` + clientSecret + `"`), false},
	{"client secret elsewhere in the state", "terraform.tfstate", state(`"description": "` + clientSecret + `"`), true},
	{"client secret in the private state", "terraform.tfstate", []byte(`{"resources": [{"type": "streamkap_project_key", "instances": [{"attributes": {}, "private": "` +
		base64.StdEncoding.EncodeToString([]byte(clientSecret)) + `"}]}]}`), true},
	{"hidden password where another belongs", "terraform.tfstate.backup", state(`"kafka": {"password": "` + hiddenWord + `"}`), true},
	{"token where a secret belongs", "terraform.tfstate", state(`"credential_json": "` + accessToken + `"`), true},
	{"what another provider keeps", "terraform.tfstate", []byte(`{"resources": [{"type": "other", "instances": [{"attributes": {"a": "` + clientSecret + `"}}]}]}`), false},
	{"hidden password in a plan", "saved.tfplan", plan("tfplan", hiddenWord), true},
	{"token in a plan", "tfplan", plan("tfstate", accessToken), true},
	{"client secret in the prior state of a plan", "tfplan", plan("tfstate", clientSecret), false},
	{"the configuration in a plan", "tfplan", plan("tfconfig/m-/main.tf", hiddenWord), false},
}

func state(attributes string) []byte {
	return fmt.Appendf(nil, `{"resources": [{"type": "streamkap_project_key", "instances": [{"attributes": {%s}}]}]}`, attributes)
}

func plan(entry, text string) []byte {
	var buffer bytes.Buffer
	archive := zip.NewWriter(&buffer)
	file, err := archive.Create(entry)
	if err != nil {
		panic(err)
	}
	if _, err := file.Write([]byte(text)); err != nil {
		panic(err)
	}
	if err := archive.Close(); err != nil {
		panic(err)
	}
	return buffer.Bytes()
}

func TestScanner_PlantedLeaksFoundAndNothingElse(t *testing.T) {
	Hide(hiddenWord)
	for _, test := range planted {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, test.file), test.data, 0o600); err != nil {
				t.Fatal(err)
			}
			findings, err := NewScanner().Files(dir)
			if err != nil {
				t.Fatal(err)
			}
			if (len(findings) > 0) != test.leak {
				t.Errorf("found %q", findings)
			}
		})
	}
}

// TestScanner_SecretsOfTheSimulatorKnown ties the beginnings that the
// scanner knows to what a simulator really issues.
func TestScanner_SecretsOfTheSimulatorKnown(t *testing.T) {
	server := simulator.New(simulator.Config{})
	server.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}, KafkaUsername: "orders"})
	client := http.Client{Transport: server.RoundTripper()}
	exchange := fmt.Sprintf(`{"client_id": %q, "secret": %q}`, simulator.DefaultClientID, simulator.DefaultSecret)
	resp, err := client.Post("http://simulator/auth/access-token", "application/json", strings.NewReader(exchange))
	if err != nil || resp.StatusCode != http.StatusOK || resp.Body.Close() != nil {
		t.Fatal(resp, err)
	}
	scanner := NewScanner()
	if len(server.Secrets()) < 5 {
		t.Fatalf("only %d secrets were issued", len(server.Secrets()))
	}
	for _, secret := range server.Secrets() {
		if len(scanner.Text([]byte(secret))) == 0 {
			t.Errorf("a secret that begins with %.10s is not looked for", secret)
		}
	}
}
