// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify"
)

// The environment of the live lane, besides host and credentials. Without the
// project's id the tests run against a simulator.
const (
	envLiveService     = "STREAMKAP_LIVE_SERVICE_ID"
	envLiveKafka       = "STREAMKAP_LIVE_KAFKA"
	envLivePermissions = "STREAMKAP_LIVE_PERMISSIONS"
	envLiveJournal     = "STREAMKAP_LIVE_JOURNAL"
)

// LiveService is whatever service the live lane runs against. Tests know
// nothing of it but what the provider shows.
type LiveService struct {
	url         string
	prefix      string
	kafka       bool
	permissions []string
}

// live is the service of the package under test.
var live *LiveService

// Live marks a test that fits any service. In the live lane it runs against the
// one that STREAMKAP_HOST names, otherwise against a simulator, in both through
// a guard that lets tests touch nothing but what they have made.
func Live(t *testing.T) *LiveService {
	t.Helper()
	CLI(t)
	if live == nil {
		t.Fatal("the package's TestMain has to call acctest.LiveMain")
	}
	return live
}

// Name is the name of a key of this run.
func (s *LiveService) Name(name string) string { return s.prefix + name }

// Username is the name of a Kafka user of this run: 24 characters at the most.
func (s *LiveService) Username(name string) string {
	return strings.TrimPrefix(s.prefix, "tfacc-") + name
}

// NeedsKafka skips a test where the account is not to be asked for Kafka access.
func (s *LiveService) NeedsKafka(t *testing.T) {
	t.Helper()
	if !s.kafka {
		t.Skip("it needs Kafka access: set " + envLiveKafka + "=1 where the project can have it")
	}
}

// NeedsPermissions returns ids of permissions, or skips a test where none are
// known.
func (s *LiveService) NeedsPermissions(t *testing.T) string {
	t.Helper()
	if len(s.permissions) == 0 {
		t.Skip("it needs ids of permissions: set " + envLivePermissions)
	}
	return `["` + strings.Join(s.permissions, `", "`) + `"]`
}

// Config puts a provider block in front of a configuration. The credentials are
// in the environment, so that they get into no file.
func (s *LiveService) Config(configuration string) string {
	return Required + fmt.Sprintf("\nprovider \"streamkap\" {\n  host = %q\n}\n", s.url) + configuration
}

// LiveMain runs the tests of a package against the live lane's service, and
// deletes what they leave.
func LiveMain(m *testing.M) {
	if os.Getenv("TF_ACC") == "" {
		os.Exit(m.Run())
	}
	os.Exit(runLive(context.Background(), m))
}

func runLive(ctx context.Context, m *testing.M) int {
	guard, err := startLive(ctx)
	if err != nil {
		return failed(err)
	}
	code := runAndScan(m)
	others, err := guard.Close(ctx)
	fmt.Println("live:", others)
	if err != nil {
		return failed(err)
	}
	return code
}

// startLive starts the guard, and the simulator where there is no other service.
// Both end with the process.
func startLive(ctx context.Context) (*verify.Guard, error) {
	if os.Getenv(envLiveService) == "" {
		for name, value := range map[string]string{
			"STREAMKAP_HOST": httptest.NewServer(simulator.New(simulator.Config{})).URL, "STREAMKAP_CLIENT_ID": simulator.DefaultClientID,
			"STREAMKAP_SECRET": simulator.DefaultSecret, envLiveService: simulator.DefaultServiceID, envLiveKafka: "1",
			envLivePermissions: simulator.PermissionReadKeys, envLiveJournal: filepath.Join(os.TempDir(), rand.Text()),
		} {
			if err := os.Setenv(name, value); err != nil {
				return nil, err
			}
		}
	}
	options, err := verify.FromEnvironment(os.Getenv)
	options.ServiceID, options.Journal, options.Progress = os.Getenv(envLiveService), os.Getenv(envLiveJournal), os.Stderr
	if options.Journal == "" {
		err = errors.New(envLiveJournal + " has to name the journal")
	}
	if err := errors.Join(err, options.Complete()); err != nil {
		return nil, err
	}
	guard, err := verify.NewGuard(ctx, options)
	if err != nil {
		return nil, err
	}
	live = &LiveService{url: httptest.NewServer(guard).URL, prefix: guard.Prefix(), kafka: os.Getenv(envLiveKafka) != ""}
	if permissions := os.Getenv(envLivePermissions); permissions != "" {
		live.permissions = strings.Split(permissions, ",")
	}
	Hide(options.Secret)
	return guard, nil
}
