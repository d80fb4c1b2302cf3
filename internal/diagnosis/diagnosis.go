// SPDX-License-Identifier: MPL-2.0

// Package diagnosis turns the API client's errors into diagnostics for people: what
// happened, what the API said, and what to do now. Summaries are static; details
// carry the facts. Neither holds a secret.
package diagnosis

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// Operation is what was under way when an error was met.
type Operation struct {
	// Action completes the sentence "Could not …", with the thing's name and id.
	Action string
	// Permission is what the operation needs, and who has it.
	Permission string
	// Own explains kinds of failures that only such operations have. What is empty in
	// it is as in others.
	Own map[streamkap.Kind]Explanation
}

// maxName is the longest name of a key in bytes: 100 characters of up to four.
const maxName = 400

// Show prepares a text from the service for a diagnostic: see [secret.Show].
func Show[T ~string](text T) string { return secret.Show(string(text), maxName) }

// Quote shows a text in quotes.
func Quote[T ~string](text T) string { return secret.Quote(string(text), maxName) }

// Explain returns the summary and the detail of a diagnostic. Where every request
// of a run meets the same failure, the first one explained says everything, and the
// others are two lines.
func Explain(operation Operation, err error) (summary, detail string) {
	summary, advice := advise(operation, err)
	failed := fmt.Sprintf("Could not %s", operation.Action)
	var shared *streamkap.SharedError
	isShared := errors.As(err, &shared)
	if isShared && !shared.ReportsAll() {
		return summary, failed + ": see the first error of this run."
	}
	parts := []string{failed + ".", Said(err)}
	if asked := askedAs(err); asked != "" {
		parts = append(parts, "The provider asked "+asked+".")
	}
	parts = slices.DeleteFunc(append(parts, advice), func(part string) bool { return part == "" })
	return summary, strings.Join(parts, "\n\n")
}

// askedAs says which host was asked and as whom, where that may be what is wrong
// and the error does not say so itself.
func askedAs(err error) string {
	var shared *streamkap.SharedError
	var refusal *streamkap.Error
	switch kind := streamkap.KindOf(err); {
	case kind == streamkap.KindOtherProject, kind == streamkap.KindUnusable:
		return ""
	case errors.As(err, &shared):
		return shared.Asked
	case kind == streamkap.KindPermission && errors.As(err, &refusal):
		return refusal.Asked
	}
	return ""
}

// Said is what the API answered, or why there was no answer.
func Said(err error) string {
	var (
		apiError *streamkap.Error
		open     *transport.OpenError
	)
	kind := streamkap.KindOf(err)
	switch {
	case kind == streamkap.KindUnusable:
		return ""
	case kind == streamkap.KindUnconfirmed, kind == streamkap.KindInvalidResponse, errors.As(err, &open):
		return sentence(err.Error())
	case errors.As(err, &apiError) && apiError.Invalid == nil:
		return answered(apiError)
	case errors.Is(err, context.Canceled):
		return "The operation was interrupted."
	case err == context.DeadlineExceeded: //nolint:errorlint // One that is wrapped says what was waited for.
		return "The timeout ended before Streamkap had answered in full."
	}
	return sentence(err.Error())
}

func answered(apiError *streamkap.Error) string {
	text := fmt.Sprintf("Streamkap answered %s %s with HTTP %d", apiError.Method, apiError.Path, apiError.Status)
	if name := http.StatusText(apiError.Status); name != "" {
		text += " " + name
	}
	if apiError.RequestID != "" {
		text += ", request id " + apiError.RequestID
	}
	if apiError.Wait > 0 {
		text += fmt.Sprintf(", and asked to wait %s", apiError.Wait)
	}
	switch {
	case apiError.Detail != "":
		text += ": " + apiError.Detail
	case apiError.HTML:
		text += " and a web page instead of JSON, which is what a gateway in front of the API sends"
	}
	lines := []string{sentence(text)}
	for _, field := range apiError.Fields {
		lines = append(lines, fmt.Sprintf("  - %s: %s", strings.Join(field.Loc, "."), field.Message))
	}
	return strings.Join(lines, "\n")
}

func capital(text string) string {
	if first, size := utf8.DecodeRuneInString(text); size > 0 {
		return string(unicode.ToUpper(first)) + text[size:]
	}
	return text
}

func sentence(text string) string {
	text = capital(text)
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "…") {
		return text
	}
	return text + "."
}

// Client is what the provider hands to everything that it serves. Terraform also
// configures without a provider, to validate a configuration; then it is nil.
func Client(data any, diags *diag.Diagnostics) *streamkap.Client {
	client, ok := data.(*streamkap.Client)
	if data != nil && !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("The provider handed over a %T. This is a defect of the provider: please report it.", data))
	}
	return client
}
