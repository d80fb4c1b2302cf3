// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// encryptedTo is the argument that encrypts secrets to the identities.
func encryptedTo(identities ...*age.X25519Identity) string {
	var texts []string
	for _, identity := range identities {
		texts = append(texts, fmt.Sprintf("%q", identity.Recipient()))
	}
	return "secret_recipients = [" + strings.Join(texts, ", ") + "]\n"
}

// versioned is a kafka block with this write-only password.
func versioned(password string, version int, body ...string) string {
	return kafkaWith(fmt.Sprintf("password_wo = %q\npassword_wo_version = %d", password, version), body...)
}

// encryptedKey is a key's part of a state, with what is encrypted in it.
type encryptedKey struct {
	Recipients     []string `json:"secret_recipients"`
	CredentialJSON *string  `json:"credential_json"`
	API            struct {
		ClientSecret *string `json:"client_secret"`
		Encrypted    string  `json:"encrypted_client_secret"`
	}
	Kafka struct {
		Password  *string
		Encrypted string `json:"encrypted_password"`
	}
}

func encryptedState(t *testing.T, w *acctest.Workspace) encryptedKey {
	t.Helper()
	attributes, _ := stateOf(t, w)
	data, err := json.Marshal(attributes)
	if err != nil {
		t.Fatal(err)
	}
	var key encryptedKey
	if err := json.Unmarshal(data, &key); err != nil {
		t.Fatal(err)
	}
	return key
}

// mustHold checks that the state holds these secrets, encrypted to the identity
// and in clear nowhere.
func (k encryptedKey) mustHold(t *testing.T, identity *age.X25519Identity, clientSecret, password string) {
	t.Helper()
	if k.CredentialJSON != nil || k.API.ClientSecret != nil || k.Kafka.Password != nil {
		t.Error("a secret is in the state in clear")
	}
	parsed, err := encrypt.ParseIdentity(identity.String())
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{k.API.Encrypted: clientSecret, k.Kafka.Encrypted: password} {
		if want == "" && text == "" {
			continue
		}
		if got, err := parsed.Decrypt(text); err != nil || got != want {
			t.Errorf("the state holds %q (%v), expected a secret that begins with %.16s", got, err, want)
		}
	}
}

// TestAccEncryptedKeyShowsNoSecretInItsWholeLife goes through a life with what can
// happen to a key, and looks through everything that it leaves behind: states,
// backups, plans, private state, and logs at the most talkative level.
func TestAccEncryptedKeyShowsNoSecretInItsWholeLife(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	alice := newIdentity(t)
	configure := func(body ...string) {
		w.Write("main.tf", acctest.Required+key(append([]string{named, encryptedTo(alice)}, body...)...))
	}
	apply := func(name string) encryptedKey {
		w.Run("plan", "-no-color", "-out="+name+".tfplan")
		w.Run("apply", "-no-color", name+".tfplan")
		w.Run("plan", "-no-color", "-detailed-exitcode")
		return encryptedState(t, w)
	}

	configure(versioned(password, 1))
	first := apply("create")
	first.mustHold(t, alice, "", password)

	configure(versioned(password, 1), adminRole)
	second := apply("api")
	second.mustHold(t, alice, s.Keys()[0].APISecret, password)
	if second.Kafka.Encrypted != first.Kafka.Encrypted {
		t.Error("the password was encrypted anew without being sent")
	}

	configure(versioned(otherPassword, 2), adminRole)
	third := apply("rotate")
	third.mustHold(t, alice, s.Keys()[0].APISecret, otherPassword)
	if third.API.Encrypted != second.API.Encrypted {
		t.Error("the client secret was encrypted anew without being issued")
	}

	configure(versioned(otherPassword, 2, `whitelist_ips = ["10.0.0.1"]`), readRole, `description = "changed"`)
	fourth := apply("change")
	w.Run("refresh", "-no-color")
	if now := encryptedState(t, w); now.API != fourth.API || now.Kafka != fourth.Kafka || fourth.API != third.API || fourth.Kafka != third.Kafka {
		t.Error("what is encrypted has changed without being issued")
	}

	w.Run("taint", "-no-color", address)
	w.Run("untaint", "-no-color", address)
	w.Run("plan", "-no-color", "-detailed-exitcode")
	w.Run("apply", "-no-color", "-auto-approve", "-replace="+address)
	encryptedState(t, w).mustHold(t, alice, s.Keys()[0].APISecret, otherPassword)

	configure(versioned(otherPassword, 2), readRole, "lifecycle {\ncreate_before_destroy = true\n}")
	w.Write("main.tf", strings.Replace(w.Read("main.tf"), `"test"`, `"moved"`, 1)+"moved {\nfrom = "+address+"\nto = streamkap_project_key.moved\n}\n")
	says(t, w.Run("apply", "-no-color", "-auto-approve"), "0 added, 1 changed, 0 destroyed")
	encryptedState(t, w).mustHold(t, alice, s.Keys()[0].APISecret, otherPassword)

	w.Run("plan", "-no-color", "-destroy", "-out=destroy.tfplan")
	w.Run("apply", "-no-color", "destroy.tfplan")
	acctest.Hide(s.Secrets()...)
}

