// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"time"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

// ConnectionError is a request that got no answer.
type ConnectionError struct {
	Method string
	Path   string
	// Host is the base URL that was asked.
	Host string
	Err  error
	// Before is how the attempt before ended, where a timeout or an interrupt
	// cut off the one that would have followed.
	Before string
	// GivenUp says that the caller's own deadline or interrupt ended the call.
	GivenUp bool
}

func (e *ConnectionError) Error() string {
	text := fmt.Sprintf("%s %s: no answer from %s: %s", e.Method, e.Path, e.Host, Quote(e.Err))
	switch {
	case !errors.Is(e.Err, context.DeadlineExceeded):
	case errors.Is(e.Err, errNoToken):
		text = fmt.Sprintf("%s %s: not sent, because no access token came from %s in time", e.Method, e.Path, e.Host)
	default:
		text = fmt.Sprintf("%s %s: no answer from %s in time", e.Method, e.Path, e.Host)
	}
	if e.Before != "" {
		text += "; the attempt before ended with " + e.Before
	}
	return text
}

// Unwrap returns the cause.
func (e *ConnectionError) Unwrap() error { return e.Err }

// isHopeless reports whether what kept a request from being answered stays until
// somebody removes it: a certificate that is not trusted, or a port that answers in
// the clear.
func isHopeless(err error) bool {
	var (
		untrusted *tls.CertificateVerificationError
		noTLS     tls.RecordHeaderError
	)
	return errors.As(err, &untrusted) || errors.As(err, &noTLS)
}

// RateLimitError is a request that was not sent, because the service's rate limit
// would not have let it through before the deadline.
type RateLimitError struct {
	// Until is when the service said that requests may go on. It is zero where
	// the rate alone was too low.
	Until time.Time
}

func (e *RateLimitError) Error() string {
	if e.Until.IsZero() {
		return "the service's rate limit leaves no time for the request before the timeout"
	}
	return "the service asked for no request before " + e.Until.UTC().Format(time.RFC3339) + ", which is after the timeout"
}

// OpenError is a request that was not sent, because another one has just used up
// its retries and found the service out of reach.
type OpenError struct {
	// Err is what that other request ended with.
	Err error
}

func (e *OpenError) Error() string {
	return "not sent, because the service was out of reach: " + e.Err.Error()
}

// unsentError is an attempt that certainly sent nothing. A final one is not followed
// by another.
type unsentError struct {
	err   error
	final bool
}

func (e *unsentError) Error() string { return e.err.Error() }
func (e *unsentError) Unwrap() error { return e.err }

// errNoToken is why an attempt was not sent whose context ended while it waited for a token.
var errNoToken = errors.New("no access token came")

// interrupted is an attempt whose context ended before it was sent.
func interrupted(err error) error {
	return &unsentError{err: fmt.Errorf("interrupted before it was sent: %w", err)}
}

// unreadableError is an error of reading a 2xx answer.
type unreadableError struct{ err error }

func (e *unreadableError) Error() string { return e.err.Error() }
func (e *unreadableError) Unwrap() error { return e.err }

// cause removes what net/http puts before an error: method and path are shown anyway.
func cause(err error) error {
	var attempt *url.Error
	if errors.As(err, &attempt) {
		return attempt.Err
	}
	return err
}

// quotation is what a transport or a decoder quotes from an answer.
var quotation = regexp.MustCompile(`"(?:[^"\\]|\\.)*"`)

// Quote is the text of a transport's or a decoder's error, without what it quotes:
// that can be a secret which is not known yet.
func Quote(err error) string {
	if err == nil {
		return ""
	}
	return secret.Show(quotation.ReplaceAllLiteralString(err.Error(), `"…"`), secret.MaxText)
}
