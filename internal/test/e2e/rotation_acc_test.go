// SPDX-License-Identifier: MPL-2.0

package e2e_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestAccGenerations_Overlap logs in with the credentials
// of every generation after each step: they open until the step that deletes it.
func TestAccGenerations_Overlap(t *testing.T) {
	h := newTestbed(t, simulator.Config{})
	if err := os.Mkdir(filepath.Join(h.Dir, "key"), 0o700); err != nil {
		t.Fatal(err)
	}
	h.Write("key/main.tf", example(t, "guides/fleet/key/main.tf"))
	h.Write("main.tf", example(t, "guides/rotation/main.tf"))
	h.Write("terraform.tf", example(t, "provider/provider.tf"))
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	h.Setenv("TF_VAR_secret_recipients", `["`+identity.Recipient().String()+`"]`)
	h.Run("get", "-no-color")

	made := map[int]generation{}
	for i, want := range []struct {
		plan   string
		oldest int // that logs in
	}{
		{"1 added, 0 changed, 0 destroyed", 1},
		{"1 added, 0 changed, 0 destroyed", 1},
		{"1 added, 0 changed, 1 destroyed", 2},
		{"1 added, 0 changed, 1 destroyed", 3},
	} {
		step := i + 1
		word := hiddenPassword(step)
		h.Setenv("TF_VAR_orders_password", word)
		h.turn(step)
		if printed := acctest.OneLine(h.Run("apply", "-auto-approve", "-no-color")); !strings.Contains(printed, want.plan) {
			t.Fatalf("generation %d: %s", step, printed)
		}
		h.Run("plan", "-detailed-exitcode", "-no-color")
		made[step] = h.newest(identity)
		for number, g := range made {
			h.opens(g, number >= want.oldest)
		}
	}
}

// generation is what consumers of one generation have.
type generation struct {
	access
	clientID, clientSecret string
}

func hiddenPassword(step int) string {
	word := fmt.Sprintf("Hidden-Generation-%d", step)
	acctest.Hide(word)
	return word
}

// turn writes another generation into the configuration.
func (h *testbed) turn(generation int) {
	h.t.Helper()
	before := fmt.Sprintf("generation = %d ", max(1, generation-1))
	text := h.Read("main.tf")
	if !strings.Contains(text, before) {
		h.t.Fatalf("the configuration is without %q", before)
	}
	h.Write("main.tf", strings.Replace(text, before, fmt.Sprintf("generation = %d ", generation), 1))
}

// newest is what the output hands to consumers, decrypted.
func (h *testbed) newest(identity *age.X25519Identity) generation {
	h.t.Helper()
	var output struct {
		Servers  string `json:"bootstrap_servers"`
		Username string `json:"kafka_username"`
		Password string `json:"kafka_password"`
		ClientID string `json:"client_id"`
		Secret   string `json:"client_secret"`
	}
	h.output("orders", &output)
	reader, err := encrypt.ParseIdentity(identity.String())
	if err != nil {
		h.t.Fatal(err)
	}
	decrypt := func(text string) string {
		secret, err := reader.Decrypt(text)
		if err != nil {
			h.t.Fatal(err)
		}
		return secret
	}
	return generation{
		access:   access{Servers: output.Servers, Protocol: "SASL_SSL", Mechanism: "PLAIN", Username: output.Username, Password: decrypt(output.Password)},
		clientID: output.ClientID, clientSecret: decrypt(output.Secret),
	}
}

// opens tries Kafka and the API.
func (h *testbed) opens(g generation, open bool) {
	h.t.Helper()
	login, want := error(nil), http.StatusOK
	if !open {
		login, want = errLogin, http.StatusUnauthorized
	}
	must(h.t, "Kafka with "+g.Username, h.logIn(g.access), login)
	status, _ := exchange(h.t, h.service.URL+"/auth/access-token", credentials{ClientID: g.clientID, ClientSecret: g.clientSecret}.pair())
	if status != want {
		h.t.Errorf("the API with the credentials of %s: HTTP %d, expected %d", g.Username, status, want)
	}
}
