// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// values are one of each that has several forms.
type values struct {
	Text      streamkap.Text
	List      streamkap.List[string]
	Rules     streamkap.List[streamkap.ACL]
	Addresses streamkap.AddressList
}

func TestDecode_EveryFormOfAValue(t *testing.T) {
	addresses := streamkap.AddressList{"1.2.3.4", "10.0.0.0/8"}
	rules := streamkap.List[streamkap.ACL]{{Name: "orders", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}}
	for _, row := range []struct {
		body string
		want values
	}{
		{`{}`, values{}},
		{`{"Text": null, "List": null, "Rules": null, "Addresses": null}`, values{}},
		{`{"Text": "", "List": "", "Rules": "", "Addresses": ""}`, values{}},
		{`{"List": [], "Rules": [ ], "Addresses": [ ]}`, values{}},
		{`{"Addresses": " , "}`, values{}},
		{`{"Text": "t", "List": ["a"]}`, values{Text: "t", List: streamkap.List[string]{"a"}}},
		{`{"Addresses": "1.2.3.4,10.0.0.0/8"}`, values{Addresses: addresses}},
		{`{"Addresses": "1.2.3.4, 10.0.0.0/8 ,"}`, values{Addresses: addresses}},
		{`{"Rules": [{"name": "orders", "resource": "TOPIC", "operation": "READ", "resource_pattern_type": "LITERAL"}]}`, values{Rules: rules}},
		{`{"Rules": [{"topic_name": "orders", "name": null, "operation": "READ", "resource_pattern_type": "LITERAL"}]}`, values{Rules: rules}},
		{`{"Rules": [{"name": "orders", "topic_name": "", "resource": null, "operation": "read", "pattern_type": "literal"}]}`, values{Rules: rules}},
		{`{"Rules": [{"name": "orders", "resource": "", "operation": "READ", "id": 12, "more": {}}]}`, values{Rules: rules}},
		{`{"Rules": [{"name": "g", "resource": "Group", "operation": "READ", "resource_pattern_type": "Prefixed"}]}`, values{
			Rules: streamkap.List[streamkap.ACL]{{Name: "g", Resource: streamkap.ResourceGroup, Operation: "READ", PatternType: streamkap.PatternPrefixed}},
		}},
	} {
		body, want := row.body, row.want
		var got values
		wantNoError(t, json.Unmarshal([]byte(body), &got))
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s gave %#v", body, got)
		}
	}
	old := values{List: streamkap.List[string]{"old"}, Addresses: streamkap.AddressList{"old"}}
	if wantNoError(t, json.Unmarshal([]byte(`{"List": null, "Addresses": ""}`), &old)); !reflect.DeepEqual(old, values{}) {
		t.Errorf("what was there before stays: %#v", old)
	}
	for _, body := range []string{`{"List": "a"}`, `{"List": {}}`, `{"List": [12]}`, `{"Addresses": 12}`, `{"Addresses": {}}`, `{"Addresses": ["1.2.3.4"]}`} {
		var got values
		if json.Unmarshal([]byte(body), &got) == nil {
			t.Errorf("%s gave %#v", body, got)
		}
	}
}

func TestEncode_EmptyIsNull(t *testing.T) {
	for _, test := range []struct {
		value any
		want  string
	}{
		{streamkap.Text(""), `null`},
		{streamkap.Text("t"), `"t"`},
		{streamkap.List[string](nil), `null`},
		{streamkap.List[string]{}, `null`},
		{streamkap.List[string]{"a", "b"}, `["a","b"]`},
	} {
		if got, err := json.Marshal(test.value); err != nil || string(got) != test.want {
			t.Errorf("%#v became %s (%v), want %s", test.value, got, err, test.want)
		}
	}
}

