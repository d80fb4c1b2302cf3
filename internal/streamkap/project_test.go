// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func ofProject(serviceID string) func(*streamkap.Config) {
	return func(config *streamkap.Config) { config.ServiceID = serviceID }
}

// TestCredentialsOfAnotherProjectAreRefusedAtTheFirstCall makes each call with
// a client that is for another project.
func TestCredentialsOfAnotherProjectAreRefusedAtTheFirstCall(t *testing.T) {
	for name, call := range map[string]func(context.Context, *streamkap.Client) error{
		"create": func(ctx context.Context, c *streamkap.Client) error {
			_, err := c.CreateProjectKey(ctx, fullRequest())
			return err
		},
		"list": func(ctx context.Context, c *streamkap.Client) error {
			_, err := c.ProjectKeys(ctx)
			return err
		},
		"read": func(ctx context.Context, c *streamkap.Client) error {
			_, err := c.ProjectKey(ctx, "an-id")
			return err
		},
		"delete": func(ctx context.Context, c *streamkap.Client) error { return c.DeleteProjectKey(ctx, "an-id") },
		"roles": func(ctx context.Context, c *streamkap.Client) error {
			_, err := c.Roles(ctx)
			return err
		},
		"whoami": func(ctx context.Context, c *streamkap.Client) error {
			_, err := c.WhoAmI(ctx)
			return err
		},
		"token": func(ctx context.Context, c *streamkap.Client) error {
			_, err := c.NewToken(ctx)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{ServiceID: "own"}, ofProject("other"))
			err := call(t.Context(), s.Client)
			if wantKind(t, err, streamkap.KindOtherProject); !strings.HasPrefix(err.Error(), "the credentials are of project own, not of project other: ") {
				t.Errorf("the error is %v", err)
			}
			if n := s.attempts("GET", "/auth/whoami"); n != 1 || len(s.Requests()) != 2 {
				t.Errorf("whoami was asked %d times among %d requests", n, len(s.Requests()))
			}
		})
	}
}

func TestCredentialsOfTheRightProjectAreCheckedOnce(t *testing.T) {
	s := connect(t, simulator.Config{ServiceID: "own"}, ofProject("own"))
	for range 3 {
		_, err := s.ProjectKeys(t.Context())
		wantNoError(t, err)
	}
	_, err := s.NewToken(t.Context())
	wantNoError(t, err)
	if n := s.attempts(http.MethodGet, "/auth/whoami"); n != 1 {
		t.Errorf("whoami was asked %d times", n)
	}
}

// TestCheckProject_UnknownProjectIsAnError has either project not known: that
// must not count as the same project.
func TestCheckProject_UnknownProjectIsAnError(t *testing.T) {
	const noProject = `{"tenant_id": "t", "service_id": null, "sub": "s", "token_type": "x"}`
	for name, test := range map[string]struct {
		whoami, serviceID string
		credentials       bool
	}{
		"of the credentials": {noProject, "own", true},
		"of the key":         {"", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{ServiceID: "own"})
			if test.whoami != "" {
				s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 200, Body: test.whoami})
			}
			err := s.CheckProject(t.Context(), test.serviceID)
			if wantKind(t, err, streamkap.KindUnknownProject); strings.Contains(err.Error(), "the credentials") != test.credentials {
				t.Errorf("the error is %v", err)
			}
			gone, err := s.ConfirmGone(t.Context(), "an-id", test.serviceID)
			if wantKind(t, err, streamkap.KindUnknownProject); gone {
				t.Error("a key of an unknown project is gone")
			}
		})
	}
}

func TestFailedLookForTheProjectIsNotRemembered(t *testing.T) {
	s := connect(t, simulator.Config{ServiceID: "own"})
	s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 403})
	wantA[*streamkap.Error](t, s.CheckProject(t.Context(), "own"))
	wantNoError(t, s.CheckProject(t.Context(), "own"))
}

func TestOneErrorOfARunTellsOfTheOtherProject(t *testing.T) {
	s := connect(t, simulator.Config{ServiceID: "own"}, ofProject("other"))
	wantOneThatTells(t, readAll(t, s.Client, 300, 10))
}

func TestOneErrorOfARunTellsOfMissingCredentials(t *testing.T) {
	s := connect(t, simulator.Config{}, func(config *streamkap.Config) {
		config.Unusable = &streamkap.CallError{Kind: streamkap.KindUnusable, Text: "Give some."}
	})
	wantOneThatTells(t, readAll(t, s.Client, 300, 10))
}

func TestOneErrorOfARunTellsOfAProjectThatCannotBeRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{ServiceID: "own", Latency: time.Second}, ofProject("own"))
		s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 503, Times: -1})
		wantOneThatTells(t, readAll(t, s.Client, 300, 10))
	})
}
