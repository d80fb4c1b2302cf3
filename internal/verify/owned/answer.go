// SPDX-License-Identifier: MPL-2.0

package owned

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"regexp"
	"time"
)

// Answer is one request and what came back.
type Answer struct {
	Step   string // what the request was for
	Key    string // the kind of the key that it was about, if any
	Method string

	Began, Ended time.Time
	Status       int // 0 where there was no answer
	Header       http.Header
	Raw          []byte
	Body         Value // missing where the body is no JSON
	Err          error // why there is no answer that can be used
	Repeated     bool  // the same request was sent again because of it
	form         string
}

// OK tells whether the request was accepted.
func (a Answer) OK() bool { return a.Status >= 200 && a.Status <= 299 && a.Err == nil }

// Refused tells whether the service said no, and meant it.
func (a Answer) Refused() bool {
	return a.Status >= 400 && a.Status <= 499 && a.Status != http.StatusTooManyRequests &&
		a.Status != http.StatusRequestTimeout && a.Status != http.StatusUnauthorized
}

// Clear tells whether the answer is the service's last word on the request.
func (a Answer) Clear() bool { return !a.Repeated && (a.OK() || a.Err == nil && a.Refused()) }

// undone tells whether the request has certainly not been worked on.
func (a Answer) undone() bool {
	return a.Err == nil && (a.Refused() || a.Status == http.StatusTooManyRequests || a.Status == http.StatusUnauthorized)
}

// gone are the wordings of contract, "Errors".
var gone = regexp.MustCompile(`(?i)not found|does not exist|no such`)

// SaysGone tells whether the answer says that there is no such key.
func (a Answer) SaysGone() bool {
	detail := a.Body.At("detail")
	says := gone.MatchString(detail.Text()) || gone.MatchString(detail.At("message").Text())
	for _, problem := range detail.Items() {
		says = says || gone.MatchString(problem.At("msg").Text())
	}
	return a.Err == nil && (a.Status == http.StatusNotFound || says && a.Refused() && a.Status != http.StatusForbidden)
}

// Token is the token in either spelling of an answer.
func (a Answer) Token() string {
	return cmp.Or(a.Body.At("accessToken").Text(), a.Body.At("access_token").Text())
}

// Shape says what came back without saying what is in it.
func (a Answer) Shape() string {
	switch {
	case a.Status == 0:
		return "no answer"
	case a.Body.There:
		return fmt.Sprintf("%d with %s", a.Status, a.Body.Shape())
	default:
		return fmt.Sprintf("%d %s", a.Status, a.form)
	}
}

// read takes in the body.
func (a *Answer) read(raw []byte) {
	trimmed := bytes.TrimSpace(raw)
	a.Raw = raw
	switch value, err := decode(raw); {
	case err == nil:
		a.Body = value
	case len(trimmed) == 0:
		a.form = "without a body"
	case trimmed[0] == '<':
		a.form = "with a web page"
	default:
		a.form = fmt.Sprintf("with %d bytes that are no JSON", len(raw))
	}
}
