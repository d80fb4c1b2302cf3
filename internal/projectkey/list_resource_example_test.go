// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// No CLI at hand reads query files, so the arguments of the example are read
// here, and given to the provider as Terraform would.
func TestExamples_QueryFindsKeys(t *testing.T) {
	text, err := os.ReadFile(filepath.FromSlash("../../examples/list-resources/streamkap_project_key/list-resource.tfquery.hcl"))
	_, block, ok := strings.Cut(string(text), "config {")
	if err != nil || !ok {
		t.Fatal("the example has no config block", err)
	}
	config := values{}
	for _, argument := range regexp.MustCompile(`(?m)^ +(\w+) += "(.*)"$`).FindAllStringSubmatch(block, -1) {
		config[argument[1]] = argument[2]
	}
	s := simulator.New(simulator.Config{})
	for _, name := range []string{"orders-consumer", "team-b", "ai-agent"} {
		s.Seed(simulator.Key{Name: name, RoleIDs: []string{simulator.RoleReadOnly}})
	}
	s.Seed(simulator.Key{Name: "team-a-stuck", RoleIDs: []string{simulator.RoleReadOnly}, Status: simulator.StatusDeleteFailed})
	p := connect(t, s)
	results := p.list(config, true, 50) // which panics where there is no such argument
	if len(p.listed(results)) != 1 || results[0].DisplayName != "team-b" || len(config) != 2 {
		t.Errorf("%v finds %v", config, results)
	}
}
