// SPDX-License-Identifier: MPL-2.0

package simulator

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"syscall"
)

// errDropped is what a client in memory sees of a connection that ends without
// an answer, and errRefused of one that is never made.
var (
	errDropped = fmt.Errorf("the connection was closed without an answer: %w", io.ErrUnexpectedEOF)
	errRefused = &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
)

// ServeHTTP answers over a real connection. Where a fault drops the
// connection, or the client has gone, it panics with http.ErrAbortHandler,
// which is how an HTTP server is told to close the connection.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, err := s.respond(r)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	a.finishHeader()
	for name, values := range a.header {
		w.Header()[name] = values
	}
	w.WriteHeader(a.status)
	if a.drop == DropTruncated {
		_, _ = w.Write(a.half())
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	_, _ = w.Write(a.body.Bytes())
}

// RoundTripper returns a client's side of the simulator that works in memory.
// It honours the request's context and keeps time with testing/synctest. A
// dropped connection is an error that wraps io.ErrUnexpectedEOF; a truncated
// answer ends in io.ErrUnexpectedEOF when its body is read.
func (s *Server) RoundTripper() http.RoundTripper { return transport{s} }

type transport struct{ server *Server }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer func() { _ = r.Body.Close() }()
	}
	a, err := t.server.respond(r)
	if err != nil {
		return nil, err
	}
	a.finishHeader()
	var body io.Reader = bytes.NewReader(a.body.Bytes())
	if a.drop == DropTruncated {
		body = io.MultiReader(bytes.NewReader(a.half()), cutOff{})
	}
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", a.status, http.StatusText(a.status)),
		StatusCode:    a.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        a.header,
		Body:          io.NopCloser(body),
		ContentLength: int64(a.body.Len()),
		Request:       r,
	}, nil
}

// cutOff is where a truncated body ends.
type cutOff struct{}

func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
