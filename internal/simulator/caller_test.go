// SPDX-License-Identifier: MPL-2.0

package simulator_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const (
	password    = "Correct-Horse-1"
	newPassword = "Battery-Staple-2"
)

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

// in is start for a simulator that differs in its dialect alone.
func in(t *testing.T, dialect simulator.Dialect) *caller {
	t.Helper()
	return start(t, simulator.Config{Dialect: dialect})
}

func anonymous(t *testing.T, server *simulator.Server) *caller {
	return &caller{t: t, server: server, http: &http.Client{Transport: server.RoundTripper()}}
}

// as is another client of the same simulator.
func (c *caller) as(clientID, secret string) *caller {
	c.t.Helper()
	other := anonymous(c.t, c.server)
	other.logIn(clientID, secret)
	return other
}

// at is the same client in a test of its own.
func (c *caller) at(t *testing.T) *caller {
	own := *c
	own.t = t
	return &own
}

// owner is a client that has a key's credentials.
func (c *caller) owner(k simulator.Key) *caller {
	c.t.Helper()
	return c.as(k.APIClientID, k.APISecret)
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
	text, isText := body.(string)
	if !isText && body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		text = string(encoded)
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, "http://simulator.test"+path, strings.NewReader(text))
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
func (c *caller) want(status int, method, path string, body any) (answer object) {
	c.t.Helper()
	got, text := c.call(method, path, body)
	if got != status {
		c.t.Fatalf("%s %s: answered %d, want %d: %s", method, path, got, status, text)
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &answer); err != nil {
			c.t.Fatalf("%s %s: %v in %s", method, path, err, text)
		}
	}
	return answer
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

// play makes requests, one on each line: the status wanted, the method, the
// path and the body. In braces stands the name of a role, or of a key whose id
// is meant. A refusal has to say why.
func (c *caller) play(lines string) {
	c.t.Helper()
	for line := range strings.Lines(lines) {
		ids := []string{"{admin}", simulator.RoleAdmin, "{data-admin}", simulator.RoleDataAdmin, "{read-only}", simulator.RoleReadOnly}
		for _, k := range c.server.Keys() {
			ids = append(ids, "{"+k.Name+"}", k.ID)
		}
		words := strings.SplitN(strings.TrimSpace(strings.NewReplacer(ids...).Replace(line)), " ", 4)
		var body any
		switch len(words) {
		case 1: // an empty line
			continue
		case 4:
			body = words[3]
		}
		status, text := c.call(words[1], words[2], body)
		var answer struct{ Detail any }
		_ = json.Unmarshal([]byte(text), &answer)
		if fmt.Sprint(status) != words[0] || (status >= 400) != (answer.Detail != nil && answer.Detail != "") {
			c.t.Errorf("%sis answered %d %s", line, status, text)
		}
	}
}

// list reads all keys.
func (c *caller) list() (rows []object) {
	c.t.Helper()
	status, text := c.call("GET", "/project-keys", nil)
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

// update changes a key and returns the answer.
func (c *caller) update(id string, body object) object {
	c.t.Helper()
	return c.want(200, "PATCH", "/project-keys/"+id, body)
}

// status is the status of a key, or the code of the refusal to show it.
func (c *caller) status(id string) any {
	code, text := c.call("GET", "/project-keys/"+id, nil)
	var detail object
	if code != 200 || json.Unmarshal([]byte(text), &detail) != nil {
		return code
	}
	return detail["status"]
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

func both() object {
	return with(with(kafkaOnly(), "name", "both"), "role_ids", []string{simulator.RoleReadOnly})
}

func kafkaConfig(username string) object {
	return object{"username": username, "password": password}
}

// absent is the value of a member that is to be left out.
const absent = "\x00"

// withKafka is a creation whose kafka_config has one member changed.
func withKafka(name string, value any) object {
	return with(kafkaOnly(), "kafka_config", with(kafkaConfig("orders"), name, value))
}

func acl(name, resource, operation string) object {
	return with(object{"topic_name": name, "operation": operation, "resource_pattern_type": "LITERAL"}, "resource", cmp.Or(resource, absent))
}

// with returns a copy of an object with one member changed.
func with(o object, name string, value any) object {
	changed := maps.Clone(o)
	changed[name] = value
	if value == absent {
		delete(changed, name)
	}
	return changed
}
