// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// fullRequest creates a key with everything.
func fullRequest() streamkap.CreateProjectKeyRequest {
	return streamkap.CreateProjectKeyRequest{
		Name:        "new",
		Description: "A key",
		RoleIDs:     []string{simulator.RoleReadOnly},
		KafkaConfig: &streamkap.KafkaConfig{
			Username:     "new-user",
			Password:     "Correct-Horse-1",
			WhitelistIPs: "1.2.3.4",
			KafkaACLs: []streamkap.ACLRequest{{
				TopicName: "orders.", Operation: "READ", ResourcePatternType: streamkap.PatternPrefixed, Resource: streamkap.ResourceTopic,
			}},
			IsCreateSchemaRegistry: true,
		},
		ToolProfile:  "read-only",
		BlockedTools: []string{"streamkap_delete_pipeline"},
	}
}

func TestCreateReturnsEverySecretOnce(t *testing.T) {
	for _, code := range []simulator.CreateCode{simulator.Create200, simulator.Create201} {
		s := connect(t, simulator.Config{Dialect: simulator.Dialect{CreateCode: code, ExtraFields: simulator.ExtraSome}})
		file, err := s.CreateProjectKey(t.Context(), fullRequest())
		wantNoError(t, err)
		key := s.Keys()[0]
		if file.ProjectKeyID != key.ID || string(file.API.ClientSecret) != key.APISecret || string(file.API.ClientID) != key.APIClientID {
			t.Errorf("%s: got %+v of %+v", code, file, key)
		}
		if string(file.Kafka.Password) != key.KafkaPassword || file.Kafka.SchemaRegistryURL == "" || !file.HasAPI() || !file.HasKafka() {
			t.Errorf("%s: got %+v", code, file.Kafka)
		}
		if len(file.KafkaACLs) != 1 || file.KafkaACLs[0] != (streamkap.ACL{Name: "orders.", Resource: "TOPIC", Operation: "READ", PatternType: "PREFIXED"}) {
			t.Errorf("%s: got %+v", code, file.KafkaACLs)
		}
	}
}

