// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"bytes"
	"context"
	"encoding/json"
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

	"github.com/hashicorp/go-retryablehttp"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

const (
	// attemptTimeout bounds one attempt of a request that may be repeated.
	attemptTimeout = time.Minute
	// callTimeout bounds a call with all its attempts, where the caller sets no
	// deadline.
	callTimeout = 2 * time.Minute
	// maxAnswer is the longest answer that is read, and maxRefusal how much is
	// read of one that is not a success, in bytes after decompression.
	maxAnswer  = 32 << 20
	maxRefusal = 1 << 20

	retryWaitMin = 500 * time.Millisecond
	retryWaitMax = 30 * time.Second
)

// call is one request, however many attempts it takes.
type call struct {
	method string
	path   string
	body   any
	// once marks a request whose repetition could make a second key or lose
	// a secret. It is repeated only where the service has not acted on it.
	once bool
	// anonymous marks the token exchange, the one request without a token.
	anonymous bool
	// password says that the body carries a Kafka password to be put in force.
	password bool
	// secrets are the secret values in the body, which an error may echo.
	secrets []string
}

// do makes a request and hands the body of a 2xx answer to decode.
func (c *Client) do(ctx context.Context, call call, decode func([]byte) error) error {
	if c.config.Unusable != nil {
		return c.whole(c.config.Unusable)
	}
	if call.anonymous {
		ctx = notTentative(ctx)
	}
	caller := ctx
	if _, ok := ctx.Deadline(); !ok {
		bounded, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		ctx = bounded
	}
	if c.config.ServiceID != "" && !call.anonymous && call.path != whoAmIPath {
		if err := c.CheckProject(ctx, c.config.ServiceID); err != nil {
			return c.whole(err)
		}
	}
	progress := new(progress)
	err := c.send(ctx, call, progress, decode)
	if err == nil {
		return nil
	}
	progress.outage = progress.outage && !isTentative(ctx)
	err = c.describe(err, call, progress, caller.Err() != nil)
	if call.anonymous {
		return err
	}
	return c.whole(err)
}

func (c *Client) send(ctx context.Context, call call, progress *progress, decode func([]byte) error) error {
	var body any
	if call.body != nil {
		data, err := json.Marshal(call.body)
		if err != nil {
			return fmt.Errorf("encode the body of %s %s: %w", call.method, call.path, err)
		}
		secret.AddMembers(data)
		body = data
	}
	ctx, cancel := withSendContext(ctx, call.once)
	defer cancel()
	req, err := retryablehttp.NewRequestWithContext(ctx, call.method, c.config.Host+call.path, body)
	if err != nil {
		return fmt.Errorf("%s %s: %w", call.method, call.path, err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.config.UserAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.SetResponseHandler(func(resp *http.Response) error { return decodeAnswer(resp, decode) })
	resp, err := c.retrying(call, progress).Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if !succeeded(resp.StatusCode) {
		return newError(call, resp, append(call.secrets, c.config.Secret))
	}
	return nil
}

// progress is what is known of a call while its attempts are made.
type progress struct {
	// failed counts the attempts after which another one would be of use.
	failed int
	// before is how the attempt ended that was followed by another one.
	before string
	// acted says that the service may have carried out one of the attempts.
	acted bool
	// outage says that the last attempt found the service out of reach.
	outage bool
}

// retrying is the retry policy of one call.
func (c *Client) retrying(call call, progress *progress) *retryablehttp.Client {
	client := c.authorized
	if call.anonymous {
		client = c.plain
	}
	return &retryablehttp.Client{
		HTTPClient:   client,
		RetryMax:     c.config.MaxRetries,
		RetryWaitMin: retryWaitMin,
		RetryWaitMax: retryWaitMax,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			retry := c.shouldRetry(ctx, call.once, resp, err)
			progress.note(resp, err, retry)
			return retry, nil
		},
	}
}

func (p *progress) note(resp *http.Response, err error, retry bool) {
	p.outage = isOutage(resp, err)
	p.acted = p.acted || mayHaveActed(resp, err)
	if retry {
		p.failed++
		p.before = ending(resp, err)
	}
}

// backoff is how long to wait before an attempt. The first five come within
// eight seconds: that waits out a service that starts anew, and says soon that
// one is down. A service that asks for another pause gets it.
func backoff(least, most time.Duration, attempt int, resp *http.Response) time.Duration {
	const brisk, briskFor = 2 * time.Second, 5
	if resp != nil && (resp.StatusCode == http.StatusTooManyRequests || resp.Header.Get("Retry-After") != "") {
		return retryablehttp.DefaultBackoff(least, most, attempt, resp)
	}
	if attempt < briskFor {
		return min(least<<attempt, brisk)
	}
	return min(brisk<<min(attempt-briskFor+1, briskFor), most)
}

// ending says how an attempt ended.
func ending(resp *http.Response, err error) string {
	if err != nil {
		return shown(cause(err))
	}
	text := fmt.Sprintf("HTTP %d", resp.StatusCode)
	if id := requestID(resp); id != "" {
		text += ", request id " + id
	}
	return text
}

func (c *Client) shouldRetry(ctx context.Context, once bool, resp *http.Response, err error) bool {
	var (
		auth *AuthenticationError
		held *HeldBackError
		over *OutageError
	)
	switch {
	case ctx.Err() != nil, isTentative(ctx), errors.As(err, &auth), errors.As(err, &held), errors.As(err, &over), errors.Is(err, errTooLong):
		return false
	case isOutage(resp, err) && c.outage.under():
		return false
	case err == nil && !endsBeforeDeadline(ctx, resp):
		return false
	case err == nil && resp.StatusCode == http.StatusTooManyRequests:
		return true
	case once:
		return err != nil && notWritten(err)
	default:
		retry, _ := retryablehttp.DefaultRetryPolicy(ctx, resp, err)
		return retry
	}
}

// endsBeforeDeadline reports whether there is a point in waiting for as long as
// the service asks.
func endsBeforeDeadline(ctx context.Context, resp *http.Response) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > askedToWait(resp)
}

