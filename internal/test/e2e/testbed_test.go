// SPDX-License-Identifier: MPL-2.0

package e2e_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator/broker"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// testbed is a service with its Kafka, and a workspace in which a CLI makes
// keys to them.
type testbed struct {
	*acctest.Workspace
	service *acctest.Service
	broker  *broker.Broker
	t       *testing.T
}

// topics are there from the beginning, with two records in each.
var topics = []string{"orders.created", "orders.created.late", "orders.paid", "payments"}

// records are what is in every topic.
var records = []string{"first", "second"}

func newTestbed(t *testing.T, config simulator.Config) *testbed {
	t.Helper()
	acctest.CLI(t) // skips before anything is started
	t.Parallel()
	service := acctest.Start(t, config)
	kafka, err := broker.Start(service.Server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(kafka.Close)
	for _, topic := range topics {
		if err := kafka.Fill(t.Context(), topic, records...); err != nil {
			t.Fatal(err)
		}
	}
	return &testbed{Workspace: acctest.NewWorkspace(t, service), service: service, broker: kafka, t: t}
}

// apply applies a configuration and checks that it has settled: the plan after
// that is empty.
func (h *testbed) apply(configuration string) {
	h.t.Helper()
	if !strings.Contains(configuration, "required_providers") {
		configuration = acctest.Required + configuration
	}
	h.Write("main.tf", configuration)
	h.Run("apply", "-auto-approve", "-no-color")
	h.Run("plan", "-detailed-exitcode", "-no-color")
}

func (h *testbed) destroy() {
	h.t.Helper()
	h.Run("destroy", "-auto-approve", "-no-color")
}

// output reads one output into a value.
func (h *testbed) output(name string, into any) {
	h.t.Helper()
	if err := json.Unmarshal([]byte(h.Run("output", "-json", name)), into); err != nil {
		h.t.Fatalf("output %s: %v", name, err)
	}
}

// password is one that ends up in the state, where it belongs.
const password = simulator.PasswordPrefix + "e2e"
