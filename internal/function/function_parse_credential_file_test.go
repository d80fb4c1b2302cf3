// SPDX-License-Identifier: MPL-2.0

package function_test

import (
	"context"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	functions "github.com/streamkap-com/terraform-provider-streamkap/internal/function"
)

// A CLI may show an argument beside an error, so what the provider itself says
// is looked at without one.
func TestParseCredentialFileNeverRepeatsItsArgument(t *testing.T) {
	const secret = "not-a-real-secret-a"
	for name, refusal := range map[string]struct{ text, says string }{
		"empty":          {" \n", "it is empty"},
		"no file":        {secret, "neither the JSON"},
		"broken JSON":    {`{"type": "streamkap_project_key", "api": {"client_secret": "` + secret, "neither the JSON"},
		"no object":      {`["` + secret + `"]`, "neither the JSON"},
		"wrong type":     {`{"type": "` + secret + `"}`, `its "type" is not`},
		"no type":        {`{"api": {"client_secret": "` + secret + `"}}`, `its "type" is not`},
		"odd API":        {`{"type": "streamkap_project_key", "api": "` + secret + `"}`, `its field "api" is a string`},
		"odd secret":     {`{"type": "streamkap_project_key", "api": {"client_secret": {"` + secret + `": 1}}}`, `its field "api.client_secret" is a object`},
		"odd rule":       {`{"type": "streamkap_project_key", "kafka_acls": ["` + secret + `"]}`, "field"},
		"number too big": {`{"type": 123456789012345678901234567890}`, `its field "type" is a number`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(t.Context(), refusal.text)
			if err == nil {
				t.Fatal("the text was accepted")
			}
			said := err.Error()
			if strings.Contains(said, secret) || strings.Contains(said, "123456789") {
				t.Errorf("the error repeats the argument: %s", said)
			}
			if !strings.Contains(said, refusal.says) {
				t.Errorf("the error says %q, expected %q", said, refusal.says)
			}
		})
	}
}

func parse(ctx context.Context, text string) (attr.Value, error) {
	var definition function.DefinitionResponse
	parser := functions.NewParseCredentialFileFunction()
	parser.Definition(ctx, function.DefinitionRequest{}, &definition)
	result, _ := definition.Definition.Return.NewResultData(ctx)
	resp := function.RunResponse{Result: result}
	parser.Run(ctx, function.RunRequest{Arguments: function.NewArgumentsData([]attr.Value{types.StringValue(text)})}, &resp)
	if resp.Error != nil {
		return nil, resp.Error
	}
	return resp.Result.Value(), nil
}

func TestParseCredentialFile_WhatTheFileLacksIsNull(t *testing.T) {
	for member, want := range map[string]string{
		``: "", `, "created_by": ""`: "", `, "created_by": null`: "", `, "created_by": "ada@example.com"`: "ada@example.com",
		`, "created_by": {"id": 7}`: `{"id": 7}`, `, "project_key_id": "", "api": {}, "kafka": {"username": null}, "allowed_tools": []`: "",
	} {
		value, err := parse(t.Context(), `{"type": "streamkap_project_key"`+member+`}`)
		if err != nil {
			t.Fatal(err)
		}
		for name, attribute := range value.(types.Object).Attributes() {
			switch name {
			case "type", "project":
				if attribute.IsNull() {
					t.Errorf("%s: %s is null", member, name)
				}
			case "created_by":
				if got := attribute.(types.String).ValueString(); got != want {
					t.Errorf("%s: created_by is %q", member, got)
				}
			default:
				if !attribute.IsNull() {
					t.Errorf("%s: %s is %s", member, name, attribute)
				}
			}
		}
	}
}
