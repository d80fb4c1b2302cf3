// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify/owned"
)

// killed is what a request panics with where the process is killed at it.
var errKilled = errors.New("killed")

// slow are services on which a run is at its longest.
func slow(t *testing.T) []simulator.Config {
	t.Helper()
	var configs []simulator.Config
	for _, text := range []string{
		"create-timing=not-found-first,delete-timing=failed-once,gone=400,empty-values=both",
		"create-timing=creating,delete-timing=deleting,update-timing=creating,status=title,acl-order=shuffled",
	} {
		dialect, err := simulator.ParseDialect(text)
		if err != nil {
			t.Fatal(err)
		}
		configs = append(configs, simulator.Config{Dialect: dialect})
	}
	return configs
}

// atEveryRequest runs a test at the first request of a run, at the second, and
// so on, until a run is over before.
func atEveryRequest(t *testing.T, test func(t *testing.T, config simulator.Config, n int, before bool) (over bool)) {
	t.Helper()
	for _, config := range slow(t) {
		for _, before := range []bool{true, false} {
			over := false
			n := 1
			for ; !over; n += stride() {
				synctest.Test(t, func(t *testing.T) { over = test(t, config, n, before) })
			}
			t.Logf("%d requests, struck before they are worked on: %t", n/stride(), before)
			if n < 80 {
				t.Errorf("a run has %d requests", n)
			}
		}
	}
}

// strike calls a function at the nth request, before the service works on it or
// after.
func strike(service http.RoundTripper, n int, before bool, do func()) http.RoundTripper {
	return transport(func(r *http.Request) (*http.Response, error) {
		n--
		if n == 0 && before {
			do()
		}
		response, err := service.RoundTrip(r)
		if n == 0 && !before {
			do()
		}
		return response, err
	})
}

func TestAnInterruptAtAnyRequestLeavesNothing(t *testing.T) {
	atEveryRequest(t, func(t *testing.T, config simulator.Config, n int, before bool) bool {
		server := seeded(config)
		keys := server.Keys()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		options := everything(t, server)
		options.Transport = strike(server.RoundTripper(), n, before, cancel)
		report, err := Run(ctx, options)
		if report != nil && err != nil {
			t.Errorf("interrupted at request %d: %v", n, err)
		}
		untouched(t, server, keys)
		if _, err := os.Stat(options.Journal); err == nil {
			t.Errorf("interrupted at request %d, the journal is left", n)
		}
		return ctx.Err() == nil
	})
}

func TestAKilledRunIsFinishedFromItsJournal(t *testing.T) {
	atEveryRequest(t, func(t *testing.T, config simulator.Config, n int, before bool) bool {
		server := seeded(config)
		keys := server.Keys()
		options := everything(t, server)
		if !kill(t, server, options, n, before) {
			return true
		}
		if _, err := os.Stat(options.Journal); err == nil {
			if err := Clean(t.Context(), options); err != nil {
				t.Errorf("killed at request %d: %v", n, err)
			}
		}
		untouched(t, server, keys)
		return false
	})
}

// kill runs until the nth request, where nothing of the run goes on, and tells
// whether it came to that.
func kill(t *testing.T, server *simulator.Server, options Options, n int, before bool) (struck bool) {
	t.Helper()
	defer func() {
		if caught := recover(); caught != nil && caught != errKilled { //nolint:errorlint // It is a panic's value, never wrapped.
			panic(caught)
		}
	}()
	options.Transport = strike(server.RoundTripper(), n, before, func() {
		struck = true
		panic(errKilled)
	})
	_, _ = Run(t.Context(), options)
	return struck
}

func TestAKilledCleaningIsFinishedByAnother(t *testing.T) {
	for n := 1; ; n++ {
		over := false
		synctest.Test(t, func(t *testing.T) {
			server := seeded(slow(t)[0])
			keys := server.Keys()
			options := everything(t, server)
			kill(t, server, options, 60, true)
			over = killCleaning(t, server, options, n)
			if _, err := os.Stat(options.Journal); err == nil {
				if err := Clean(t.Context(), options); err != nil {
					t.Errorf("killed at request %d: %v", n, err)
				}
			}
			untouched(t, server, keys)
		})
		if over {
			return
		}
	}
}

func killCleaning(t *testing.T, server *simulator.Server, options Options, n int) (over bool) {
	t.Helper()
	defer func() { _ = recover() }()
	options.Transport = strike(server.RoundTripper(), n, false, func() { panic(errKilled) })
	if err := Clean(t.Context(), options); err != nil {
		t.Error(err)
	}
	return true
}

func TestCleaningRefusesAnotherProjectOrHost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		options := everything(t, server)
		kill(t, server, options, 60, false)
		keys := server.Keys()
		for _, change := range []func(*Options){
			func(o *Options) { o.ServiceID = "65e94bbe0000000000000002" },
			func(o *Options) { o.Host = "https://elsewhere.invalid" },
		} {
			changed := options
			change(&changed)
			if err := Clean(t.Context(), changed); err == nil || !strings.Contains(err.Error(), "another host or project") {
				t.Errorf("%v", err)
			}
		}
		server.SetConfig(func(config *simulator.Config) { config.ServiceID = "65e94bbe0000000000000002" })
		if err := Clean(t.Context(), options); err == nil || !strings.Contains(err.Error(), "do not belong to the project") {
			t.Errorf("%v", err)
		}
		untouched(t, server, keys)
	})
}

