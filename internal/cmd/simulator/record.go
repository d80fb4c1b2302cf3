// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// recorder writes a line for each request: method, path, status, duration and
// request id. Bodies and headers stay out of it, for they hold secrets. Into a
// folder, if there is one, it writes what clients send, a file for each.
type recorder struct {
	next http.Handler
	dir  string
	log  io.Writer

	mu    sync.Mutex
	count int
}

// record starts recording. The folder is made; what is in it stays.
func record(next http.Handler, dir string, log io.Writer) (http.Handler, error) {
	if dir != "" {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("-record: %w", err)
		}
	}
	return &recorder{next: next, dir: dir, log: log}, nil
}

// recorded is a file: what was sent, without secrets, and how it was answered.
type recorded struct {
	Method string      `json:"method"`
	Path   string      `json:"path"`
	Header http.Header `json:"header"`
	Body   any         `json:"body,omitempty"`
	Status int         `json:"status,omitempty"` // left out where the connection was dropped
}

// ServeHTTP writes although the handler panics, which is how it drops a
// connection.
func (rec *recorder) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	watched := &statusWriter{ResponseWriter: w}
	outcome := "dropped"
	rec.mu.Lock()
	rec.count++
	number := rec.count
	rec.mu.Unlock()
	defer func() {
		rec.mu.Lock()
		defer rec.mu.Unlock()
		fmt.Fprintf(rec.log, "%s %s %s %s %s %s\n", start.Format(time.TimeOnly), r.Method, r.URL.EscapedPath(), outcome,
			time.Since(start).Round(time.Microsecond), w.Header().Get("X-Request-Id"))
		if rec.dir == "" {
			return
		}
		file := recorded{r.Method, r.URL.RequestURI(), withoutToken(r.Header), withoutSecrets(body), watched.status}
		if err := file.write(rec.dir, number); err != nil {
			fmt.Fprintln(rec.log, "record:", err)
		}
	}()
	rec.next.ServeHTTP(watched, r)
	outcome = fmt.Sprint(watched.status)
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

var awkward = regexp.MustCompile(`[^A-Za-z0-9]+`)

func (file recorded) write(dir string, number int) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(file); err != nil {
		return err
	}
	name := fmt.Sprintf("%04d-%s%s.json", number, file.Method, strings.TrimSuffix(awkward.ReplaceAllString(file.Path, "-"), "-"))
	return os.WriteFile(filepath.Join(dir, name), text.Bytes(), 0o600)
}

func withoutToken(header http.Header) http.Header {
	header = header.Clone()
	if header.Get("Authorization") != "" {
		header.Set("Authorization", "(a token)")
	}
	return header
}

// secretMembers hold secrets in requests. A credential file is one as a whole.
var secretMembers = []string{"secret", "client_secret", "password", "kafka_password", "refresh_token", "project_key"}

// withoutSecrets says of every secret in a body how long it is.
func withoutSecrets(body []byte) any {
	if len(body) == 0 {
		return nil
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber() // numbers keep their spelling
	if decoder.Decode(&value) != nil || decoder.More() {
		return fmt.Sprintf("(%d bytes that are no JSON)", len(body))
	}
	return redacted(value)
}

func redacted(value any) any {
	switch value := value.(type) {
	case []any:
		for i := range value {
			value[i] = redacted(value[i])
		}
	case map[string]any:
		for name, member := range value {
			text, isText := member.(string)
			switch {
			case !slices.Contains(secretMembers, name):
				value[name] = redacted(member)
			case isText:
				value[name] = fmt.Sprintf("(secret, %d characters)", utf8.RuneCountInString(text))
			case member != nil:
				value[name] = "(secret)"
			}
		}
	}
	return value
}
