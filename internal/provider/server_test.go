// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

const unseen = "Seen-By-Nobody-1"

// TestServer_EveryCallOfTheProtocol fails for a call that a later
// version of the protocol adds, which would be answered uncleaned. The compiler
// writes the methods of what is embedded, into no file.
func TestServer_EveryCallOfTheProtocol(t *testing.T) {
	own := reflect.TypeFor[*server]()
	for i := range own.NumMethod() {
		method := own.Method(i)
		file, _ := runtime.FuncForPC(method.Func.Pointer()).FileLine(method.Func.Pointer())
		if name := filepath.Base(file); name != "server.go" && name != "server_calls.go" {
			t.Errorf("%s is the framework's: %s", method.Name, file)
		}
	}
	if own.NumMethod() < 25 {
		t.Errorf("only %d methods", own.NumMethod())
	}
}

// TestServer_TextsOfAnAnswerCleaned fills every text that an answer has for
// people with a secret.
func TestServer_TextsOfAnAnswerCleaned(t *testing.T) {
	secret.Add(unseen)
	calls := reflect.TypeFor[framework]()
	for i := range calls.NumMethod() {
		method := calls.Method(i)
		answer := reflect.New(method.Type.Out(0).Elem())
		texts := plant(answer)
		cleanAnswer(answer.Interface())
		if method.Name != "ListResource" && len(texts) == 0 {
			t.Errorf("the answer to %s has no text", method.Name)
		}
		for _, text := range texts {
			if got := text(); strings.Contains(got, unseen) || !strings.Contains(got, secret.Masked) || strings.Contains(got, "\x1b") {
				t.Errorf("%s says %q", method.Name, got)
			}
		}
	}
}

// plant puts a secret into an answer and returns what reads it.
func plant(answer reflect.Value) []func() string {
	const said = "\x1b[31mcannot set " + unseen
	var texts []func() string
	if field := answer.Elem().FieldByName("Diagnostics"); field.IsValid() {
		diagnostic := &tfprotov6.Diagnostic{Summary: said, Detail: said}
		field.Set(reflect.ValueOf([]*tfprotov6.Diagnostic{diagnostic}))
		texts = append(texts, func() string { return diagnostic.Summary }, func() string { return diagnostic.Detail })
	}
	if field := answer.Elem().FieldByName("Error"); field.IsValid() {
		if field.Kind() == reflect.String {
			field.SetString(said)
			return append(texts, field.String)
		}
		failure := &tfprotov6.FunctionError{Text: said}
		field.Set(reflect.ValueOf(failure))
		texts = append(texts, func() string { return failure.Text })
	}
	return texts
}

func TestServer_ErrorOfACallCleaned(t *testing.T) {
	secret.Add(unseen)
	_, err := clean[tfprotov6.StopProviderResponse](nil, errors.New("cannot set "+unseen))
	if err == nil || err.Error() != "cannot set "+secret.Masked {
		t.Errorf("the error is %v", err)
	}
}

// refusing is a framework that repeats what it is asked to plan and to upgrade.
type refusing struct{ framework }

func (refusing) PlanResourceChange(context.Context, *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return &tfprotov6.PlanResourceChangeResponse{Diagnostics: []*tfprotov6.Diagnostic{{Detail: "cannot set Planned-Word-1"}}}, nil
}

func (refusing) UpgradeResourceState(context.Context, *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return &tfprotov6.UpgradeResourceStateResponse{Diagnostics: []*tfprotov6.Diagnostic{{Detail: "cannot set Kept-Word-1"}}}, nil
}

// listing is a framework that lists what it was made with.
type listing struct {
	framework
	stream *tfprotov6.ListResourceServerStream
	err    error
}

func (l listing) ListResource(context.Context, *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	return l.stream, l.err
}

func TestListResource_CleanedWhenAskedFor(t *testing.T) {
	secret.Add(unseen)
	said := tfprotov6.ListResourceResult{Diagnostics: []*tfprotov6.Diagnostic{{Detail: "cannot set " + unseen}}}
	stream := &tfprotov6.ListResourceServerStream{Results: slices.Values([]tfprotov6.ListResourceResult{said, said})}
	got, err := (&server{framework: listing{stream: stream}}).ListResource(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for result := range got.Results {
		if detail := result.Diagnostics[0].Detail; detail != "cannot set "+secret.Masked {
			t.Errorf("it says %q", detail)
		}
		break
	}
	if n := len(slices.Collect(got.Results)); n != 2 {
		t.Errorf("%d are listed", n)
	}
}

func TestListResource_NoStream(t *testing.T) {
	secret.Add(unseen)
	for _, stream := range []*tfprotov6.ListResourceServerStream{nil, {}} {
		got, err := (&server{framework: listing{stream: stream, err: errors.New("no " + unseen)}}).ListResource(t.Context(), nil)
		if got != stream || err == nil || err.Error() != "no "+secret.Masked {
			t.Errorf("got %v, %v", got, err)
		}
	}
}

// TestServer_SecretsOfStateAndConfigurationKnown is about secrets that no request of this
// process has carried yet.
func TestServer_SecretsOfStateAndConfigurationKnown(t *testing.T) {
	s := &server{refusing{}, &StreamkapProvider{}}
	planned, err := s.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		Config: &tfprotov6.DynamicValue{MsgPack: []byte("\x81\xabpassword_wo\xaePlanned-Word-1")},
	})
	if err != nil || planned.Diagnostics[0].Detail != "cannot set "+secret.Masked {
		t.Errorf("%v: %q", err, planned.Diagnostics[0].Detail)
	}
	upgraded, err := s.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		RawState: &tfprotov6.RawState{JSON: []byte(`{"api": {"client_secret": "Kept-Word-1"}}`)},
	})
	if err != nil || upgraded.Diagnostics[0].Detail != "cannot set "+secret.Masked {
		t.Errorf("%v: %q", err, upgraded.Diagnostics[0].Detail)
	}
}

// BenchmarkSchemaServed is what each start of the provider costs, beside the
// process itself.
func BenchmarkSchemaServed(b *testing.B) {
	for b.Loop() {
		if _, err := NewServer("test")().GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
			b.Fatal(err)
		}
	}
}
