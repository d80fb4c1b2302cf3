// SPDX-License-Identifier: MPL-2.0

package projectkey_test

import (
	"context"
	"iter"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
)

const typeName = "streamkap_project_key"

// protocol speaks to the provider as Terraform does. What only the newest
// Terraform can do is tested this way, without any.
type protocol struct {
	t       testing.TB
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
	// key is the type of the resource, and ids that of its identity.
	key, ids tftypes.Type
}

// service is a service in memory in which something goes wrong. An empty fault is none.
func service(faults ...simulator.Fault) *simulator.Server {
	s := simulator.New(simulator.Config{})
	for _, fault := range faults {
		if !reflect.ValueOf(fault).IsZero() {
			s.Inject(fault)
		}
	}
	return s
}

// connect configures a provider for a service in memory; extra arguments of the
// provider block may follow.
func connect(t testing.TB, s *simulator.Server, arguments ...values) *protocol {
	t.Helper()
	return connectBy(t, s.RoundTripper(), arguments...)
}

// checking configures a provider that checks its plans.
func checking(t testing.TB, s *simulator.Server) *protocol {
	t.Helper()
	return connect(t, s, values{"preflight": true, "max_retries": 5})
}

func connectBy(t testing.TB, transport http.RoundTripper, arguments ...values) *protocol {
	t.Helper()
	p := &protocol{t: t, server: provider.NewServer("test", provider.WithTransport(transport))()}
	var err error
	p.schemas, err = p.server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	p.check(err, p.schemas.Diagnostics)
	p.key = p.schemas.ResourceSchemas[typeName].ValueType()
	identities, err := p.server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	p.check(err, identities.Diagnostics)
	p.ids = identities.IdentitySchemas[typeName].ValueType()

	config := values{"host": "http://localhost", "client_id": simulator.DefaultClientID, "secret": simulator.DefaultSecret, "max_retries": 0}
	for _, more := range arguments {
		config = with(config, more)
	}
	configured, err := p.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", Config: p.encode(p.schemas.Provider.ValueType(), config),
	})
	p.check(err, configured.Diagnostics)
	return p
}

func (p *protocol) check(err error, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	if errors := toldBy(diagnostics); errors != "" {
		p.t.Fatal(errors)
	}
}

// encode encodes an object; there is none where it is nil.
func (p *protocol) encode(of tftypes.Type, object values) *tfprotov6.DynamicValue {
	p.t.Helper()
	var value any
	if object != nil {
		value = object
	}
	encoded, err := tfprotov6.NewDynamicValue(of, encode(of, value))
	p.check(err, nil)
	return &encoded
}

func (p *protocol) decode(of tftypes.Type, encoded *tfprotov6.DynamicValue) values {
	p.t.Helper()
	value, err := encoded.Unmarshal(of)
	p.check(err, nil)
	object, _ := decode(value).(values)
	return object
}

// id reads an identity.
func (p *protocol) id(identity *tfprotov6.ResourceIdentityData) string {
	p.t.Helper()
	id, _ := p.decode(p.ids, identity.IdentityData)["id"].(string)
	return id
}

// answer is what the provider answers to a call about a key.
type answer struct {
	// key is the state after it, or the planned one. It is nil where there is none.
	key         values
	private     []byte
	diagnostics []*tfprotov6.Diagnostic
	// said is what the diagnostics tell.
	said string
	// replaces is that a plan replaces the key.
	replaces bool
}

// computed are the attributes that a plan takes from the state.
var computed = []string{"id", "status", "service_id", "created_at", "api", "credential_json"}

// plan plans one key. A nil prior is that of a new key, a nil config that of one that is deleted.
func (p *protocol) plan(prior, config values, private []byte) answer {
	p.t.Helper()
	proposed := config
	if prior != nil && config != nil {
		proposed = with(config, nil)
		for _, name := range computed {
			proposed[name] = prior[name]
		}
	}
	planned, err := p.server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: typeName, PriorState: p.encode(p.key, prior), Config: p.encode(p.key, config), ProposedNewState: p.encode(p.key, proposed), PriorPrivate: private,
	})
	p.check(err, nil)
	return answer{p.decode(p.key, planned.PlannedState), planned.PlannedPrivate, planned.Diagnostics, toldBy(planned.Diagnostics), len(planned.RequiresReplace) > 0}
}

// carryOut makes a change that was planned.
func (p *protocol) carryOut(prior, config values, planned answer) answer {
	p.t.Helper()
	applied, err := p.server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: typeName, PriorState: p.encode(p.key, prior), Config: p.encode(p.key, config),
		PlannedState: p.encode(p.key, planned.key), PlannedPrivate: planned.private,
	})
	p.check(err, nil)
	if value, err := applied.NewState.Unmarshal(p.key); err != nil || !value.IsFullyKnown() {
		p.t.Errorf("the state is not known as a whole: %s, %v", value, err)
	}
	return answer{key: p.decode(p.key, applied.NewState), private: applied.Private, diagnostics: applied.Diagnostics, said: toldBy(applied.Diagnostics)}
}

