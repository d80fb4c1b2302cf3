// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TestCredentialJSON_PlannedAsFarAsKnown changes keys that have one, and
// keys of which too little is known for one.
func TestCredentialJSON_PlannedAsFarAsKnown(t *testing.T) {
	const null, stays, later = "null", "stays", "later"
	imported := func(p *Model) { p.CredentialJSON = types.StringNull() }
	kafkaOnly := func(p *Model) { imported(p); p.API = nested[apiModel]{} }
	for name, test := range map[string]struct {
		prior, planned func(prior, planned *Model)
		want           string
	}{
		"what is not in it changes": {planned: func(_, p *Model) { p.Description = types.StringValue("another") }, want: stays},
		"its scope changes":         {planned: func(_, p *Model) { p.MCP.known.ToolProfile = types.StringValue("infra-admin") }, want: later},
		"its time is not known":     {planned: func(_, p *Model) { p.CreatedAt = types.StringUnknown() }, want: later},
		"its roles are not known":   {planned: func(_, p *Model) { p.RoleIDs = types.SetUnknown(types.StringType) }, want: later},
		"secrets are encrypted":     {planned: func(_, p *Model) { p.SecretRecipients = stringSet([]string{"recipient"}) }, want: null},
		"an imported key": {
			prior: func(prior, p *Model) {
				imported(prior)
				prior.API.known.ClientSecret = types.StringNull()
				*p = *prior.copied()
			},
			planned: func(_, p *Model) { p.Name = types.StringValue("another") }, want: null,
		},
		"an imported key for Kafka": {
			prior:   func(prior, p *Model) { kafkaOnly(prior); *p = *prior.copied() },
			planned: func(_, p *Model) { p.Name = types.StringValue("another") }, want: null,
		},
		"access to the API is added": {
			prior:   func(prior, p *Model) { kafkaOnly(prior); *p = *prior.copied() },
			planned: func(_, p *Model) { p.API = p.newAPI() }, want: later,
		},
		"access to the API may be added": {
			prior:   func(prior, p *Model) { kafkaOnly(prior); *p = *prior.copied() },
			planned: func(_, p *Model) { p.API = nested[apiModel]{unknown: true} }, want: later,
		},
	} {
		prior := someParts(t, "1")
		prior.setCredentialJSON(nil)
		planned := prior.copied()
		if test.prior != nil {
			test.prior(prior, planned)
		}
		planned.CredentialJSON = prior.CredentialJSON
		test.planned(prior, planned)
		planned.planCredentialJSON(prior)
		got := null
		switch file := planned.CredentialJSON; {
		case file.IsUnknown():
			got = later
		case !file.IsNull() && file.Equal(prior.CredentialJSON):
			got = stays
		}
		if got != test.want {
			t.Errorf("%s: it is %s, expected %s: %s", name, got, test.want, planned.CredentialJSON)
		}
	}
}

func TestCredentialJSON_EveryMemberHasARow(t *testing.T) {
	model := someParts(t, "1")
	for _, part := range []any{model, model.API.known, model.Kafka.known} {
		for _, field := range fieldsOf(part) {
			if field.Type() == reflect.TypeFor[types.String]() {
				field.Set(reflect.ValueOf(types.StringValue("value")))
			}
		}
	}
	file, known := model.credentials(nil)
	if !known || file.ProjectKeyID == "" || file.CreatedAt == "" || file.Project.ServiceID == "" || file.ToolProfile == "" || file.AllowedTools == nil || file.BlockedTools == nil {
		t.Errorf("it lacks something: %+v", file)
	}
	for name, part := range map[string]reflect.Value{"api": reflect.ValueOf(*file.API), "kafka": reflect.ValueOf(*file.Kafka)} {
		for i := range part.NumField() {
			if part.Field(i).IsZero() {
				t.Errorf("nothing writes %s.%s", name, part.Type().Field(i).Name)
			}
		}
	}
}

// TestCredentialJSON_EarlierFormStaysUntilAChange has a file with rules in it, as
// earlier versions wrote it.
func TestCredentialJSON_EarlierFormStaysUntilAChange(t *testing.T) {
	const rules = `"kafka_acls":[{"name":"orders","resource":"TOPIC","operation":"READ","resource_pattern_type":"LITERAL"}],`
	model := someParts(t, "1")
	model.setCredentialJSON(nil)
	now := model.CredentialJSON.ValueString()
	earlier := strings.Replace(now, `"tool_profile":`, rules+`"tool_profile":`, 1)
	model.CredentialJSON = types.StringValue(earlier)
	if model.refreshCredentialJSON(); strings.Contains(now, rules) || model.CredentialJSON.ValueString() != earlier {
		t.Errorf("without a change it is %s", model.CredentialJSON)
	}
	model.MCP.known.ToolProfile = types.StringValue("infra-admin")
	if model.refreshCredentialJSON(); strings.Contains(model.CredentialJSON.ValueString(), "kafka_acls") {
		t.Errorf("after a change it is %s", model.CredentialJSON)
	}
}
