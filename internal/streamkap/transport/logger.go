// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"net/http"
	"time"
)

// logger logs every attempt. Without a log it does nothing, because masking takes
// time.
type logger struct {
	log  func(ctx context.Context, message string, fields map[string]any)
	next http.RoundTripper
}

func (l *logger) RoundTrip(req *http.Request) (*http.Response, error) {
	if l.log == nil {
		return l.next.RoundTrip(req)
	}
	start := time.Now()
	resp, err := l.next.RoundTrip(req)
	fields := map[string]any{"method": req.Method, "path": req.URL.Path, "duration_ms": time.Since(start).Milliseconds()}
	if err != nil {
		fields["error"] = Quote(err)
		l.log(req.Context(), "Streamkap API request failed", fields)
		return nil, err
	}
	fields["status"], fields["request_id"] = resp.StatusCode, requestID(resp)
	l.log(req.Context(), "Streamkap API request", fields)
	return resp, nil
}
