// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestUpdate_SendsOnlyWhatIsSet(t *testing.T) {
	type request = streamkap.UpdateProjectKeyRequest
	for name, test := range map[string]struct {
		request request
		want    string
	}{
		"nothing":         {request{}, `{}`},
		"only a mark":     {request{AddsAPI: true}, `{}`},
		"name":            {request{Name: streamkap.Value("n")}, `{"name":"n"}`},
		"empty text":      {request{Description: streamkap.Value("")}, `{"description":""}`},
		"null text":       {request{Description: streamkap.Null[string]()}, `{"description":null}`},
		"roles":           {request{RoleIDs: streamkap.Value([]string{"r"})}, `{"role_ids":["r"]}`},
		"permissions":     {request{PermissionIDs: streamkap.Value([]string{"p"})}, `{"permission_ids":["p"]}`},
		"password":        {request{KafkaPassword: "p"}, `{"kafka_password":"p"}`},
		"no addresses":    {request{WhitelistIPs: streamkap.Value("")}, `{"whitelist_ips":""}`},
		"null addresses":  {request{WhitelistIPs: streamkap.Null[string]()}, `{"whitelist_ips":null}`},
		"no rules":        {request{KafkaACLs: streamkap.Value([]streamkap.ACLRequest{})}, `{"kafka_acls":[]}`},
		"null rules":      {request{KafkaACLs: streamkap.Null[[]streamkap.ACLRequest]()}, `{"kafka_acls":null}`},
		"no tools":        {request{AllowedTools: streamkap.Value([]string{})}, `{"allowed_tools":[]}`},
		"null tools":      {request{AllowedTools: streamkap.Null[[]string](), BlockedTools: streamkap.Null[[]string]()}, `{"allowed_tools":null,"blocked_tools":null}`},
		"null profile":    {request{ToolProfile: streamkap.Null[string]()}, `{"tool_profile":null}`},
		"neutral profile": {request{ToolProfile: streamkap.Value("full")}, `{"tool_profile":"full"}`},
		"kafka": {
			request{KafkaConfig: &streamkap.KafkaConfig{Username: "u", Password: "p"}},
			`{"kafka_config":{"username":"u","password":"p","is_create_schema_registry":false}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			body, err := json.Marshal(test.request)
			wantNoError(t, err)
			if string(body) != test.want {
				t.Errorf("got  %s\nwant %s", body, test.want)
			}
			if got := test.request.IsEmpty(); got != (test.want == "{}") {
				t.Errorf("IsEmpty is %v for %s", got, body)
			}
		})
	}
}

func TestField_LeftOutNullOrValue(t *testing.T) {
	for name, test := range map[string]struct {
		field      streamkap.Field[string]
		zero, null bool
		value      any
	}{
		"left out": {streamkap.Field[string]{}, true, false, nil},
		"null":     {streamkap.Null[string](), false, true, nil},
		"empty":    {streamkap.Value(""), false, false, ""},
		"value":    {streamkap.Value("v"), false, false, "v"},
	} {
		var value any
		if got := test.field.Get(); got != nil {
			value = *got
		}
		if test.field.IsZero() != test.zero || test.field.IsNull() != test.null || value != test.value {
			t.Errorf("%s: zero %v, null %v, value %v", name, test.field.IsZero(), test.field.IsNull(), value)
		}
	}
}

// issuing are the updates whose answers carry one-time secrets.
func (s *service) issuing() map[string]streamkap.UpdateProjectKeyRequest {
	return map[string]streamkap.UpdateProjectKeyRequest{
		s.Seed(simulator.Key{Name: "k", KafkaUsername: "user"}).ID: {RoleIDs: streamkap.Value([]string{simulator.RoleReadOnly}), AddsAPI: true},
		s.seeded(): {KafkaConfig: &streamkap.KafkaConfig{Username: "new-user", Password: "Correct-Horse-1"}},
	}
}

func TestUpdate_CredentialsOfAnAddedCapabilityReturned(t *testing.T) {
	s := connect(t, simulator.Config{})
	for id, request := range s.issuing() {
		answer, err := s.UpdateProjectKey(t.Context(), id, request)
		wantNoError(t, err)
		key, _ := s.Key(id)
		if api := answer.NewAPICredentials; (api != nil) != request.AddsAPI || (api != nil && string(api.ClientSecret) != key.APISecret) {
			t.Errorf("got %+v", api)
		}
		if kafka := answer.NewKafkaCredentials; (kafka != nil) == request.AddsAPI || (kafka != nil && kafka.BootstrapServers == "") {
			t.Errorf("got %+v", kafka)
		}
		answer, err = s.UpdateProjectKey(t.Context(), id, streamkap.UpdateProjectKeyRequest{Name: streamkap.Value("renamed")})
		wantNoError(t, err)
		if answer.NewAPICredentials != nil || answer.NewKafkaCredentials != nil || answer.Name != "renamed" {
			t.Errorf("a plain update answered %+v", answer)
		}
	}
}

func TestUpdate_ThatIssuesCredentialsIsNotRepeated(t *testing.T) {
	for _, fault := range []simulator.Fault{
		{Status: 503},
		{Status: 504, Processed: true},
		{Drop: simulator.DropBefore},
		{Drop: simulator.DropAfter},
		{Drop: simulator.DropTruncated},
		{Status: 200, Processed: true, Body: `{"id": `},
	} {
		bubble(t, fmt.Sprint(fault.Status, fault.Drop), func(t *testing.T) {
			s := connect(t, simulator.Config{})
			for id, request := range s.issuing() {
				fault.Method, fault.Path = "PATCH", "/project-keys/"+id
				s.Inject(fault)
				wantKind(t, errOf(s.UpdateProjectKey(t.Context(), id, request)), streamkap.KindUnknownOutcome)
				if got := s.attempts("PATCH", "/project-keys/"+id); got != 1 {
					t.Errorf("%d attempts", got)
				}
			}
		})
	}
}

// TestUpdate_PlainSucceedsWhateverItsAnswerHolds would otherwise rotate a password
// again and again.
func TestUpdate_PlainSucceedsWhateverItsAnswerHolds(t *testing.T) {
	for _, fault := range []simulator.Fault{
		{Status: 204},
		{Status: 200},
		{Status: 200, Body: `[]`},
		{Status: 200, Body: `null`},
		{Status: 200, Body: `Updated.`},
		{Status: 202, Body: `{"id": "k", "name": {}}`},
		{Status: 200, Body: simulator.GatewayPage(200)},
		{Drop: simulator.DropTruncated},
	} {
		for _, request := range []streamkap.UpdateProjectKeyRequest{{Name: streamkap.Value("n")}, {KafkaPassword: "Correct-Horse-1"}} {
			s := connect(t, simulator.Config{})
			id := s.Seed(simulator.Key{Name: "k", KafkaUsername: "user"}).ID
			fault.Method, fault.Path, fault.Processed = "PATCH", oneKey, fault.Status != 0
			s.Inject(fault)
			answer, err := s.UpdateProjectKey(t.Context(), id, request)
			if err != nil || answer == nil || answer.Missing != nil || len(s.Writes()) != 1 {
				t.Errorf("%+v: %d requests, got %+v, error %v", fault, len(s.Writes()), answer, err)
			}
		}
	}
}

// TestUpdate_WhatTheAnswerHoldsIsKept adds API access.
func TestUpdate_WhatTheAnswerHoldsIsKept(t *testing.T) {
	const api = `"new_api_credentials": {"client_id": "c", "client_secret": "s3cret"}`
	for body, missing := range map[string]string{
		`{"id": "k", ` + api + `, "description": 12}`: "",
		`{"id": "k", "description": 12, ` + api + `}`: "",
		`{"id": "k", "roles": ["r"], ` + api + `}`:    "",
		`{"id": "k"}`: "new_api_credentials",
		`{"id": "k", "new_api_credentials": {"client_id": "c"}}`:                                "new_api_credentials.client_secret",
		`{"id": 12, "new_api_credentials": {"client_id": [], "client_secret": "s3cret"}}`:       "new_api_credentials.client_id",
		`{"roles": "none", "new_api_credentials": {"client_id": 7, "client_secret": "s3cret"}}`: "",
	} {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Method: "PATCH", Path: oneKey, Status: 200, Body: body})
		answer, err := s.UpdateProjectKey(t.Context(), "k", streamkap.UpdateProjectKeyRequest{AddsAPI: true})
		wantNoError(t, err)
		if got := strings.Join(answer.Missing, ", "); got != missing || strings.Contains(body, "s3cret") && answer.NewAPICredentials.ClientSecret != "s3cret" {
			t.Errorf("%s: got %+v, missing %q", body, answer.NewAPICredentials, got)
		}
	}
}
