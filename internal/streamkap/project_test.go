// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func ofProject(serviceID string) func(*streamkap.Config) {
	return func(config *streamkap.Config) { config.ServiceID = serviceID }
}

// TestServiceID_OtherProjectRefusedAtTheFirstCall makes each call with a client
// that is for another project.
func TestServiceID_OtherProjectRefusedAtTheFirstCall(t *testing.T) {
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{ServiceID: "own"}, ofProject("other"))
			err := call(t.Context(), s.Client, "an-id")
			if wantKind(t, err, streamkap.KindOtherProject); !strings.HasPrefix(err.Error(), "the credentials belong to project own, not to project other: ") {
				t.Errorf("the error is %v", err)
			}
			if n := s.attempts("GET", "/auth/whoami"); n != 1 || len(s.Requests()) != 2 {
				t.Errorf("whoami was asked %d times among %d requests", n, len(s.Requests()))
			}
		})
	}
}

func TestServiceID_CheckedOnce(t *testing.T) {
	s := connect(t, simulator.Config{ServiceID: "own"}, ofProject("own"))
	for range 3 {
		wantNoError(t, errOf(s.ProjectKeys(t.Context())))
	}
	wantNoError(t, errOf(s.NewToken(t.Context())))
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
		kind              streamkap.Kind
	}{
		"of the credentials": {noProject, "own", streamkap.KindUntoldProject},
		"of the key":         {"", "", streamkap.KindUnknownProject},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{ServiceID: "own"})
			if test.whoami != "" {
				s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 200, Body: test.whoami})
			}
			if _, err := s.Project(t.Context()); (err != nil) != (test.whoami != "") || streamkap.KindOf(err) == streamkap.KindUnknownProject {
				t.Errorf("the project of the credentials: %v", err)
			}
			err := s.CheckProject(t.Context(), test.serviceID)
			wantKind(t, err, test.kind)
			gone, err := s.ConfirmGone(t.Context(), "an-id", test.serviceID)
			if wantKind(t, err, test.kind); gone {
				t.Error("a key of an unknown project is gone")
			}
		})
	}
}

func TestCheckProject_FailureNotRemembered(t *testing.T) {
	s := connect(t, simulator.Config{ServiceID: "own"})
	s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 403})
	wantKind(t, errOf(s.Project(t.Context())), streamkap.KindPermission)
	if project, err := s.Project(t.Context()); err != nil || project != "own" {
		t.Errorf("the project is %q, %v", project, err)
	}
}

func TestSharedError_OneOfARunTellsAll(t *testing.T) {
	for name, adjust := range map[string]func(*streamkap.Config){
		"another project":             ofProject("other"),
		"no credentials":              func(config *streamkap.Config) { config.Unusable = streamkap.Unusable("Give some.") },
		"a project that nobody tells": ofProject("own"),
		"a pause too long to be kept": retries(5),
	} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{ServiceID: "own", Latency: time.Second}, adjust)
			switch name {
			case "a project that nobody tells":
				s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 503, Times: -1})
			case "a pause too long to be kept":
				s.Inject(simulator.Fault{Path: oneKey, Status: 503, Times: -1, Header: http.Header{"Retry-After": {"3600"}}})
			}
			wantOneThatTells(t, s.readAll())
		})
	}
}
