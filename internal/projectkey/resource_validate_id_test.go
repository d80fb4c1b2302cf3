// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

const pastedFile = `{"type": "streamkap_project_key", "api": {"client_id": "an-id", "client_secret": "pasted-by-mistake"}}`

// implausible are ids that no key can have.
var implausible = []string{
	".", "..", " ", "an id", "{an-id}", "a/b", pastedFile, base64.StdEncoding.EncodeToString([]byte(pastedFile)), strings.Repeat("a", 129),
}

func TestIDThatNoKeyCanHaveIsRefusedBeforeAnyRequestAndNotRepeated(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	p := speak(t, s, nil)
	for _, id := range implausible {
		byIdentity := p.identity(id)
		byIdentity.TypeName = typeName
		for _, req := range []*tfprotov6.ImportResourceStateRequest{{TypeName: typeName, ID: id}, byIdentity} {
			imported, err := p.server.ImportResourceState(t.Context(), req)
			p.check(err, nil)
			wantRefused(t, id, imported.Diagnostics)
			if len(imported.ImportedResources) > 0 {
				t.Errorf("%q is imported", id)
			}
		}
		for name, argument := range map[string]string{typeName: "id", "streamkap_mcp_config": "project_key_id"} {
			config := p.object(p.schemas.DataSourceSchemas[name], map[string]tftypes.Value{argument: stringOf(id)})
			validated, err := p.server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
			p.check(err, nil)
			wantRefused(t, id, validated.Diagnostics)
			read, err := p.server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
			p.check(err, nil)
			wantRefused(t, id, read.Diagnostics)
		}
	}
	if requests := s.Requests(); len(requests) > 0 {
		t.Errorf("%d requests, the first to %s", len(requests), requests[0].Path)
	}
}

func wantRefused(t *testing.T, id string, diagnostics []*tfprotov6.Diagnostic) {
	t.Helper()
	told := toldBy(diagnostics)
	if len(diagnostics) != 1 || !strings.Contains(told, "Not the id of a project key") {
		t.Errorf("%q: %q", id, told)
	}
	if len(id) > 2 && strings.Contains(told, id) || strings.Contains(told, "pasted-by-mistake") {
		t.Errorf("the error repeats the id: %q", told)
	}
}
