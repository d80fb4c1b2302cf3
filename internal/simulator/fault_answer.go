// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"strings"
)

// redirect is the request that the service gets to see.
func (f Fault) redirect(r *http.Request) *http.Request {
	if f.As == "" {
		return r
	}
	r = r.Clone(r.Context())
	r.URL.Path, r.URL.RawPath = f.As, ""
	return r
}

// apply makes the fault's answer out of the service's.
func (f Fault) apply(a *answer) {
	a.drop = f.Drop
	if f.Drop.beforeWork() {
		a.status = 0
		return
	}
	if f.Set != "" && a.status/100 == 2 {
		a.set(f.Set)
	}
	if f.Status == 0 {
		return
	}
	a.status = f.Status
	a.body.Reset()
	a.body.WriteString(f.Body)
	a.header.Del("Content-Type")
	if f.Body != "" {
		a.header.Set("Content-Type", contentType(f.Body))
	}
	for name, values := range f.Header {
		a.header[http.CanonicalHeaderKey(name)] = values
	}
}

func contentType(body string) string {
	switch {
	case json.Valid([]byte(body)):
		return "application/json"
	case strings.HasPrefix(body, "<"):
		return "text/html"
	default:
		return "text/plain; charset=utf-8"
	}
}

// set lets the members of an object take the place of an answer's.
func (a *answer) set(members string) {
	var overwrite map[string]any
	if err := json.Unmarshal([]byte(members), &overwrite); err != nil {
		panic(err) // Inject has checked it
	}
	body, err := decodeAny(a.body.Bytes())
	if err != nil {
		return // an empty answer has no members
	}
	rows, isList := body.([]any)
	if !isList {
		rows = []any{body}
	}
	for _, row := range rows {
		if object, ok := row.(map[string]any); ok {
			maps.Copy(object, overwrite)
		}
	}
	a.json(a.status, body)
}
