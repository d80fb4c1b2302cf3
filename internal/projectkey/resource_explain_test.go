// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// TestExplain_RefusalOnItsItem goes through the locations of a 422, as
// the contract has them and as they would be without a meaning.
func TestExplain_RefusalOnItsItem(t *testing.T) {
	acl := kafkaPath.AtName("acl")
	model := someParts(t, "1")
	model.RoleIDs, model.PermissionIDs = stringSet([]string{"b", "a"}), stringSet([]string{"c"})
	model.Kafka.known.ACL = ruleList([]streamkap.ACL{aRule("first"), aRule("second")})
	const second = "acl block 2 (READ on TOPIC second (LITERAL))"
	for loc, want := range map[string]struct {
		at   path.Path
		what string
	}{
		"":                                    {path.Empty(), ""},
		"body":                                {path.Empty(), ""},
		"body.unheard_of":                     {path.Empty(), ""},
		"body.role_ids":                       {path.Root("role_ids"), ""},
		"body.role_ids.0":                     {path.Root("role_ids").AtSetValue(types.StringValue("a")), ""},
		"body.role_ids.1":                     {path.Root("role_ids").AtSetValue(types.StringValue("b")), ""},
		"body.role_ids.2":                     {path.Root("role_ids"), ""},
		"body.role_ids.-1":                    {path.Root("role_ids"), ""},
		"body.role_ids.first":                 {path.Root("role_ids"), ""},
		"body.permission_ids.0":               {path.Root("permission_ids").AtSetValue(types.StringValue("c")), ""},
		"body.kafka_config.password":          {kafkaPath.AtName("password_wo"), ""},
		"body.kafka_password":                 {kafkaPath.AtName("password_wo"), ""},
		"body.kafka_config.kafka_acls":        {acl, ""},
		"body.kafka_acls.1":                   {acl.AtListIndex(1), second},
		"body.kafka_acls.2":                   {acl, ""},
		"body.kafka_acls.-1":                  {acl, ""},
		"body.kafka_acls.first":               {acl, ""},
		"body.kafka_acls.1.topic_name":        {acl.AtListIndex(1).AtName("name"), second},
		"body.kafka_acls.1.name":              {acl.AtListIndex(1).AtName("name"), second},
		"body.kafka_acls.1.operation":         {acl.AtListIndex(1).AtName("operation"), second},
		"body.kafka_acls.1.resource":          {acl.AtListIndex(1).AtName("resource"), second},
		"body.kafka_acls.1.unheard_of":        {acl.AtListIndex(1), second},
		"kafka_acls.1.resource_pattern_type":  {acl.AtListIndex(1).AtName("pattern_type"), second},
		"body.kafka_config.kafka_acls.1.name": {acl.AtListIndex(1).AtName("name"), second},
	} {
		t.Run(loc, func(t *testing.T) {
			if at, what := model.refused(strings.Split(loc, ".")); !at.Equal(want.at) || what != want.what {
				t.Errorf("it is at %s, %q, and not at %s, %q", at, what, want.at, want.what)
			}
		})
	}
	model.Kafka.known = nil
	if at, what := model.refused([]string{"kafka_acls", "0"}); !at.Equal(acl) || what != "" {
		t.Errorf("without a kafka block it is at %s, %q", at, what)
	}
	known := someParts(t, "1")
	known.Kafka.known.ACL = types.ListUnknown(aclType)
	if at, what := known.refused([]string{"kafka_acls", "0"}); !at.Equal(acl) || what != "" {
		t.Errorf("where the rules are not known it is at %s, %q", at, what)
	}
}

// TestExplain_OneErrorForEachRefusedPart is a 422 with several parts.
func TestExplain_OneErrorForEachRefusedPart(t *testing.T) {
	var diags diag.Diagnostics
	new(Resource).explain(t.Context(), "create project key \"1\"", someParts(t, "1"), &streamkap.Error{
		Method: "POST", Path: "/project-keys", Status: 422, RequestID: "req-1", Own: true,
		Fields: []streamkap.FieldError{
			{Loc: []string{"body", "kafka_acls", "0", "operation"}, Message: "not that one"},
			{Loc: []string{"body", "name"}, Message: "taken"},
			{Loc: []string{"body"}, Message: "odd"},
		},
	}, &diags)
	for i, want := range []struct {
		at         path.Path
		says, nots string
	}{
		{kafkaPath.AtName("acl").AtListIndex(0).AtName("operation"), "not that one", "taken"},
		{path.Root("name"), "taken", "It is about"},
		{path.Empty(), "odd", "It is about"},
	} {
		if len(diags) != 3 {
			t.Fatalf("told: %v", diags)
		}
		at := path.Empty()
		if placed, ok := diags[i].(diag.DiagnosticWithPath); ok {
			at = placed.Path()
		}
		if detail := diags[i].Detail(); !at.Equal(want.at) || !strings.Contains(detail, want.says) || strings.Contains(detail, want.nots) || !strings.Contains(detail, "req-1") {
			t.Errorf("at %s: %s", at, detail)
		}
	}
	if detail := diags[0].Detail(); !strings.HasSuffix(detail, "\n\nIt is about acl block 1 (READ on TOPIC 1 (LITERAL)).") {
		t.Error(detail)
	}
}

