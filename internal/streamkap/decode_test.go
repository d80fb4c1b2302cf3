// SPDX-License-Identifier: MPL-2.0

package streamkap_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestEmptyValuesAreTheSameInEveryForm(t *testing.T) {
	type values struct {
		Text      streamkap.Text
		List      streamkap.List[string]
		Rules     streamkap.List[streamkap.ACL]
		Addresses streamkap.AddressList
	}
	for _, body := range []string{
		`{}`,
		`{"Text": null, "List": null, "Rules": null, "Addresses": null}`,
		`{"Text": "", "List": "", "Rules": "", "Addresses": ""}`,
		`{"List": [], "Rules": [], "Addresses": []}`,
		`{"List": [ ], "Addresses": " , "}`,
	} {
		var got values
		wantNoError(t, json.Unmarshal([]byte(body), &got))
		if !reflect.DeepEqual(got, values{}) {
			t.Errorf("%s gave %#v", body, got)
		}
	}
}

func TestDecodingForgetsWhatWasThereBefore(t *testing.T) {
	list := streamkap.List[string]{"old"}
	wantNoError(t, json.Unmarshal([]byte(`null`), &list))
	addresses := streamkap.AddressList{"1.2.3.4"}
	wantNoError(t, json.Unmarshal([]byte(`""`), &addresses))
	if len(list) != 0 || len(addresses) != 0 {
		t.Errorf("got %v and %v", list, addresses)
	}
}

