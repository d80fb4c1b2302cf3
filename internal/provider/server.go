// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

var _ framework = &server{}

// framework is the framework's server. The provider has neither actions nor
// state stores, the other things that a server may be able to do.
type framework interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
}

// NewServer serves a provider whose diagnostics show no secret and command no
// terminal. The provider is served in no other way.
func NewServer(version string, options ...Option) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		// That the framework's server lists resources is not in its type.
		p, _ := New(version, options...)().(*StreamkapProvider)
		inner, _ := providerserver.NewProtocol6(p)().(framework)
		return &server{inner, p}
	}
}

// server cleans what the framework's server answers.
type server struct {
	framework
	provider *StreamkapProvider
}

// clean takes secrets out of an answer.
func clean[R any](resp *R, err error) (*R, error) {
	if err != nil {
		err = errors.New(secret.Clean(err.Error()))
	}
	if resp != nil {
		cleanAnswer(resp)
	}
	return resp, err
}

// cleanAnswer cleans what people read of an answer. In every answer of the protocol
// that is in a field of one of these two names.
func cleanAnswer(resp any) {
	for _, name := range []string{"Diagnostics", "Error"} {
		field := reflect.ValueOf(resp).Elem().FieldByName(name)
		if !field.IsValid() {
			continue
		}
		switch said := field.Interface().(type) {
		case []*tfprotov6.Diagnostic:
			cleanDiagnostics(said)
		case *tfprotov6.FunctionError:
			if said != nil {
				said.Text = secret.Clean(said.Text)
			}
		case string:
			field.SetString(secret.Clean(said))
		}
	}
}

func cleanDiagnostics(diags []*tfprotov6.Diagnostic) {
	for _, diagnostic := range diags {
		if diagnostic != nil {
			diagnostic.Summary = secret.Clean(diagnostic.Summary)
			diagnostic.Detail = secret.Clean(diagnostic.Detail)
		}
	}
}

// ListResource cleans each result when it is asked for.
func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := clean(s.framework.ListResource(ctx, req))
	if stream == nil || stream.Results == nil {
		return stream, err
	}
	results := stream.Results
	stream.Results = func(yield func(tfprotov6.ListResourceResult) bool) {
		for result := range results {
			cleanDiagnostics(result.Diagnostics)
			result.DisplayName = secret.Clean(result.DisplayName)
			if !yield(result) {
				return
			}
		}
	}
	return stream, err
}

// UpgradeResourceState is the first call of a run about a key. It makes the secrets
// in the state known, which an earlier run issued. Where nothing is refreshed, it is
// the only call about a tainted key.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if req.RawState != nil {
		secret.AddMembers(req.RawState.JSON)
		if keys := s.provider.keys.Load(); keys != nil {
			keys.NoteState(req.TypeName, req.RawState.JSON)
		}
	}
	return clean(s.framework.UpgradeResourceState(ctx, req))
}

// PlanResourceChange makes the passwords in the configuration known. A later call
// sends them, or an earlier run has sent them and the state does not have them.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if req.Config != nil {
		secret.AddMsgpack(req.Config.MsgPack, "password", "password_wo")
	}
	return clean(s.framework.PlanResourceChange(ctx, req))
}
