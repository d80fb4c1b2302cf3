// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/encrypt"
)

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

// TestEncryptSecrets_OnlyWhatThePlanLeavesOpen has nothing to encrypt.
func TestEncryptSecrets_OnlyWhatThePlanLeavesOpen(t *testing.T) {
	to, _ := encrypt.ParseRecipients([]string{aRecipient})
	for name, test := range map[string]struct {
		planned types.String
		to      encrypt.Recipients
		secret  string
	}{
		"no secret": {later, to, ""}, "no recipients": {later, nil, "a secret"}, "encrypted before": {text("encrypted"), to, "a secret"}, "not to be there": {null, to, "a secret"},
	} {
		p := someParts(t, "1")
		p.Kafka.known.EncryptedPassword = test.planned
		var diags diag.Diagnostics
		p.encryptSecrets(test.to, map[string]string{kafkaPassword: test.secret}, &diags)
		if got := p.Kafka.known.EncryptedPassword; !got.Equal(test.planned) || len(diags) > 0 {
			t.Errorf("%s: it became %s, %v", name, got, diags)
		}
	}
}
