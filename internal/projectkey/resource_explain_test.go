// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

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

// TestExplain_OneErrorForEachRefusedPart also has what only keys are refused for, and the
// permission that the request needs: the credentials of a plan read only.
func TestExplain_OneErrorForEachRefusedPart(t *testing.T) {
	refused := func(detail string) streamkap.Error {
		return streamkap.Error{Method: "PATCH", Status: 400, Own: true, Detail: detail}
	}
	for name, test := range map[string]struct {
		err         streamkap.Error
		heads, says []string // of each error
	}{
		"several parts": {
			streamkap.Error{Method: "POST", Status: 422, RequestID: "req-1", Own: true, Fields: []streamkap.FieldError{
				{Loc: []string{"body", "kafka_acls", "0", "operation"}, Message: "not that one"}, {Loc: []string{"body", "name"}, Message: "taken"}, {Loc: []string{"body"}, Message: "odd"},
			}},
			[]string{"Error: Streamkap refused the request at kafka.acl[0].operation", "Error: Name is taken at name", "Error: Streamkap refused the request"},
			[]string{"\n\nIt is about acl block 1 (READ on TOPIC 1 (LITERAL)).", "taken", "odd"},
		},
		"no Kafka access":     {refused("Kafka access needs a dedicated namespace"), []string{"Error: Kafka access is not available in this project at kafka"}, []string{"Remove the kafka block"}},
		"a username":          {refused("Kafka username already exists"), []string{"Error: Kafka username is taken at kafka.username"}, []string{"Choose another kafka.username"}},
		"a state":             {refused("Key is in DELETE_FAILED"), []string{"Error: Project key is in a state that allows no change"}, []string{"run apply to have it replaced"}},
		"permission to read":  {streamkap.Error{Method: "GET", Status: 403}, []string{"Error: Permission missing"}, []string{"lack the permission to read Project Keys. Give them"}},
		"permission to write": {streamkap.Error{Method: "PATCH", Status: 403}, []string{"Error: Permission missing"}, []string{"lack the Project Keys write permission, which"}},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			test.err.Path = "/project-keys/id"
			new(Resource).explain(t.Context(), "do it", someParts(t, "1"), &test.err, &diags)
			expect(t, diags, test.heads...)
			for i, d := range diags {
				for j, text := range test.says {
					if strings.Contains(d.Detail(), text) != (i == j) || !strings.Contains(d.Detail(), test.err.RequestID) {
						t.Errorf("error %d, %q: %s", i, text, d.Detail())
					}
				}
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
