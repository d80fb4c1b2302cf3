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

// NewServer serves a provider whose diagnostics show no secret of this process
// and command no terminal, whatever call made them. It is the only way in which
// the provider is served.
func NewServer(version string, options ...Option) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		// That the framework's server lists resources is not in its type.
		p, _ := New(version, options...)().(*StreamkapProvider)
		inner, _ := providerserver.NewProtocol6(p)().(framework)
		return &server{inner, p}
	}
}

// server looks through what the framework's server answers, as the last that
// does.
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

// cleanAnswer cleans what people read of an answer, which is in fields of these
// two names in every answer of the protocol.
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

// ListResource cleans what is listed as it is asked for.
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

// UpgradeResourceState is the first that a run tells of a key. The secrets that
// an earlier run put into the state are to be shown no more than those of this
// one. And no other call tells of a tainted key where nothing is refreshed.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if req.RawState != nil {
		secret.AddMembers(req.RawState.JSON)
		if keys := s.provider.keys.Load(); keys != nil {
			keys.NoteState(req.RawState.JSON)
		}
	}
	return clean(s.framework.UpgradeResourceState(ctx, req))
}

// PlanResourceChange is told of passwords that a later call sends, or that an
// earlier run has sent and that are nowhere but in the configuration.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if req.Config != nil {
		secret.AddMsgpack(req.Config.MsgPack, "password", "password_wo")
	}
	return clean(s.framework.PlanResourceChange(ctx, req))
}
