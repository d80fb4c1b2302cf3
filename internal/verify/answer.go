// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// answer is one request and what came back.
type answer struct {
	step   string // what the request was for
	key    string // which of the run's keys it was about, if any
	method string
	path   string // as the contract has it: /project-keys/{id}
	sent   any

	began    time.Time
	ended    time.Time
	status   int // 0 where there was no answer
	header   http.Header
	raw      []byte
	body     value // not there where the body is no JSON
	err      error // why there was no answer
	repeated bool  // the same request was sent again because of it
}

// ok tells whether the request was accepted.
func (a answer) ok() bool { return a.status >= 200 && a.status <= 299 && a.err == nil }

// refused tells whether the service said no, and meant it.
func (a answer) refused() bool {
	return a.status >= 400 && a.status <= 499 && a.status != http.StatusTooManyRequests && a.status != http.StatusUnauthorized
}

// clear tells whether the answer is the service's last word on the request.
func (a answer) clear() bool {
	return !a.repeated && a.err == nil && a.status >= 200 && a.status <= 499 && a.status != http.StatusTooManyRequests
}

// unclear tells whether the request may or may not have been worked on.
func (a answer) unclear() bool { return !a.ok() && !a.refused() && a.status != http.StatusUnauthorized }

// decode reads the body.
func (a *answer) decode() {
	if len(bytes.TrimSpace(a.raw)) == 0 {
		return
	}
	var body any
	if json.Unmarshal(a.raw, &body) == nil {
		a.body = valueOf(body)
	}
}

// detail is the text of a refusal, a list of problems included.
func (a answer) detail() string {
	detail := a.body.at("detail")
	text := detail.text() + detail.at("message").text()
	for _, problem := range detail.items() {
		text += problem.at("msg").text() + " "
	}
	return text
}

// goneWords are the wordings of contract, "Errors".
var goneWords = []string{"not found", "does not exist", "no such"}

// saysGone tells whether the answer says that there is no such key.
func (a answer) saysGone() bool {
	if a.status == http.StatusNotFound {
		return true
	}
	if !a.refused() || a.status == http.StatusForbidden {
		return false
	}
	for _, words := range goneWords {
		if strings.Contains(strings.ToLower(a.detail()), words) {
			return true
		}
	}
	return false
}

// shape says what came back without saying what is in it.
func (a answer) shape() string {
	switch {
	case a.err != nil || a.status == 0:
		return "no answer"
	case a.body.there:
		return fmt.Sprintf("%d with %s", a.status, a.body.shape())
	case len(bytes.TrimSpace(a.raw)) == 0:
		return fmt.Sprintf("%d without a body", a.status)
	case bytes.HasPrefix(bytes.TrimSpace(a.raw), []byte("<")):
		return fmt.Sprintf("%d with a web page", a.status)
	default:
		return fmt.Sprintf("%d with %d bytes that are no JSON", a.status, len(a.raw))
	}
}
