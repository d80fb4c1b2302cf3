// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestUpdateSendsOnlyWhatIsSet(t *testing.T) {
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

func TestFieldTellsLeftOutFromNullFromValue(t *testing.T) {
	for name, test := range map[string]struct {
		field        streamkap.Field[string]
		zero, null   bool
		value, valid string
	}{
		"left out": {field: streamkap.Field[string]{}, zero: true},
		"null":     {field: streamkap.Null[string](), null: true},
		"empty":    {field: streamkap.Value(""), valid: "yes"},
		"value":    {field: streamkap.Value("v"), value: "v", valid: "yes"},
	} {
		got := test.field.Get()
		if test.field.IsZero() != test.zero || test.field.IsNull() != test.null || (got != nil) != (test.valid != "") || (got != nil && *got != test.value) {
			t.Errorf("%s: zero %v, null %v, value %v", name, test.field.IsZero(), test.field.IsNull(), got)
		}
	}
}

// issuing are the updates whose answers carry one-time secrets.
func issuing(kafkaOnly, apiOnly string) map[string]struct {
	id      string
	request streamkap.UpdateProjectKeyRequest
} {
	return map[string]struct {
		id      string
		request streamkap.UpdateProjectKeyRequest
	}{
		"adding API access": {kafkaOnly, streamkap.UpdateProjectKeyRequest{
			RoleIDs: streamkap.Value([]string{simulator.RoleReadOnly}), AddsAPI: true,
		}},
		"adding Kafka access": {apiOnly, streamkap.UpdateProjectKeyRequest{
			KafkaConfig: &streamkap.KafkaConfig{Username: "new-user", Password: "Correct-Horse-1"},
		}},
	}
}

func TestUpdateReturnsTheCredentialsOfAnAddedCapability(t *testing.T) {
	s := connect(t, simulator.Config{})
	kafkaOnly, apiOnly := s.Seed(simulator.Key{Name: "k", KafkaUsername: "user"}).ID, s.seeded()
	for name, test := range issuing(kafkaOnly, apiOnly) {
		answer, err := s.UpdateProjectKey(t.Context(), test.id, test.request)
		wantNoError(t, err)
		key, _ := s.Key(test.id)
		if api := answer.NewAPICredentials; (api != nil) != test.request.AddsAPI || (api != nil && string(api.ClientSecret) != key.APISecret) {
			t.Errorf("%s: got %+v", name, api)
		}
		if kafka := answer.NewKafkaCredentials; (kafka != nil) == test.request.AddsAPI || (kafka != nil && kafka.BootstrapServers == "") {
			t.Errorf("%s: got %+v", name, kafka)
		}
	}
	answer, err := s.UpdateProjectKey(t.Context(), apiOnly, streamkap.UpdateProjectKeyRequest{Name: streamkap.Value("renamed")})
	wantNoError(t, err)
	if answer.NewAPICredentials != nil || answer.NewKafkaCredentials != nil || answer.Name != "renamed" {
		t.Errorf("a plain update answered %+v", answer)
	}
}

func TestUpdateThatIssuesCredentialsIsNotRepeated(t *testing.T) {
	for _, fault := range []simulator.Fault{
		{Status: 503},
		{Status: 504, Processed: true},
		{Drop: simulator.DropBefore},
		{Drop: simulator.DropAfter},
		{Drop: simulator.DropTruncated},
		{Status: 200, Processed: true, Body: `{"id": `},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			for name, test := range issuing(s.Seed(simulator.Key{Name: "k", KafkaUsername: "user"}).ID, s.seeded()) {
				fault.Method, fault.Path = "PATCH", "/project-keys/"+test.id
				s.Inject(fault)
				wantKind(t, errOf(s.UpdateProjectKey(t.Context(), test.id, test.request)), streamkap.KindUnknownOutcome)
				if got := s.attempts("PATCH", "/project-keys/"+test.id); got != 1 {
					t.Errorf("%s: %d attempts after %+v", name, got, fault)
				}
			}
		})
	}
}

func TestPlainUpdateIsNeverLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{}, retries(1))
		s.Inject(simulator.Fault{Path: oneKey, Drop: simulator.DropAfter, Times: 2})
		_, err := s.UpdateProjectKey(t.Context(), s.seeded(), streamkap.UpdateProjectKeyRequest{Name: streamkap.Value("renamed")})
		wantA[*streamkap.ConnectionError](t, err)
		if streamkap.KindOf(err) == streamkap.KindUnknownOutcome {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestOddFieldInAnUpdatesAnswerDoesNotLoseTheSecret(t *testing.T) {
	const api = `"new_api_credentials": {"client_id": "c", "client_secret": "s3cret"}`
	for name, body := range map[string]string{
		"after":  `{"id": "k", ` + api + `, "description": 12}`,
		"before": `{"id": "k", "description": 12, ` + api + `}`,
		"list":   `{"id": "k", "roles": {}, ` + api + `}`,
		"role":   `{"id": "k", "roles": ["r"], ` + api + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Method: "PATCH", Path: oneKey, Status: 200, Body: body})
			answer, err := s.UpdateProjectKey(t.Context(), "k", streamkap.UpdateProjectKeyRequest{AddsAPI: true})
			wantNoError(t, err)
			if answer.NewAPICredentials == nil || answer.NewAPICredentials.ClientSecret != "s3cret" {
				t.Errorf("got %+v", answer.NewAPICredentials)
			}
		})
	}
}

