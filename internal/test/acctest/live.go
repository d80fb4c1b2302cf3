// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

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
// deletes what they leave. With -sweep it deletes what an earlier run has left,
// which that run's journal tells.
func LiveMain(m *testing.M) {
	resource.AddTestSweepers("streamkap_project_key", &resource.Sweeper{
		Name: "streamkap_project_key",
		F:    func(string) error { return sweep(context.Background()) },
	})
	resource.TestMain(lane{m})
}

type lane struct{ m *testing.M }

// Run starts the guard, runs the tests, and ends it.
func (l lane) Run() int {
	if os.Getenv("TF_ACC") == "" {
		return l.m.Run()
	}
	ctx := context.Background()
	guard, stop, err := startLive(ctx)
	if err != nil {
		return failed(err)
	}
	code := runAndScan(l.m)
	others, err := guard.Close(ctx)
	stop()
	fmt.Println("live:", others)
	if err != nil {
		return failed(err)
	}
	return code
}

// startLive makes the guard, and the simulator where there is no other service.
func startLive(ctx context.Context) (*verify.Guard, func(), error) {
	stopService := func() {}
	options, err := liveOptions()
	if options.ServiceID == "" && err == nil {
		options, stopService, err = simulated()
	}
	if err != nil {
		return nil, nil, err
	}
	guard, err := verify.NewGuard(ctx, options)
	if err != nil {
		stopService()
		return nil, nil, err
	}
	server := httptest.NewServer(guard)
	live = &LiveService{url: server.URL, prefix: guard.Prefix(), kafka: os.Getenv(envLiveKafka) != ""}
	if permissions := os.Getenv(envLivePermissions); permissions != "" {
		live.permissions = strings.Split(permissions, ",")
	}
	Hide(options.Secret)
	return guard, func() {
		server.Close()
		stopService()
	}, nil
}

func liveOptions() (verify.Options, error) {
	options, err := verify.FromEnvironment(os.Getenv)
	options.ServiceID, options.Journal, options.Progress = os.Getenv(envLiveService), os.Getenv(envLiveJournal), os.Stderr
	if options.ServiceID == "" || err != nil {
		return options, err
	}
	if options.Journal == "" {
		return options, errors.New(envLiveJournal + " has to name the journal")
	}
	return options, options.Complete()
}

// simulated starts a simulator and sets the environment for it.
func simulated() (verify.Options, func(), error) {
	dir, err := os.MkdirTemp("", "live")
	if err != nil {
		return verify.Options{}, nil, err
	}
	server := httptest.NewServer(simulator.New(simulator.Config{}))
	stop := func() {
		server.Close()
		_ = os.RemoveAll(dir)
	}
	for name, value := range map[string]string{
		"STREAMKAP_HOST": server.URL, "STREAMKAP_CLIENT_ID": simulator.DefaultClientID, "STREAMKAP_SECRET": simulator.DefaultSecret,
		envLiveKafka: "1", envLivePermissions: simulator.PermissionReadKeys,
	} {
		if err := os.Setenv(name, value); err != nil {
			stop()
			return verify.Options{}, nil, err
		}
	}
	options, err := verify.FromEnvironment(os.Getenv)
	options.ServiceID, options.Journal = simulator.DefaultServiceID, filepath.Join(dir, "journal")
	return options, stop, err
}

// sweep deletes what the run of the journal has left, if there is one.
func sweep(ctx context.Context) error {
	options, err := liveOptions()
	if err != nil {
		return err
	}
	if options.ServiceID == "" {
		return errors.New("sweeping needs " + envLiveService)
	}
	if _, err := os.Stat(options.Journal); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	return verify.Clean(ctx, options)
}
