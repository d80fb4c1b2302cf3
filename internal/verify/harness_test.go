// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"flag"
	"net/http"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// every has tests tell every lie, and end a run at each of its requests.
var every = flag.Bool("every", false, "walk through everything that can go wrong, which takes minutes")

// stride is how far tests go at a time along the requests of a run: they walk a
// part of what can go wrong, which is spread over the whole run.
func stride() int {
	switch {
	case *every:
		return 1
	case testing.Short():
		return 97
	default:
		return 11
	}
}

// everything is a run that sees all there is to see.
func everything(t *testing.T, server *simulator.Server) Options {
	config := server.Config()
	return Options{
		Host: "https://api.simulated.invalid", ClientID: config.ClientID, Secret: config.Secret, ServiceID: config.ServiceID,
		Journal: filepath.Join(t.TempDir(), "journal"), Transport: server.RoundTripper(),
		Roles: []string{"Read Only", "admin", "Data Admin"}, Permissions: []string{simulator.PermissionReadKeys, simulator.PermissionWriteKeys},
		Kafka: true, EmptyWhitelist: true,
		// What is on the disk is not lost here: no process ends.
		sync: func(owned.Syncer) error { return nil },
	}
}

// seeded is a service with keys of others, one of them in another project.
func seeded(config simulator.Config) *simulator.Server {
	server := simulator.New(config)
	server.Seed(simulator.Key{Name: "orders", Description: "the <b>orders</b>", RoleIDs: []string{simulator.RoleAdmin, simulator.RoleReadOnly}})
	server.Seed(simulator.Key{Name: "verify-lookalike", KafkaUsername: "payments-consumer", WhitelistIPs: []string{"10.1.2.3"}})
	server.Seed(simulator.Key{Name: "elsewhere", ServiceID: "65e94bbe0000000000000002", PermissionIDs: []string{"topics:read"}})
	return server
}

// untouched fails a test in which anything but the given keys is there.
func untouched(t *testing.T, server *simulator.Server, before []simulator.Key) {
	t.Helper()
	after := server.Keys()
	if !reflect.DeepEqual(after, before) {
		t.Errorf("%d keys are there, and %d were there before:\n%+v\n%+v", len(after), len(before), after, before)
	}
}

// transport lets tests see and change requests and answers.
type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func (r *Report) row(t *testing.T, name string) RowResult {
	t.Helper()
	for _, row := range r.Rows {
		if row.Row == name {
			return row
		}
	}
	t.Fatalf("there is no row %s", name)
	return RowResult{}
}
