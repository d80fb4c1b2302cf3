// SPDX-License-Identifier: MPL-2.0

// Package acctest runs configurations with a real CLI against a simulated
// Streamkap API on loopback.
package acctest

import (
	"fmt"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

// Factories serve the provider to the CLI out of the test's own process.
func Factories() map[string]func() (tfprotov6.ProviderServer, error) {
	return map[string]func() (tfprotov6.ProviderServer, error){
		"streamkap": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test")(), nil },
	}
}

// Service is a simulated API that listens on loopback for the time of a test.
type Service struct {
	*simulator.Server
	// URL is the host to give to the provider.
	URL string
}

// envDialect names a report of the command verify. Tests that choose no dialect
// then run as that service speaks.
const envDialect = "STREAMKAP_DIALECT_FROM"

func defaultDialect(t testing.TB) (dialect simulator.Dialect) {
	t.Helper()
	if file := os.Getenv(envDialect); file != "" {
		var err error
		if dialect, err = simulator.DialectFrom(file); err != nil {
			t.Fatalf("%s: %v", envDialect, err)
		}
	}
	return dialect
}

// Start starts a service. The test fails if a fault is left over at its end
// that nobody met, because then it did not test what it meant to.
func Start(t testing.TB, config simulator.Config) *Service {
	t.Helper()
	if config.Dialect == (simulator.Dialect{}) {
		config.Dialect = defaultDialect(t)
	}
	return StartAsDocumented(t, config)
}

// StartAsDocumented is Start for a test of what people read, or of how many
// requests a change takes, where services differ in that: no report of the
// command verify has a say.
func StartAsDocumented(t testing.TB, config simulator.Config) *Service {
	t.Helper()
	server := simulator.New(config)
	listener := httptest.NewServer(server)
	t.Cleanup(func() {
		listener.Close()
		if t.Skipped() {
			return
		}
		for _, fault := range server.UnusedFaults() {
			t.Errorf("nobody met the fault %+v", fault)
		}
	})
	return &Service{Server: server, URL: listener.URL}
}

// Config puts a provider block for the service in front of a configuration.
// Further arguments of the block may be given as a line of HCL each.
func (s *Service) Config(configuration string, arguments ...string) string {
	block := ""
	for _, argument := range arguments {
		block += "  " + argument + "\n"
	}
	return fmt.Sprintf(`
terraform {
  required_providers {
    streamkap = { source = "streamkap-com/streamkap" }
  }
}

provider "streamkap" {
  host      = %q
  client_id = %q
  secret    = %q
%s}
%s`, s.URL, simulator.DefaultClientID, simulator.DefaultSecret, block, configuration)
}
