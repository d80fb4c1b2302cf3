// SPDX-License-Identifier: MPL-2.0

package e2e_test

import (
	"os/exec"
	"strings"
	"testing"
)

// TestTheProviderContainsNothingOfTheDoors holds for what go build links: the
// broker, its client and the simulator cost the provider nothing.
func TestTheProviderContainsNothingOfTheDoors(t *testing.T) {
	const module = "github.com/streamkap-com/terraform-provider-streamkap"
	output, err := exec.Command("go", "list", "-deps", module).Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := strings.Fields(string(output))
	if !strings.Contains(string(output), module+"/internal/provider\n") {
		t.Fatalf("the list of %d packages lacks the provider's own", len(packages))
	}
	for _, name := range packages {
		for _, foreign := range []string{
			"github.com/twmb/", "github.com/klauspost/", "github.com/pierrec/",
			module + "/internal/simulator", module + "/internal/test/acctest", module + "/internal/test/readback",
		} {
			if strings.HasPrefix(name, foreign) {
				t.Errorf("the provider contains %s", name)
			}
		}
	}
}