func TestStatus_SpellingMakesNoDifference(t *testing.T) {
	for spelling, want := range map[streamkap.Status]streamkap.Status{
		"active": streamkap.StatusActive, "Active": streamkap.StatusActive, "ACTIVE": streamkap.StatusActive,
		"Creating": streamkap.StatusCreating, "FAILED": streamkap.StatusFailed, "Deleting": streamkap.StatusDeleting,
		"delete_failed": streamkap.StatusDeleteFailed, "Delete Failed": streamkap.StatusDeleteFailed,
		"delete-failed": streamkap.StatusDeleteFailed, "deleteFailed": streamkap.StatusDeleteFailed,
		"": "", "suspended": "", "inactive": "", "active2": "",
	} {
		dead := []streamkap.Status{streamkap.StatusFailed, streamkap.StatusDeleting, streamkap.StatusDeleteFailed}
		for _, status := range append(dead, streamkap.StatusActive, streamkap.StatusCreating) {
			if got := spelling.Is(status); got != (status == want) {
				t.Errorf("%q is %q: %v", spelling, status, got)
			}
		}
		if spelling.Dead() != slices.Contains(dead, want) || spelling.Known() != (want != "") {
			t.Errorf("%q: dead %t, known %t", spelling, spelling.Dead(), spelling.Known())
		}
	}
}

func TestProjectKey_AllOfTheDetail(t *testing.T) {
	s := connect(t, simulator.Config{})
	file, err := s.CreateProjectKey(t.Context(), fullRequest())
	wantNoError(t, err)
	key, err := s.ProjectKey(t.Context(), file.ProjectKeyID)
	wantNoError(t, err)
	switch {
	case key.Name != "new", key.Description != "A key", key.ServiceID != simulator.DefaultServiceID, key.CreatedAt == "", key.TokenTTLSeconds != 3600:
		t.Errorf("got %+v", key)
	case len(key.Roles) != 1 || key.Roles[0].ID != simulator.RoleReadOnly || len(key.Roles[0].Permissions) == 0:
		t.Errorf("got %+v", key.Roles)
	case key.KafkaUsername != "new-user", !strings.HasSuffix(string(key.KafkaProxyEndpoint), ":32400"), key.SchemaProxyEndpoint == "":
		t.Errorf("got %+v", key)
	case key.ToolProfile != "read-only", len(key.BlockedTools) != 1, key.CreatedBy == nil || key.CreatedBy.Email == "":
		t.Errorf("got %+v", key)
	case key.APIClientID != file.API.ClientID, strings.Contains(string(key.APIMaskedSecret), string(file.API.ClientSecret)):
		t.Errorf("got %q and %q", key.APIClientID, key.APIMaskedSecret)
	}
}

// TestProjectKey_WhatOnlyInformsMayHaveAnyShape reads a key by itself and from the
// list.
func TestProjectKey_WhatOnlyInformsMayHaveAnyShape(t *testing.T) {
	type key = *streamkap.ProjectKey
	for member, holds := range map[string]func(key) bool{
		`"token_ttl_seconds": 3600.0`:                                    func(k key) bool { return k.TokenTTLSeconds == 3600 },
		`"token_ttl_seconds": "3600"`:                                    func(k key) bool { return k.TokenTTLSeconds == 3600 },
		`"token_ttl_seconds": "an hour"`:                                 func(k key) bool { return k.TokenTTLSeconds == 0 },
		`"token_ttl_seconds": 1.0`:                                       func(k key) bool { return k.TokenTTLSeconds == 1 },
		`"token_ttl_seconds": -3.5`:                                      func(k key) bool { return k.TokenTTLSeconds == 0 },
		`"token_ttl_seconds": "NaN"`:                                     func(k key) bool { return k.TokenTTLSeconds == 0 },
		`"token_ttl_seconds": 9007199254740992.0`:                        func(k key) bool { return k.TokenTTLSeconds == 1<<53 },
		`"last_used_at": 1700000000`:                                     func(k key) bool { return k.LastUsedAt == "1700000000" },
		`"last_used_at": {}`:                                             func(k key) bool { return k.LastUsedAt == "" },
		`"created_by_user": {"id": 7}`:                                   func(k key) bool { return k.CreatedBy.ID == "7" },
		`"created_by_user": [1]`:                                         func(k key) bool { return k.CreatedBy == nil },
		`"created_by_user": {"name": "` + "Ad\xffa" + `"}`:               func(k key) bool { return k.CreatedBy.Name == "Ad\ufffda" },
		`"api_client_id_masked_secret": 12, "unheard_of": {"deep": [1]}`: func(k key) bool { return k.APIMaskedSecret == "12" },
		`"roles": [{"id": 7, "permissions": "all"}]`:                     func(k key) bool { return k.Roles[0].ID == "7" },
		`"roles": [{"id": "r", "permissions": ["p", {"key": "q"}, "r"]}]`: func(k key) bool {
			return k.Roles[0].ID == "r" && slices.Equal(k.Roles[0].Permissions, []string{"p", "r"})
		},
		// A blank client id is none: it would be held against every later answer.
		`"api_client_id": "  ", "kafka_username": " \t"`: func(k key) bool { return k.APIClientID == "" && k.KafkaUsername == "" },
		`"api_client_id": " an-id\t"`:                    func(k key) bool { return k.APIClientID == "an-id" },
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

// TestProjectKey_AnotherOrOddIsAnError would otherwise show rules as gone, or the
// values of another key.
func TestProjectKey_AnotherOrOddIsAnError(t *testing.T) {
	for _, body := range []string{
		`{"id": "k", "kafka_acls": {}}`, `{"id": "k", "allowed_tools": "all"}`, `{"id": "k", "name": {}}`, `{"id": "k", "status": []}`,
		`{"id": "k", "roles": {}}`, `{"id": "k", "roles": ["r"]}`, `{"id": "k", "whitelist_ips": 12}`,
		`{"id": "other"}`, `{"id": "K"}`, `{"id": "k "}`, `{"id": 12}`, `{"id": null}`, `{"id": ""}`,
	} {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: body})
		wantKind(t, errOf(s.ProjectKey(t.Context(), "k")), streamkap.KindInvalidResponse)
	}
}

