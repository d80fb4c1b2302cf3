// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const password = "Correct-Horse-1"

// object is a JSON object.
type object = map[string]any

// caller is a client of a simulator, with a token.
type caller struct {
	t      *testing.T
	server *simulator.Server
	http   *http.Client
	bearer string
	header http.Header // of the last answer
}

// start runs a simulator and logs in as its administrator.
func start(t *testing.T, cfg simulator.Config) *caller {
	t.Helper()
	c := anonymous(t, simulator.New(cfg))
	c.logIn(c.server.Config().ClientID, c.server.Config().Secret)
	return c
}

func anonymous(t *testing.T, server *simulator.Server) *caller {
	return &caller{t: t, server: server, http: &http.Client{Transport: server.RoundTripper()}}
}

// logIn exchanges credentials, whatever the spelling of the answer.
func (c *caller) logIn(clientID, secret string) {
	c.t.Helper()
	answer := c.want(200, "POST", "/auth/access-token", object{"client_id": clientID, "secret": secret})
	c.bearer, _ = answer["accessToken"].(string)
	if c.bearer == "" {
		c.bearer, _ = answer["access_token"].(string)
	}
}

// send makes a request; a body that is not a string is sent as JSON.
func (c *caller) send(method, path string, body any) (*http.Response, error) {
	c.t.Helper()
	var reader io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(body)
	default:
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		reader = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, "http://simulator.test"+path, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if c.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	return c.http.Do(request)
}

// call makes a request and returns status and text of the answer.
func (c *caller) call(method, path string, body any) (int, string) {
	c.t.Helper()
	response, err := c.send(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	c.header = response.Header
	return response.StatusCode, string(text)
}

// want makes a request that must be answered with the status, and returns the
// object in the answer; nil when the answer is empty.
func (c *caller) want(status int, method, path string, body any) object {
	c.t.Helper()
	got, text := c.call(method, path, body)
	if got != status {
		c.t.Fatalf("%s %s: answered %d, want %d: %s", method, path, got, status, text)
	}
	if text == "" {
		return nil
	}
	var answer object
	if err := json.Unmarshal([]byte(text), &answer); err != nil {
		c.t.Fatalf("%s %s: %v in %s", method, path, err, text)
	}
	return answer
}

// list reads all keys.
func (c *caller) list() []object {
	c.t.Helper()
	status, text := c.call("GET", "/project-keys", nil)
	var rows []object
	if err := json.Unmarshal([]byte(text), &rows); status != 200 || err != nil {
		c.t.Fatalf("GET /project-keys: %d %s (%v)", status, text, err)
	}
	return rows
}

// create makes a key and returns its id.
func (c *caller) create(body object) string {
	c.t.Helper()
	status, text := c.call("POST", "/project-keys", body)
	var file struct {
		ID string `json:"project_key_id"`
	}
	if err := json.Unmarshal([]byte(text), &file); err != nil || status/100 != 2 {
		c.t.Fatalf("create: %d %s", status, text)
	}
	return file.ID
}

// read reads the detail of a key.
func (c *caller) read(id string) object {
	c.t.Helper()
	return c.want(200, "GET", "/project-keys/"+id, nil)
}

// held returns what the simulator holds for a key that must exist.
func (c *caller) held(id string) simulator.Key {
	c.t.Helper()
	k, ok := c.server.Key(id)
	if !ok {
		c.t.Fatalf("key %s does not exist", id)
	}
	return k
}

// refused makes a request that must be refused with the status, and returns the
// detail of the refusal.
func (c *caller) refused(status int, method, path string, body any) string {
	c.t.Helper()
	detail, ok := c.want(status, method, path, body)["detail"].(string)
	if !ok || detail == "" {
		c.t.Fatalf("%s %s: the refusal has no text as its detail", method, path)
	}
	return detail
}

// The bodies that the tests create keys with.

func roleBased() object {
	return object{"name": "role-based", "role_ids": []string{simulator.RoleReadOnly}}
}

func permissionBased() object {
	return object{"name": "permission-based", "permission_ids": []string{simulator.PermissionReadKeys}}
}

func kafkaOnly() object {
	return object{"name": "kafka-only", "kafka_config": kafkaConfig("orders")}
}

func kafkaConfig(username string) object {
	return object{"username": username, "password": password}
}

func acl(name, resource, operation string) object {
	rule := object{"topic_name": name, "operation": operation, "resource_pattern_type": "LITERAL"}
	if resource != "" {
		rule["resource"] = resource
	}
	return rule
}

// with returns a copy of an object with one member changed.
func with(o object, name string, value any) object {
	changed := object{}
	for member, v := range o {
		changed[member] = v
	}
	changed[name] = value
	return changed
}