func TestExplain_RefusalsOfKeysAlone(t *testing.T) {
	for detail, want := range map[string]struct{ summaryAndPath, advice string }{
		"Kafka access needs a dedicated namespace": {"Kafka access is not available in this project at kafka", "Remove the kafka block"},
		"Kafka username already exists":            {"Kafka username is taken at kafka.username", "Choose another kafka.username"},
		"Key is in DELETE_FAILED":                  {"Project key is in a state that allows no change", "run apply to have it replaced"},
	} {
		t.Run(detail, func(t *testing.T) {
			var diags diag.Diagnostics
			new(Resource).explain(t.Context(), "change it", someParts(t, "1"), &streamkap.Error{
				Method: "PATCH", Path: "/project-keys/id", Status: 400, Own: true, Detail: detail,
			}, &diags)
			if expect(t, diags, "Error: "+want.summaryAndPath); !strings.Contains(diags[0].Detail(), want.advice) {
				t.Error(diags[0].Detail())
			}
		})
	}
}

// TestExplain_PermissionIsTheOneThatTheRequestNeeds has the credentials of a plan, which
// read only.
func TestExplain_PermissionIsTheOneThatTheRequestNeeds(t *testing.T) {
	for method, says := range map[string]string{
		"GET":   "lack the permission to read Project Keys. Give them",
		"PATCH": "lack the Project Keys write permission, which",
	} {
		t.Run(method, func(t *testing.T) {
			var diags diag.Diagnostics
			(&Resource{client: clientOf(simulator.New(simulator.Config{}))}).explain(
				t.Context(), "do it", new(Model), &streamkap.Error{Method: method, Path: "/project-keys/id", Status: 403}, &diags)
			if len(diags) != 1 || !strings.Contains(diags[0].Detail(), says) {
				t.Errorf("told: %v", diags)
			}
		})
	}
}

// TestExplainUnsettled_WhyTheWaitEnded goes through the ends of a wait.
func TestExplainUnsettled_WhyTheWaitEnded(t *testing.T) {
	model := someParts(t, "1")
	missing := &streamkap.Error{Method: "GET", Path: "/project-keys/id", Status: 404, Own: true, Detail: "Project key not found"}
	for name, test := range map[string]struct {
		err           error
		summary, says string
	}{
		"a status that is final": {&unsettledError{Status: "failed"}, "Project key failed", `but its status is "failed". This status is final.` + "\n\n" + afterCreate.failed},
		"it is gone":             {&unsettledError{Status: "creating", Err: missing}, "Project key is gone", "now Streamkap does not know it: Streamkap answered GET /project-keys/id with HTTP 404"},
		"the time is up": {
			&unsettledError{Status: "creating", Err: context.DeadlineExceeded, Failure: &streamkap.Error{Method: "GET", Path: "/p", Status: 503}}, "Project key is not Active yet",
			`it was not Active when the timeout of 20m0s ended; its status is "creating", and the last request failed: Streamkap answered GET /p with HTTP 503`,
		},
		"the time is up in a call": {&unsettledError{Status: "creating", Err: errCutOff}, "Project key is not Active yet", `its status is "creating", and the last request ended with HTTP 503, request id req-1.`},
		"without a failure before": {&unsettledError{Status: "creating", Err: context.DeadlineExceeded}, "Project key is not Active yet", `its status is "creating".`},
		"it was interrupted":       {&unsettledError{Err: context.Canceled}, "Project key is not Active yet", "when the run was interrupted; its status was never seen.\n\n" + afterCreate.unfinished},
		"it may not be read": {
			&unsettledError{Status: "creating", Err: &streamkap.Error{Method: "GET", Path: "/p", Status: 403}}, "Permission missing",
			`read project key "1" (id id) after it was created; when last seen, its status is "creating"`,
		},
		"it may not be read, and never was": {
			&unsettledError{Err: &streamkap.Error{Method: "GET", Path: "/p", Status: 403}}, "Permission missing",
			`after it was created; its status was never seen.`,
		},
		"no wait at all": {missing, "Project key not found", `Could not read project key "1" (id id) after it was created.`},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			new(Resource).explainUnsettled(t.Context(), model, afterCreate, test.err, &diags)
			if len(diags) != 1 || diags[0].Summary() != test.summary || !strings.Contains(diags[0].Detail(), test.says) {
				t.Errorf("told: %v", diags)
			}
		})
	}
	if text := (&unsettledError{Status: "failed"}).Error(); text != `status "failed"` {
		t.Error(text)
	}
	if text := (&unsettledError{Status: "creating", Err: context.Canceled}).Error(); text != `status "creating": context canceled` {
		t.Error(text)
	}
}

// TestExplainIncomplete_MissingCredentialsNamed has the client secret lost, or
// something else.
func TestExplainIncomplete_MissingCredentialsNamed(t *testing.T) {
	missing := []string{"one", "other"}
	for name, test := range map[string]struct {
		model   func(*Model)
		missing []string
		want    []string
	}{
		"nothing":           {func(*Model) {}, nil, nil},
		"something else":    {func(*Model) {}, missing, []string{"Error: Credentials missing"}},
		"the client secret": {func(p *Model) { p.API.known.ClientSecret = types.StringNull() }, missing, []string{"Error: Client secret missing"}},
		"all of the access": {func(p *Model) { p.API.known = nil }, missing, []string{"Error: Client secret missing"}},
		"something of a key for Kafka": {func(p *Model) {
			p.API.known, p.RoleIDs, p.PermissionIDs = nil, types.SetNull(types.StringType), types.SetNull(types.StringType)
		}, missing, []string{"Error: Credentials missing"}},
		"nothing of what is encrypted": {func(p *Model) {
			p.API.known.ClientSecret, p.API.known.EncryptedClientSecret = types.StringNull(), types.StringValue("encrypted")
		}, missing, []string{"Error: Credentials missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			model := someParts(t, "1")
			test.model(model)
			var diags diag.Diagnostics
			model.explainIncomplete("makes", test.missing, &diags)
			expect(t, diags, test.want...)
			for _, d := range diags {
				if !strings.Contains(d.Detail(), `makes project key "1" (id id) held no one and no other, and`) {
					t.Error(d.Detail())
				}
			}
		})
	}
}
