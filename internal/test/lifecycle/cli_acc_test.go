// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	ctyjson "github.com/zclconf/go-cty/cty/json"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// TestAccLifecycle_CLIAgreesWithTheModel walks a lifecycle with the real CLI at each of
// the few services that show every variant of the dialects between them: core_*.go and
// the model agree with it. Nothing disturbs them, because waiting takes its time here.
func TestAccLifecycle_CLIAgreesWithTheModel(t *testing.T) {
	for i, dialect := range simulator.Covering(1, viableRows()) {
		seed := seed() + uint64(i)
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			walkWithCLI(t, seed, service{Dialect: dialect, DeleteTime: 300 * time.Millisecond})
		})
	}
}

func walkWithCLI(t *testing.T, seed uint64, service service) {
	t.Helper()
	t.Log(service.Dialect)
	if slices.Contains(slices.Collect(maps.Values(service.Dialect)), "creating") {
		service.ProvisionTime = service.DeleteTime
	}
	g := &generator{Rand: rand.New(rand.NewPCG(seed, 0xacc))}
	s := acctest.Start(t, service.config())
	cli := acctest.NewWorkspace(t, s)
	config := g.configuration()
	for i := range 4 {
		g.mutate(&config)
		config.Timeouts = nil
		if config.Kafka != nil && config.password() == "" {
			config.Kafka.hide(g.password()+"-writeonly", int64(i))
		}
		cli.Write("main.tf", acctest.Required)
		cli.Write("key.tf.json", config.file())
		applyWithCLI(t, s, cli, &config)
	}
	cli.Run("destroy", "-auto-approve", "-no-color")
	if keys := s.Keys(); len(keys) > 0 {
		t.Errorf("%d keys are left", len(keys))
	}
}

// applyWithCLI compares what the CLI does with the model.
func applyWithCLI(t *testing.T, s *acctest.Service, cli *acctest.Workspace, config *configuration) {
	t.Helper()
	expected := decide(cliState(t, cli), config, false)
	before := s.Keys()
	s.ResetRequests()
	if output, err := cli.Try("apply", "-auto-approve", "-no-color"); err != nil {
		t.Fatalf("the apply failed: %v\n%s\n%s", err, config.file(), output)
	}
	count := map[string]int{}
	for _, request := range s.Writes() {
		count[request.Method]++
	}
	// What is cleared may take a second PATCH, and a deletion that fails another DELETE.
	if wrote := [3]int{count["POST"], min(1, count["PATCH"]), min(1, count["DELETE"])}; wrote != writesFor[expected.kind] {
		t.Errorf("%v writes for a key that is %s (%s)\n%s", wrote, expected.kind, expected.why, config.file())
	}
	after := s.Keys()
	if len(after) != 1 || after[0].Name != config.Name || decide(cliState(t, cli), config, false).kind != untouched {
		t.Errorf("the service holds %+v, not\n%s", after, config.file())
	}
	if expected.kind == inPlace && len(before) == 1 && before[0].ID != after[0].ID {
		t.Errorf("the id changed without a replacement")
	}
	if output, err := cli.Try("plan", "-detailed-exitcode", "-no-color"); err != nil {
		t.Errorf("the next plan is not empty:\n%s\n%s", config.file(), output)
	}
	if state := cli.Read("terraform.tfstate"); config.Kafka != nil && deref(config.Kafka.PasswordWO) != "" &&
		strings.Contains(state, strings.Trim(jsonText(*config.Kafka.PasswordWO), `"`)) {
		t.Errorf("the write-only password is in the state")
	}
}

// cliState reads the state of the CLI; it is nil where there is none.
func cliState(t *testing.T, cli *acctest.Workspace) *resourceState {
	t.Helper()
	var shown struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Values json.RawMessage `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal([]byte(cli.Run("show", "-json")), &shown); err != nil {
		t.Fatal(err)
	}
	if len(shown.Values.RootModule.Resources) == 0 {
		return nil
	}
	value, err := ctyjson.Unmarshal(shown.Values.RootModule.Resources[0].Values, resourceSchema.ty)
	if err != nil {
		t.Fatal(err)
	}
	return stateOf(&object{value: value})
}