func TestNothingIsMadeInAnotherProject(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		options := everything(t, server)
		options.ServiceID = "65e94bbe0000000000000002"
		if _, err := Run(t.Context(), options); err == nil || !strings.Contains(err.Error(), "do not belong to the project") {
			t.Errorf("%v", err)
		}
		if len(server.Writes()) > 0 {
			t.Errorf("%v", server.Writes())
		}
		if _, err := os.Stat(options.Journal); err == nil {
			t.Error("there is a journal")
		}
	})
}

func TestAServiceThatIsNotThereIsNamed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		options := everything(t, seeded(simulator.Config{}))
		options.Transport = transport(func(*http.Request) (*http.Response, error) { return nil, errors.New("nobody listens") })
		if _, err := Run(t.Context(), options); err == nil || !strings.HasSuffix(err.Error(), "at "+options.Host+": no answer") {
			t.Errorf("%v", err)
		}
	})
}

func TestAnotherRunsJournalIsNotOverwritten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		options := everything(t, server)
		kill(t, server, options, 60, false)
		made := len(server.Writes())
		if _, err := Run(t.Context(), options); err == nil || !strings.Contains(err.Error(), "-clean") {
			t.Errorf("%v", err)
		}
		if len(server.Writes()) > made {
			t.Error("keys were written")
		}
	})
}

// TestIntentionsAreOnTheDiskFirst looks at the journal whenever a key is about
// to be made, and at how often it was synced.
func TestIntentionsAreOnTheDiskFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		options := everything(t, server)
		synced := ""
		options.sync = func(s owned.Syncer) error {
			file, ok := s.(*os.File)
			if folder, err := file.Stat(); !ok || err != nil || folder.IsDir() {
				return err
			}
			data, err := os.ReadFile(file.Name())
			synced = string(data)
			return err
		}
		creations := 0
		options.Transport = transport(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodPost && r.URL.Path == "/project-keys" {
				creations++
				var body struct{ Name string }
				if err := json.NewDecoder(peek(r)).Decode(&body); err != nil || !strings.Contains(synced, `"name":"`+body.Name+`","is":"meant"`) {
					t.Errorf("%v: the intention is not on the disk", err)
				}
			}
			return server.RoundTripper().RoundTrip(r)
		})
		if _, err := Run(t.Context(), options); err != nil {
			t.Fatal(err)
		}
		if creations != 5 {
			t.Errorf("%d keys were asked for", creations)
		}
	})
}

// peek returns the body of a request, and leaves it to be read once more.
func peek(r *http.Request) io.Reader {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	return bytes.NewReader(body)
}

func TestAJournalThatCantBeWrittenEndsTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		keys := server.Keys()
		options := everything(t, server)
		full := errors.New("no space left")
		syncs := 0
		options.sync = func(owned.Syncer) error {
			if syncs++; syncs > 8 {
				return full
			}
			return nil
		}
		if _, err := Run(t.Context(), options); !errors.Is(err, full) {
			t.Errorf("%v", err)
		}
		untouched(t, server, keys)
	})
}

func TestRequestsAreSpacedAndCounted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, config := range slow(t) {
			server := seeded(config)
			if _, err := Run(t.Context(), everything(t, server)); err != nil {
				t.Fatal(err)
			}
			requests := server.Requests()
			for i := RequestsPerSecond; i < len(requests); i++ {
				if passed := requests[i].Time.Sub(requests[i-RequestsPerSecond].Time); passed < time.Second {
					t.Fatalf("%d requests in %s", RequestsPerSecond+1, passed)
				}
			}
		}
	})
}

// TestNoMoreThanEightKeysAreAskedFor has the service accept and lose what a run
// asks for, time and again.
func TestNoMoreThanEightKeysAreAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(simulator.Config{})
		keys := server.Keys()
		server.Inject(simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Times: -1, Status: 504, Processed: true})
		options := everything(t, server)
		options.Roles = []string{"Read Only"}
		if _, err := Run(t.Context(), options); err != nil {
			t.Error(err)
		}
		asked := 0
		for _, request := range server.Requests() {
			if request.Method == http.MethodPost && request.Path == "/project-keys" {
				asked++
			}
		}
		if asked == 0 || asked > MaxKeys {
			t.Errorf("%d keys were asked for", asked)
		}
		untouched(t, server, keys)
	})
}

// TestOneKeyIsThereAtATime counts at every request: but for two of one name.
func TestOneKeyIsThereAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := seeded(slow(t)[1])
		seeds := len(server.Keys())
		options := everything(t, server)
		options.Transport = transport(func(r *http.Request) (*http.Response, error) {
			response, err := server.RoundTripper().RoundTrip(r)
			if keys := server.Keys()[seeds:]; len(keys) > 2 || len(keys) == 2 && keys[0].Name != keys[1].Name {
				t.Errorf("%d keys are there", len(keys))
			}
			return response, err
		})
		if _, err := Run(t.Context(), options); err != nil {
			t.Fatal(err)
		}
	})
}

// TestKafkaUsersAdmitNobody looks at every Kafka user that a run without
// -empty-whitelist makes, at every request.
func TestKafkaUsersAdmitNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := simulator.New(simulator.Config{})
		options := everything(t, server)
		options.EmptyWhitelist = false
		users := map[string]bool{}
		options.Transport = transport(func(r *http.Request) (*http.Response, error) {
			response, err := server.RoundTripper().RoundTrip(r)
			for _, key := range server.Keys() {
				if key.HasKafka() {
					users[key.KafkaUsername] = true
					if !slices.Equal(key.WhitelistIPs, addresses) {
						t.Errorf("a Kafka user admits %q", key.WhitelistIPs)
					}
				}
			}
			return response, err
		})
		if _, err := Run(t.Context(), options); err != nil || len(users) != 2 {
			t.Fatalf("%v, %d users", err, len(users))
		}
	})
}
