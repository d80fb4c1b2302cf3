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

// credentials is what Terraform puts out about a key's access to the API, and
// what the credential file says of it.
type credentials struct {
	ClientID      string `json:"client_id"`
	ClientSecret  string `json:"client_secret"`
	TokenEndpoint string `json:"token_endpoint"`
	APIURL        string `json:"api_url"`
}

const keysToTheAPI = `
data "streamkap_role" "this" {
  for_each = toset(["Admin", "Read Only"])
  name     = each.key
}

resource "streamkap_project_key" "this" {
  for_each = data.streamkap_role.this
  name     = each.key
  role_ids = [each.value.id]
}

output "keys" {
  sensitive = true
  value     = { for name, key in streamkap_project_key.this : name => key.api }
}

output "files" {
  sensitive = true
  value     = { for key in concat(values(streamkap_project_key.this), [streamkap_project_key.kafka-alone]) : key.name => key.credential_json }
}
`

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
func exchange(t *testing.T, endpoint string, credentials map[string]any) (status int, token string) {
	t.Helper()
	status, answer := call(t, http.MethodPost, endpoint, "", credentials)
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

func (c credentials) pair() map[string]any {
	return map[string]any{"client_id": c.ClientID, "secret": c.ClientSecret}
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

func TestAccAPIAccess_AsFarAsTheRoleAllows(t *testing.T) {
	h := newTestbed(t, simulator.Config{})
	h.Setenv("TF_VAR_password", password)
	h.apply(passwords + kafkaKey("kafka-alone", stored) + keysToTheAPI)
	var keys map[string]credentials
	h.output("keys", &keys)
	var files map[string]string
	h.output("files", &files)
	for name, text := range files {
		var file struct{ API *credentials }
		key, hasAPI := keys[name]
		if err := json.Unmarshal([]byte(text), &file); err != nil || (file.API != nil) != hasAPI || hasAPI && *file.API != key {
			t.Errorf("the file of %s has another access to the API than the outputs: %v", name, err)
		}
		for _, form := range []any{json.RawMessage(text), []byte(text)} { // as JSON, and as Base64
			status, token := exchange(t, keys["Admin"].TokenEndpoint, map[string]any{"project_key": form})
			if status != http.StatusOK && hasAPI || status != http.StatusBadRequest && !hasAPI || (token != "") != hasAPI {
				t.Errorf("the exchange of the file of %s as %T is answered %d", name, form, status)
			}
		}
	}
	if len(keys) != 2 || len(files) != 3 {
		t.Errorf("%d keys and %d files", len(keys), len(files))
	}

	mayWrite := map[string]bool{"Admin": true}
	made := map[string]any{"name": "made with it", "role_ids": []string{simulator.RoleReadOnly}}
	tokens := map[string]string{}
	for name, key := range keys {
		status, token := exchange(t, key.TokenEndpoint, key.pair())
		if tokens[name] = token; status != http.StatusOK || token == "" {
			t.Fatalf("%s: the exchange is answered %d", name, status)
		}
		if names := listed(t, key, token); !slices.Contains(names, name) || !slices.Contains(names, "kafka-alone") {
			t.Errorf("%s sees the keys %q", name, names)
		}
		if status, _ := call(t, http.MethodPost, key.APIURL+"/project-keys", token, made); (status < 300) != mayWrite[name] || status >= 300 && status != http.StatusForbidden {
			t.Errorf("%s: a write is answered %d", name, status)
		}
		if status, _ := exchange(t, key.TokenEndpoint, credentials{ClientID: key.ClientID, ClientSecret: key.ClientSecret + "x"}.pair()); status != http.StatusUnauthorized {
			t.Errorf("%s with a wrong secret: %d", name, status)
		}
	}

	h.destroy()
	for name, key := range keys {
		if status, token := exchange(t, key.TokenEndpoint, key.pair()); status != http.StatusUnauthorized || token != "" {
			t.Errorf("after destroy %s: the exchange is answered %d", name, status)
		}
		if status, _ := call(t, http.MethodGet, key.APIURL+"/project-keys", tokens[name], nil); status != http.StatusUnauthorized {
			t.Errorf("after destroy the token of %s is answered %d", name, status)
		}
	}
}
