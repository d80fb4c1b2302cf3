// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

func TestRecord_WithoutSecrets(t *testing.T) {
	const hidden = "Hidden-Password-1"
	dir := filepath.Join(t.TempDir(), "recorded")
	server := simulator.New(simulator.Config{})
	server.Inject(simulator.Fault{Method: http.MethodDelete, Drop: simulator.DropBefore})
	handler, err := record(server, dir, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	listener := httptest.NewServer(handler)
	defer listener.Close()
	for _, request := range []struct{ method, path, body string }{
		{http.MethodPost, "/auth/access-token", `{"client_id": "a", "secret": "` + hidden + `"}`},
		{http.MethodPost, "/auth/access-token", `{"project_key": {"api": {"client_secret": "` + hidden + `"}}}`},
		{http.MethodPost, "/project-keys", `{"name": "n<b>", "kafka_config": {"username": "u", "password": "` + hidden + `"}, "role_ids": null}`},
		{http.MethodPatch, "/project-keys/an-id", `{"kafka_password": "` + hidden + `"}`},
		{http.MethodPatch, "/project-keys/an-id", `kafka_password=` + hidden},
		{http.MethodDelete, "/project-keys/an-id", ""},
	} {
		call, err := http.NewRequestWithContext(t.Context(), request.method, listener.URL+request.path, strings.NewReader(request.body))
		if err != nil {
			t.Fatal(err)
		}
		call.Header.Set("Authorization", "Bearer "+hidden)
		call.Header.Set("Content-Type", "application/json")
		if response, err := http.DefaultClient.Do(call); err == nil {
			_ = response.Body.Close()
		}
	}
	var bodies string
	for name, status := range map[string]int{
		"0001-POST-auth-access-token.json":    401,
		"0002-POST-auth-access-token.json":    400,
		"0003-POST-project-keys.json":         401,
		"0004-PATCH-project-keys-an-id.json":  401,
		"0005-PATCH-project-keys-an-id.json":  401,
		"0006-DELETE-project-keys-an-id.json": 0,
	} {
		text, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Error(err)
			continue
		}
		var file recorded
		if err := json.Unmarshal(text, &file); err != nil || file.Status != status || file.Header.Get("Authorization") != "(a token)" {
			t.Errorf("%s (%v): %s", name, err, text)
		}
		if strings.Contains(string(text), hidden) {
			t.Errorf("%s holds a secret: %s", name, text)
		}
		bodies += string(text)
	}
	for _, want := range []string{`"n<b>"`, "(secret, 17 characters)", `"role_ids": null`, "(32 bytes that are no JSON)"} {
		if !strings.Contains(bodies, want) {
			t.Errorf("%s is not in %s", want, bodies)
		}
	}
}