// TestProjectKey_OddMemberNamedInWords has texts that people read, without names of Go.
func TestProjectKey_OddMemberNamedInWords(t *testing.T) {
	for member, says := range map[string]string{
		`"kafka_acls": {}`:           "its member kafka_acls is an object",
		`"allowed_tools": "all"`:     "its member allowed_tools is a string",
		`"description": 4711`:        "its member description is a number",
		`"kafka_acls": [{"name":7}]`: "its member kafka_acls.name is a number",
		`"id": ""`:                   "it has no id",
		`"id": "other"`:              "it is about another key than the one asked for",
	} {
		s := connect(t, simulator.Config{}, retries(0))
		s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: `{"id": "k", ` + member + `}`})
		if err := errOf(s.ProjectKey(t.Context(), "k")); err == nil || !strings.HasSuffix(err.Error(), says) {
			t.Errorf("%s: %v", member, err)
		}
	}
}

func TestNumericIDs_Read(t *testing.T) {
	s := connect(t, simulator.Config{}, retries(0))
	for path, body := range map[string]string{
		oneKey: `{"id": 12}`, "/auth/roles": `[{"id": 7, "permissions": [{"name": "p"}, "q"]}]`,
		"/auth/whoami": `{"service_id": 7, "tenant_id": "t", "project_key_id": null}`,
	} {
		s.Inject(simulator.Fault{Path: path, Status: 200, Body: body})
	}
	wantNoError(t, errOf(s.ProjectKey(t.Context(), "12")))
	roles, err := s.Roles(t.Context())
	if wantNoError(t, err); roles[0].ID != "7" || roles[0].Permissions[0] != "q" {
		t.Errorf("got %+v", roles)
	}
	who, err := s.WhoAmI(t.Context())
	if wantNoError(t, err); who.ServiceID != "7" || who.TenantID != "t" {
		t.Errorf("got %+v", who)
	}
}

func TestProjectKeys_EveryKeyOfTheTenant(t *testing.T) {
	s := connect(t, simulator.Config{})
	keys, err := s.ProjectKeys(t.Context())
	if wantNoError(t, err); keys == nil || len(keys) != 0 {
		t.Errorf("got %+v", keys)
	}
	own, other := s.seeded(), s.Seed(simulator.Key{Name: "theirs", ServiceID: "another"}).ID
	keys, err = s.ProjectKeys(t.Context())
	wantNoError(t, err)
	if len(keys) != 2 || keys[0].ID != own || keys[1].ID != other || keys[1].ServiceID != "another" {
		t.Errorf("got %+v", keys)
	}
}

