// Package diagnosis turns the API client's errors into what a person is told:
// what happened, what the API said, and what to do now. Summaries are static;
// details carry the facts. Neither holds a secret.
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

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

// Operation is what was under way when an error was met.
type Operation struct {
	// Action completes the sentence "Could not …", with the key's name and id.
	Action string
	// Permission is what the operation needs, and who has it.
	Permission string
}

// ManageKeys is the permission that every change of a project key needs
// (contract, "Errors").
const ManageKeys = "the Project Keys write permission, which the roles Admin and Data Admin include"

// Summaries that say which attribute is at fault.
const (
	KafkaUnavailable = "Kafka access is not to be had in this project"
	UsernameTaken    = "Kafka username is taken"
	NameTaken        = "Name is taken"
)

// Explain returns the summary and the detail of a diagnostic.
func Explain(operation Operation, err error) (summary, detail string) {
	summary, advice := classify(operation, err)
	parts := []string{fmt.Sprintf("Could not %s.", operation.Action)}
	for _, part := range []string{Said(err), advice} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return summary, strings.Join(parts, "\n\n")
}

// Said tells what the API answered, or why there was no answer.
func Said(err error) string {
	var (
		apiError *streamkap.Error
		unusable *streamkap.UnusableError
	)
	switch {
	case errors.As(err, &unusable):
		return ""
	case errors.As(err, &apiError):
		return answered(apiError)
	case errors.Is(err, context.Canceled):
		return "The operation was interrupted."
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

func sentence(text string) string {
	if first, size := utf8.DecodeRuneInString(text); size > 0 {
		text = string(unicode.ToUpper(first)) + text[size:]
	}
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "…") {
		return text
	}
	return text + "."
}

// classify finds the summary and what to do.
func classify(operation Operation, err error) (summary, advice string) {
	var (
		unusable *streamkap.UnusableError
		auth     *streamkap.AuthenticationError
		lost     *streamkap.LostAnswerError
		held     *streamkap.HeldBackError
		apiError *streamkap.Error
		answer   *streamkap.AnswerError
	)
	switch {
	case errors.As(err, &lost):
		return "Streamkap's answer was lost", "The request may have been carried out, and it was not repeated. Check in Streamkap what became of it, then run Terraform again."
	case errors.As(err, &unusable):
		return "No usable Streamkap credentials", unusable.Reason
	case errors.As(err, &auth) && errors.As(err, &apiError) && apiError.Status < 500 && apiError.Status != http.StatusTooManyRequests:
		return "Streamkap credentials refused", "Check the client_id and secret, or the project_key, that the provider is given: " +
			"they may be mistyped, belong to a key that was deleted, or belong to another Streamkap host."
	case errors.As(err, &apiError):
		return classifyAnswer(operation, apiError)
	case errors.As(err, &held):
		return rateLimited()
	case errors.As(err, &answer):
		return "Streamkap's answer can't be understood", "Check that host is the base URL of the Streamkap API. " +
			"If it is, report the request id to Streamkap's support."
	case errors.Is(err, context.DeadlineExceeded):
		return "Streamkap did not answer in time", "Run Terraform again. If it keeps happening, check status and network, and raise the timeouts of the resource."
	case errors.Is(err, context.Canceled):
		return "Interrupted", "Run Terraform again to go on."
	default:
		return "Streamkap can't be reached", "Check host, network, proxy and firewall, and run Terraform again."
	}
}

func classifyAnswer(operation Operation, apiError *streamkap.Error) (summary, advice string) {
	switch status := apiError.Status; {
	case status == http.StatusUnauthorized:
		return "Streamkap credentials refused", "The API refused a fresh token. The credentials may have been revoked meanwhile: check them and run Terraform again."
	case status == http.StatusForbidden && !apiError.HTML:
		return "Permission missing", "The provider's credentials lack " + operation.Permission + ". Give them a role that has it, or use other credentials."
	case status == http.StatusTooManyRequests:
		return rateLimited()
	case status >= 500:
		return "Streamkap failed", "This is a fault on Streamkap's side that often passes. Run Terraform again; if it stays, report the request id to Streamkap's support."
	}
	detail := strings.ToLower(apiError.Detail)
	for _, refusal := range refusals {
		if refusal.matches(apiError, detail) {
			return refusal.summary, refusal.advice
		}
	}
	if isGone(apiError, detail) {
		return "Project key not found", "The key may have been deleted by someone else, or belong to another tenant. Run terraform plan to see what is left to do."
	}
	if apiError.HTML || apiError.Status < 400 {
		return "Streamkap can't be reached", "This does not come from the Streamkap API. Check that host is its base URL, and what proxy or firewall stands in between."
	}
	return "Streamkap refused the request", "Change the configuration according to what Streamkap said, and run Terraform again."
}

func rateLimited() (summary, advice string) {
	return "Streamkap's rate limit is reached", "Wait, then run Terraform again with a lower -parallelism, or raise max_retries in the provider block."
}

// isGone is stricter than the client's, because it also sees requests whose
// refusal can mean another thing that does not exist, such as a role.
func isGone(apiError *streamkap.Error, detail string) bool {
	if apiError.Method == http.MethodPost || !streamkap.IsGone(apiError) {
		return false
	}
	return apiError.Status == http.StatusNotFound || apiError.Method != http.MethodPatch || strings.Contains(detail, "key")
}

// refusal is a 4xx that is known by its words, all in lower case: by all of
// one group, and where there are further words by one of those.
type refusal struct {
	method          string // empty for any
	all             []string
	any             []string
	conflict        bool // a 409 does without the further words
	summary, advice string
}

func (r refusal) matches(apiError *streamkap.Error, detail string) bool {
	if r.method != "" && r.method != apiError.Method {
		return false
	}
	for _, word := range r.all {
		if !strings.Contains(detail, word) {
			return false
		}
	}
	return r.conflict && apiError.Status == http.StatusConflict || len(r.any) == 0 ||
		slices.ContainsFunc(r.any, func(word string) bool { return strings.Contains(detail, word) })
}

// refusals are looked through in this order.
var refusals = []refusal{
	{
		any: []string{"dedicated namespace", "aws-hosted", "hosted on aws"}, summary: KafkaUnavailable,
		advice: "Kafka access needs an AWS-hosted project with a dedicated namespace. Remove the kafka block, or use credentials of a project that has one.",
	},
	{
		all: []string{"username"}, any: []string{"exists", "taken", "in use"}, conflict: true, summary: UsernameTaken,
		advice: "A Kafka username is unique within the project. Choose another kafka.username, or import the key that has this one.",
	},
	{
		all: []string{"name"}, any: []string{"exists", "taken", "in use"}, conflict: true, summary: NameTaken,
		advice: "Choose another name, or import the key that has this one.",
	},
	{
		method: http.MethodPatch, any: []string{"creating", "deleting", "delete_failed", "status"}, summary: "Project key is in a state that allows no change",
		advice: "Wait until Streamkap has finished what it is doing with the key, then run Terraform again. " +
			"A key whose deletion failed can only be deleted: run terraform apply to have it replaced.",
	},
}
