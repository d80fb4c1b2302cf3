// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
)

// forged is what a service says that wants to be taken for the provider, or to
// command the terminal.
const forged = "\n\nError: Forged\u2028\x1b[31m\x07"

// odd is a text that is no answer to anything. It is JSON.
const odd = `"odd\n\nError: Forged\u2028\u001b[31m\u0007"`

// ofState is a refusal that is known by its last word. Nothing can be put behind
// it without making it another one.
var ofState = regexp.MustCompile(`(?i)(creating|deleting|failed|created|deleted)\W*$`)

// hostile is a service whose every refusal ends with what is forged.
type hostile struct{ http.RoundTripper }

func (h hostile) RoundTrip(r *http.Request) (*http.Response, error) {
	response, err := h.RoundTripper.RoundTrip(r)
	if err != nil || response.StatusCode < http.StatusBadRequest {
		return response, err
	}
	body, cut := io.ReadAll(response.Body)
	if cut != nil {
		response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), failing{cut}))
		return response, err
	}
	var refusal struct {
		Detail string `json:"detail"`
	}
	if json.Unmarshal(body, &refusal) == nil && refusal.Detail != "" && !ofState.MatchString(refusal.Detail) {
		refusal.Detail += forged
		if body, err = json.Marshal(refusal); err != nil {
			return nil, err
		}
		response.ContentLength = int64(len(body))
		response.Header.Del("Content-Length")
	}
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// checkShown checks that nothing that the service said began a line, or went to
// the terminal as it came.
func (w *world) checkForgedText() {
	for _, diag := range w.outcome.diags {
		for text := range strings.Lines(diag.Summary + "\n" + diag.Detail) {
			if strings.HasPrefix(strings.TrimSpace(text), "Error: ") || strings.ContainsAny(text, "\x1b\x07\u2028") {
				w.fail("what the service says is shown as its own", "%q: %q", diag.Summary, diag.Detail)
			}
		}
	}
}