// TestProjectKeys_WhatIsNoListIsAnError would otherwise take a live key for gone,
// or a lost key for one that was never made.
func TestProjectKeys_WhatIsNoListIsAnError(t *testing.T) {
	for body, says := range map[string]string{
		`null`: "not a list", `""`: "not a list", `{}`: "not a list", `12`: "not a list", `"none"`: "not a list", ``: "not a list", `OK`: "not a list",
		`{"items": []}`: "not a list", `[{"id": "k"}] x`: "not a list", `[null]`: "row 1: ", `[{}]`: "row 1: ", `["k"]`: "row 1: ",
		`[{"id": null}]`: "row 1: ", `[{"id": ""}]`: "row 1: ", `[{"id": "k"}, {"name": "orders"}]`: "row 2: ", `[{"id": "k"}, 7]`: "row 2: ",
		// Bombs.
		"[" + strings.Repeat(`{"id":"k"},`, 100_001) + `{"id":"k"}]`:                                            "more than 100000 rows",
		strings.Repeat("[", 1_000_000):                                                                          "not a list",
		`[{"id": "k", "roles": ` + strings.Repeat(`{"a":`, 100_000) + "1" + strings.Repeat("}", 100_000) + `}]`: "not a list",
	} {
		t.Run(body[:min(len(body), 40)], func(t *testing.T) {
			s := connect(t, simulator.Config{}, retries(0))
			for _, path := range []string{keysPath, "/auth/roles"} {
				s.Inject(simulator.Fault{Path: path, Status: 200, Body: body})
			}
			for _, name := range []string{"list", "roles"} {
				err := calls[name](t.Context(), s.Client, "")
				if wantKind(t, err, streamkap.KindInvalidResponse); !strings.Contains(err.Error(), says) || len(err.Error()) > 500 {
					t.Errorf("%s: %.500v", name, err)
				}
			}
		})
	}
}

func TestRolesCallerAndScope_Read(t *testing.T) {
	s := connect(t, simulator.Config{})
	roles, err := s.Roles(t.Context())
	if wantNoError(t, err); len(roles) != 3 || roles[0].ID != simulator.RoleAdmin || roles[0].Key != "admin" || len(roles[0].Permissions) == 0 {
		t.Errorf("got %+v", roles)
	}
	who, err := s.WhoAmI(t.Context())
	wantNoError(t, err)
	want := streamkap.WhoAmI{TenantID: simulator.DefaultTenantID, ServiceID: simulator.DefaultServiceID, Subject: simulator.DefaultClientID, TokenType: who.TokenType}
	if *who != want || who.TokenType == "" {
		t.Errorf("got %+v", who)
	}
	key := s.Seed(simulator.Key{Name: "k", RoleIDs: []string{simulator.RoleAdmin}, ToolProfile: "read-only", AllowedTools: []string{"a"}})
	scope, err := s.MCPConfig(t.Context(), key.ID)
	wantNoError(t, err)
	if scope.ProjectKeyID != key.ID || scope.ServiceID != simulator.DefaultServiceID || scope.ToolProfile != "read-only" || len(scope.AllowedTools) != 1 || scope.BlockedTools != nil {
		t.Errorf("got %+v", scope)
	}
	client := clientOf(s.Server, func(config *streamkap.Config) { config.ClientID, config.Secret = key.APIClientID, key.APISecret })
	who, err = client.WhoAmI(t.Context())
	if wantNoError(t, err); client.ClientID() != key.APIClientID || string(who.ProjectKeyID) != key.ID {
		t.Errorf("got %+v of %s", who, client.ClientID())
	}
}

func TestRoles_MissingPermissionIsNoEmptyList(t *testing.T) {
	s := connect(t, simulator.Config{})
	const id, secret = "reader", "a-secret-of-a-reader"
	s.AddClient(id, secret, simulator.PermissionReadKeys)
	client := clientOf(s.Server, func(config *streamkap.Config) { config.ClientID, config.Secret = id, secret })
	err := errOf(client.Roles(t.Context()))
	wantKind(t, err, streamkap.KindPermission)
	var answer *streamkap.Error
	if !errors.As(err, &answer) || !strings.Contains(answer.Asked, "client id "+id) {
		t.Errorf("the error does not say whose credentials were used: %v", err)
	}
}
