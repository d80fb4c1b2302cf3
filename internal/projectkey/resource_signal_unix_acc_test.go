// SPDX-License-Identifier: MPL-2.0

//go:build unix

package projectkey_test

import (
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestAccSignal_WhatIsUnderWayIsSaved sends a signal while a request, or the
// wait after it, is under way: to the CLI alone, as Ctrl-C in some shells, or to
// its process group, as Ctrl-C in a terminal and CI runners do.
func TestAccSignal_WhatIsUnderWayIsSaved(t *testing.T) {
	t.Parallel()
	const slow = 4 * time.Second
	for name, test := range map[string]struct {
		signal syscall.Signal
		group  bool
		config simulator.Config
		// fault slows the request down at which the signal is sent.
		fault simulator.Fault
		// prior is what the key is before, where it is changed.
		prior []string
	}{
		"SIGINT to the CLI at the wait":    {signal: syscall.SIGINT, config: simulator.Config{ProvisionTime: time.Hour}},
		"SIGTERM to the group at the wait": {signal: syscall.SIGTERM, group: true, config: simulator.Config{ProvisionTime: time.Hour}},
		"SIGINT to the group at the creation": {
			signal: syscall.SIGINT, group: true,
			fault: simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Delay: slow, Processed: true},
		},
		"SIGTERM to the group at the creation": {
			signal: syscall.SIGTERM, group: true,
			fault: simulator.Fault{Method: http.MethodPost, Path: "/project-keys", Delay: slow, Processed: true},
		},
		"SIGTERM to the group when API access is added": {
			signal: syscall.SIGTERM, group: true, prior: []string{named, kafka()},
			fault: simulator.Fault{Method: http.MethodPatch, Delay: slow, Processed: true},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := acctest.Start(t, test.config)
			w := acctest.NewWorkspace(t, s)
			if test.prior != nil {
				configure(w, key(test.prior...))
				w.Run("apply", "-auto-approve")
			}
			s.ResetRequests()
			if test.fault.Method != "" {
				s.Inject(test.fault)
			}
			configure(w, key(named, adminRole, kafka()))
			output := signalled(t, s, w, test.signal, test.group, test.config.ProvisionTime > 0)
			if made := holdsIssued(t, s, w); test.config.ProvisionTime > 0 {
				says(t, output, "Project key is not Active yet", made.ID, "when the run was interrupted")
			}
		})
	}
}

// signalled runs an apply that gets a signal when the service has issued a client
// secret, or at a read after that. It returns what was printed.
func signalled(t *testing.T, s *acctest.Service, w *acctest.Workspace, signal syscall.Signal, group, atWait bool) string {
	t.Helper()
	command := w.Command("apply", "-auto-approve", "-no-color")
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	output := &strings.Builder{}
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	come := func() bool {
		issued := slices.ContainsFunc(s.Keys(), func(key simulator.Key) bool { return key.APISecret != "" })
		return issued && (!atWait || len(reads(s)) > 0)
	}
	for deadline := time.Now().Add(time.Minute); !come() && time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
	}
	to := command.Process.Pid
	if group {
		to = -to
	}
	if err := syscall.Kill(to, signal); err != nil {
		t.Fatal(err)
	}
	_ = command.Wait()
	return output.String()
}
