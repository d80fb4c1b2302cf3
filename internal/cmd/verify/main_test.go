// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/verify"
)

// asCommand makes the test binary behave as the command itself.
const asCommand = "VERIFY_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// service is a simulator on loopback and what the command is told about it.
type service struct {
	*simulator.Server
	dir string
	env []string
}

// description is what the service says of itself.
const description = `{"openapi": "3.1.0"}`

// start starts a service. What watch answers, the simulator does not.
func start(t *testing.T, watch func(*simulator.Server, http.ResponseWriter, *http.Request) (answered bool)) *service {
	t.Helper()
	server := simulator.New(simulator.Config{})
	server.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
	listener := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if watch == nil || !watch(server, w, r) {
			server.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(listener.Close)
	return &service{server, t.TempDir(), []string{
		asCommand + "=1", "STREAMKAP_HOST=" + listener.URL,
		"STREAMKAP_CLIENT_ID=" + simulator.DefaultClientID, "STREAMKAP_SECRET=" + simulator.DefaultSecret,
	}}
}

func (s *service) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], args...)
	command.Dir, command.Env = s.dir, append(os.Environ(), s.env...)
	return command
}

// untouched fails a test in which a key is left, or another is gone.
func (s *service) untouched(t *testing.T) {
	t.Helper()
	if keys := s.Keys(); len(keys) != 1 || keys[0].Name != "orders" {
		t.Errorf("%d keys are there", len(keys))
	}
}

func exitCode(err error) int {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	return 0
}

func TestVerify_SendsNothingWithoutYes(t *testing.T) {
	s := start(t, nil)
	output, err := s.command(t, "-kafka", "-service-id", simulator.DefaultServiceID).CombinedOutput()
	if err != nil || !strings.Contains(string(output), "This would be done") || len(s.Requests()) > 0 {
		t.Errorf("%v, %d requests, %s", err, len(s.Requests()), output)
	}
}

func TestVerify_RefusesMistakesBeforeAnythingIsSent(t *testing.T) {
	for want, args := range map[string][]string{
		"-service-id":         {"-yes"},
		"-kafka":              {"-yes", "-service-id", "x", "-empty-whitelist"},
		"unexpected argument": {"-yes", "now"},
		"it is empty":         {"-yes", "-roles", " , "},
	} {
		s := start(t, nil)
		output, err := s.command(t, args...).CombinedOutput()
		if exitCode(err) != exitUsage || !strings.Contains(string(output), want) || len(s.Requests()) > 0 {
			t.Errorf("%v: %v, %s", args, err, output)
		}
	}
}

// TestVerify_LeavesNothingWhereItsProcessIsEnded sends real signals to a real process, as
// soon as it has made a key. One that is killed is finished with -clean.
func TestVerify_LeavesNothingWhereItsProcessIsEnded(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGKILL} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			endedBy(t, signal)
		})
	}
}

// TestVerify_HasAnExitCodeForAKeyOfOthers has a creation answered with the id of
// another's key.
func TestVerify_HasAnExitCodeForAKeyOfOthers(t *testing.T) {
	t.Parallel()
	s := start(t, func(server *simulator.Server, w http.ResponseWriter, r *http.Request) bool {
		lies := r.Method == http.MethodPost && r.URL.Path == "/project-keys"
		if lies {
			server.ServeHTTP(httptest.NewRecorder(), r)
			_, _ = w.Write([]byte(`{"project_key_id": "` + server.Keys()[0].ID + `#x"}`))
		}
		return lies
	})
	output, err := s.command(t, "-yes", "-service-id", simulator.DefaultServiceID).CombinedOutput()
	if exitCode(err) != exitNotOwn || !strings.Contains(string(output), "a key that is not this run's: id \""+s.Keys()[0].ID+"#x\"") {
		t.Errorf("%v: %s", err, output)
	}
	s.untouched(t)
}

func endedBy(t *testing.T, signal syscall.Signal) {
	t.Helper()
	made := make(chan struct{}, 100)
	s := start(t, func(_ *simulator.Server, _ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPatch {
			made <- struct{}{}
		}
		return false
	})
	args := []string{"-yes", "-service-id", simulator.DefaultServiceID}
	command := s.command(t, args...)
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	<-made
	if err := command.Process.Signal(signal); err != nil {
		t.Fatal(err)
	}
	err := command.Wait()
	if signal == syscall.SIGKILL {
		if len(s.Keys()) != 2 {
			t.Errorf("%d keys are there", len(s.Keys()))
		}
		if output, err := s.command(t, append(args, "-clean", defaultJournal)...).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, output)
		}
	} else if exitCode(err) != exitFailed || !strings.Contains(output.String(), "It ended early: it was interrupted.") {
		t.Errorf("%v: %s", err, output.String())
	}
	s.untouched(t)
	if _, err := os.Stat(filepath.Join(s.dir, defaultJournal)); err == nil {
		t.Error("the journal is left")
	}
}

// TestVerify_WritesTheReportThatNamesTheDialect is a whole run of the command. It
// takes as long as the pace of its requests makes it.
func TestVerify_WritesTheReportThatNamesTheDialect(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	t.Parallel()
	s := start(t, func(_ *simulator.Server, w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path == "/openapi.json" && r.Header.Get("Authorization") == "" {
			_, _ = w.Write([]byte(description))
		}
		return r.URL.Path == "/openapi.json"
	})
	dialect, err := simulator.ParseDialect("token=snake,create-code=201,gone=400,clearing=null-only")
	if err != nil {
		t.Fatal(err)
	}
	s.SetDialect(dialect)
	earlier := `{"rows": [{"row": "token", "variant": "snake"}, {"row": "gone", "variant": "404"}]}`
	if err := os.WriteFile(filepath.Join(s.dir, "earlier.json"), []byte(earlier), 0o600); err != nil {
		t.Fatal(err)
	}
	command := s.command(t, "-yes", "-service-id", simulator.DefaultServiceID, "-report", "verify.json", "-against", "earlier.json")
	var complaint bytes.Buffer
	command.Stderr = &complaint
	output, err := command.Output()
	if exitCode(err) != exitFailed || !strings.HasSuffix(complaint.String(), "changed since earlier.json: gone was 404 and is 400\n") {
		t.Fatalf("%v: %s%s", err, output, complaint.String())
	}
	s.untouched(t)
	data, err := os.ReadFile(filepath.Join(s.dir, "verify.json"))
	if err != nil {
		t.Fatal(err)
	}
	if saved, err := os.ReadFile(filepath.Join(s.dir, "verify.openapi.json")); err != nil || string(saved) != description {
		t.Errorf("%v: %s", err, saved)
	}
	if strings.Contains(string(data), "3.1.0") {
		t.Error("the service's own description is in the report")
	}
	var report verify.Report
	if err := json.Unmarshal(data, &report); err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(output), "\nsimulator -dialect "+report.Dialect+"\n") {
		t.Errorf("the last line is another: %s", output)
	}
	again, err := simulator.DialectFrom(filepath.Join(s.dir, "verify.json"))
	if err != nil || again != dialect {
		t.Errorf("%v: the report has the dialect %q", err, again)
	}
}