func TestEmptyValuesAreWrittenAsNull(t *testing.T) {
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

func TestListOfAnotherTypeIsAnError(t *testing.T) {
	for _, body := range []string{`"a"`, `{}`, `12`, `[12]`, `true`} {
		var list streamkap.List[string]
		if json.Unmarshal([]byte(body), &list) == nil {
			t.Errorf("%s gave %v", body, list)
		}
	}
}

func TestAddressesAreReadInEveryForm(t *testing.T) {
	for body, want := range map[string]string{
		`"1.2.3.4"`:               "1.2.3.4",
		`"1.2.3.4,10.0.0.0/8"`:    "1.2.3.4,10.0.0.0/8",
		`"1.2.3.4, 10.0.0.0/8 ,"`: "1.2.3.4,10.0.0.0/8",
	} {
		var got streamkap.AddressList
		wantNoError(t, json.Unmarshal([]byte(body), &got))
		if got.String() != want {
			t.Errorf("%s gave %q, want %q", body, got, want)
		}
	}
	for _, body := range []string{`12`, `{}`, `["1.2.3.4"]`} {
		var got streamkap.AddressList
		if json.Unmarshal([]byte(body), &got) == nil {
			t.Errorf("%s gave %q", body, got)
		}
	}
}

func TestRulesAreReadInEveryForm(t *testing.T) {
	want := streamkap.ACL{Name: "orders", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}
	for _, body := range []string{
		`{"name": "orders", "resource": "TOPIC", "operation": "READ", "resource_pattern_type": "LITERAL"}`,
		`{"topic_name": "orders", "resource": "TOPIC", "operation": "READ", "resource_pattern_type": "LITERAL"}`,
		`{"topic_name": "orders", "name": null, "operation": "READ", "resource_pattern_type": "LITERAL"}`,
		`{"name": "orders", "topic_name": "", "resource": null, "operation": "read", "pattern_type": "literal"}`,
		`{"name": "orders", "resource": "", "operation": "READ", "id": 12, "more": {}}`,
	} {
		var got streamkap.ACL
		wantNoError(t, json.Unmarshal([]byte(body), &got))
		if got != want {
			t.Errorf("%s gave %+v", body, got)
		}
	}
	var group streamkap.ACL
	wantNoError(t, json.Unmarshal([]byte(`{"name": "g", "resource": "Group", "operation": "READ", "resource_pattern_type": "Prefixed"}`), &group))
	if group.Resource != streamkap.ResourceGroup || group.PatternType != streamkap.PatternPrefixed {
		t.Errorf("got %+v", group)
	}
}

func TestStatusIsComparedWithoutItsSpelling(t *testing.T) {
	statuses := []streamkap.Status{
		streamkap.StatusActive, streamkap.StatusCreating, streamkap.StatusFailed, streamkap.StatusDeleting, streamkap.StatusDeleteFailed,
	}
	for spelling, want := range map[streamkap.Status]streamkap.Status{
		"active": streamkap.StatusActive, "Active": streamkap.StatusActive, "ACTIVE": streamkap.StatusActive,
		"creating": streamkap.StatusCreating, "Creating": streamkap.StatusCreating,
		"failed": streamkap.StatusFailed, "FAILED": streamkap.StatusFailed,
		"deleting": streamkap.StatusDeleting, "Deleting": streamkap.StatusDeleting,
		"delete_failed": streamkap.StatusDeleteFailed, "Delete Failed": streamkap.StatusDeleteFailed, "DELETE_FAILED": streamkap.StatusDeleteFailed,
		"delete-failed": streamkap.StatusDeleteFailed, "deleteFailed": streamkap.StatusDeleteFailed,
		"": "", "suspended": "", "inactive": "", "active2": "",
	} {
		for _, status := range statuses {
			if got := spelling.Is(status); got != (status == want) {
				t.Errorf("%q is %q: %v", spelling, status, got)
			}
		}
		dead := want == streamkap.StatusFailed || want == streamkap.StatusDeleting || want == streamkap.StatusDeleteFailed
		if spelling.Dead() != dead {
			t.Errorf("%q is dead: %v", spelling, !dead)
		}
	}
}

// dialects are the variants of every row of the contract that is about how an
// answer is spelled.
func dialects(yield func(simulator.Dialect)) {
	for _, status := range []simulator.StatusSpelling{simulator.StatusLower, simulator.StatusTitle, simulator.StatusUpper, simulator.StatusKebab} {
		for _, empty := range []simulator.EmptyValues{simulator.EmptyNull, simulator.EmptyString, simulator.EmptyList, simulator.EmptyBoth} {
			for _, name := range []simulator.ACLName{simulator.ACLNameName, simulator.ACLNameTopicName} {
				for _, form := range []simulator.WhitelistForm{simulator.WhitelistAsSent, simulator.WhitelistSpaced} {
					yield(simulator.Dialect{
						Status: status, EmptyValues: empty, ACLName: name, WhitelistForm: form,
						ACLResource: simulator.ACLResourceAbsentWhenTopic, ExtraFields: simulator.ExtraSome,
					})
				}
			}
		}
	}
}

func TestKeyReadsTheSameInEveryDialect(t *testing.T) {
	dialects(func(dialect simulator.Dialect) {
		s := connect(t, simulator.Config{Dialect: dialect})
		id := s.Seed(simulator.Key{
			Name: "k", KafkaUsername: "user", WhitelistIPs: []string{"1.2.3.4", "10.0.0.0/8"},
			ACLs: []simulator.ACL{{Name: "orders", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}},
		}).ID
		key, err := s.ProjectKey(t.Context(), id)
		wantNoError(t, err)
		if !key.Status.Is(streamkap.StatusActive) || key.APIClientID != "" || key.Description != "" || key.AllowedTools != nil || key.Roles != nil {
			t.Errorf("%+v: got %+v", dialect, key.ProjectKeySummary)
		}
		if key.WhitelistIPs.String() != "1.2.3.4,10.0.0.0/8" || len(key.KafkaACLs) != 1 ||
			key.KafkaACLs[0] != (streamkap.ACL{Name: "orders", Resource: "TOPIC", Operation: "READ", PatternType: "LITERAL"}) {
			t.Errorf("%+v: got %v and %+v", dialect, key.WhitelistIPs, key.KafkaACLs)
		}
	})
}

func TestDetailOfAKeyIsRead(t *testing.T) {
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
	case string(key.APIClientID) != string(file.API.ClientID), strings.Contains(string(key.APIMaskedSecret), string(file.API.ClientSecret)):
		t.Errorf("got %q and %q", key.APIClientID, key.APIMaskedSecret)
	}
}

func TestListHoldsEveryKeyOfTheTenant(t *testing.T) {
	s := connect(t, simulator.Config{})
	keys, err := s.ProjectKeys(t.Context())
	if wantNoError(t, err); len(keys) != 0 {
		t.Errorf("got %+v", keys)
	}
	own, other := s.seeded(), s.Seed(simulator.Key{Name: "theirs", ServiceID: "another"}).ID
	keys, err = s.ProjectKeys(t.Context())
	wantNoError(t, err)
	if len(keys) != 2 || keys[0].ID != own || keys[1].ID != other || keys[1].ServiceID != "another" {
		t.Errorf("got %+v", keys)
	}
}

func TestRolesCallerAndScopingAreRead(t *testing.T) {
	s := connect(t, simulator.Config{})
	roles, err := s.Roles(t.Context())
	wantNoError(t, err)
	if len(roles) != 3 || roles[0].ID != simulator.RoleAdmin || roles[0].Key != "admin" || len(roles[0].Permissions) == 0 {
		t.Errorf("got %+v", roles)
	}
	who, err := s.WhoAmI(t.Context())
	wantNoError(t, err)
	want := streamkap.WhoAmI{TenantID: simulator.DefaultTenantID, ServiceID: simulator.DefaultServiceID, Subject: simulator.DefaultClientID, TokenType: who.TokenType}
	if *who != want || who.TokenType == "" {
		t.Errorf("got %+v", who)
	}
	id := s.Seed(simulator.Key{Name: "k", RoleIDs: []string{simulator.RoleAdmin}, ToolProfile: "read-only", AllowedTools: []string{"a"}}).ID
	scope, err := s.MCPConfig(t.Context(), id)
	wantNoError(t, err)
	if scope.ProjectKeyID != id || scope.ServiceID != simulator.DefaultServiceID || scope.ToolProfile != "read-only" || len(scope.AllowedTools) != 1 || scope.BlockedTools != nil {
		t.Errorf("got %+v", scope)
	}
}

