// SPDX-License-Identifier: MPL-2.0

// Package transport sends requests to one service. Each attempt passes a chain
// of [http.RoundTripper]s: a token is added, the rate limiter and the circuit
// breaker let it through, it is logged, and its whole answer is read. One
// go-retryablehttp client above the chain repeats what may be repeated. The
// package knows nothing of what is asked.
package transport

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

// callTimeout bounds a call with all its attempts, where the caller sets no
// deadline.
const callTimeout = 2 * time.Minute

// Config says how requests are sent.
type Config struct {
	// Host is the base URL, without a slash at its end.
	Host string
	// UserAgent is sent with every request.
	UserAgent string
	// MaxRetries is how often a request is repeated. 0 turns retrying off, and
	// the circuit breaker with it.
	MaxRetries int
	// Base carries the requests. Nil means a pool of connections that honours the
	// proxy settings of the environment.
	Base http.RoundTripper
	// Tokens are sent with every request that is not anonymous.
	Tokens TokenSource
	// Log gets every attempt, but never a body, a header or a secret. Nil turns
	// logging off.
	Log func(ctx context.Context, message string, fields map[string]any)
	// OnReset is called when the service answers again after it was out of reach.
	OnReset func()
}

// Request is one request, however many attempts it takes.
type Request struct {
	Method, Path string
	// Body is JSON, or nil.
	Body []byte
	// Once marks a request whose repetition could do harm. It is repeated only
	// where the service has not acted on it, and an interrupt does not cut off its
	// answer.
	Once bool
	// Optional marks a request that may fail. It is attempted once, and passes by the
	// rate limiter and the circuit breaker.
	Optional bool
	// Anonymous marks a request that needs no token.
	Anonymous bool
	// Read reads an answer, and returns an error for every refusal. An error of a
	// 2xx means that the answer can't be understood: it is asked for again.
	Read func(*Response) error
}

// Response is an answer that was read to its end.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
	// RequestID is empty where the answer has none.
	RequestID string
	// Wait is how long the service asked to wait, of a 429 or a 503.
	Wait time.Duration
}

// Succeeded reports whether the answer is a 2xx.
func (r *Response) Succeeded() bool { return succeeded(r.Status) }

// Client sends requests. It may be used by many goroutines at once.
type Client struct {
	config   Config
	retrying *retryablehttp.Client
	breaker  *breaker
}

// New makes a client. It makes no request.
func New(config Config) *Client {
	if config.Base == nil {
		config.Base = newBase()
	}
	client := &Client{config: config, breaker: &breaker{disabled: config.MaxRetries == 0, onReset: config.OnReset}}
	client.breaker.next = &logger{log: config.Log, next: &reader{next: config.Base}}
	chain := &authorizer{tokens: config.Tokens, next: newLimiter(client.breaker)}
	client.retrying = &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: chain, CheckRedirect: refuseRedirect},
		RetryMax:     config.MaxRetries,
		RetryWaitMin: retryWaitMin,
		RetryWaitMax: retryWaitMax,
		Backoff:      retryablehttp.DefaultBackoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
		CheckRetry:   client.checkRetry,
	}
	return client
}

// refuseRedirect: the API has no redirects, and one would carry secrets
// elsewhere.
func refuseRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// IsOpen reports whether the service was out of reach when last heard of.
func (c *Client) IsOpen() bool { return c.breaker.isOpen() }

// call is a request and the state of its attempts.
type call struct {
	Request
	// failed counts the attempts that are worth another one.
	failed int
	// before is how the last attempt but one ended.
	before string
	// acted says that the service may have carried out one of the attempts.
	acted bool
}

type callKey struct{}

// callOf is the call that a request of the chain belongs to. go-retryablehttp and
// http.RoundTripper have no other place for it than the context.
func callOf(ctx context.Context) *call {
	call, _ := ctx.Value(callKey{}).(*call)
	return call
}

// Do sends a request and has its answer read. The error is one of the request's
// Read or of its token, a [ConnectionError], a [RateLimitError] or an
// [OpenError]. acted says that the service may have done what it was asked to.
func (c *Client) Do(ctx context.Context, request Request) (acted bool, err error) {
	caller := ctx
	if _, ok := ctx.Deadline(); !ok {
		bounded, cancel := context.WithTimeout(ctx, callTimeout)
		defer cancel()
		ctx = bounded
	}
	call := &call{Request: request}
	resp, err := c.send(context.WithValue(ctx, callKey{}, call), call)
	if resp != nil {
		defer func() { _ = resp.Body.Close() }()
	}
	outOfReach, tooLong := isOutOfReach(resp, err), false
	switch {
	case err != nil:
		err = call.describe(err, c.config.Host, caller.Err() != nil)
	case !succeeded(resp.StatusCode):
		refusal := responseOf(resp)
		err, tooLong = request.Read(refusal), refusal.Wait > 0
	}
	// A pause that is too long counts as an outage at once.
	if outOfReach && !call.Optional && (tooLong || call.failed > c.config.MaxRetries) {
		c.breaker.trip(err)
	}
	return call.acted, err
}

func (c *Client) send(ctx context.Context, call *call) (*http.Response, error) {
	var body any
	if call.Body != nil {
		secret.AddMembers(call.Body)
		body = call.Body
	}
	req, err := retryablehttp.NewRequestWithContext(ctx, call.Method, c.config.Host+call.Path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.config.UserAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.SetResponseHandler(func(resp *http.Response) error {
		if !succeeded(resp.StatusCode) {
			return nil
		}
		if err := call.Read(responseOf(resp)); err != nil {
			return &unreadableError{err}
		}
		return nil
	})
	return c.retrying.Do(req)
}

// describe leaves out what the chain, go-retryablehttp and net/http put around
// an error.
func (c *call) describe(err error, host string, givenUp bool) error {
	var (
		unreadable *unreadableError
		unsent     *unsentError
	)
	switch {
	case errors.As(err, &unreadable):
		return unreadable.err
	case errors.As(err, &unsent) && unsent.final:
		return unsent.err
	}
	noAnswer := &ConnectionError{Method: c.Method, Path: c.Path, Host: host, Err: cause(err), GivenUp: givenUp}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		noAnswer.Before = c.before
	}
	return noAnswer
}
