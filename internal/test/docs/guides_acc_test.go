// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// walk is a guide whose commands are run as they stand, beside the files that it
// shows, by somebody who has installed the provider.
type walk struct {
	files map[string]string // below examples, by their names in the guide
	// first are the lines that blocks of commands begin with.
	first     []string
	seed      []simulator.Key
	openTofu  bool
	generates bool // as it is for an example
	keys      int  // that there are afterwards
}

var walks = map[string]walk{
	"a-fleet-from-one-file": {
		files: map[string]string{"main.tf": "guides/fleet/main.tf", "keys.yaml": "guides/fleet/keys.yaml", "key/main.tf": "guides/fleet/key/main.tf"},
		first: []string{"age-keygen"},
		keys:  4,
	},
	"a-fleet-from-one-file/csv": {
		files: map[string]string{"main.tf": "guides/acls-from-csv/main.tf", "acls.csv": "guides/acls-from-csv/acls.csv"},
		first: []string{"export TF_VAR_reporting_password"},
		keys:  1,
	},
	"adopting-existing-keys": {
		files:     map[string]string{"main.tf": "guides/import-generated/main.tf"},
		first:     []string{"terraform init\nterraform plan -generate"},
		seed:      []simulator.Key{{ID: seededID, Name: "orders-consumer", RoleIDs: []string{simulator.RoleReadOnly}}},
		generates: true,
		keys:      1,
	},
	"ai-agents": {
		files: map[string]string{"main.tf": "guides/ai-agent/main.tf"},
		first: []string{"age-keygen", "export AGENT_CLIENT_ID"},
		keys:  1,
	},
	"kafka-clients": {
		files: map[string]string{"main.tf": "kafka-clients/main.tf"},
		first: []string{"export TF_VAR_kafka_password"},
		keys:  1,
	},
	"rotating-with-overlap": {
		files: map[string]string{"main.tf": "guides/rotation/main.tf", "key/main.tf": "guides/fleet/key/main.tf"},
		first: []string{"age-keygen"},
		keys:  1,
	},
	"secrets": {
		files: map[string]string{"main.tf": "quickstart/main.tf"},
		first: []string{"age-keygen", "terraform output -raw orders_client_secret"},
		keys:  1,
	},
	"secrets/OpenTofu": {
		files:    map[string]string{"main.tofu": "guides/opentofu-encryption/main.tofu"},
		first:    []string{"export TF_VAR_state_passphrase"},
		openTofu: true,
		keys:     1,
	},
	"several-projects": {
		files: map[string]string{
			"orders.tf": "guides/several-projects/orders.tf", "billing.tf": "guides/several-projects/billing.tf",
			"team/main.tf": "guides/several-projects/team/main.tf",
		},
		first: []string{"printf", "age-keygen"},
		keys:  3,
	},
}

func TestAccGuidesCommandsRunAsTheyStand(t *testing.T) {
	for name, w := range walks {
		t.Run(strings.ReplaceAll(name, "/", " "), func(t *testing.T) {
			t.Parallel()
			// The second project is that of the guide on several projects.
			r := runAt(t, simulator.Config{Projects: []simulator.Project{{ServiceID: "65e94bbe0000000000000002", Name: "billing"}}}, w.seed...)
			r.fakeAge(t)
			for file, from := range w.files {
				r.put(t, file, read(t, "examples/"+from))
			}
			r.complete(t)
			r.skipOldCLI(t, w.openTofu)
			if w.generates {
				r.skipWithoutGeneration(t)
			}
			r.mirror(t)
			guide, _, _ := strings.Cut(name, "/")
			commands := ""
			for _, first := range w.first {
				commands += commandsAfter(t, guide, first)
			}
			r.shell(t, strings.NewReplacer(" apply", " apply -auto-approve", "http://127.0.0.1:8089", r.service.URL).Replace(commands))
			if keys := r.service.Keys(); len(keys) != w.keys {
				t.Errorf("the server holds %d keys", len(keys))
			}
		})
	}
}
