// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
)

// IsMissing reports whether err, from a request for one key, says that there is
// no such key: 404, or another 4xx whose text says so (contract, "Errors"). It
// is one answer, and one answer can be a stray one: [Client.ConfirmGone] gets
// the second. 401, 403 and 429 never mean that, nor does a web page, nor
// anything that was met on the way to a token.
func IsMissing(err error) bool {
	var (
		apiError    *Error
		auth        *AuthenticationError
		lost        *LostAnswerError
		unconfirmed *UnconfirmedError
	)
	if errors.As(err, &auth) || errors.As(err, &lost) || errors.As(err, &unconfirmed) {
		return false
	}
	return errors.As(err, &apiError) && apiError.Missing()
}

var (
	missingWords = regexp.MustCompile(`(?i)\b(not found|does not exist|doesn't exist|no such)\b`)
	keyWord      = regexp.MustCompile(`(?i)\bkey\b`)
	// otherThings are what a PATCH can name that does not exist, beside the key.
	otherThings = regexp.MustCompile(`(?i)\b(role|permission|topic|group|tool|profile|user)s?\b`)
)

// Missing reports whether the answer is to a request for one key and says that
// there is no such key.
func (e *Error) Missing() bool {
	if !strings.HasPrefix(e.Path, projectKeysPath+"/") || e.HTML {
		return false
	}
	switch status := e.Status; {
	case status < 400, status >= 500, status == http.StatusUnauthorized,
		status == http.StatusForbidden, status == http.StatusTooManyRequests:
		return false
	case status != http.StatusNotFound && !missingWords.MatchString(e.Detail):
		return false
	case e.Method != http.MethodPatch || keyWord.MatchString(e.Detail):
		return true
	default:
		// A change names other things too, and one of those can be what is missing.
		return status == http.StatusNotFound && !otherThings.MatchString(e.Detail)
	}
}

// passing reports whether the answer says nothing of the request's merits.
func (e *Error) passing() bool {
	return e.HTML || e.Status >= 500 || e.Status == http.StatusTooManyRequests || e.Status == http.StatusRequestTimeout
}

// IsPassing reports whether err says nothing of the request's merits and may be
// over at the next attempt: a failing or overloaded service, a page of a
// gateway, no connection, an answer that was cut off or can't be understood, and
// each of these on the way to a token. It is false for a clear refusal, for
// credentials that can't be used, for an answer that was lost, and where the
// caller's own deadline or interrupt ended the call.
func IsPassing(err error) bool {
	var (
		apiError   *Error
		connection *ConnectionError
		answer     *AnswerError
		held       *RateLimitError
		over       *OpenError
		lost       *LostAnswerError
		password   *PasswordMayBeSetError
	)
	switch {
	case errors.As(err, &lost), errors.As(err, &password):
		return false
	case errors.As(err, &apiError):
		return apiError.passing()
	case errors.As(err, &connection):
		return !connection.GivenUp && !connection.IsHopeless()
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return false
	}
	return errors.As(err, &answer) || errors.As(err, &held) || errors.As(err, &over)
}

// IsForeign reports whether an answer came and is not the API's: a web page in
// the place of a refusal, or a success that can't be understood. A gateway's
// failure (5xx) says nothing of who answers otherwise, and is none.
func IsForeign(err error) bool {
	var (
		apiError *Error
		answer   *AnswerError
	)
	if errors.As(err, &apiError) {
		return apiError.HTML && apiError.Status < 500
	}
	return errors.As(err, &answer)
}
