// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"encoding/json"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// seededID is the id in the examples that import a key.
const seededID = "c1e9c152-3f0a-4c5e-9b57-0d2f4f1f7a10"

// passwords are given as write-only values alone, so no file may hold them.
var passwords = []string{"Hidden-Password-1", "Hidden-Password-2"}

// statePassword may be in the state, where kafka.password is used.
const statePassword = simulator.PasswordPrefix + "of-an-example"

// example is a folder below examples that is a configuration of its own.
type example struct {
	// files are those of the folder's that are used; all, where it is empty.
	files []string
	// vars are the variables, for every command.
	vars map[string]string
	seed []simulator.Key
	// openTofu says that only OpenTofu reads it.
	openTofu bool
	// generates says that it has the CLI write a configuration.
	generates bool
	// apply applies it and looks at what came of that; without it nothing but
	// "apply" is run. The plan has to be empty afterwards.
	apply func(*testing.T, *run)
	// leaves is how many keys are there after it is destroyed.
	leaves int
}

var examples = map[string]example{
	"resources/streamkap_project_key": {
		files: []string{"api.tf", "kafka.tf", "agent.tf"},
		vars:  map[string]string{"orders_password": passwords[0], "secret_recipients": recipients},
		apply: applyResource,
	},
	"provider": {},
	"quickstart": {
		vars:  map[string]string{"orders_password": passwords[0]},
		apply: applyQuickStart,
	},
	"guides/import-one": {
		seed: []simulator.Key{{
			ID: seededID, Name: "orders-consumer", Description: "Reads the order topics", RoleIDs: []string{simulator.RoleReadOnly},
			KafkaUsername: "orders-consumer", ACLs: []simulator.ACL{{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"}},
		}},
		apply: func(t *testing.T, r *run) {
			expect(t, r.applied(), "1 imported, 0 added, 0 changed, 0 destroyed")
			r.wroteNothing(t)
			r.expectNull(t, "streamkap_project_key.orders", "credential_json", "kafka.password", "kafka.password_wo_version", "api.client_secret", "permission_ids")
		},
	},
	"guides/import-generated": {
		generates: true,
		seed: []simulator.Key{{
			ID: seededID, Name: "orders-consumer", RoleIDs: []string{simulator.RoleReadOnly}, ToolProfile: "read-only",
			KafkaUsername: "orders-consumer", WhitelistIPs: []string{"192.168.1.0/24"},
			ACLs: []simulator.ACL{{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"}},
		}},
		apply: func(t *testing.T, r *run) {
			r.Run("plan", "-no-color", "-generate-config-out=orders.tf")
			expect(t, r.applied(), "1 imported, 0 added, 0 changed, 0 destroyed")
		},
	},
	"guides/import-many": {
		generates: true,
		seed: []simulator.Key{
			{Name: "team-a", RoleIDs: []string{simulator.RoleReadOnly}},
			{Name: "team-a", RoleIDs: []string{simulator.RoleAdmin, simulator.RoleReadOnly}, BlockedTools: []string{"streamkap_delete_pipeline"}},
			{Name: "team-B & friends", KafkaUsername: "team-b", SchemaRegistry: true, WhitelistIPs: []string{"10.0.0.7"}},
			{Name: "team-elsewhere", RoleIDs: []string{simulator.RoleReadOnly}, ServiceID: "another-project"},
		},
		apply:  applyManyImports,
		leaves: 1,
	},
	"guides/import-permissions": {
		seed: []simulator.Key{{ID: seededID, Name: "exporter", PermissionIDs: []string{"topics:read"}}},
		vars: map[string]string{"exporter_permission_ids": `["topics:read"]`},
		apply: func(t *testing.T, r *run) {
			expect(t, r.applied(), "Warning: ", "1 imported, 0 added, 1 changed, 0 destroyed")
			r.wroteNothing(t)
		},
	},
	"functions/decrypt_credential": {
		vars:  map[string]string{"secret_recipients": recipients, "secret_identity": reader.String()},
		apply: func(_ *testing.T, r *run) { r.applied(); r.mustHideSecrets() },
	},
	"functions/decrypt": {
		vars:  map[string]string{"secret_recipients": recipients, "secret_identity": reader.String()},
		apply: func(_ *testing.T, r *run) { r.applied(); r.mustHideSecrets() },
	},
	"guides/secrets-handover": {vars: map[string]string{"secret_recipients": recipients}, apply: applyHandover},
	"guides/ai-agent":         {vars: map[string]string{"secret_recipients": recipients}, apply: applyScope},
	"guides/preflight":        {apply: applyMove},
	"guides/acls-from-csv": {
		vars: map[string]string{"reporting_password": statePassword},
		apply: func(t *testing.T, r *run) {
			r.applied()
			if key := r.service.Keys()[0]; len(key.ACLs) != 4 {
				t.Errorf("the key has the rules %v", key.ACLs)
			}
			lines := strings.Split(strings.TrimSpace(r.Read("acls.csv")), "\n")
			slices.Reverse(lines[1:])
			// As Excel saves it.
			r.Write("acls.csv", "\ufeff"+strings.Join(lines, "\r\n")+"\r\n")
		},
	},
	"guides/opentofu-encryption": {
		vars:     map[string]string{"state_passphrase": "sixteen characters or more"},
		openTofu: true,
		apply: func(t *testing.T, r *run) {
			r.applied()
			state := r.Read("terraform.tfstate")
			if strings.Contains(state, simulator.ClientSecretPrefix) || !strings.Contains(state, "encrypted_data") {
				t.Error("the state is not encrypted")
			}
		},
	},
}

// applyMove applies the example with the address of before, and moves it.
func applyMove(t *testing.T, r *run) {
	after := r.Read("main.tf")
	before := regexp.MustCompile(`(?s)moved \{.*?\n\}\n`).ReplaceAllString(strings.ReplaceAll(after, "orders_consumer", "orders"), "")
	r.Write("main.tf", before)
	r.applied()
	r.Write("main.tf", after)
	r.service.ResetRequests()
	r.applied()
	r.wroteNothing(t)
}

func TestAccExamplesApplyPlanNothingAndAreDestroyed(t *testing.T) {
	for name, example := range examples {
		t.Run(strings.ReplaceAll(name, "/", " "), func(t *testing.T) {
			t.Parallel()
			r := newRun(t, example.seed...)
			for _, file := range example.filesIn(t, name) {
				r.Write(path.Base(file), read(t, "examples/"+file))
			}
			r.complete(t)
			for variable, value := range example.vars {
				r.Setenv("TF_VAR_"+variable, value)
			}
			r.skipOldCLI(t, example.openTofu)
			if example.generates {
				r.skipWithoutGeneration(t)
			}
			if example.apply != nil {
				example.apply(t, r)
			} else {
				r.applied()
			}
			r.settled()
			r.destroyed(t, example.leaves)
		})
	}
}

func applyResource(t *testing.T, r *run) {
	r.applied()
	keys := map[string]simulator.Key{}
	for _, key := range r.service.Keys() {
		keys[key.Name] = key
	}
	if key := keys["orders-consumer"]; key.KafkaPassword != passwords[0] || !key.SchemaRegistry || len(key.ACLs) != 2 || key.APIClientID != "" {
		t.Errorf("the server holds %+v", key)
	}
	if key := keys["ai-agent"]; key.ToolProfile != "agent-operator" || key.HasKafka() {
		t.Errorf("the server holds %+v", key)
	}
	if got := opened(t, r.Run("output", "-raw", "dashboard_client_secret")); got != keys["dashboard"].APISecret {
		t.Error("the output is not the key's client secret, encrypted")
	}
	r.refused(t, "prevent_destroy", "destroy", "-auto-approve")
	r.replace(t, "api.tf", "prevent_destroy = true", "prevent_destroy = false")
	r.mustHideSecrets()
}

func applyManyImports(t *testing.T, r *run) {
	r.applied()
	r.Write("imports.tf", r.Run("output", "-raw", "imports"))
	r.Run("plan", "-no-color", "-generate-config-out=keys.tf")
	expect(t, r.applied(), "3 imported, 0 added, 0 changed, 0 destroyed")
	r.wroteNothing(t)
}

func applyQuickStart(t *testing.T, r *run) {
	r.Write("operations.pub", reader.Recipient().String()+"\n")
	r.applied()
	r.mustHideSecrets()
	for output, want := range map[string]string{"orders_client_secret": r.service.Keys()[0].APISecret, "orders_password": passwords[0]} {
		if got := opened(t, r.Run("output", "-raw", output)); got != want {
			t.Errorf("%s is not what was issued", output)
		}
	}
	r.Setenv("TF_VAR_orders_password", passwords[1])
	r.settled() // not without another version
	r.replace(t, "main.tf", "password_wo_version = 1", "password_wo_version = 2")
	expect(t, r.applied(), "Warning: Kafka password will be rotated", "0 added, 1 changed, 0 destroyed")
	if key := r.service.Keys()[0]; key.KafkaPassword != passwords[1] || key.PasswordRotations != 1 {
		t.Errorf("the server holds %+v", key)
	}
}

// applyHandover plans with a placeholder and applies with the private key.
func applyHandover(t *testing.T, r *run) {
	r.fakeVault(t)
	r.Setenv("TF_VAR_secret_identity", "none")
	r.Run("plan", "-no-color", "-out=saved.tfplan")
	r.Setenv("TF_VAR_secret_identity", reader.String())
	r.Run("apply", "-no-color", "saved.tfplan")
	secret := r.service.Keys()[0].APISecret
	var kept struct {
		API struct {
			ClientSecret string `json:"client_secret"`
		}
	}
	if err := json.Unmarshal([]byte(r.Read("kept")), &kept); err != nil || kept.API.ClientSecret != secret {
		t.Errorf("Vault was not given the credential file: %v", err)
	}
	expect(t, r.Read("called"), "kv put")
	r.Write("kept", "")
	r.mustHideSecrets()
}

func applyScope(t *testing.T, r *run) {
	var settings struct {
		Servers map[string]struct {
			URL     string            `json:"url"`
			Headers map[string]string `json:"headers"`
		} `json:"mcpServers"`
	}
	if err := json.Unmarshal([]byte(r.Read("mcp.json")), &settings); err != nil || len(settings.Servers["streamkap"].Headers) != 2 {
		t.Errorf("mcp.json is %+v, %v", settings, err)
	}
	const failing = "Warning: Check block assertion failed"
	expectNot(t, r.applied(), failing)
	r.Setenv("TF_VAR_blocked_tools", `["streamkap_delete_pipeline", "another_tool"]`)
	expectNot(t, r.applied(), failing)
	expectNot(t, r.settled(), failing)
	r.Setenv("TF_VAR_agent_role", "Data Admin")
	r.refused(t, "The role Data Admin can write project keys", "plan")
	r.Setenv("TF_VAR_agent_role", "Read Only")
	// Somebody loosens the scope, and the next apply restores it.
	r.service.Modify(r.service.Keys()[0].ID, func(key *simulator.Key) { key.BlockedTools = nil })
	expect(t, r.applied(), "0 added, 1 changed, 0 destroyed")
	key := r.service.Keys()[0]
	if len(key.BlockedTools) != 2 {
		t.Errorf("the scope is still loose: %+v", key)
	}
	r.fakeAge(t)
	r.Write("key.txt", reader.String())
	export := commandsAfter(t, "ai-agents", "export AGENT_CLIENT_ID")
	if printed, err := r.tryShell(t, export+`echo "$AGENT_CLIENT_ID $AGENT_CLIENT_SECRET"`); err != nil || printed != key.APIClientID+" "+key.APISecret+"\n" {
		t.Errorf("the agent is not given its credentials: %v", err)
	}
}

// filesIn are the example's files below examples.
func (e example) filesIn(t *testing.T, name string) []string {
	t.Helper()
	names := e.files
	if len(names) == 0 {
		names = files(t, filepath.Join(root, "examples", filepath.FromSlash(name)))
	}
	var used []string
	for _, file := range names {
		used = append(used, name+"/"+file)
	}
	return used
}

// expectNull looks for attributes of a resource in the state.
func (r *run) expectNull(t *testing.T, address string, attributes ...string) {
	t.Helper()
	console := r.Command("console")
	console.Stdin = strings.NewReader("nonsensitive(alltrue([" + address + "." + strings.Join(attributes, " == null, "+address+".") + " == null]))\n")
	if printed, err := console.CombinedOutput(); err != nil || strings.TrimSpace(string(printed)) != "true" {
		t.Errorf("not all of %q of %s are null: %v, %s", attributes, address, err, printed)
	}
}
