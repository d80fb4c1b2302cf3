// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

const typeName = "streamkap_project_key"

// protocol speaks to the provider as Terraform does. What only the newest
// Terraform can do is tested this way, without any.
type protocol struct {
	t       testing.TB
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
	ids     *tfprotov6.ResourceIdentitySchema
}

// speak configures a provider for a service; extra arguments of the provider
// block may follow.
func speak(t *testing.T, s *acctest.Service, arguments map[string]tftypes.Value) *protocol {
	t.Helper()
	server, err := acctest.Factories()["streamkap"]()
	if err != nil {
		t.Fatal(err)
	}
	return speakTo(t, server, s.URL, arguments)
}

func speakTo(t testing.TB, server tfprotov6.ProviderServer, host string, arguments map[string]tftypes.Value) *protocol {
	t.Helper()
	p := &protocol{t: t, server: server}
	var err error
	p.schemas, err = server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	p.check(err, p.schemas.Diagnostics)
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	p.check(err, identities.Diagnostics)
	p.ids = identities.IdentitySchemas[typeName]

	config := map[string]tftypes.Value{
		"host":        stringOf(host),
		"client_id":   stringOf(simulator.DefaultClientID),
		"secret":      stringOf(simulator.DefaultSecret),
		"max_retries": tftypes.NewValue(tftypes.Number, 0),
	}
	for name, value := range arguments {
		config[name] = value
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0",
		Config:           p.object(p.schemas.Provider, config),
	})
	p.check(err, configured.Diagnostics)
	return p
}

func stringOf(value string) tftypes.Value { return tftypes.NewValue(tftypes.String, value) }

func (p *protocol) check(err error, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	if errors := toldBy(diagnostics); errors != "" {
		p.t.Fatal(errors)
	}
}

// toldBy is what diagnostics tell.
func toldBy(diagnostics []*tfprotov6.Diagnostic) string {
	var all []string
	for _, d := range diagnostics {
		all = append(all, fmt.Sprintf("%s: %s: %s", d.Severity, d.Summary, d.Detail))
	}
	return strings.Join(all, "\n")
}

// object encodes a configuration; what is not given is null.
func (p *protocol) object(schema *tfprotov6.Schema, attributes map[string]tftypes.Value) *tfprotov6.DynamicValue {
	p.t.Helper()
	kind, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		p.t.Fatalf("a schema is a %s", schema.ValueType())
	}
	values := map[string]tftypes.Value{}
	for name, attribute := range kind.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
		if value, given := attributes[name]; given {
			values[name] = value
		}
	}
	encoded, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, values))
	p.check(err, nil)
	return &encoded
}

func (p *protocol) decode(kind tftypes.Type, encoded *tfprotov6.DynamicValue) tftypes.Value {
	p.t.Helper()
	value, err := encoded.Unmarshal(kind)
	p.check(err, nil)
	return value
}

// id reads an identity.
func (p *protocol) id(identity *tfprotov6.ResourceIdentityData) string {
	p.t.Helper()
	var attributes map[string]tftypes.Value
	var id string
	p.check(p.decode(p.ids.ValueType(), identity.IdentityData).As(&attributes), nil)
	p.check(attributes["id"].As(&id), nil)
	return id
}

// identity asks for the import of a key by its identity.
func (p *protocol) identity(id string) *tfprotov6.ImportResourceStateRequest {
	p.t.Helper()
	identity, err := tfprotov6.NewDynamicValue(p.ids.ValueType(), tftypes.NewValue(p.ids.ValueType(), map[string]tftypes.Value{"id": stringOf(id)}))
	p.check(err, nil)
	return &tfprotov6.ImportResourceStateRequest{Identity: &tfprotov6.ResourceIdentityData{IdentityData: &identity}}
}

// importAndRead imports a key and reads it.
func (p *protocol) importAndRead(req *tfprotov6.ImportResourceStateRequest) (tftypes.Value, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	req.TypeName = typeName
	imported, err := p.server.ImportResourceState(p.t.Context(), req)
	p.check(err, imported.Diagnostics)
	if len(imported.ImportedResources) != 1 {
		p.t.Fatalf("%d resources were imported", len(imported.ImportedResources))
	}
	resource := imported.ImportedResources[0]
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: typeName, CurrentState: resource.State, CurrentIdentity: resource.Identity, Private: resource.Private,
	})
	p.check(err, nil)
	if len(read.Diagnostics) > 0 {
		return tftypes.Value{}, read.Diagnostics
	}
	if id := p.id(read.NewIdentity); id == "" {
		p.t.Error("the key that was read has no identity")
	}
	return p.decode(p.schemas.ResourceSchemas[typeName].ValueType(), read.NewState), nil
}

// reading configures a provider for a service in memory.
func reading(t testing.TB, s *simulator.Server) *protocol {
	t.Helper()
	return speakTo(t, provider.NewServer("test", provider.WithTransport(s.RoundTripper()))(), "http://localhost", nil)
}

// attributesOf are the attributes of an object, none of one that is null.
func attributesOf(t testing.TB, object tftypes.Value) (attributes values) {
	t.Helper()
	if err := object.As(&attributes); err != nil {
		t.Fatal(err)
	}
	return attributes
}

// textOf is a text in the attributes of an object.
func textOf(t testing.TB, object values, name string) string {
	t.Helper()
	var text *string
	if err := object[name].As(&text); err != nil || text == nil {
		t.Fatalf("%s is %v, %v", name, object[name], err)
	}
	return *text
}

type values = map[string]tftypes.Value

