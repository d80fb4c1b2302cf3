// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"regexp"
	"slices"
	"syscall"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// Kind is what kind of failure an error is.
type Kind int

// The kinds of failures.
const (
	// KindUnknown is an error of which nothing more is known.
	KindUnknown Kind = iota

	// KindNotFound is a thing that is not there, by one answer.
	KindNotFound
	// KindRefused is a request that the service does not carry out.
	KindRefused
	// KindNameTaken, KindUsernameTaken, KindKafkaUnavailable and KindWrongState are
	// refusals whose reason is known.
	KindNameTaken
	KindUsernameTaken
	KindKafkaUnavailable
	KindWrongState
	// KindPermission is a permission that the credentials lack.
	KindPermission

	// KindUnusable is credentials that are missing or not known yet.
	KindUnusable
	// KindCredentials is credentials that the service refused, and KindToken a
	// fresh token that it refused.
	KindCredentials
	KindToken
	// KindOtherProject is credentials of another project. KindUnknownProject is a
	// thing whose project is not known, and KindUntoldProject credentials whose
	// project the service does not tell.
	KindOtherProject
	KindUnknownProject
	KindUntoldProject
	// KindImplausibleID is an id that no thing can have, so that no request was made.
	KindImplausibleID
	// KindUnconfirmed is a thing that may be gone.
	KindUnconfirmed

	// KindRateLimited is one request too many.
	KindRateLimited
	// KindTransient is a failure of the service.
	KindTransient
	// KindNotTheAPI is the web page of a gateway, KindRedirected a redirect, and
	// KindNoSuchPath a host that answers but does not know the path.
	KindNotTheAPI
	KindRedirected
	KindNoSuchPath
	// KindInvalidResponse is a success that can't be understood.
	KindInvalidResponse
	// KindOutOfReach is a connection that failed. Of those whose reason is known,
	// KindUnresolved is a host whose name leads to no address, KindNotListening an
	// address where nobody listens, and KindClosed a connection that was closed
	// before the answer was complete.
	KindOutOfReach
	KindUnresolved
	KindNotListening
	KindClosed
	// KindUntrusted is a certificate that this machine does not trust, and KindNoTLS
	// a port that answers in the clear. Both stay until somebody does something.
	KindUntrusted
	KindNoTLS
	// KindTimeout is an answer that did not come in time.
	KindTimeout
	// KindDeadline and KindInterrupted are calls that their caller ended.
	KindDeadline
	KindInterrupted

	// KindUnknownOutcome is a request that may have been carried out, and
	// KindUnknownPassword a new password that may be in force.
	KindUnknownOutcome
	KindUnknownPassword
)

// KindOf finds the kind of an error. Of errors that wrap others, the outermost
// one that has a kind decides.
func KindOf(err error) Kind {
	var (
		kinded interface{ kind() Kind }
		open   *transport.OpenError
	)
	switch {
	case errors.As(err, &kinded):
		return kinded.kind()
	case errors.As(err, &open):
		return KindOf(open.Err)
	}
	return kindOfConnection(err)
}

func kindOfConnection(err error) Kind {
	var (
		limited    *transport.RateLimitError
		connection *ConnectionError
	)
	connected := errors.As(err, &connection)
	switch {
	case errors.As(err, &limited):
		return KindRateLimited
	case connected && !connection.GivenUp && errors.Is(err, context.DeadlineExceeded):
		return KindTimeout
	case errors.Is(err, context.DeadlineExceeded):
		return KindDeadline
	case errors.Is(err, context.Canceled):
		return KindInterrupted
	case connected:
		return kindOfObstacle(err)
	}
	return KindUnknown
}

// kindOfObstacle is what kept a request from being answered. The numbers are
// those of Windows.
func kindOfObstacle(err error) Kind {
	var (
		dns       *net.DNSError
		untrusted *tls.CertificateVerificationError
		noTLS     tls.RecordHeaderError
	)
	is := func(errnos ...error) bool {
		return slices.ContainsFunc(errnos, func(errno error) bool { return errors.Is(err, errno) })
	}
	switch {
	case errors.As(err, &dns):
		return KindUnresolved
	case is(syscall.ECONNREFUSED, syscall.Errno(10061)):
		return KindNotListening
	case errors.As(err, &untrusted):
		return KindUntrusted
	case errors.As(err, &noTLS):
		return KindNoTLS
	case is(io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.Errno(10054)):
		return KindClosed
	}
	return KindOutOfReach
}

func (e *CallError) kind() Kind { return e.Kind }

// kind is decided by the request and the status, then by the part of the request
// that was refused, and only then by words.
func (e *Error) kind() Kind {
	switch status := e.Status; {
	case e.Invalid != nil:
		return KindInvalidResponse
	case status == http.StatusTooManyRequests:
		return KindRateLimited
	case status >= 500, status == http.StatusRequestTimeout:
		return KindTransient
	case e.HTML:
		return KindNotTheAPI
	case status < 400:
		return KindRedirected
	case status == http.StatusUnauthorized:
		return KindToken
	case status == http.StatusForbidden:
		return KindPermission
	}
	if e.missing() {
		return KindNotFound
	}
	collection, _ := split(e.Path)
	for _, refusal := range refusals[collection] {
		if refusal.matches(e) {
			return refusal.kind
		}
	}
	if e.Status == http.StatusNotFound && e.Method == http.MethodGet {
		return KindNoSuchPath
	}
	return KindRefused
}

var credentialWords = regexp.MustCompile(`(?i)\b(client|credential|secret|token)s?\b`)

// kind separates a refusal of credentials from an answer that is not about them, such
// as that of a host without this path.
func (e *AuthenticationError) kind() Kind {
	var refusal *Error
	kind := KindOf(e.Err)
	switch {
	case !errors.As(e.Err, &refusal), IsTransient(refusal), kind == KindRedirected:
		return kind
	case (refusal.Status == http.StatusNotFound || refusal.Status == http.StatusMethodNotAllowed) && !credentialWords.MatchString(refusal.Detail):
		return KindNoSuchPath
	}
	return KindCredentials
}

// IsNotFound reports whether err, from a request for one thing, says that the thing
// does not exist: 404, or another 4xx whose text says so (contract, "Errors"). A
// single answer can be a stray one: [Client.ConfirmGone] gets the second. 401, 403
// and 429 never mean that, nor does a web page, nor a failure to get a token.
func IsNotFound(err error) bool { return KindOf(err) == KindNotFound }

// IsTransient reports whether err is not about the request and may be over at the
// next attempt: a failing or overloaded service, a page of a gateway, no connection,
// an answer that was cut off or can't be understood, for the request or for its
// token. It is false for a clear refusal, for credentials that can't be used, for a
// lost answer, and where the caller's own deadline or interrupt ended the call.
func IsTransient(err error) bool {
	switch KindOf(err) {
	case KindRateLimited, KindTransient, KindNotTheAPI, KindInvalidResponse, KindTimeout,
		KindOutOfReach, KindUnresolved, KindNotListening, KindClosed:
		return true
	}
	return false
}

// IsForeign reports whether an answer came and is not the API's: a web page in
// the place of a refusal, or a success that can't be understood. A gateway's
// failure (5xx) does not count: it does not show who answers otherwise.
func IsForeign(err error) bool {
	kind := KindOf(err)
	return kind == KindNotTheAPI || kind == KindInvalidResponse
}
