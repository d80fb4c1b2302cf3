// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestProjectKeysNamed_SameNameInAnotherForm(t *testing.T) {
	for name, test := range map[string]struct {
		stored, given string
		want          bool
	}{
		"the same":            {"a & b", "a & b", true},
		"escaped":             {"a &amp; b", "a & b", true},
		"escaped and padded":  {" a &#38; b", "a & b", true},
		"stored decomposed":   {"Pru\u0308fer", "Pr\u00fcfer", true},
		"given decomposed":    {"Pr\u00fcfer", "Pru\u0308fer", true},
		"escaped, decomposed": {"Pru&#776;fer", "Pr\u00fcfer", true},
		"another name":        {"a & bc", "a & b", false},
		"another case":        {"A & B", "a & b", false},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Seed(simulator.Key{Name: test.stored, ServiceID: simulator.DefaultServiceID})
			keys, err := s.ProjectKeysNamed(t.Context(), test.given)
			wantNoError(t, err)
			if (len(keys) == 1) != test.want {
				t.Errorf("got %+v", keys)
			}
		})
	}
}

func TestProjectKeysNamed_NewestFirst(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: `[
		{"id": "no age", "name": "n", "service_id": "` + simulator.DefaultServiceID + `"},
		{"id": "second", "name": "n", "service_id": "` + simulator.DefaultServiceID + `", "created_at": "2025-06-01T11:00:00"},
		{"id": "third", "name": "n", "service_id": "` + simulator.DefaultServiceID + `", "created_at": "2025-06-01T12:30:00+02:00"},
		{"id": "of another project", "name": "n", "service_id": "other", "created_at": "2025-06-01T12:00:00Z"},
		{"id": "first", "name": "n", "service_id": "` + simulator.DefaultServiceID + `", "created_at": "2025-06-01T12:00:00.5Z"}]`})
	keys, err := s.ProjectKeysNamed(t.Context(), "n")
	wantNoError(t, err)
	wantIDs(t, keys, "first", "second", "third", "no age")
}

func TestProjectKeysNamed_ProjectNotTold(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 200, Body: `{"service_id": null}`})
	s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: `[{"id": "a", "name": "n", "service_id": "one"}, {"id": "b", "name": "n", "service_id": "other"}]`})
	keys, err := s.ProjectKeysNamed(t.Context(), "n")
	wantNoError(t, err)
	wantIDs(t, keys, "a", "b")
}

func wantIDs(t *testing.T, keys []streamkap.ProjectKeySummary, want ...string) {
	t.Helper()
	var ids []string
	for _, key := range keys {
		ids = append(ids, key.ID)
	}
	if got := strings.Join(ids, ", "); got != strings.Join(want, ", ") {
		t.Errorf("got %s, want %s", got, strings.Join(want, ", "))
	}
}

func TestProjectKeysNamed_RefusedLook(t *testing.T) {
	for _, fault := range []simulator.Fault{{Path: "/auth/whoami", Status: 403}, {Path: keysPath, Status: 403}, {Path: keysPath, Status: 200, Body: "null"}} {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(fault)
		if keys, err := s.ProjectKeysNamed(t.Context(), "new"); err == nil || keys != nil {
			t.Errorf("found %v, error %v", keys, err)
		}
	}
}