// checking configures a provider that checks its plans, for a service in memory.
func checking(t testing.TB, s *simulator.Server) *protocol {
	t.Helper()
	return speakTo(t, provider.NewServer("test", provider.WithTransport(s.RoundTripper()))(), "http://localhost",
		values{"preflight": tftypes.NewValue(tftypes.Bool, true), "max_retries": tftypes.NewValue(tftypes.Number, 5)})
}

func setOf(items ...tftypes.Value) tftypes.Value {
	return tftypes.NewValue(tftypes.Set{ElementType: tftypes.String}, append([]tftypes.Value{}, items...))
}

// nested is a block, or an attribute that is an object.
func (p *protocol) nested(name string, attributes values) tftypes.Value {
	kind, _ := p.schemas.ResourceSchemas[typeName].ValueType().(tftypes.Object)
	inner, _ := kind.AttributeTypes[name].(tftypes.Object)
	all := values{}
	for attribute, of := range inner.AttributeTypes {
		all[attribute] = tftypes.NewValue(of, nil)
	}
	maps.Copy(all, attributes)
	return tftypes.NewValue(inner, all)
}

func (p *protocol) kafka(username tftypes.Value) tftypes.Value {
	return p.nested("kafka", values{"username": username, "password": stringOf(keptPassword)})
}

// none is the object of a key that is not there.
func (p *protocol) none() *tfprotov6.DynamicValue {
	p.t.Helper()
	kind := p.schemas.ResourceSchemas[typeName].ValueType()
	null, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
	p.check(err, nil)
	return &null
}

// plan plans one key and returns the answer. A nil prior is that of a new key.
func (p *protocol) plan(prior, config values, private []byte) *tfprotov6.PlanResourceChangeResponse {
	schema := p.schemas.ResourceSchemas[typeName]
	state, proposed := p.none(), maps.Clone(config)
	if prior != nil {
		state = p.object(schema, prior)
		for _, computed := range []string{"id", "status", "service_id", "created_at", "api"} {
			if value, there := prior[computed]; there {
				proposed[computed] = value
			}
		}
	}
	planned, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: state, Config: p.object(schema, config), ProposedNewState: p.object(schema, proposed), PriorPrivate: private,
	})
	p.check(err, nil)
	return planned
}

// stateOf is the state of a key with the role Admin.
func (p *protocol) stateOf(key simulator.Key) values {
	return values{
		"id": stringOf(key.ID), "name": stringOf(key.Name), "status": stringOf("active"), "service_id": stringOf(simulator.DefaultServiceID),
		"created_at": stringOf("2026-01-01T00:00:00Z"), "role_ids": setOf(stringOf(simulator.RoleAdmin)),
		"api": p.nested("api", values{
			"client_id": stringOf(key.APIClientID), "client_secret": stringOf("in-the-state"),
			"token_endpoint": stringOf("http://localhost/auth/access-token"), "api_url": stringOf("http://localhost"),
		}),
	}
}

func described(key simulator.Key, description string) values {
	return values{"name": stringOf(key.Name), "description": stringOf(description), "role_ids": setOf(stringOf(simulator.RoleAdmin))}
}

// apply plans a change of a key, or a new one, and makes it. It returns the state after it,
// what is remembered beside it, and what was said.
func (p *protocol) apply(prior, config values) (after values, private []byte, said string) {
	p.t.Helper()
	schema := p.schemas.ResourceSchemas[typeName]
	planned := p.plan(prior, config, nil)
	if said := toldBy(planned.Diagnostics); strings.Contains(said, "ERROR") {
		return prior, nil, said
	}
	state := p.object(schema, prior)
	if prior == nil {
		state = p.none()
	}
	applied, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: state, Config: p.object(schema, config), PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate,
	})
	p.check(err, nil)
	return attributesOf(p.t, p.decode(schema.ValueType(), applied.NewState)), applied.Private, toldBy(applied.Diagnostics)
}

// delete destroys a key, and returns what is said.
func (p *protocol) delete(prior values) string {
	p.t.Helper()
	applied, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: p.object(p.schemas.ResourceSchemas[typeName], prior), PlannedState: p.none(), Config: p.none(),
	})
	p.check(err, nil)
	return toldBy(applied.Diagnostics)
}

// readBack refreshes a state.
func (p *protocol) readBack(prior values) (after values, said string) {
	p.t.Helper()
	schema := p.schemas.ResourceSchemas[typeName]
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: p.object(schema, prior)})
	p.check(err, nil)
	return attributesOf(p.t, p.decode(schema.ValueType(), read.NewState)), toldBy(read.Diagnostics)
}

func (p *protocol) read(state *tfprotov6.DynamicValue, private []byte) *tfprotov6.ReadResourceResponse {
	p.t.Helper()
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: state, Private: private})
	p.check(err, read.Diagnostics)
	return read
}

// planNothing plans a key whose configuration was generated, and expects no
// change. Then what core proposes is the state.
func (p *protocol) planNothing(config *tfprotov6.DynamicValue, state *tfprotov6.ReadResourceResponse) {
	p.t.Helper()
	validated, err := p.server.ValidateResourceConfig(p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName, Config: config})
	p.check(err, validated.Diagnostics)
	planned, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, Config: config, PriorState: state.NewState, ProposedNewState: state.NewState, PriorPrivate: state.Private,
	})
	p.check(err, planned.Diagnostics)
	kind := p.schemas.ResourceSchemas[typeName].ValueType()
	if !p.decode(kind, planned.PlannedState).Equal(p.decode(kind, state.NewState)) || len(planned.RequiresReplace) > 0 {
		p.t.Error("the plan of an adopted key is not empty")
	}
}
