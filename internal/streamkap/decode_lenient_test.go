// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestWhatOnlyInformsMayHaveAnyShape reads a key by itself and from the list.
func TestWhatOnlyInformsMayHaveAnyShape(t *testing.T) {
	for member, holds := range map[string]func(*streamkap.ProjectKey) bool{
		`"token_ttl_seconds": 3600.0`:             func(k *streamkap.ProjectKey) bool { return k.TokenTTLSeconds == 3600 },
		`"token_ttl_seconds": "3600"`:             func(k *streamkap.ProjectKey) bool { return k.TokenTTLSeconds == 3600 },
		`"token_ttl_seconds": "an hour"`:          func(k *streamkap.ProjectKey) bool { return k.TokenTTLSeconds == 0 },
		`"token_ttl_seconds": 1.0`:                func(k *streamkap.ProjectKey) bool { return k.TokenTTLSeconds == 1 },
		`"token_ttl_seconds": -3.5`:               func(k *streamkap.ProjectKey) bool { return k.TokenTTLSeconds == 0 },
		`"token_ttl_seconds": 1e300`:              func(k *streamkap.ProjectKey) bool { return k.TokenTTLSeconds == 0 },
		`"token_ttl_seconds": "NaN"`:              func(k *streamkap.ProjectKey) bool { return k.TokenTTLSeconds == 0 },
		`"token_ttl_seconds": 9007199254740992.0`: func(k *streamkap.ProjectKey) bool { return k.TokenTTLSeconds == 1<<53 },
		`"last_used_at": 1700000000`:              func(k *streamkap.ProjectKey) bool { return k.LastUsedAt == "1700000000" },
		`"last_used_at": {}`:                      func(k *streamkap.ProjectKey) bool { return k.LastUsedAt == "" },
		`"created_at": 1700000000`:                func(k *streamkap.ProjectKey) bool { return k.CreatedAt == "1700000000" },
		`"created_by_user": {"id": 7}`:            func(k *streamkap.ProjectKey) bool { return k.CreatedBy.ID == "7" },
		`"created_by_user": [1]`:                  func(k *streamkap.ProjectKey) bool { return k.CreatedBy == nil },
		`"roles": [{"id": 7, "permissions": ["p", {"key": "q"}, "r"]}]`: func(k *streamkap.ProjectKey) bool {
			return k.Roles[0].ID == "7" && slices.Equal(k.Roles[0].Permissions, []string{"p", "r"})
		},
		`"roles": [{"id": 7, "permissions": "all"}]`:                     func(k *streamkap.ProjectKey) bool { return k.Roles[0].ID == "7" },
		`"created_by_user": {"name": "` + "Ad\xffa" + `"}`:               func(k *streamkap.ProjectKey) bool { return k.CreatedBy.Name == "Ad\ufffda" },
		`"api_client_id_masked_secret": 12, "unheard_of": {"deep": [1]}`: func(k *streamkap.ProjectKey) bool { return k.APIMaskedSecret == "12" },
	} {
		body := `{"id": "k", "name": "orders", "service_id": "s", "status": "active", ` + member + `}`
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: body})
		s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: "[" + body + "]"})
		key, err := s.ProjectKey(t.Context(), "k")
		if err != nil || key.Name != "orders" || !holds(key) {
			t.Errorf("%s gave %+v, error %v", member, key, err)
		}
		if keys, err := s.ProjectKeys(t.Context()); err != nil || keys[0].Name != "orders" {
			t.Errorf("%s in a list gave %+v, error %v", member, keys, err)
		}
	}
}

// TestWhatAStateIsMadeOfIsNotGuessedAt would otherwise show rules as gone.
func TestWhatAStateIsMadeOfIsNotGuessedAt(t *testing.T) {
	for _, member := range []string{`"kafka_acls": {}`, `"allowed_tools": "all"`, `"name": {}`, `"roles": {}`, `"roles": ["r"]`, `"whitelist_ips": 12`, `"status": []`} {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: `{"id": "k", ` + member + `}`})
		wantKind(t, errOf(s.ProjectKey(t.Context(), "k")), streamkap.KindInvalidResponse)
	}
}

func TestAnswerOfAnotherKeyIsAnError(t *testing.T) {
	for _, id := range []string{`"other"`, `"K"`, `"k "`, `12`, `null`, `""`} {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: `{"id": ` + id + `, "name": "orders"}`})
		key, err := s.ProjectKey(t.Context(), "k")
		if wantKind(t, err, streamkap.KindInvalidResponse); key != nil {
			t.Errorf("%s gave %+v", id, key)
		}
	}
}

func TestNumericIDsWork(t *testing.T) {
	s := connect(t, simulator.Config{}, retries(0))
	s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: `{"id": 12, "name": "orders"}`})
	key, err := s.ProjectKey(t.Context(), "12")
	if wantNoError(t, err); key.ID != "12" {
		t.Errorf("got %+v", key)
	}
}

func TestOddRolesAndCallersAreRead(t *testing.T) {
	s := connect(t, simulator.Config{}, retries(0))
	s.Inject(simulator.Fault{Path: "/auth/roles", Status: 200, Body: `[{"id": 7, "permissions": [{"name": "p"}, "q"]}]`})
	s.Inject(simulator.Fault{Path: "/auth/whoami", Status: 200, Body: `{"service_id": 7, "tenant_id": "t", "project_key_id": null}`})
	roles, err := s.Roles(t.Context())
	if wantNoError(t, err); roles[0].ID != "7" || roles[0].Permissions[0] != "q" {
		t.Errorf("got %+v", roles)
	}
	who, err := s.WhoAmI(t.Context())
	if wantNoError(t, err); who.ServiceID != "7" || who.TenantID != "t" {
		t.Errorf("got %+v", who)
	}
}

func TestListsAndDepthsAreBounded(t *testing.T) {
	for name, body := range map[string]string{
		"rows":        "[" + strings.Repeat(`{"id":"k"},`, 100_001) + `{"id":"k"}]`,
		"depth":       strings.Repeat("[", 1_000_000),
		"depth below": `[{"id": "k", "roles": ` + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000) + `}]`,
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{}, retries(0))
			s.Inject(simulator.Fault{Path: keysPath, Status: 200, Body: body})
			_, err := s.ProjectKeys(t.Context())
			if wantKind(t, err, streamkap.KindInvalidResponse); len(err.Error()) > 500 {
				t.Errorf("the error has %d characters", len(err.Error()))
			}
		})
	}
}
