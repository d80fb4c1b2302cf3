package provider

import (
	"errors"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

const unseen = "Seen-By-Nobody-1"

// TestEveryCallOfTheProtocolIsTheServersOwn fails for a call that a later
// version of the protocol adds, which would be answered uncleaned. The compiler
// writes the methods of what is embedded, into no file.
func TestEveryCallOfTheProtocolIsTheServersOwn(t *testing.T) {
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

// TestWhatPeopleReadOfAnAnswerIsCleaned fills every text that an answer has for
// people with a secret.
func TestWhatPeopleReadOfAnAnswerIsCleaned(t *testing.T) {
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

func TestErrorOfACallIsCleaned(t *testing.T) {
	secret.Add(unseen)
	_, err := clean[tfprotov6.StopProviderResponse](nil, errors.New("cannot set "+unseen))
	if err == nil || err.Error() != "cannot set "+secret.Masked {
		t.Errorf("the error is %v", err)
	}
}
