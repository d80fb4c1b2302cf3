// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

var fleetPasswords = `{"orders-consumer": "` + passwords[0] + `", "reports": "` + passwords[1] + `"}`

// fleet is a workspace with the files of the guide.
func fleet(t *testing.T, keys ...simulator.Key) *run {
	t.Helper()
	r := newRun(t, keys...)
	r.skipBefore(t, 11)
	r.copyTo(t, "guides/fleet", "")
	r.complete(t)
	r.fakeAge(t)
	r.fakeKubectl(t)
	r.Setenv("TF_VAR_secret_recipients", recipients)
	return r
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

func TestAccFleet_ChangesOfTheFile(t *testing.T) {
	t.Parallel()
	r := fleet(t)
	r.Setenv("TF_VAR_kafka_passwords", fleetPasswords)
	r.Run("get", "-no-color")
	expect(t, r.applied(), "4 added, 0 changed, 0 destroyed")
	r.Setenv("TF_VAR_kafka_passwords", "{}")
	r.settled()

	for _, step := range []struct{ name, old, now, says string }{
		{"a part is added", "dashboard: # API only\n  roles: [Read Only]\n", "dashboard:\n  roles: [Read Only]\n  mcp: { tool_profile: read-only }\n", "0 added, 1 changed, 0 destroyed"},
		{"the password is rotated", "password_version: 1", "password_version: 2", "0 added, 1 changed, 0 destroyed"},
		{"a part is removed", "  mcp: { tool_profile: read-only }\n", "", "0 added, 1 changed, 0 destroyed"},
		{"an entry is removed", "dashboard:\n  roles: [Read Only]\n", "", "0 added, 0 changed, 1 destroyed"},
	} {
		r.replace(t, "keys.yaml", step.old, step.now)
		r.Setenv("TF_VAR_kafka_passwords", `{"reports": "`+passwords[0]+`"}`)
		if printed := r.applied(); !strings.Contains(printed, step.says) {
			t.Errorf("%s: %s", step.name, printed)
		}
		r.settled()
	}
	for _, k := range r.service.Keys() {
		if k.Name == "reports" && (k.KafkaPassword != passwords[0] || k.PasswordRotations != 1) {
			t.Errorf("the server holds %+v", k)
		}
	}
	r.mustHideSecrets()
}

// A word that the module does not know would otherwise take rules away in silence.
func TestAccFleet_MisspelledWordIsRefused(t *testing.T) {
	t.Parallel()
	r := fleet(t)
	r.Setenv("TF_VAR_kafka_passwords", fleetPasswords)
	r.Run("get", "-no-color")
	for old, says := range map[string]string{
		"description:":           "An entry has description, roles",
		"rules:":                 "kafka has username",
		"pattern_type: PREFIXED": "A rule has name",
		"blocked_tools:":         "mcp has tool_profile",
	} {
		text := r.Read("keys.yaml")
		r.Write("keys.yaml", strings.Replace(text, old, "my_"+old, 1))
		r.refused(t, says, "plan")
		r.Write("keys.yaml", text)
	}
}

func TestAccFleet_KeyWithAnIDIsAdopted(t *testing.T) {
	t.Parallel()
	r := fleet(t, simulator.Key{
		ID: seededID, Name: "orders-consumer", KafkaUsername: "orders-consumer", KafkaPassword: passwords[0],
		ACLs: []simulator.ACL{
			{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"},
			{Name: "orders-consumer", Resource: "GROUP", Operation: "READ", PatternType: "LITERAL"},
		},
	})
	r.Run("get", "-no-color")
	r.replace(t, "keys.yaml", "orders-consumer: # Kafka only\n", "orders-consumer:\n  id: "+seededID+"\n")
	r.Setenv("TF_VAR_kafka_passwords", `{"reports": "`+passwords[1]+`"}`)
	expect(t, r.applied(), "1 imported, 3 added,", "0 destroyed")
	r.settled()
	for _, write := range r.service.Writes() {
		if strings.Contains(write.Path, seededID) {
			t.Errorf("the adoption made the request %s %s", write.Method, write.Path)
		}
	}
}
