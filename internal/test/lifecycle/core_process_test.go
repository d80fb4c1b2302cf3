// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	"github.com/zclconf/go-cty/cty/msgpack"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
)

const typeName = "streamkap_project_key"

// process is one run of the provider. Terraform starts one to plan and
// another one to apply.
type process struct {
	server tfprotov6.ProviderServer
	tf     *terraform
}

// object is what Terraform keeps of the resource from one run to the next.
type object struct {
	value    cty.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

// quiet has no provider write a log.
var quiet = provider.DisableSDKLogs(false)

// call asks the provider. It reports false where there is no response: the provider
// was killed, or returned an error, which is a bug.
func call[Q, A any](ctx context.Context, p *process, ask func(context.Context, Q) (A, error), request Q) (answer A, ok bool) {
	answer, err := ask(ctx, request)
	if p.tf.killed.Load() {
		return *new(A), false
	}
	p.bug(fmt.Sprintf("%T", request), err)
	return answer, err == nil
}

// start starts a provider and configures it.
func (tf *terraform) start(ctx context.Context) *process {
	p := &process{server: provider.NewServer("test", provider.WithTransport(tf.transport), quiet)(), tf: tf}
	tf.running.Store(p)
	response, ok := call(ctx, p, p.server.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0",
		Config:           p.encode(tf.providerConfig),
	})
	if ok {
		p.report("configure", response.Diagnostics)
	}
	return p
}

// encode puts a value on the wire.
func (p *process) encode(value cty.Value) *tfprotov6.DynamicValue {
	data, err := msgpack.Marshal(value, value.Type())
	must(err)
	return &tfprotov6.DynamicValue{MsgPack: data}
}

// decode takes a response off the wire. It has to fit the schema, without a value of
// a write-only attribute.
func (p *process) decode(call string, from *tfprotov6.DynamicValue) cty.Value {
	null := cty.NullVal(resourceSchema.ty)
	if from == nil {
		return null
	}
	p.tf.expose(call+": value", from.MsgPack)
	value, err := msgpack.Unmarshal(from.MsgPack, resourceSchema.ty)
	if err != nil {
		p.bug(call, err)
		return null
	}
	p.bug(call, resourceSchema.writeOnly(value)...)
	return value
}

// bug notes what Terraform would call a bug in the provider.
func (p *process) bug(call string, errs ...error) {
	for _, err := range errs {
		if err != nil {
			p.tf.outcome.bugs = append(p.tf.outcome.bugs, fmt.Errorf("%s: %w", call, err))
		}
	}
}

// report notes diagnostics and returns whether there is an error among them.
func (p *process) report(call string, diags []*tfprotov6.Diagnostic) (failed bool) {
	for _, diag := range diags {
		p.tf.expose(call+": diagnostic", []byte(diag.Summary+"\n"+diag.Detail))
		failed = failed || diag.Severity == tfprotov6.DiagnosticSeverityError
	}
	p.tf.outcome.diags = append(p.tf.outcome.diags, diags...)
	return failed
}

func (p *process) validate(ctx context.Context, config cty.Value) bool {
	response, ok := call(ctx, p, p.server.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: typeName, Config: p.encode(config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	return ok && !p.report("validate", response.Diagnostics)
}

// upgrade reads the state from its file.
func (p *process) upgrade(ctx context.Context, from *object) *object {
	data, err := ctyjson.Marshal(from.value, resourceSchema.ty)
	must(err)
	p.tf.expose("state file", data)
	response, ok := call(ctx, p, p.server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: typeName, RawState: &tfprotov6.RawState{JSON: data},
	})
	if !ok {
		return from
	}
	if p.report("upgrade", response.Diagnostics) {
		p.bug("upgrade", errors.New("the provider can't read its own state"))
		return from
	}
	upgraded := *from
	upgraded.value = normalize(p.decode("upgrade", response.UpgradedState))
	if !upgraded.value.RawEquals(normalize(from.value)) {
		p.bug("upgrade", fmt.Errorf("the state changed from %#v to %#v on its way through the file", from.value, upgraded.value))
	}
	return &upgraded
}

// read refreshes. It returns nil for an object that is gone, and false where the
// provider could not tell.
func (p *process) read(ctx context.Context, from *object) (*object, bool) {
	response, ok := call(ctx, p, p.server.ReadResource, &tfprotov6.ReadResourceRequest{
		TypeName: typeName, CurrentState: p.encode(from.value), Private: from.private, CurrentIdentity: from.identity,
	})
	if !ok {
		return from, false
	}
	p.tf.expose("read: private", response.Private)
	if p.report("read", response.Diagnostics) {
		return from, false
	}
	value := normalize(p.decode("read", response.NewState))
	if value.IsNull() {
		return nil, true
	}
	if !value.IsWhollyKnown() {
		p.bug("read", fmt.Errorf("unknown values in %#v", value))
	}
	return &object{value: value, private: response.Private, identity: response.NewIdentity, tainted: from.tainted}, true
}

// importState asks for an object by its id, plain or as an identity.
func (p *process) importState(ctx context.Context, id string, byIdentity bool) *object {
	request := &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id}
	if byIdentity {
		request.ID = ""
		request.Identity = &tfprotov6.ResourceIdentityData{
			IdentityData: p.encode(cty.ObjectVal(map[string]cty.Value{"id": cty.StringVal(id)})),
		}
	}
	response, ok := call(ctx, p, p.server.ImportResourceState, request)
	if !ok || p.report("import", response.Diagnostics) {
		return nil
	}
	if len(response.ImportedResources) != 1 {
		p.bug("import", fmt.Errorf("%d resources imported", len(response.ImportedResources)))
		return nil
	}
	from := response.ImportedResources[0]
	p.tf.expose("import: private", from.Private)
	return &object{value: normalize(p.decode("import", from.State)), private: from.Private, identity: from.Identity}
}
