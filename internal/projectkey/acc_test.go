// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// address is that of the one key most tests are about.
const address = "streamkap_project_key.test"

// Passwords that satisfy the rules. They open nothing. The first two are only
// given as write-only values, and are looked for in every file at the end; the
// others are given as kafka.password.
const (
	password          = "Written-only-1"
	otherPassword     = "Written-only-2"
	keptPassword      = "Kept-in-state-1"
	otherKeptPassword = "Kept-in-state-2"
)

func TestMain(m *testing.M) {
	acctest.Hide(password, otherPassword)
	acctest.Main(m)
}

// The bodies of keys, to build configurations from.
const (
	named     = "name = \"orders\"\n"
	adminRole = "role_ids = [\"" + simulator.RoleAdmin + "\"]\n"
	readRole  = "role_ids = [\"" + simulator.RoleReadOnly + "\"]\n"
)

// passwordVariable gives a password without its being in the configuration, which
// the CLI quotes in diagnostics.
const passwordVariable = "variable \"word\" {\ntype = string\nephemeral = true\ndefault = null\n}\n"

// key is the configuration of the key under test.
func key(body ...string) string {
	return "resource \"streamkap_project_key\" \"test\" {\n" + strings.Join(body, "\n") + "\n}\n"
}

// kafka is a kafka block with a write-only password, and more in it.
func kafka(body ...string) string { return versioned(fmt.Sprintf("%q", password), 1, body...) }

// versioned is a kafka block with this expression for its write-only password.
func versioned(password string, version int, body ...string) string {
	return kafkaWith(fmt.Sprintf("password_wo = %s\npassword_wo_version = %d", password, version), body...)
}

func kafkaWith(passwordArguments string, body ...string) string {
	return "kafka {\nusername = \"orders-consumer\"\n" + passwordArguments + "\n" + strings.Join(body, "\n") + "\n}\n"
}

func acl(name, resource, operation, pattern string) string {
	return fmt.Sprintf("acl {\nname = %q\nresource = %q\noperation = %q\npattern_type = %q\n}\n", name, resource, operation, pattern)
}

// configured is a workspace with a configuration.
func configured(t *testing.T, s *acctest.Service, configuration string) *acctest.Workspace {
	t.Helper()
	w := acctest.NewWorkspace(t, s)
	configure(w, configuration)
	return w
}

// configure gives a workspace another configuration.
func configure(w *acctest.Workspace, configuration string) {
	w.Write("main.tf", acctest.Required+configuration)
}

// fails runs a command that has to fail, and returns what it prints.
func fails(t *testing.T, w *acctest.Workspace, arguments ...string) string {
	t.Helper()
	output, err := w.Try(append(arguments, "-no-color")...)
	if err == nil {
		t.Fatalf("%v succeeds:\n%s", arguments, output)
	}
	return output
}

func says(t *testing.T, output string, sentences ...string) {
	t.Helper()
	tells(t, acctest.OneLine(output), sentences...)
}

// inState reads the key under test from a workspace's state. The attributes are nil
// where there is none.
func inState(t *testing.T, w *acctest.Workspace) (attributes values, tainted bool) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(w.Dir, "terraform.tfstate")); os.IsNotExist(err) {
		return nil, false
	}
	var state struct {
		Resources []struct {
			Instances []struct {
				Status     string
				Attributes values
			}
		}
	}
	if err := json.Unmarshal([]byte(w.Read("terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	if len(state.Resources) == 0 {
		return nil, false
	}
	instance := state.Resources[0].Instances[0]
	return instance.Attributes, instance.Status == "tainted"
}

// holdsIssued checks that the state holds the service's only key with the client
// secret that was issued for it, and returns the key.
func holdsIssued(t *testing.T, s *acctest.Service, w *acctest.Workspace) simulator.Key {
	t.Helper()
	keys := s.Keys()
	if len(keys) != 1 {
		t.Fatalf("the service holds %d keys", len(keys))
	}
	attributes, _ := inState(t, w)
	if attributes["id"] != keys[0].ID || under(attributes, "api")["client_secret"] != keys[0].APISecret {
		t.Error("the state does not hold the key with its id and secret")
	}
	return keys[0]
}

// reads are the reads of single keys.
func reads(s *acctest.Service) (reads []simulator.Request) {
	for _, request := range s.Requests() {
		if request.Method == http.MethodGet && strings.HasPrefix(request.Path, "/project-keys/") {
			reads = append(reads, request)
		}
	}
	return reads
}

// redacted is a key that can be shown.
func redacted(key simulator.Key) simulator.Key {
	key.APISecret, key.KafkaPassword = "", ""
	return key
}
