// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

var fleetPasswords = `{"orders-consumer": "` + passwords[0] + `", "reports": "` + passwords[1] + `"}`

// fleet is a workspace with the files of the guide.
func fleet(t *testing.T, s *acctest.Service) *run {
	t.Helper()
	r := &run{acctest.NewWorkspace(t, s), s}
	r.skipBefore(t, 11)
	r.copyTo(t, "guides/fleet", "")
	r.complete(t)
	r.fakeAge(t)
	r.fakeKubectl(t)
	if err := os.Chmod(filepath.Join(r.Dir, "hand-over.sh"), 0o700); err != nil {
		t.Fatal(err)
	}
	r.Setenv("TF_VAR_secret_recipients", recipients)
	return r
}

// fakeKubectl has the commands of the workspace find a kubectl that keeps each
// secret in a file of its name, and the arguments of all calls in called.
func (r *run) fakeKubectl(t *testing.T) {
	t.Helper()
	kept := t.TempDir() // outside of what is searched for secrets
	r.Write("kept-in", kept)
	r.program(t, "kubectl", "echo \"$@\" >>'"+r.Dir+"/called'\ncase $1 in\ncreate) cat >'"+kept+"'/\"$4\" && echo manifest ;;\napply) grep -q manifest ;;\nesac\n")
}

// handedOver is the secret that kubectl was given under a name.
func (r *run) handedOver(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(r.Read("kept-in"), name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// mustHaveHandedOverTheFleet compares what kubectl was given with what the keys
// of the fleet have.
func (r *run) mustHaveHandedOverTheFleet(t *testing.T) {
	t.Helper()
	wants := map[string]string{}
	for _, k := range r.service.Keys() {
		switch k.Name {
		case "dashboard", "ai-agent":
			wants[k.Name+"-client-secret"] = k.APISecret
		case "orders-consumer":
			wants[k.Name+"-kafka-password"] = k.KafkaPassword
		case "reports":
			wants[k.Name+"-client-secret"], wants[k.Name+"-kafka-password"] = k.APISecret, k.KafkaPassword
		}
	}
	found, err := os.ReadDir(r.Read("kept-in"))
	if err != nil || len(found) != 5 || len(wants) != 5 {
		t.Errorf("%d secrets of %d were handed over: %v", len(found), len(wants), err)
	}
	for name, want := range wants {
		if r.handedOver(t, name) != want {
			t.Errorf("%s is not what is in force", name)
		}
	}
}

// change replaces a text in the fleet's file.
func (r *run) change(t *testing.T, old, now string) {
	t.Helper()
	text := r.Read("keys.yaml")
	if !strings.Contains(text, old) {
		t.Fatalf("the file is without %q", old)
	}
	r.Write("keys.yaml", strings.Replace(text, old, now, 1))
}

func TestAccFleet_ChangesOfTheFile(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	r := fleet(t, s)
	r.Run("get", "-no-color")
	r.Setenv("TF_VAR_kafka_passwords", fleetPasswords)
	r.expect(t, r.applied(), "4 added, 0 changed, 0 destroyed")
	r.Setenv("TF_VAR_kafka_passwords", "{}")
	r.Run("plan", "-no-color", "-detailed-exitcode")

	for _, step := range []struct{ name, old, now, says string }{
		{"a part is added", "dashboard: # API only\n  roles: [Read Only]\n", "dashboard:\n  roles: [Read Only]\n  mcp: { tool_profile: read-only }\n", "0 added, 1 changed, 0 destroyed"},
		{"the password is rotated", "password_version: 1", "password_version: 2", "0 added, 1 changed, 0 destroyed"},
		{"a part is removed", "  mcp: { tool_profile: read-only }\n", "", "0 added, 1 changed, 0 destroyed"},
		{"an entry is removed", "dashboard:\n  roles: [Read Only]\n", "", "0 added, 0 changed, 1 destroyed"},
	} {
		r.change(t, step.old, step.now)
		r.Setenv("TF_VAR_kafka_passwords", `{"reports": "`+passwords[0]+`"}`)
		if printed := r.applied(); !strings.Contains(printed, step.says) {
			t.Errorf("%s: %s", step.name, printed)
		}
		r.Run("plan", "-no-color", "-detailed-exitcode")
	}
	for _, k := range s.Keys() {
		if k.Name == "reports" && (k.KafkaPassword != passwords[0] || k.PasswordRotations != 1) {
			t.Errorf("the server holds %+v", k)
		}
	}
	r.mustHideSecrets(t)
}

// A word that the module does not know would otherwise take rules away in silence.
func TestAccFleet_MisspelledWordIsRefused(t *testing.T) {
	t.Parallel()
	r := fleet(t, acctest.Start(t, simulator.Config{}))
	r.Run("get", "-no-color")
	r.Setenv("TF_VAR_kafka_passwords", fleetPasswords)
	for old, says := range map[string]string{
		"description:":           "An entry has description, roles",
		"rules:":                 "kafka has username",
		"pattern_type: PREFIXED": "A rule has name",
		"blocked_tools:":         "mcp has tool_profile",
	} {
		text := r.Read("keys.yaml")
		r.change(t, old, "my_"+old)
		printed, err := r.Try("plan", "-no-color")
		if err == nil || !strings.Contains(acctest.OneLine(printed), says) {
			t.Errorf("%s misspelled: %v, %s", old, err, printed)
		}
		r.Write("keys.yaml", text)
	}
}

func TestAccFleet_KeyWithAnIDIsAdopted(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	k := s.Seed(simulator.Key{
		Name: "orders-consumer", KafkaUsername: "orders-consumer", KafkaPassword: passwords[0],
		ACLs: []simulator.ACL{
			{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"},
			{Name: "orders-consumer", Resource: "GROUP", Operation: "READ", PatternType: "LITERAL"},
		},
	})
	r := fleet(t, s)
	r.Run("get", "-no-color")
	id, err := json.Marshal(k.ID)
	if err != nil {
		t.Fatal(err)
	}
	r.change(t, "orders-consumer: # Kafka only\n", "orders-consumer:\n  id: "+string(id)+"\n")
	r.Setenv("TF_VAR_kafka_passwords", `{"reports": "`+passwords[1]+`"}`)
	r.expect(t, r.applied(), "1 imported, 3 added,", "0 destroyed")
	r.Run("plan", "-no-color", "-detailed-exitcode")
	for _, write := range s.Writes() {
		if strings.Contains(write.Path, k.ID) {
			t.Errorf("the adoption made the request %s %s", write.Method, write.Path)
		}
	}
}