func TestDeleteAcceptsEveryAnswerOfSuccess(t *testing.T) {
	for _, form := range []simulator.DeleteAnswer{simulator.Delete200Empty, simulator.Delete200Body, simulator.Delete202, simulator.Delete204} {
		s := connect(t, simulator.Config{Dialect: simulator.Dialect{DeleteAnswer: form}})
		id := s.seeded()
		wantNoError(t, s.DeleteProjectKey(t.Context(), id))
		if err := s.DeleteProjectKey(t.Context(), id); !streamkap.IsNotFound(err) {
			t.Errorf("%s: the second deletion ended with %v", form, err)
		}
	}
}

// TestPlainUpdateSucceedsWhateverItsAnswerHolds would otherwise rotate a
// password again and again.
func TestPlainUpdateSucceedsWhateverItsAnswerHolds(t *testing.T) {
	for _, fault := range []simulator.Fault{
		{Status: 204},
		{Status: 200},
		{Status: 200, Body: `"ok"`},
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
			if err != nil || answer == nil || answer.Missing != nil {
				t.Errorf("%+v: got %+v, error %v", fault, answer, err)
			}
			if n := len(s.Writes()); n != 1 {
				t.Errorf("%+v: %d requests were sent", fault, n)
			}
		}
	}
}

func TestUpdateThatAddsAPIAccessSaysWhatItsAnswerLacks(t *testing.T) {
	for body, missing := range map[string]string{
		`{"id": "k"}`: "new_api_credentials",
		`{"id": "k", "new_api_credentials": {"client_id": "c"}}`:                                "new_api_credentials.client_secret",
		`{"id": 12, "new_api_credentials": {"client_id": [], "client_secret": "s3cret"}}`:       "new_api_credentials.client_id",
		`{"roles": "none", "new_api_credentials": {"client_id": 7, "client_secret": "s3cret"}}`: "",
	} {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Method: "PATCH", Path: oneKey, Status: 200, Body: body})
		answer, err := s.UpdateProjectKey(t.Context(), "k", streamkap.UpdateProjectKeyRequest{AddsAPI: true})
		wantNoError(t, err)
		if strings.Join(answer.Missing, ", ") != missing {
			t.Errorf("missing: %v, want %q", answer.Missing, missing)
		}
		if strings.Contains(body, "s3cret") && answer.NewAPICredentials.ClientSecret != "s3cret" {
			t.Errorf("%s: got %+v", body, answer.NewAPICredentials)
		}
	}
}

// TestLostRotationIsTold tells a password that may be in force from one that
// is certainly not.
func TestLostRotationIsTold(t *testing.T) {
	for name, test := range map[string]struct {
		faults []simulator.Fault
		mayBe  bool
	}{
		"dropped":               {[]simulator.Fault{{Drop: simulator.DropAfter, Times: 2}}, true},
		"503":                   {[]simulator.Fault{{Status: 503, Times: 2}}, true},
		"dropped, then refused": {[]simulator.Fault{{Drop: simulator.DropAfter}, {Status: 400}}, true},
		"refused":               {[]simulator.Fault{{Status: 400}}, false},
		"rate limited":          {[]simulator.Fault{{Status: 429, Times: 2}}, false},
		"no connection":         {[]simulator.Fault{{Drop: simulator.DropRefused, Times: 2}}, false},
	} {
		bubble(t, name, func(t *testing.T) {
			s := connect(t, simulator.Config{}, retries(1))
			s.callAfter(0)
			for _, fault := range test.faults {
				fault.Path = oneKey
				s.Inject(fault)
			}
			_, err := s.UpdateProjectKey(t.Context(), "an-id", streamkap.UpdateProjectKeyRequest{KafkaPassword: "Correct-Horse-1"})
			if err == nil || (streamkap.KindOf(err) == streamkap.KindUnknownPassword) != test.mayBe {
				t.Errorf("the error is %v", err)
			}
		})
	}
}

func TestInterruptedRotationIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.callAfter(0)
		s.Inject(simulator.Fault{Method: "PATCH", Path: oneKey, Delay: time.Minute})
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		_, err := s.UpdateProjectKey(ctx, "an-id", streamkap.UpdateProjectKeyRequest{KafkaPassword: "Correct-Horse-1"})
		wantKind(t, err, streamkap.KindUnknownPassword)
		if !errors.Is(err, context.Canceled) || streamkap.IsTransient(err) {
			t.Errorf("the error is %v", err)
		}
	})
}

func TestRotationThatNeedsATokenNobodyHasIsNotSent(t *testing.T) {
	s := connect(t, simulator.Config{}, retries(0))
	s.Inject(simulator.Fault{Path: streamkap.TokenPath, Drop: simulator.DropBefore})
	_, err := s.UpdateProjectKey(t.Context(), "an-id", streamkap.UpdateProjectKeyRequest{KafkaPassword: "Correct-Horse-1"})
	if wantA[*streamkap.AuthenticationError](t, err); streamkap.KindOf(err) == streamkap.KindUnknownPassword {
		t.Errorf("the error is %v", err)
	}
}
