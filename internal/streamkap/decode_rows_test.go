// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestAnswerThatIsNoListIsAnError would otherwise take a live key for gone, or
// a lost key for one that was never made.
func TestAnswerThatIsNoListIsAnError(t *testing.T) {
	for _, body := range []string{
		`null`, `""`, `{}`, `12`, `"none"`, ``, `OK`, `{"items": []}`,
		`[null]`, `[{}]`, `[[]]`, `["k"]`, `[{"name": "orders"}]`, `[{"id": null}]`, `[{"id": ""}]`, `[{"id": "k"}, {"name": "orders"}]`,
	} {
		s := connect(t, simulator.Config{}, retries(0))
		for _, path := range []string{keysPath, "/auth/roles"} {
			s.Inject(simulator.Fault{Path: path, Status: 200, Body: body})
		}
		keys, err := s.ProjectKeys(t.Context())
		if wantKind(t, err, streamkap.KindInvalidResponse); keys != nil {
			t.Errorf("%s is the list of keys %v", body, keys)
		}
		roles, err := s.Roles(t.Context())
		if wantKind(t, err, streamkap.KindInvalidResponse); roles != nil {
			t.Errorf("%s is the list of roles %v", body, roles)
		}
	}
}

func TestErrorNamesTheRowThatIsNone(t *testing.T) {
	for _, body := range []string{`[{"id": "k"}, {"name": "orders"}]`, `[{"id": "k"}, 7]`} {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: body})
		if _, err := s.ProjectKeys(t.Context()); !strings.Contains(fmt.Sprint(err), "row 2: ") {
			t.Errorf("%s: %v", body, err)
		}
	}
}

func TestEmptyListIsAList(t *testing.T) {
	s := connect(t, simulator.Config{}, retries(0))
	s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: ` [ ] `})
	keys, err := s.ProjectKeys(t.Context())
	if wantNoError(t, err); keys == nil || len(keys) != 0 {
		t.Errorf("got %v", keys)
	}
}
