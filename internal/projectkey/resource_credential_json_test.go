// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
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
