// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// encryptedTo is the argument that encrypts secrets to an identity.
func encryptedTo(identity *age.X25519Identity) string {
	return fmt.Sprintf("secret_recipients = [%q]\n", identity.Recipient())
}

// holdsEncrypted checks that the state holds these secrets, encrypted to the identity
// and in clear nowhere.
func holdsEncrypted(t *testing.T, w *acctest.Workspace, identity *age.X25519Identity, clientSecret, password string) {
	t.Helper()
	state, _ := inState(t, w)
	api, kafka := under(state, "api"), under(state, "kafka")
	if state["credential_json"] != nil || api["client_secret"] != nil || kafka["password"] != nil {
		t.Error("a secret is in the state in clear")
	}
	parsed, err := encrypt.ParseIdentity(identity.String())
	if err != nil {
		t.Fatal(err)
	}
	for want, held := range map[string]any{clientSecret: api["encrypted_client_secret"], password: kafka["encrypted_password"]} {
		if want == "" && held == nil {
			continue
		}
		if got, err := parsed.Decrypt(fmt.Sprint(held)); err != nil || got != want {
			t.Errorf("the state holds %v (%v), expected a secret that begins with %.16s", held, err, want)
		}
	}
}

// TestAccEncrypted_NoSecretShownInAWholeLife goes through a life with what can
// happen to a key, and looks through everything that it leaves behind: states,
// backups, plans, private state, and logs at the most talkative level.
func TestAccEncrypted_NoSecretShownInAWholeLife(t *testing.T) {
	t.Parallel()
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	alice := newIdentity(t)
	apply := func(name, word string, body ...string) {
		t.Helper()
		configure(w, key(append([]string{named, encryptedTo(alice)}, body...)...))
		w.Run("plan", "-no-color", "-out="+name+".tfplan")
		w.Run("apply", "-no-color", name+".tfplan")
		w.Run("plan", "-no-color", "-detailed-exitcode")
		holdsEncrypted(t, w, alice, s.Keys()[0].APISecret, word)
	}
	apply("create", password, kafka())
	apply("api", password, kafka(), adminRole)
	rotated := versioned(strconv.Quote(otherPassword), 2)
	apply("rotate", otherPassword, rotated, adminRole)
	apply("change", otherPassword, versioned(strconv.Quote(otherPassword), 2, `whitelist_ips = ["10.0.0.1"]`), readRole, `description = "changed"`)
	w.Run("refresh", "-no-color")
	w.Run("taint", "-no-color", address)
	w.Run("untaint", "-no-color", address)
	w.Run("plan", "-no-color", "-detailed-exitcode")
	w.Run("apply", "-no-color", "-auto-approve", "-replace="+address)
	holdsEncrypted(t, w, alice, s.Keys()[0].APISecret, otherPassword)

	configure(w, strings.Replace(key(named, encryptedTo(alice), rotated, readRole, "lifecycle {\ncreate_before_destroy = true\n}"), `"test"`, `"moved"`, 1)+
		"moved {\nfrom = "+address+"\nto = streamkap_project_key.moved\n}\n")
	says(t, w.Run("apply", "-no-color", "-auto-approve"), "0 added, 1 changed, 0 destroyed")
	holdsEncrypted(t, w, alice, s.Keys()[0].APISecret, otherPassword)

	w.Run("plan", "-no-color", "-destroy", "-out=destroy.tfplan")
	w.Run("apply", "-no-color", "destroy.tfplan")
	acctest.Hide(s.Secrets()...)
}
