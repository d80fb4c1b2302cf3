// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing/iotest"
)

// forged is text that a service adds to look like the provider's own, or to control
// the terminal.
const forged = "\n\nError: Forged\u2028\x1b[31m\x07"

// odd is a text that no member can have, as JSON.
const odd = `"odd\n\nError: Forged\u2028\u001b[31m\u0007"`

// ofState matches refusals that are recognised by their last word, which has to stay last.
var ofState = regexp.MustCompile(`(?i)(creating|deleting|failed|created|deleted)\W*$`)

// hostile is a service whose refusals end with forged text.
type hostile struct{ http.RoundTripper }

func (h hostile) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := h.RoundTripper.RoundTrip(r)
	if err != nil || response.StatusCode < http.StatusBadRequest {
		return response, err
	}
	body, cut := io.ReadAll(response.Body)
	var refusal struct {
		Detail string `json:"detail"`
	}
	if json.Unmarshal(body, &refusal) == nil && refusal.Detail != "" && !ofState.MatchString(refusal.Detail) {
		refusal.Detail += forged
		body = toJSON(refusal)
		response.ContentLength = int64(len(body))
		response.Header.Del("Content-Length")
	}
	response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), iotest.ErrReader(cmp.Or(cut, io.EOF))))
	return response, nil
}

// checkForgedText checks that nothing that the service said begins a line or
// controls the terminal.
func (w *world) checkForgedText() {
	for _, diag := range w.outcome.diags {
		for text := range strings.Lines(diag.Summary + "\n" + diag.Detail) {
			if strings.HasPrefix(strings.TrimSpace(text), "Error: ") || strings.ContainsAny(text, "\x1b\x07\u2028") {
				w.fail("nothing that the service says looks like the provider's own text", "%q: %q", diag.Summary, diag.Detail)
			}
		}
	}
}