// apply plans a change of a key, or a new one, and makes it. A plan that is refused
// leaves everything as it is.
func (p *protocol) apply(prior, config values) answer {
	p.t.Helper()
	planned := p.plan(prior, config, nil)
	if strings.Contains(planned.said, "ERROR") {
		return answer{key: prior, said: planned.said}
	}
	return p.carryOut(prior, config, planned)
}

// delete destroys a key, and returns what is said.
func (p *protocol) delete(prior values) string {
	p.t.Helper()
	return p.carryOut(prior, nil, answer{}).said
}

// read refreshes a state.
func (p *protocol) read(prior values, private []byte) answer {
	p.t.Helper()
	read, err := p.server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: typeName, CurrentState: p.encode(p.key, prior), Private: private})
	p.check(err, nil)
	if got := p.id(read.NewIdentity); got != prior["id"] {
		p.t.Errorf("the key %s is read with the identity %q", prior["id"], got)
	}
	return answer{key: p.decode(p.key, read.NewState), private: read.Private, diagnostics: read.Diagnostics, said: toldBy(read.Diagnostics)}
}

// importBy imports a key by its id, or by its identity, and reads it.
func (p *protocol) importBy(id string, identity bool) answer {
	p.t.Helper()
	req := &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id}
	if identity {
		req.ID, req.Identity = "", &tfprotov6.ResourceIdentityData{IdentityData: p.encode(p.ids, values{"id": id})}
	}
	imported, err := p.server.ImportResourceState(p.t.Context(), req)
	p.check(err, nil)
	if len(imported.Diagnostics) > 0 {
		return answer{diagnostics: imported.Diagnostics, said: toldBy(imported.Diagnostics)}
	}
	if len(imported.ImportedResources) != 1 {
		p.t.Fatalf("%d resources were imported", len(imported.ImportedResources))
	}
	resource := imported.ImportedResources[0]
	return p.read(p.decode(p.key, resource.State), resource.Private)
}

// generate generates the configuration of a key, which has to be valid.
func (p *protocol) generate(state values) values {
	p.t.Helper()
	generated, err := p.server.GenerateResourceConfig(p.t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: typeName, State: p.encode(p.key, state)})
	p.check(err, generated.Diagnostics)
	validated, err := p.server.ValidateResourceConfig(p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: typeName, Config: generated.Config})
	p.check(err, validated.Diagnostics)
	return p.decode(p.key, generated.Config)
}

// data reads a data source. It returns its attributes, or what went wrong.
func (p *protocol) data(name string, arguments values) (read values, refusal string) {
	p.t.Helper()
	of := p.schemas.DataSourceSchemas[name].ValueType()
	config := p.encode(of, with(arguments, nil))
	validated, err := p.server.ValidateDataResourceConfig(p.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
	p.check(err, nil)
	if len(validated.Diagnostics) > 0 {
		return nil, toldBy(validated.Diagnostics)
	}
	answered, err := p.server.ReadDataSource(p.t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
	p.check(err, nil)
	if len(answered.Diagnostics) > 0 {
		return nil, toldBy(answered.Diagnostics)
	}
	return p.decode(of, answered.State), ""
}

// list asks for a list. Its results may be one that refuses the configuration.
func (p *protocol) list(config values, include bool, limit int64) []tfprotov6.ListResourceResult {
	p.t.Helper()
	encoded := p.encode(p.schemas.ListResourceSchemas[typeName].ValueType(), with(config, nil))
	validated, err := p.lists().ValidateListResourceConfig(p.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{TypeName: typeName, Config: encoded})
	p.check(err, nil)
	if len(validated.Diagnostics) > 0 {
		return []tfprotov6.ListResourceResult{{Diagnostics: validated.Diagnostics}}
	}
	return slices.Collect(p.stream(p.t.Context(), config, include, limit))
}

// stream are the results of a list as they come.
func (p *protocol) stream(ctx context.Context, config values, include bool, limit int64) iter.Seq[tfprotov6.ListResourceResult] {
	p.t.Helper()
	stream, err := p.lists().ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: p.encode(p.schemas.ListResourceSchemas[typeName].ValueType(), with(config, nil)), IncludeResource: include, Limit: limit,
	})
	p.check(err, nil)
	return stream.Results
}

func (p *protocol) lists() tfprotov6.ListResourceServer {
	server, ok := p.server.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the provider serves no list resources")
	}
	return server
}

// kafkaUser is a kafka block.
func kafkaUser(username any) values { return values{"username": username, "password": keptPassword} }

// stateOf is the state of a key with the role Admin.
func stateOf(key simulator.Key) values {
	return values{
		"id": key.ID, "name": key.Name, "status": "active", "service_id": simulator.DefaultServiceID,
		"created_at": "2026-01-01T00:00:00Z", "role_ids": []any{simulator.RoleAdmin},
		"api": values{
			"client_id": key.APIClientID, "client_secret": "in-the-state",
			"token_endpoint": "http://localhost/auth/access-token", "api_url": "http://localhost",
		},
	}
}

// orders is the configuration of a key with the role Admin, with more in it.
func orders(more values) values {
	return with(values{"name": "orders", "role_ids": []any{simulator.RoleAdmin}}, more)
}

// seedOrders puts the key of that configuration there.
func seedOrders(s *simulator.Server) simulator.Key {
	return s.Seed(simulator.Key{Name: "orders", RoleIDs: []string{simulator.RoleAdmin}})
}