func TestCreateSendsOnlyWhatIsGiven(t *testing.T) {
	for name, test := range map[string]struct {
		request streamkap.CreateProjectKeyRequest
		want    string
	}{
		"roles":       {streamkap.CreateProjectKeyRequest{Name: "n", RoleIDs: []string{"r"}}, `{"name":"n","role_ids":["r"]}`},
		"permissions": {streamkap.CreateProjectKeyRequest{Name: "n", PermissionIDs: []string{"p"}}, `{"name":"n","permission_ids":["p"]}`},
		"kafka": {
			streamkap.CreateProjectKeyRequest{Name: "n", KafkaConfig: &streamkap.KafkaConfig{Username: "u", Password: "p"}},
			`{"name":"n","kafka_config":{"username":"u","password":"p","is_create_schema_registry":false}}`,
		},
		"everything": {
			fullRequest(),
			`{"name":"new","description":"A key","role_ids":["` + simulator.RoleReadOnly + `"],"kafka_config":{"username":"new-user","password":"Correct-Horse-1",` +
				`"whitelist_ips":"1.2.3.4","kafka_acls":[{"topic_name":"orders.","operation":"READ","resource_pattern_type":"PREFIXED","resource":"TOPIC"}],` +
				`"is_create_schema_registry":true},"tool_profile":"read-only","blocked_tools":["streamkap_delete_pipeline"]}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if body, err := json.Marshal(test.request); err != nil || string(body) != test.want {
				t.Errorf("got  %s (%v)\nwant %s", body, err, test.want)
			}
		})
	}
}

func TestCreateIsNotRepeatedAfterALostAnswer(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"500":            {Status: 500, Body: `{"detail": "Internal Server Error"}`},
		"501":            {Status: 501},
		"502 as HTML":    {Status: 502, Body: simulator.GatewayPage(502)},
		"503 retry":      {Status: 503, Header: http.Header{"Retry-After": {"1"}}},
		"504 processed":  {Status: 504, Processed: true},
		"408":            {Status: 408},
		"redirected":     {Status: 302, Header: http.Header{"Location": {"/elsewhere"}}},
		"dropped before": {Drop: simulator.DropBefore},
		"dropped after":  {Drop: simulator.DropAfter},
		"truncated":      {Drop: simulator.DropTruncated},
		"malformed":      {Status: 200, Processed: true, Body: `{"project_key_id": "x", `},
		"empty":          {Status: 201, Processed: true},
		"web page":       {Status: 200, Body: simulator.GatewayPage(200)},
		"without an id":  {Status: 200, Processed: true, Body: `{"type": "streamkap_project_key"}`},
		"with a null id": {Status: 200, Processed: true, Body: `{"project_key_id": null}`},
		"with an odd id": {Status: 200, Processed: true, Body: `{"project_key_id": {}}`},
		"a list":         {Status: 200, Processed: true, Body: `[]`},
		"null":           {Status: 200, Processed: true, Body: `null`},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				fault.Method, fault.Path = "POST", keysPath
				s.Inject(fault)
				start := time.Now()
				file, err := s.CreateProjectKey(t.Context(), fullRequest())
				wantKind(t, err, streamkap.KindUnknownOutcome)
				if file != nil || streamkap.IsNotFound(err) {
					t.Errorf("got %v and %v", file, err)
				}
				if n := len(s.Writes()); n != 1 {
					t.Errorf("%d requests were sent, want 1", n)
				}
				wantElapsed(t, start, 0)
				s.wantNoSecrets(err.Error())
			})
		})
	}
}

func TestCreateIsRepeatedWhereNothingWasDone(t *testing.T) {
	for name, test := range map[string]struct {
		fault simulator.Fault
		posts int
	}{
		"429":     {simulator.Fault{Status: 429, Times: 5}, 6},
		"refused": {simulator.Fault{Drop: simulator.DropRefused, Times: 5}, 6},
		"401":     {simulator.Fault{Status: 401}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				test.fault.Method, test.fault.Path = "POST", keysPath
				s.Inject(test.fault)
				file, err := s.CreateProjectKey(t.Context(), fullRequest())
				wantNoError(t, err)
				if n := len(s.Keys()); n != 1 || file.API.ClientSecret == "" {
					t.Errorf("%d keys were made; got %+v", n, file)
				}
				if n := len(s.Writes()); n != test.posts {
					t.Errorf("%d requests were sent, want %d", n, test.posts)
				}
			})
		})
	}
}

func TestRefusedCreateIsNotLost(t *testing.T) {
	for name, fault := range map[string]simulator.Fault{
		"400":                    {Status: 400},
		"401":                    {Status: 401, Times: 2},
		"403":                    {Status: 403},
		"404":                    {Status: 404},
		"409":                    {Status: 409},
		"422":                    {Status: 422},
		"429 for ever":           {Status: 429, Times: -1},
		"connection for ever":    {Drop: simulator.DropRefused, Times: -1},
		"a web page that says 4": {Status: 403, Body: simulator.GatewayPage(403)},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				fault.Method, fault.Path = "POST", keysPath
				s.Inject(fault)
				_, err := s.CreateProjectKey(t.Context(), fullRequest())
				if err == nil || streamkap.KindOf(err) == streamkap.KindUnknownOutcome {
					t.Errorf("the error is %v", err)
				}
				if n := len(s.Keys()); n != 0 {
					t.Errorf("%d keys were made", n)
				}
			})
		})
	}
}

func TestInterruptedCreateStillGetsItsAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Delay: 5 * time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		start := time.Now()
		time.AfterFunc(time.Second, cancel)
		file, err := s.CreateProjectKey(ctx, fullRequest())
		wantNoError(t, err)
		wantElapsed(t, start, 5*time.Minute)
		if file.API.ClientSecret == "" {
			t.Error("the secret is lost")
		}
	})
}

func TestInterruptedCreateThatFailsIsNotRepeated(t *testing.T) {
	for name, test := range map[string]struct {
		fault simulator.Fault
		lost  bool
	}{
		"dropped":      {simulator.Fault{Drop: simulator.DropAfter}, true},
		"503":          {simulator.Fault{Status: 503}, true},
		"rate limited": {simulator.Fault{Status: 429}, false},
		"unauthorized": {simulator.Fault{Status: 401}, false},
		"refused":      {simulator.Fault{Drop: simulator.DropRefused}, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				test.fault.Method, test.fault.Path, test.fault.Delay = "POST", keysPath, time.Minute
				s.Inject(test.fault)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				_, err := s.CreateProjectKey(ctx, fullRequest())
				letExchangesEnd()
				if err == nil || (streamkap.KindOf(err) == streamkap.KindUnknownOutcome) != test.lost {
					t.Errorf("the error is %v", err)
				}
				if n := len(s.Writes()); n != 1 {
					t.Errorf("%d requests were sent, want 1", n)
				}
			})
		})
	}
}

func TestDeadlineEndsACreateThatIsUnderWay(t *testing.T) {
	for name, test := range map[string]struct{ timeout, want time.Duration }{
		"of the caller":  {3 * time.Minute, 3 * time.Minute},
		"of last resort": {0, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := connect(t, simulator.Config{})
				s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Delay: time.Hour})
				ctx := t.Context()
				if test.timeout > 0 {
					bounded, cancel := context.WithTimeout(ctx, test.timeout)
					defer cancel()
					ctx = bounded
				}
				ctx, interrupt := context.WithCancel(ctx)
				time.AfterFunc(time.Second, interrupt)
				start := time.Now()
				_, err := s.CreateProjectKey(ctx, fullRequest())
				wantKind(t, err, streamkap.KindUnknownOutcome)
				if !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("the error is %v", err)
				}
				wantElapsed(t, start, test.want)
			})
		})
	}
}

func TestCreateThatIsInterruptedBeforeItIsSentIsNotSent(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.callAfter(0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.CreateProjectKey(ctx, fullRequest())
	if !errors.Is(err, context.Canceled) || streamkap.KindOf(err) == streamkap.KindUnknownOutcome {
		t.Errorf("the error is %v", err)
	}
	if n := len(s.Writes()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func TestOddFieldInTheAnswerDoesNotLoseTheSecret(t *testing.T) {
	const api = `"api": {"client_id": "c", "client_secret": "s3cret", "roles": null}`
	for name, body := range map[string]string{
		"text":            `{"project_key_id": "k", "tool_profile": 12, ` + api + `}`,
		"object":          `{"project_key_id": "k", "project": "Simulated", ` + api + `}`,
		"kafka":           `{"project_key_id": "k", "kafka": "none", ` + api + `}`,
		"creator":         `{"project_key_id": "k", "created_by": {"id": 1}, ` + api + `}`,
		"before the id":   `{"created_at": 1700000000, "project_key_id": "k", ` + api + `}`,
		"list":            `{"project_key_id": "k", "allowed_tools": "all", ` + api + `}`,
		"list of numbers": `{"project_key_id": "k", "blocked_tools": [1], ` + api + `}`,
		"rules":           `{"project_key_id": "k", "kafka_acls": {}, ` + api + `}`,
		"rule":            `{"project_key_id": "k", "kafka_acls": [{"name": 1}], ` + api + `}`,
		"list and id":     `{"allowed_tools": "all", "project_key_id": "k", ` + api + `}`,
		"roles":           `{"project_key_id": "k", "api": {"roles": [{"id": "r"}], "client_id": "c", "client_secret": "s3cret"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Status: 200, Body: body})
			file, err := s.CreateProjectKey(t.Context(), fullRequest())
			wantNoError(t, err)
			if file.ProjectKeyID != "k" || file.API == nil || file.API.ClientID != "c" || file.API.ClientSecret != "s3cret" {
				t.Errorf("got id %q and %+v", file.ProjectKeyID, file.API)
			}
		})
	}
}

