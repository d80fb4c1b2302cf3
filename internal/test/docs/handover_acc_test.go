// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// handover is a workspace with a recipe and a stand-in for its secret store.
func handover(t *testing.T, store string, keys ...simulator.Key) *run {
	t.Helper()
	r := newRun(t, keys...)
	r.Write("key.tf", read(t, "examples/guides/handover/key.tf"))
	r.Write(store+".tf", read(t, "examples/guides/handover/"+store+".tf"))
	r.complete(t)
	r.skipOldCLI(t, false)
	r.standIn(t, store)
	r.Setenv("TF_VAR_orders_password", passwords[0])
	r.Setenv("TF_VAR_secret_recipients", recipients)
	r.Setenv("TF_VAR_secret_identity", reader.String())
	return r
}

// stores are those for which there is a recipe.
var stores = []string{"vault", "aws", "kubernetes"}

func TestAccRecipesHandOverEverySecretOnce(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			r := handover(t, store)
			wants := func(step string, api, kafka int, password string) {
				t.Helper()
				r.settled()
				sent := map[string][]string{"api": r.sent(t, "api"), "kafka": r.sent(t, "kafka")}
				if len(sent["api"]) != api || len(sent["kafka"]) != kafka {
					t.Fatalf("%s: the store was sent %d and %d secrets, expected %d and %d", step, len(sent["api"]), len(sent["kafka"]), api, kafka)
				}
				key := r.service.Keys()[0]
				if !strings.Contains(sent["api"][api-1], key.APISecret) || key.KafkaPassword != password || !strings.Contains(sent["kafka"][kafka-1], password) {
					t.Errorf("%s: the store does not hold what is in force", step)
				}
			}
			r.applied()
			wants("created", 1, 1, passwords[0])
			r.Setenv("TF_VAR_orders_password", passwords[1])
			r.applied()
			wants("another password that is not sent", 1, 1, passwords[0])
			r.Setenv("TF_VAR_orders_password_version", "2")
			r.applied()
			wants("rotated", 2, 2, passwords[1])
			r.Run("plan", "-no-color", "-out=saved.tfplan", "-replace=streamkap_project_key.orders")
			r.Run("apply", "-no-color", "saved.tfplan")
			wants("replaced", 3, 3, passwords[1])
			r.mustHideSecrets()
		})
	}
}

// imported is a block that imports the key with the seeded id.
func imported(name string) string {
	return "\nimport {\n  to = streamkap_project_key." + name + "\n  id = \"" + seededID + "\"\n}\n"
}

// The client secret of an imported key is null, and so is its password.
func TestAccRecipesHandOverNothingOfAnImportedKey(t *testing.T) {
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			r := handover(t, store, simulator.Key{
				ID: seededID, Name: "orders-consumer", RoleIDs: []string{simulator.RoleReadOnly}, KafkaUsername: "orders-consumer",
				ACLs: []simulator.ACL{{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"}},
			})
			text := strings.Replace(r.Read("key.tf"), "    password_wo         = var.orders_password\n    password_wo_version = var.orders_password_version\n", "", 1)
			r.Write("key.tf", text+imported("orders"))
			r.refused(t, "The key has a client secret that is not known", "apply", "-auto-approve")
			if sent := r.sent(t, ""); len(sent) > 0 {
				t.Errorf("the store was sent %d secrets", len(sent))
			}
		})
	}
}

// A key with one capability has one secret, and the other resource is left out
// as the guide says.
func TestAccRecipes_KeyWithOneCapability(t *testing.T) {
	kafka := regexp.MustCompile(`(?s)\n  kafka \{.*?\n  \}\n`)
	roles := regexp.MustCompile(`  role_ids = .*\n`)
	resource := func(name string) *regexp.Regexp {
		return regexp.MustCompile(`(?ms)^resource "\w+" "` + name + `" \{.*?^\}\n`)
	}
	for _, store := range stores {
		for name, without := range map[string]struct {
			key            *regexp.Regexp
			resource, sent string
		}{"API only": {kafka, "kafka", "api"}, "Kafka only": {roles, "api", "kafka"}} {
			t.Run(store+" "+name, func(t *testing.T) {
				t.Parallel()
				r := handover(t, store)
				r.Write("key.tf", without.key.ReplaceAllString(r.Read("key.tf"), ""))
				r.Write(store+".tf", resource(without.resource).ReplaceAllString(r.Read(store+".tf"), ""))
				r.applied()
				r.settled()
				key := r.service.Keys()[0]
				secret := key.APISecret
				if without.sent == "kafka" {
					secret = key.KafkaPassword
				}
				if sent := r.sent(t, ""); len(sent) != 1 || secret == "" || !strings.Contains(sent[0], secret) {
					t.Errorf("the store was sent %d secrets", len(sent))
				}
				r.mustHideSecrets()
			})
		}
	}
}

func TestAccTheProvisionerHandsOverNothingOfAnImportedKey(t *testing.T) {
	r := newRun(t, simulator.Key{ID: seededID, Name: "dashboard", RoleIDs: []string{simulator.RoleReadOnly}})
	r.fakeVault(t)
	r.copyTo(t, "guides/secrets-handover", "")
	r.complete(t)
	r.Setenv("TF_VAR_secret_recipients", recipients)
	r.Setenv("TF_VAR_secret_identity", reader.String())
	r.Write("import.tf", imported("dashboard"))
	r.refused(t, "", "apply", "-auto-approve")
	if _, err := os.Stat(filepath.Join(r.Dir, "called")); err == nil {
		t.Error("Vault was called")
	}
}

// TestAccThePipelineHandsOverASecretOrNothing runs the command of the guide.
func TestAccThePipelineHandsOverASecretOrNothing(t *testing.T) {
	r := newRun(t)
	r.fakeKubectl(t)
	r.fakeAge(t)
	r.copyTo(t, "quickstart", "")
	r.Write("operations.pub", reader.Recipient().String())
	r.Setenv("TF_VAR_orders_password", passwords[0])
	r.Write("key.txt", reader.String())
	command := commandsAfter(t, "handing-over-credentials", "client_secret=$(terraform output")
	handsOverNothing := func() {
		t.Helper()
		printed, err := r.tryShell(t, command)
		if err == nil {
			t.Errorf("the command succeeds: %s", printed)
		}
		if _, err := os.Stat(filepath.Join(r.Dir, "called")); err == nil {
			t.Error("kubectl was called")
		}
	}
	handsOverNothing() // before there is a state

	r.service.Seed(simulator.Key{ID: seededID, Name: "orders-consumer", RoleIDs: []string{simulator.RoleReadOnly}, KafkaUsername: "orders-consumer"})
	r.Write("import.tf", imported("orders"))
	r.applied()
	handsOverNothing()

	r.applied("-replace=streamkap_project_key.orders")
	r.shell(t, command)
	key := r.service.Keys()[0]
	if r.handedOver(t, "orders-streamkap-api") != key.APISecret {
		t.Error("kubectl was not given the client secret")
	}
	called := r.Read("called")
	expect(t, called, "create secret generic", "client_id="+key.APIClientID, "apply --filename=-")
	expectNot(t, called, key.APISecret)
	r.mustHideSecrets()
}