// TestAccEncrypt_StateOfAnEarlierVersionUnchanged takes the attributes out of
// a state that the provider did not know once.
func TestAccEncrypt_StateOfAnEarlierVersionUnchanged(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Write("main.tf", acctest.Required+key(named, adminRole, kafka()))
	w.Run("apply", "-no-color", "-auto-approve")
	var state map[string]any
	if err := json.Unmarshal([]byte(w.Read("terraform.tfstate")), &state); err != nil {
		t.Fatal(err)
	}
	attributes := state["resources"].([]any)[0].(map[string]any)["instances"].([]any)[0].(map[string]any)["attributes"].(map[string]any)
	delete(attributes, "secret_recipients")
	delete(attributes["api"].(map[string]any), "encrypted_client_secret")
	delete(attributes["kafka"].(map[string]any), "encrypted_password")
	data, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	w.Write("terraform.tfstate", string(data))
	w.Run("plan", "-no-color", "-detailed-exitcode")
	before := maps.Clone(attributes)
	w.Run("apply", "-no-color", "-auto-approve", "-refresh-only")
	if after, _ := stateOf(t, w); after["credential_json"] != before["credential_json"] {
		t.Error("the credential file has changed")
	}
}

func TestAccEncryptedSecretsSurviveWhateverGoesWrong(t *testing.T) {
	for name, test := range map[string]struct {
		config simulator.Config
		fault  *simulator.Fault
	}{
		"the key fails":                    {simulator.Config{Dialect: simulator.Dialect{CreateOutcome: "failed"}}, nil},
		"the key can't be read any more":   {simulator.Config{}, &simulator.Fault{Method: http.MethodGet, Path: "/project-keys/*", Times: -1, Status: http.StatusForbidden}},
		"the run is interrupted meanwhile": {simulator.Config{ProvisionTime: time.Hour}, nil},
		"the key is not there in time":     {simulator.Config{ProvisionTime: time.Hour}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, test.config)
			if test.fault != nil {
				s.Inject(*test.fault)
			}
			w := acctest.NewWorkspace(t, s)
			alice := newIdentity(t)
			body := []string{named, adminRole, encryptedTo(alice), versioned(password, 1)}
			if strings.Contains(name, "in time") {
				body = append(body, "timeouts {\ncreate = \"2s\"\n}")
			}
			w.Write("main.tf", acctest.Required+key(body...))
			command := w.Command("apply", "-auto-approve", "-no-color")
			if err := command.Start(); err != nil {
				t.Fatal(err)
			}
			if strings.Contains(name, "interrupted") {
				for deadline := time.Now().Add(time.Minute); len(reads(s)) == 0 && time.Now().Before(deadline); {
					time.Sleep(20 * time.Millisecond)
				}
				if err := command.Process.Signal(os.Interrupt); err != nil {
					t.Fatal(err)
				}
			}
			if err := command.Wait(); err == nil {
				t.Fatal("the apply succeeded")
			}
			made := s.Keys()[0]
			if _, tainted := stateOf(t, w); !tainted {
				t.Error("the key is not in the state, tainted")
			}
			encryptedState(t, w).mustHold(t, alice, made.APISecret, password)
			acctest.Hide(s.Secrets()...)
		})
	}
}

func TestAccRecipientsAreCheckedAtPlan(t *testing.T) {
	alice := newIdentity(t)
	acctest.Hide(alice.String())
	for name, test := range map[string]struct {
		body []string
		says string
	}{
		"no recipient":        {[]string{`secret_recipients = []`}, "secret_recipients is an empty set"},
		"a typing error":      {[]string{`secret_recipients = ["age1qqqq"]`}, `The recipient "age1qqqq…" is damaged`},
		"a word":              {[]string{`secret_recipients = ["hunter2"]`}, "One of the recipients has an unknown form: a recipient begins with age1"},
		"a private key":       {[]string{`secret_recipients = ["` + alice.String() + `"]`}, "One of the recipients is a private key"},
		"a password in clear": {[]string{encryptedTo(alice), kafkaWith(fmt.Sprintf("password = %q", keptPassword))}, "Use password_wo and password_wo_version instead"},
		// None of them is a recipient: they are counted before they are read.
		"51 recipients": {[]string{`secret_recipients = [for i in range(51) : "age1${i}"]`}, "There are 51 recipients, and a key can have 50"},
		"two kinds that age keeps apart": {
			[]string{fmt.Sprintf("secret_recipients = [%q, %q]", alice.Recipient(), postQuantum(t))}, "Of the recipients, some begin with age1pq1",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, simulator.Config{})
			w := acctest.NewWorkspace(t, s)
			w.Write("main.tf", acctest.Required+key(append(test.body, named, adminRole)...))
			for _, command := range []string{"validate", "plan"} {
				output, err := w.Try(command, "-no-color")
				if err == nil {
					t.Fatalf("%s accepts it", command)
				}
				says(t, output, test.says)
			}
			if requests := s.Requests(); len(requests) > 0 {
				t.Errorf("%d requests were made", len(requests))
			}
			// The configuration holds it, and nothing else may.
			if err := os.Remove(filepath.Join(w.Dir, "main.tf")); err != nil {
				t.Fatal(err)
			}
		})
	}
}