// TestWhatACreateDeliversIsKept has answers that lack this or that.
func TestWhatACreateDeliversIsKept(t *testing.T) {
	const api = `"api": {"client_id": "c", "client_secret": "s3cret"}`
	for name, test := range map[string]struct{ body, id, clientID, missing string }{
		"whole":               {`{"project_key_id": "k", ` + api + `}`, "k", "c", ""},
		"byte order mark":     {"\ufeff" + `{"project_key_id": "k", ` + api + `}`, "k", "c", ""},
		"another name":        {`{"id": "k", ` + api + `}`, "k", "c", ""},
		"number":              {`{"project_key_id": 12, ` + api + `}`, "12", "c", ""},
		"an impossible one":   {`{"project_key_id": " ", "id": "k", ` + api + `}`, "k", "c", ""},
		"number as id":        {`{"id": 12, "name": 7, ` + api + `}`, "12", "c", ""},
		"client id absent":    {`{"project_key_id": "k", "api": {"client_secret": "s3cret"}}`, "k", "", "api.client_id"},
		"client id a number":  {`{"project_key_id": "k", "api": {"client_id": 7, "client_secret": "s3cret"}}`, "k", "7", ""},
		"client id an object": {`{"project_key_id": "k", "api": {"client_id": {}, "client_secret": "s3cret"}}`, "k", "", "api.client_id"},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Status: 200, Body: test.body})
			file, err := s.CreateProjectKey(t.Context(), fullRequest())
			wantNoError(t, err)
			if file.ProjectKeyID != test.id || string(file.API.ClientID) != test.clientID || file.API.ClientSecret != "s3cret" {
				t.Errorf("got id %q and %+v", file.ProjectKeyID, file.API)
			}
			wantMissing(t, file.Missing, test.missing)
		})
	}
}

func wantMissing(t *testing.T, got []string, want string) {
	t.Helper()
	if strings.Join(got, ", ") != want {
		t.Errorf("missing: %v, want %q", got, want)
	}
}

func TestCreateSaysThatItsSecretIsMissing(t *testing.T) {
	kafka := fullRequest()
	kafka.RoleIDs = nil
	for _, test := range []struct {
		body    string
		request streamkap.CreateProjectKeyRequest
		missing string
	}{
		{`{"project_key_id": "k"}`, fullRequest(), "api"},
		{`{"project_key_id": "k", "api": "none"}`, fullRequest(), "api"},
		{`{"project_key_id": "k", "api": {}}`, fullRequest(), "api.client_id, api.client_secret"},
		{`{"project_key_id": "k", "api": {"client_id": "c", "client_secret": ["s"]}}`, fullRequest(), "api.client_secret"},
		{`{"project_key_id": "k"}`, kafka, ""},
	} {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Status: 200, Body: test.body})
		file, err := s.CreateProjectKey(t.Context(), test.request)
		wantNoError(t, err)
		wantMissing(t, file.Missing, test.missing)
	}
}

func TestSecretIsKeptWhereTheIDIsMissing(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Status: 200, Body: `{"api": {"client_id": "c", "client_secret": "s3cret"}}`})
	file, err := s.CreateProjectKey(t.Context(), fullRequest())
	wantKind(t, err, streamkap.KindUnknownOutcome)
	if file == nil || file.API.ClientSecret != "s3cret" {
		t.Errorf("got %+v", file)
	}
}
