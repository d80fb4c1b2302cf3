// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"
	"unicode"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

const (
	// attemptTimeout bounds one attempt of a request that may be repeated.
	attemptTimeout = time.Minute
	// maxAnswer is the longest answer that is read, and maxRefusal how much is
	// read of one that is not a success, in bytes after decompression.
	maxAnswer  = 32 << 20
	maxRefusal = 1 << 20
)

var errTooLong = fmt.Errorf("the answer is longer than %d MiB", maxAnswer>>20)

// reader bounds the time of one attempt and reads its whole answer, so that an
// answer that is cut off is an error like any other. It makes the secrets in the
// answer known, so that they are masked.
type reader struct {
	next http.RoundTripper
}

func (r *reader) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx, cancel := attemptContext(req.Context())
	defer cancel()
	ctx, unwritten := traceConnection(ctx)
	resp, err := r.next.RoundTrip(req.WithContext(ctx))
	switch {
	case err == nil:
		err = readWhole(resp, req.Method)
	case unwritten() || neverConnected(err):
		err = &unsentError{err: err}
	}
	if err != nil {
		return nil, err
	}
	return resp, nil
}

// attemptContext bounds an attempt. A request that may be sent only once has
// until the deadline, and is not interrupted: its answer may carry a secret.
func attemptContext(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok && callOf(ctx).Once {
		return context.WithDeadline(context.WithoutCancel(ctx), deadline)
	}
	return context.WithTimeout(ctx, attemptTimeout)
}

// neverConnected reports whether a request failed before there was a connection.
func neverConnected(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// traceConnection finds out whether an attempt got a connection. One whose TLS
// handshake fails does not. With a transport that is not of net/http nothing is
// known.
func traceConnection(ctx context.Context) (traced context.Context, unwritten func() bool) {
	var asked, got atomic.Bool
	traced = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	return traced, func() bool { return asked.Load() && !got.Load() }
}

// readWhole reads an answer up to a bound. What counts is its length after
// decompression.
func readWhole(resp *http.Response, method string) error {
	defer func() { _ = resp.Body.Close() }()
	most := maxAnswer
	if !succeeded(resp.StatusCode) {
		most = maxRefusal
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(most)+1))
	if err != nil && !needsNoBody(resp.StatusCode, method) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if len(body) > most {
		if succeeded(resp.StatusCode) {
			return errTooLong
		}
		body = body[:most]
	}
	secret.AddAnswer(body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

func succeeded(status int) bool { return status < 300 }

// needsNoBody reports whether the status alone is enough: a change or a deletion
// that succeeded must not be repeated because the rest of its answer was cut off.
func needsNoBody(status int, method string) bool {
	return succeeded(status) && (method == http.MethodPatch || method == http.MethodDelete)
}

// responseOf makes a Response of an answer that was read already.
func responseOf(resp *http.Response) *Response {
	body, _ := io.ReadAll(resp.Body)
	return &Response{Status: resp.StatusCode, Header: resp.Header, Body: body, RequestID: requestID(resp), Wait: askedToWait(resp)}
}

// requestID is empty where the header is not one word.
func requestID(resp *http.Response) string {
	id := strings.TrimSpace(resp.Header.Get("X-Request-Id"))
	if strings.ContainsFunc(id, unicode.IsSpace) || secret.Overflowed() {
		return ""
	}
	return secret.Show(id, secret.MaxName)
}
