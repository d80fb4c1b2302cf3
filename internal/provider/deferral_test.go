// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// unknownHost configures a server with a host that is not known yet, for a client
// that allows deferral or does not.
func unknownHost(t *testing.T, allowed bool) (tfprotov6.ProviderServer, *tfprotov6.GetProviderSchemaResponse) {
	t.Helper()
	server := NewServer("test")()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config:             valueOf(t, schemas.Provider, map[string]any{"host": tftypes.UnknownValue}),
		ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{DeferralAllowed: allowed},
	})
	if err != nil || len(configured.Diagnostics) > 0 {
		t.Fatal(err, configured.Diagnostics)
	}
	return server, schemas
}

// valueOf encodes an object of which only texts are given; nil is a null one.
func valueOf(t *testing.T, schema *tfprotov6.Schema, texts map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	kind, _ := schema.ValueType().(tftypes.Object)
	value := tftypes.NewValue(kind, nil)
	if texts != nil {
		all := map[string]tftypes.Value{}
		for name, of := range kind.AttributeTypes {
			all[name] = tftypes.NewValue(of, texts[name])
		}
		value = tftypes.NewValue(kind, all)
	}
	encoded, err := tfprotov6.NewDynamicValue(kind, value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

// TestConfigure_UnknownDefers makes every call that would need a
// request.
func TestConfigure_UnknownDefers(t *testing.T) {
	server, schemas := unknownHost(t, true)
	const key, who = "streamkap_project_key", "streamkap_whoami"
	state := valueOf(t, schemas.ResourceSchemas[key], map[string]any{"id": "an-id", "name": "orders"})
	null := valueOf(t, schemas.ResourceSchemas[key], nil)
	config := valueOf(t, schemas.ResourceSchemas[key], map[string]any{"name": "orders"})
	nothing := valueOf(t, schemas.DataSourceSchemas[who], map[string]any{})

	read, err := server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: key, CurrentState: state, ClientCapabilities: &tfprotov6.ReadResourceClientCapabilities{DeferralAllowed: true},
	})
	wantDeferred(t, "read", err, read.Diagnostics, read.Deferred)
	planned, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: key, PriorState: null, Config: config, ProposedNewState: config,
		ClientCapabilities: &tfprotov6.PlanResourceChangeClientCapabilities{DeferralAllowed: true},
	})
	wantDeferred(t, "plan", err, planned.Diagnostics, planned.Deferred)
	imported, err := server.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{
		TypeName: key, ID: "an-id", ClientCapabilities: &tfprotov6.ImportResourceStateClientCapabilities{DeferralAllowed: true},
	})
	wantDeferred(t, "import", err, imported.Diagnostics, imported.Deferred)
	asked, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: who, Config: nothing, ClientCapabilities: &tfprotov6.ReadDataSourceClientCapabilities{DeferralAllowed: true},
	})
	wantDeferred(t, "data source", err, asked.Diagnostics, asked.Deferred)
	opened, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: "streamkap_access_token", Config: valueOf(t, schemas.EphemeralResourceSchemas["streamkap_access_token"], map[string]any{"use_provider_credentials": true}),
		ClientCapabilities: &tfprotov6.OpenEphemeralResourceClientCapabilities{DeferralAllowed: true},
	})
	wantDeferred(t, "ephemeral resource", err, opened.Diagnostics, opened.Deferred)
}

func wantDeferred(t *testing.T, call string, err error, diagnostics []*tfprotov6.Diagnostic, deferred *tfprotov6.Deferred) {
	t.Helper()
	if err != nil || len(diagnostics) > 0 {
		t.Errorf("%s: %v, %v", call, err, diagnostics)
	}
	if deferred == nil || deferred.Reason != tfprotov6.DeferredReasonProviderConfigUnknown {
		t.Errorf("%s: deferred is %+v", call, deferred)
	}
}

// TestConfigure_UnknownFailsWithoutDeferral also covers that a
// new key can be planned all the same.
func TestConfigure_UnknownFailsWithoutDeferral(t *testing.T) {
	server, schemas := unknownHost(t, false)
	const who = "streamkap_whoami"
	asked, err := server.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: who, Config: valueOf(t, schemas.DataSourceSchemas[who], map[string]any{})})
	if err != nil || asked.Deferred != nil || len(asked.Diagnostics) != 1 || asked.Diagnostics[0].Summary != "No usable Streamkap credentials" {
		t.Errorf("%v, %+v", err, asked)
	}
	const key = "streamkap_project_key"
	config := valueOf(t, schemas.ResourceSchemas[key], map[string]any{"name": "orders"})
	planned, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: key, PriorState: valueOf(t, schemas.ResourceSchemas[key], nil), Config: config, ProposedNewState: config,
	})
	if err != nil || planned.Deferred != nil || len(planned.Diagnostics) > 0 {
		t.Errorf("%v, %+v", err, planned)
	}
}