func TestCallerThatIsAKeyIsNamed(t *testing.T) {
	s := connect(t, simulator.Config{})
	key := s.Seed(simulator.Key{Name: "k", RoleIDs: []string{simulator.RoleAdmin}})
	client := clientOf(s.Server, func(config *streamkap.Config) { config.ClientID, config.Secret = key.APIClientID, key.APISecret })
	if client.ClientID() != key.APIClientID {
		t.Errorf("the client is %q", client.ClientID())
	}
	who, err := client.WhoAmI(t.Context())
	wantNoError(t, err)
	if string(who.ProjectKeyID) != key.ID {
		t.Errorf("got %+v", who)
	}
}

func TestMissingPermissionIsAnErrorAndNoEmptyList(t *testing.T) {
	s := connect(t, simulator.Config{})
	s.Inject(simulator.Fault{Path: oneKey + "/mcp-config", Status: 403})
	wantA[*streamkap.Error](t, errOf(s.MCPConfig(t.Context(), "an-id")))
	id, secret := s.ReadOnlyCredentials()
	client := clientOf(s.Server, func(config *streamkap.Config) { config.ClientID, config.Secret = id, secret })
	_, err := client.Roles(t.Context())
	if got := wantAs[*streamkap.Error](t, err); got.Status != 403 {
		t.Errorf("the error is %v", err)
	}
}

func TestCredentialFileKeepsItsFieldsWhenWrittenAgain(t *testing.T) {
	const text = `{"type":"streamkap_project_key","project_key_id":"k","project":{"service_id":"s","name":"Orders"},` +
		`"api":{"client_id":"c","client_secret":"s","token_endpoint":"t","api_url":"u","roles":["r"]},` +
		`"kafka":{"username":"u","password":"p","bootstrap_servers":"b","security_protocol":"SASL_SSL","sasl_mechanism":"PLAIN","schema_registry_url":null},` +
		`"kafka_acls":[{"name":"orders","resource":"TOPIC","operation":"READ","resource_pattern_type":"LITERAL"}],` +
		`"tool_profile":null,"allowed_tools":null,"blocked_tools":["b"],"created_at":"2025-01-01T00:00:00Z","created_by":{"id":"x"}}`
	var file streamkap.CredentialFile
	wantNoError(t, json.Unmarshal([]byte(text), &file))
	if again, err := json.Marshal(file); err != nil || string(again) != text {
		t.Errorf("got  %s (%v)\nwant %s", again, err, text)
	}
}

func TestCredentialFileSaysWhatItGivesAccessTo(t *testing.T) {
	for text, want := range map[string][2]bool{
		`{}`:                              {false, false},
		`{"api": null, "kafka": null}`:    {false, false},
		`{"api": {}, "kafka": {}}`:        {false, false},
		`{"api": {"client_id": "c"}}`:     {true, false},
		`{"kafka": {"username": "user"}}`: {false, true},
	} {
		var file streamkap.CredentialFile
		wantNoError(t, json.Unmarshal([]byte(text), &file))
		if file.HasAPI() != want[0] || file.HasKafka() != want[1] {
			t.Errorf("%s: API %v, Kafka %v", text, file.HasAPI(), file.HasKafka())
		}
	}
}

// TestProjectKey_BlankIsNotIssued also covers that a blank client id is none: it
// would be held against every later answer.
func TestProjectKey_BlankIsNotIssued(t *testing.T) {
	for sent, want := range map[string]streamkap.Text{`null`: "", `""`: "", `"  "`: "", `" an-id\t"`: "an-id", `"an id"`: "an id"} {
		s := connect(t, simulator.Config{})
		s.Inject(simulator.Fault{Path: oneKey, Status: 200, Body: `{"id":"k","api_client_id":` + sent + `,"kafka_username":` + sent + `}`})
		key, err := s.ProjectKey(t.Context(), "k")
		wantNoError(t, err)
		if key.APIClientID != want || key.KafkaUsername != want {
			t.Errorf("%s is the client id %q and the username %q", sent, key.APIClientID, key.KafkaUsername)
		}
	}
}
