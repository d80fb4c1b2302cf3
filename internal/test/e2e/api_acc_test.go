// SPDX-License-Identifier: MPL-2.0

package e2e_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// credentials is what Terraform puts out about a key's access to the API.
type credentials struct {
	ClientID      string `json:"client_id"`
	ClientSecret  string `json:"client_secret"`
	TokenEndpoint string `json:"token_endpoint"`
	APIURL        string `json:"api_url"`
	File          string `json:"file"`
	Base64        string `json:"base64"`
}

const keysToTheAPI = `
variable "password" {
  type      = string
  sensitive = true
}

data "streamkap_role" "this" {
  for_each = toset(["Admin", "Read Only"])
  name     = each.key
}

resource "streamkap_project_key" "this" {
  for_each = data.streamkap_role.this
  name     = each.key
  role_ids = [each.value.id]
}

resource "streamkap_project_key" "kafka" {
  name = "Kafka alone"
  kafka {
    username = "kafka-alone"
    password = var.password
  }
}

output "keys" {
  sensitive = true
  value = {
    for name, key in streamkap_project_key.this : name => merge(key.api, {
      file   = key.credential_json
      base64 = base64encode(key.credential_json)
    })
  }
}

output "kafka_alone" {
  sensitive = true
  value = {
    file   = streamkap_project_key.kafka.credential_json
    base64 = base64encode(streamkap_project_key.kafka.credential_json)
  }
}
`

// forms are the ways in which credentials can be exchanged for a token.
func (c credentials) forms() map[string]any {
	forms := map[string]any{
		"JSON":   map[string]any{"project_key": json.RawMessage(c.File)},
		"Base64": map[string]any{"project_key": c.Base64},
	}
	if c.ClientID != "" {
		forms["client id and secret"] = map[string]any{"client_id": c.ClientID, "secret": c.ClientSecret}
	}
	return forms
}

// call makes a request and returns the status and the body of the answer.
func call(t *testing.T, method, url, token string, body any) (int, []byte) {
	t.Helper()
	encoded, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, answer
}

// exchange exchanges credentials for a token.
func exchange(t *testing.T, endpoint string, body any) (status int, token string) {
	t.Helper()
	status, answer := call(t, http.MethodPost, endpoint, "", body)
	// Services spell it in two ways (contract, dialect 2).
	var issued struct {
		AccessToken string
		SnakeCase   string `json:"access_token"`
	}
	if err := json.Unmarshal(answer, &issued); err != nil {
		t.Fatal(err)
	}
	return status, cmp.Or(issued.AccessToken, issued.SnakeCase)
}

// listed returns the names of the keys that a token can see.
func listed(t *testing.T, c credentials, token string) []string {
	t.Helper()
	status, answer := call(t, http.MethodGet, c.APIURL+"/project-keys", token, nil)
	var rows []struct{ Name string }
	if status != http.StatusOK || json.Unmarshal(answer, &rows) != nil {
		t.Errorf("the list of keys is answered %d", status)
	}
	var names []string
	for _, row := range rows {
		names = append(names, row.Name)
	}
	return slices.Sorted(slices.Values(names))
}

func TestAccAPICredentialsOpenTheAPIAsFarAsTheirRoleAllows(t *testing.T) {
	h := newHouse(t, simulator.Config{})
	h.Setenv("TF_VAR_password", password)
	h.apply(keysToTheAPI)
	var keys map[string]credentials
	h.output("keys", &keys)
	var kafkaAlone credentials
	h.output("kafka_alone", &kafkaAlone)

	mayWrite := map[string]bool{"Admin": true}
	made := map[string]any{"name": "made through the door", "role_ids": []string{simulator.RoleReadOnly}}
	tokens := map[string]string{}
	for name, key := range keys {
		for form, body := range key.forms() {
			status, token := exchange(t, key.TokenEndpoint, body)
			if status != http.StatusOK || token == "" {
				t.Fatalf("%s as %s: the exchange is answered %d", name, form, status)
			}
			if names := listed(t, key, token); !slices.Contains(names, name) || !slices.Contains(names, "Kafka alone") {
				t.Errorf("%s as %s sees the keys %q", name, form, names)
			}
			tokens[name+" as "+form] = token
			if status, _ := call(t, http.MethodPost, key.APIURL+"/project-keys", token, made); (status < 300) != mayWrite[name] || status >= 300 && status != http.StatusForbidden {
				t.Errorf("%s as %s: a write is answered %d", name, form, status)
			}
		}
		wrong := map[string]any{"client_id": key.ClientID, "secret": key.ClientSecret + "x"}
		if status, _ := exchange(t, key.TokenEndpoint, wrong); status != http.StatusUnauthorized {
			t.Errorf("%s with a wrong secret: %d", name, status)
		}
	}
	endpoint := keys["Admin"].TokenEndpoint
	for form, body := range kafkaAlone.forms() {
		if status, token := exchange(t, endpoint, body); status != http.StatusBadRequest || token != "" {
			t.Errorf("the Kafka-only key as %s: the exchange is answered %d", form, status)
		}
	}

	h.destroy()
	for name, key := range keys {
		for form, body := range key.forms() {
			if status, token := exchange(t, endpoint, body); status != http.StatusUnauthorized || token != "" {
				t.Errorf("after destroy %s as %s: the exchange is answered %d", name, form, status)
			}
			if status, _ := call(t, http.MethodGet, key.APIURL+"/project-keys", tokens[name+" as "+form], nil); status != http.StatusUnauthorized {
				t.Errorf("after destroy the token of %s as %s is answered %d", name, form, status)
			}
		}
	}
	if len(tokens) != 6 {
		t.Errorf("%d tokens were tried, expected 6", len(tokens))
	}
}
