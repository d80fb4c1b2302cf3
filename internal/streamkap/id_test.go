// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestID_ImplausibleInNoURLAndNoError(t *testing.T) {
	for _, id := range []string{
		"", ".", "..", "...", " ", "an id", "an-id ", "a/b", "../roles", "a?b", "a#b", "a%2Fb", "{id}", "<id>", "a\nb", "a\x00b", "a\n", "é", "a;b", "a[b", "a`b", "a{b",
		`{"type": "streamkap_project_key", "api": {"client_secret": "a-secret"}}`, "eyJ0eXBlIjoic3RyZWFta2FwIn0=", strings.Repeat("a", 129),
	} {
		t.Run(id, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			for _, name := range []string{"read", "rename", "scope", "delete"} {
				err := calls[name](t.Context(), s.Client, id)
				wantKind(t, err, streamkap.KindImplausibleID)
				if len(id) > 5 && strings.Contains(err.Error(), id) {
					t.Errorf("the error repeats the id: %v", err)
				}
			}
			if n := len(s.Requests()); n != 0 {
				t.Errorf("%d requests were made", n)
			}
		})
	}
}

func TestID_PlausibleAsked(t *testing.T) {
	for _, id := range []string{
		"a", "5f0c8f4be0c8f4be5f0c8f4b", "8fc462ac-f1e1-4102-aeed-90dfae6416b7", "01J9ZK3V7Q", "key_1.2:3~x@y", "0-9A-Za-z", ".a", "a..", strings.Repeat("a", 128),
	} {
		s := connect(t, simulator.Config{})
		if _, err := s.ProjectKey(t.Context(), id); !streamkap.IsNotFound(err) {
			t.Errorf("%s: %v", id, err)
		}
	}
}
