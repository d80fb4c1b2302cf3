// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

// logRequests writes a line for each request: method, path, status, duration
// and request id. Bodies and headers stay out of it, for they hold secrets.
func logRequests(next http.Handler, w io.Writer) http.Handler {
	var mu sync.Mutex
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		start := time.Now()
		watched := &statusWriter{ResponseWriter: rw}
		finished := false
		defer func() {
			outcome := fmt.Sprint(watched.status)
			if !finished {
				outcome = "dropped"
			}
			mu.Lock()
			defer mu.Unlock()
			fmt.Fprintf(w, "%s %s %s %s %s %s\n", start.Format(time.TimeOnly), r.Method, r.URL.EscapedPath(), outcome,
				time.Since(start).Round(time.Microsecond), rw.Header().Get("X-Request-Id"))
		}()
		next.ServeHTTP(watched, r)
		finished = true
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
