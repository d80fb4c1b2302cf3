// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// maxFields is how many refused parts of a request are shown.
const maxFields = 20

// Error is an answer that refuses a request, or a success that can't be understood
// (contract, "Errors"). None of its fields holds a secret, even where the answer
// echoed one.
type Error struct {
	Method string
	Path   string
	Status int
	// RequestID names the request to Streamkap's support. It may be empty.
	RequestID string
	// Detail is what the API said, or empty where it said nothing readable.
	Detail string
	// Fields are the parts of the request that were refused, of a 422.
	Fields []FieldError
	// HTML says that the answer was a web page, as only gateways send.
	HTML bool
	// Wait is how long the service asked to wait, of a 429 or a 503.
	Wait time.Duration
	// Own says that the answer certainly comes from the API: JSON with a detail.
	Own bool
	// Asked says which host was asked and as whom, and where that came from, where
	// the credentials lack a permission.
	Asked string
	// Invalid is why a success can't be understood, or nil for a refusal.
	Invalid error
}

// FieldError is one refused part of a request.
type FieldError struct {
	// Loc leads to the part, "body" first; list items are numbers from 0.
	Loc     []string
	Message string
}

func (e *Error) Error() string {
	text := fmt.Sprintf("%s %s: HTTP %d", e.Method, e.Path, e.Status)
	if e.Wait > 0 {
		text += ", to wait " + e.Wait.Round(time.Second).String()
	}
	if e.RequestID != "" {
		text += " (request " + e.RequestID + ")"
	}
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	if e.Invalid != nil {
		text += ": the answer can't be understood: " + transport.Quote(e.Invalid)
	}
	for _, field := range e.Fields {
		text += fmt.Sprintf("; %s: %s", strings.Join(field.Loc, "."), field.Message)
	}
	return text
}

// ConnectionError is a request that got no answer.
type ConnectionError = transport.ConnectionError

// CallError is a failure that is not an answer of the API.
type CallError struct {
	Kind Kind
	// Text is what happened, or for KindUnusable whole sentences with what to do.
	Text string
	// Err is what the call ended with, or nil where no request was made.
	Err error
}

func (e *CallError) Error() string {
	if e.Err == nil {
		return e.Text
	}
	return e.Text + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *CallError) Unwrap() error { return e.Err }

// Unusable is the error of a client that can make no request. The reason is whole
// sentences for a person, with what to do.
func Unusable(reason string) error { return &CallError{Kind: KindUnusable, Text: reason} }

// AuthenticationError is a failure to get a token. The request that needed it
// was not sent.
type AuthenticationError struct {
	Err error
}

func (e *AuthenticationError) Error() string { return "get an access token: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *AuthenticationError) Unwrap() error { return e.Err }

// newError reads a refusal and masks the given secrets in it.
func newError(call call, response *transport.Response, secrets []string) *Error {
	apiError := &Error{
		Method:    call.method,
		Path:      call.path,
		Status:    response.Status,
		RequestID: response.RequestID,
		Wait:      response.Wait,
	}
	text := strings.TrimSpace(string(response.Body))
	if strings.HasPrefix(text, "<") || strings.Contains(response.Header.Get("Content-Type"), "html") {
		apiError.HTML = text != ""
		return apiError
	}
	apiError.Detail, apiError.Fields, apiError.Own = parseDetail(text)
	if secret.Overflowed() {
		apiError.Detail, apiError.Fields = secret.Withheld, nil
		return apiError
	}
	apiError.Fields = apiError.Fields[:min(len(apiError.Fields), maxFields)]
	mask := masker(secrets)
	apiError.Detail = mask(apiError.Detail, secret.MaxText)
	for i := range apiError.Fields {
		field := &apiError.Fields[i]
		field.Message = mask(field.Message, secret.MaxText)
		for j := range field.Loc {
			field.Loc[j] = mask(field.Loc[j], secret.MaxName)
		}
	}
	return apiError
}

// parseDetail reads the documented forms of an error body. The input and ctx
// of a refused field are left out: they can echo a secret.
func parseDetail(text string) (detail string, fields []FieldError, own bool) {
	var body struct {
		Detail  json.RawMessage `json:"detail"`
		Message string          `json:"message"`
		Error   string          `json:"error"`
	}
	if json.Unmarshal([]byte(text), &body) != nil {
		return text, nil, false
	}
	if len(body.Detail) == 0 || string(body.Detail) == "null" {
		return cmp.Or(body.Message, body.Error), nil, false
	}
	detail, fields = readDetail(body.Detail)
	return detail, fields, true
}

func readDetail(body json.RawMessage) (string, []FieldError) {
	var (
		plain     string
		sentences []string
		object    map[string]any
		fields    []struct {
			Loc []any  `json:"loc"`
			Msg string `json:"msg"`
		}
	)
	switch {
	case json.Unmarshal(body, &plain) == nil:
		return plain, nil
	case json.Unmarshal(body, &fields) == nil:
		errs := make([]FieldError, len(fields))
		for i, field := range fields {
			errs[i].Message = field.Msg
			for _, step := range field.Loc {
				errs[i].Loc = append(errs[i].Loc, fmt.Sprint(step))
			}
		}
		return "", errs
	case json.Unmarshal(body, &sentences) == nil:
		return strings.Join(sentences, "; "), nil
	case json.Unmarshal(body, &object) == nil:
		return describeObject(object), nil
	}
	return "", nil
}

// describeObject finds the sentence in a structured detail, or shows the detail
// without the parts that echo the request.
func describeObject(object map[string]any) string {
	for _, key := range []string{"message", "msg", "reason", "error", "detail"} {
		if sentence, ok := object[key].(string); ok && sentence != "" {
			return sentence
		}
	}
	delete(object, "input")
	delete(object, "ctx")
	text, err := json.Marshal(object)
	if err != nil {
		return ""
	}
	return string(text)
}

// masker returns a function that masks a text of an answer and shortens it. The
// given secrets may be too short to be masked in every text of the process.
func masker(secrets []string) func(text string, limit int) string {
	var forms []string
	for _, value := range secrets {
		if value != "" && len(value) < secret.MinLength {
			forms = append(forms, append(secret.Spellings(value), value)...)
		}
	}
	// A secret may begin like another: the longest match has to come first.
	slices.SortStableFunc(forms, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	pairs := make([]string, 0, 2*len(forms))
	for _, form := range forms {
		pairs = append(pairs, form, secret.Masked)
	}
	short := strings.NewReplacer(pairs...)
	return func(text string, limit int) string { return secret.Show(short.Replace(text), limit) }
}
