// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// maxFields is how many refused parts of a request are told.
const maxFields = 20

// Error is an answer that refuses a request (contract, "Errors"). None of its
// fields holds a secret, even where the answer echoed one.
type Error struct {
	Method string
	Path   string
	Status int
	// RequestID names the request to Streamkap's support. It may be empty.
	RequestID string
	// Detail is what the API said, or empty where it said nothing that a
	// person could read.
	Detail string
	// Fields are the parts of the request that were refused, of a 422.
	Fields []FieldError
	// HTML says that the answer was a web page, which only a gateway sends.
	HTML bool
	// Wait is how long the service asked to wait, of a 429 or a 503.
	Wait time.Duration
	// Own says that the answer is certainly the API's own: JSON with a detail.
	Own bool
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
	for _, field := range e.Fields {
		text += fmt.Sprintf("; %s: %s", strings.Join(field.Loc, "."), field.Message)
	}
	return text
}

// ConnectionError is a request that got no answer.
type ConnectionError = transport.ConnectionError

// RateLimitError is a request that was not sent, because the service's rate limit
// would not have let it through before the deadline.
type RateLimitError = transport.RateLimitError

// OpenError is a request that was not sent, because another one has just used up
// its retries and found the service out of reach.
type OpenError = transport.OpenError

// InvalidResponseError is a 2xx answer that can't be understood.
type InvalidResponseError struct {
	Method    string
	Path      string
	Status    int
	RequestID string
	Err       error
}

func (e *InvalidResponseError) Error() string {
	request := ""
	if e.RequestID != "" {
		request = " (request " + e.RequestID + ")"
	}
	return fmt.Sprintf("%s %s: HTTP %d%s: the answer can't be understood: %s", e.Method, e.Path, e.Status, request, transport.Quote(e.Err))
}

// Unwrap returns the cause.
func (e *InvalidResponseError) Unwrap() error { return e.Err }

// UnusableError is why a client can make no request at all.
type UnusableError struct {
	// Reason is whole sentences for a person, what to do included.
	Reason string
}

func (e *UnusableError) Error() string { return e.Reason }

// AuthenticationError is a failure to get a token. The request that needed it
// was not sent.
type AuthenticationError struct {
	Err error
}

func (e *AuthenticationError) Error() string { return "get an access token: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *AuthenticationError) Unwrap() error { return e.Err }

// UnknownOutcomeError is a request that was sent, may have been carried out, and
// must not be repeated, because its answer was lost.
type UnknownOutcomeError struct {
	Err error
}

func (e *UnknownOutcomeError) Error() string { return "the answer was lost: " + e.Err.Error() }

// Unwrap returns the cause.
func (e *UnknownOutcomeError) Unwrap() error { return e.Err }

// PasswordMayBeSetError is a change of a Kafka password whose answer was lost:
// the new password may be in force. Unlike a [UnknownOutcomeError] it is met after
// every repetition that the client is allowed, because sending the same password
// again does no harm.
type PasswordMayBeSetError struct {
	Err error
}

func (e *PasswordMayBeSetError) Error() string {
	return "the new password may be in force: " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *PasswordMayBeSetError) Unwrap() error { return e.Err }

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

// describeObject picks the sentence out of a structured detail, or shows the
// detail without the parts that echo the request.
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

// RequestID names the request that an error is about to Streamkap's support. It
// may be empty.
func RequestID(err error) string {
	var (
		refusal *Error
		answer  *InvalidResponseError
	)
	switch {
	case errors.As(err, &refusal):
		return refusal.RequestID
	case errors.As(err, &answer):
		return answer.RequestID
	}
	return ""
}