// askedToWait is how long the service asks to wait, or 0 where it does not.
func askedToWait(resp *http.Response) time.Duration {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		return 0
	}
	return max(retryablehttp.DefaultBackoff(0, 0, 0, resp), 0)
}

// neverConnected reports whether a request failed before a byte of it could
// have been sent.
func neverConnected(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

// notWritten reports whether a request failed before a byte of it could have
// been sent.
func notWritten(err error) bool {
	var unwritten *unwrittenError
	return neverConnected(err) || errors.As(err, &unwritten)
}

// unwrittenError is an attempt that never had a connection to write to, such as
// one whose TLS handshake failed.
type unwrittenError struct{ err error }

func (e *unwrittenError) Error() string { return e.err.Error() }
func (e *unwrittenError) Unwrap() error { return e.err }

// traceConnection notes whether an attempt got a connection to be written to.
// A transport that is not net/http's does not tell, and then nothing is known.
func traceConnection(ctx context.Context) (traced context.Context, unwritten func() bool) {
	var asked, got atomic.Bool
	traced = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	})
	return traced, func() bool { return asked.Load() && !got.Load() }
}

func decodeAnswer(resp *http.Response, decode func([]byte) error) error {
	if !succeeded(resp.StatusCode) || decode == nil {
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	// Some tools put a byte order mark before what they write.
	if err := decode(bytes.TrimPrefix(body, []byte("\ufeff"))); err != nil {
		return &AnswerError{Status: resp.StatusCode, RequestID: requestID(resp), Err: err}
	}
	return nil
}

type sendContextKey struct{}

// withSendContext gives a request that may be sent only once a context of its
// own to be sent under: an interrupt must not cut off the answer that carries
// the secret. The deadline stays. Any other request has none, not even that of
// the request for which it fetches a token.
func withSendContext(ctx context.Context, once bool) (context.Context, context.CancelFunc) {
	deadline, ok := ctx.Deadline()
	if !once || !ok {
		return context.WithValue(ctx, sendContextKey{}, nil), func() {}
	}
	send, cancel := context.WithDeadline(context.WithoutCancel(ctx), deadline)
	return context.WithValue(ctx, sendContextKey{}, send), cancel
}

// sender makes one attempt: it sends the request, reads the whole answer, so
// that an answer cut short is an error like any other, and logs it.
type sender struct {
	client *Client
}

func (s *sender) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := s.client.brake.wait(req.Context()); err != nil {
		return nil, fmt.Errorf("%w: %w", errNotSent, err)
	}
	if s.client.config.MaxRetries > 0 {
		if err := s.client.outage.admit(); err != nil {
			return nil, err
		}
	}
	ctx, ok := req.Context().Value(sendContextKey{}).(context.Context)
	if !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(req.Context(), attemptTimeout)
		defer cancel()
	}
	ctx, unwritten := traceConnection(ctx)
	start := time.Now()
	resp, err := s.client.config.Transport.RoundTrip(req.WithContext(ctx))
	if err == nil {
		err = readWhole(resp, req.Method)
	} else if unwritten() {
		err = &unwrittenError{err}
	}
	s.client.logRequest(req, resp, err, time.Since(start))
	if err != nil {
		return nil, err
	}
	if !isOutage(resp, nil) {
		s.client.outage.end()
	}
	s.client.brake.note(resp)
	return resp, nil
}

// logRequest does nothing where nobody reads the log: what it tells has to be
// looked through for secrets.
func (c *Client) logRequest(req *http.Request, resp *http.Response, err error, took time.Duration) {
	if c.config.Log == nil {
		return
	}
	fields := map[string]any{"method": req.Method, "path": req.URL.Path, "duration_ms": took.Milliseconds()}
	if err != nil {
		fields["error"] = shown(err)
		c.Log(req.Context(), "Streamkap API request failed", fields)
		return
	}
	fields["status"], fields["request_id"] = resp.StatusCode, requestID(resp)
	c.Log(req.Context(), "Streamkap API request", fields)
}

var errTooLong = fmt.Errorf("the answer is longer than %d MiB", maxAnswer>>20)

// readWhole reads an answer, but no more of it than any could have in it. What
// counts is its length after decompression.
func readWhole(resp *http.Response, method string) error {
	defer func() { _ = resp.Body.Close() }()
	most := maxAnswer
	if !succeeded(resp.StatusCode) {
		most = maxRefusal
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, int64(most)+1))
	if err != nil && !doesWithoutBody(resp.StatusCode, method) {
		return fmt.Errorf("read the answer: %w", err)
	}
	if len(body) > most {
		if succeeded(resp.StatusCode) {
			return errTooLong
		}
		body = body[:most]
	}
	secret.AddMembers(body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

func succeeded(status int) bool { return status < 300 }

// doesWithoutBody reports whether an answer says all that counts by its status:
// a change or a deletion that succeeded must not be asked for again because the
// rest of its answer was cut off.
func doesWithoutBody(status int, method string) bool {
	return succeeded(status) && (method == http.MethodPatch || method == http.MethodDelete)
}

// requestID is empty for what is no word, and so no id.
func requestID(resp *http.Response) string {
	id := strings.TrimSpace(resp.Header.Get("X-Request-Id"))
	if strings.ContainsFunc(id, unicode.IsSpace) {
		return ""
	}
	return secret.Show(id, secret.MaxName)
}
