// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// handover is a workspace with a recipe and a stand-in for its secret store.
func handover(t *testing.T, store string) *run {
	t.Helper()
	s := acctest.Start(t, simulator.Config{})
	r := &run{acctest.NewWorkspace(t, s), s}
	r.Write("key.tf", read(t, "examples/guides/handover/key.tf"))
	r.Write(store+".tf", read(t, "examples/guides/handover/"+store+".tf"))
	r.complete(t)
	r.skipOldCLI(t, false)
	r.Write("cli.tfrc", strings.Replace(r.Read("cli.tfrc"), "  dev_overrides {\n",
		"  dev_overrides {\n    \"hashicorp/"+store+"\" = \""+filepath.ToSlash(standIn(t, store))+"\"\n", 1))
	if err := os.Mkdir(filepath.Join(r.Dir, "kept"), 0o700); err != nil {
		t.Fatal(err)
	}
	r.Setenv(keptIn, filepath.Join(r.Dir, "kept"))
	r.Setenv("TF_VAR_orders_password", passwords[0])
	r.Setenv("TF_VAR_secret_recipients", recipients)
	r.Setenv("TF_VAR_secret_identity", reader.String())
	return r
}

// sent is what the secret store was sent under a name, oldest first.
func (r *run) sent(t *testing.T, kind string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(r.Dir, "kept", "*"+kind))
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, file := range found {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.Split(strings.TrimSpace(string(data)), "\n")...)
	}
	return lines
}

func TestAccRecipesHandOverEverySecretOnce(t *testing.T) {
	for _, store := range []string{"vault", "aws", "kubernetes"} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			r := handover(t, store)
			wants := func(step string, api, kafka int, password string) {
				t.Helper()
				r.Run("plan", "-no-color", "-detailed-exitcode")
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
			r.mustHideSecrets(t)
		})
	}
}

// The client secret of an imported key is null, and so is its password.
func TestAccRecipesHandOverNothingOfAnImportedKey(t *testing.T) {
	for _, store := range []string{"vault", "aws", "kubernetes"} {
		t.Run(store, func(t *testing.T) {
			t.Parallel()
			r := handover(t, store)
			k := r.service.Seed(simulator.Key{
				Name: "orders-consumer", RoleIDs: []string{simulator.RoleReadOnly}, KafkaUsername: "orders-consumer",
				ACLs: []simulator.ACL{{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"}},
			})
			text := strings.Replace(r.Read("key.tf"), "    password_wo         = var.orders_password\n    password_wo_version = var.orders_password_version\n", "", 1)
			r.Write("key.tf", text+"\nimport {\n  to = streamkap_project_key.orders\n  id = \""+k.ID+"\"\n}\n")
			printed, err := r.Try("apply", "-no-color", "-auto-approve")
			if err == nil {
				t.Error("the apply succeeds")
			}
			r.expect(t, acctest.OneLine(printed), "The key has a client secret that is not known")
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
	for _, store := range []string{"vault", "aws", "kubernetes"} {
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
				r.Run("plan", "-no-color", "-detailed-exitcode")
				key := r.service.Keys()[0]
				secret := key.APISecret
				if without.sent == "kafka" {
					secret = key.KafkaPassword
				}
				if sent := r.sent(t, ""); len(sent) != 1 || secret == "" || !strings.Contains(sent[0], secret) {
					t.Errorf("the store was sent %d secrets", len(sent))
				}
				r.mustHideSecrets(t)
			})
		}
	}
}

func TestAccTheProvisionerHandsOverNothingOfAnImportedKey(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	k := s.Seed(simulator.Key{Name: "dashboard", RoleIDs: []string{simulator.RoleReadOnly}})
	r := &run{acctest.NewWorkspace(t, s), s}
	r.fakeVault(t)
	r.copyTo(t, "guides/secrets-handover", "")
	r.complete(t)
	r.Setenv("TF_VAR_secret_recipients", recipients)
	r.Setenv("TF_VAR_secret_identity", reader.String())
	r.Write("import.tf", "import {\n  to = streamkap_project_key.dashboard\n  id = \""+k.ID+"\"\n}\n")
	if printed, err := r.Try("apply", "-no-color", "-auto-approve"); err == nil {
		t.Errorf("the apply succeeds: %s", printed)
	}
	if _, err := os.Stat(filepath.Join(r.Dir, "called")); err == nil {
		t.Error("Vault was called")
	}
}

// TestAccThePipelineHandsOverASecretOrNothing runs the command of the guide.
func TestAccThePipelineHandsOverASecretOrNothing(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	r := &run{acctest.NewWorkspace(t, s), s}
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

	k := s.Seed(simulator.Key{Name: "orders-consumer", RoleIDs: []string{simulator.RoleReadOnly}, KafkaUsername: "orders-consumer"})
	r.Write("import.tf", "import {\n  to = streamkap_project_key.orders\n  id = \""+k.ID+"\"\n}\n")
	r.applied()
	handsOverNothing()

	r.Run("apply", "-no-color", "-auto-approve", "-replace=streamkap_project_key.orders")
	r.shell(t, command)
	key := s.Keys()[0]
	if r.handedOver(t, "orders-streamkap-api") != key.APISecret {
		t.Error("kubectl was not given the client secret")
	}
	called := r.Read("called")
	r.expect(t, called, "create secret generic", "client_id="+key.APIClientID, "apply --filename=-")
	r.expectNot(t, called, key.APISecret)
	r.mustHideSecrets(t)
}
