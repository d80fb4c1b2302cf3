// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

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

func TestCreate_EverySecretReturned(t *testing.T) {
	for _, code := range []string{"200", "201"} {
		s := connect(t, simulator.Config{Dialect: simulator.Dialect{CreateCode: code, ExtraFields: "some"}})
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

func TestCreate_SendsOnlyWhatIsGiven(t *testing.T) {
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

func TestCreate_InterruptedBeforeItIsSentIsNotSent(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.callAfter(0)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantKind(t, calls["create"](ctx, s.Client, ""), streamkap.KindInterrupted)
	if n := len(s.Writes()); n != 0 {
		t.Errorf("%d requests were sent", n)
	}
}

// TestCreate_WhatTheAnswerHoldsIsKept has answers that lack this or that, or have
// it in an odd shape.
func TestCreate_WhatTheAnswerHoldsIsKept(t *testing.T) {
	const api = `"api": {"client_id": "c", "client_secret": "s3cret", "roles": null}`
	kafka := fullRequest()
	kafka.RoleIDs = nil
	for name, test := range map[string]struct{ body, id, clientID, missing string }{
		"whole":               {`{"project_key_id": "k", ` + api + `}`, "k", "c", ""},
		"byte order mark":     {"\ufeff" + `{"project_key_id": "k", ` + api + `}`, "k", "c", ""},
		"id, another name":    {`{"id": "k", ` + api + `}`, "k", "c", ""},
		"id, a number":        {`{"project_key_id": 12, ` + api + `}`, "12", "c", ""},
		"id, both":            {`{"id": 12, "name": 7, ` + api + `}`, "12", "c", ""},
		"id, impossible":      {`{"project_key_id": " ", "id": "k", ` + api + `}`, "k", "c", ""},
		"id, absent":          {`{` + api + `}`, "", "c", ""},
		"client id, absent":   {`{"project_key_id": "k", "api": {"client_secret": "s3cret"}}`, "k", "", "api.client_id"},
		"client id, a number": {`{"project_key_id": "k", "api": {"client_id": 7, "client_secret": "s3cret"}}`, "k", "7", ""},
		"client id, odd":      {`{"project_key_id": "k", "api": {"client_id": {}, "client_secret": "s3cret"}}`, "k", "", "api.client_id"},
		"odd text":            {`{"project_key_id": "k", "tool_profile": 12, ` + api + `}`, "k", "c", ""},
		"odd object":          {`{"project_key_id": "k", "project": "Simulated", ` + api + `}`, "k", "c", ""},
		"odd kafka":           {`{"project_key_id": "k", "kafka": "none", ` + api + `}`, "k", "c", ""},
		"odd creator":         {`{"project_key_id": "k", "created_by": {"id": 1}, ` + api + `}`, "k", "c", ""},
		"odd before the id":   {`{"created_at": 1700000000, "project_key_id": "k", ` + api + `}`, "k", "c", ""},
		"odd list":            {`{"project_key_id": "k", "allowed_tools": "all", ` + api + `}`, "k", "c", ""},
		"odd rules":           {`{"project_key_id": "k", "kafka_acls": [{"name": 1}], ` + api + `}`, "k", "c", ""},
		"odd roles":           {`{"project_key_id": "k", "api": {"roles": [{"id": "r"}], "client_id": "c", "client_secret": "s3cret"}}`, "k", "c", ""},
		"secret, odd":         {`{"project_key_id": "k", "api": {"client_id": "c", "client_secret": ["s"]}}`, "k", "c", "api.client_secret"},
		"api, empty":          {`{"project_key_id": "k", "api": {}}`, "k", "", "api.client_id, api.client_secret"},
		"api, odd":            {`{"project_key_id": "k", "api": "none"}`, "k", "", "api"},
		"api, absent":         {`{"project_key_id": "k"}`, "k", "", "api"},
		"api, not asked for":  {`{"project_key_id": "k"}`, "k", "", ""},
		"kafka alone, no id":  {`{"kafka": {"username": "u", "password": "p"}}`, "", "", "api"},
		"nothing":             {`{"type": "streamkap_project_key"}`, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := connect(t, simulator.Config{})
			s.Inject(simulator.Fault{Method: "POST", Path: keysPath, Status: 200, Body: test.body})
			request := fullRequest()
			if name == "api, not asked for" {
				request = kafka
			}
			file, err := s.CreateProjectKey(t.Context(), request)
			if test.id != "" {
				wantNoError(t, err)
			} else {
				wantKind(t, err, streamkap.KindUnknownOutcome)
			}
			if file == nil {
				if name != "nothing" {
					t.Error("nothing is kept")
				}
				return
			}
			if strings.Join(file.Missing, ", ") != test.missing || file.ProjectKeyID != test.id {
				t.Errorf("got id %q, missing %q", file.ProjectKeyID, file.Missing)
			}
			if file.API != nil && (string(file.API.ClientID) != test.clientID || (file.API.ClientSecret == "s3cret") != strings.Contains(test.body, "s3cret")) {
				t.Errorf("got %+v", file.API)
			}
		})
	}
}
