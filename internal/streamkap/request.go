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
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
)

const (
	// attemptTimeout bounds one attempt of a request that may be repeated.
	attemptTimeout = time.Minute
	// onceTimeout bounds a request that may not, where the caller sets no
	// deadline.
	onceTimeout = 20 * time.Minute
	// maxAnswer is the longest answer that is read, in bytes.
	maxAnswer = 64 << 20

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
	// secrets are the secret values in the body, which an error may echo.
	secrets []string
}

// do makes a request and hands the body of a 2xx answer to decode.
func (c *Client) do(ctx context.Context, call call, decode func([]byte) error) error {
	if c.config.Unusable != nil {
		return c.config.Unusable
	}
	if c.config.ServiceID != "" && !call.anonymous && call.path != whoAmIPath {
		if err := c.CheckProject(ctx, c.config.ServiceID); err != nil {
			return err
		}
	}
	var body any
	if call.body != nil {
		data, err := json.Marshal(call.body)
		if err != nil {
			return fmt.Errorf("encode the body of %s %s: %w", call.method, call.path, err)
		}
		secret.AddMembers(data)
		body = data
	}
	start := time.Now()
	caller := ctx
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

	var before string
	resp, err := c.retrying(call, &before).Do(req)
	if err == nil {
		defer func() { _ = resp.Body.Close() }()
		if resp.StatusCode >= 300 {
			err = newError(call, resp, append(call.secrets, c.config.Secret))
		}
	}
	return describe(err, call, c.serverTime(start), before, caller.Err() != nil)
}

// retrying is the retry policy of one call. It notes how each attempt that is
// followed by another one ended, for when that is cut off.
func (c *Client) retrying(call call, before *string) *retryablehttp.Client {
	client := c.authorized
	if call.anonymous {
		client = c.plain
	}
	return &retryablehttp.Client{
		HTTPClient:   client,
		RetryMax:     c.config.MaxRetries,
		RetryWaitMin: retryWaitMin,
		RetryWaitMax: retryWaitMax,
		Backoff:      retryablehttp.DefaultBackoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
		CheckRetry: func(ctx context.Context, resp *http.Response, err error) (bool, error) {
			retry := shouldRetry(ctx, call.once, resp, err)
			if retry {
				*before = ending(resp, err)
			}
			return retry, nil
		},
	}
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

func shouldRetry(ctx context.Context, once bool, resp *http.Response, err error) bool {
	var auth *AuthenticationError
	var held *HeldBackError
	switch {
	case ctx.Err() != nil, errors.As(err, &auth), errors.As(err, &held):
		return false
	case err == nil && resp.StatusCode == http.StatusTooManyRequests:
		return endsBeforeDeadline(ctx, resp)
	case once:
		return err != nil && neverConnected(err)
	default:
		retry, _ := retryablehttp.DefaultRetryPolicy(ctx, resp, err)
		return retry
	}
}

// endsBeforeDeadline reports whether there is a point in waiting for as long as
// the service asks.
func endsBeforeDeadline(ctx context.Context, resp *http.Response) bool {
	deadline, ok := ctx.Deadline()
	return !ok || time.Until(deadline) > retryablehttp.DefaultBackoff(0, 0, 0, resp)
}

// neverConnected reports whether a request failed before a byte of it could
// have been sent.
func neverConnected(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

func decodeAnswer(resp *http.Response, decode func([]byte) error) error {
	if resp.StatusCode >= 300 || decode == nil {
		return nil
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if err := decode(body); err != nil {
		return &AnswerError{Status: resp.StatusCode, RequestID: requestID(resp), Err: err}
	}
	return nil
}

// decodeInto leaves the target as it is where a body can't be decoded, so that
// nothing of one attempt shows in the next.
func decodeInto[T any](target *T) func([]byte) error {
	return func(body []byte) error {
		var value T
		err := json.Unmarshal(body, &value)
		if err == nil {
			*target = value
		}
		return err
	}
}

type sendContextKey struct{}

// withSendContext gives a request that may be sent only once a context of its
// own to be sent under: an interrupt must not cut off the answer that carries
// the secret. The deadline stays. Any other request has none, not even that of
// the request for which it fetches a token.
func withSendContext(ctx context.Context, once bool) (context.Context, context.CancelFunc) {
	if !once {
		return context.WithValue(ctx, sendContextKey{}, nil), func() {}
	}
	deadline, ok := ctx.Deadline()
	if !ok {
		deadline = time.Now().Add(onceTimeout)
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
	ctx, ok := req.Context().Value(sendContextKey{}).(context.Context)
	if !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(req.Context(), attemptTimeout)
		defer cancel()
	}
	start := time.Now()
	resp, err := s.client.config.Transport.RoundTrip(req.WithContext(ctx))
	if err == nil {
		err = readWhole(resp)
	}
	fields := map[string]any{"method": req.Method, "path": req.URL.Path, "duration_ms": time.Since(start).Milliseconds()}
	if err != nil {
		fields["error"] = shown(err)
		s.client.config.Log(req.Context(), "Streamkap API request failed", fields)
		return nil, err
	}
	s.client.noteClock(resp)
	s.client.brake.note(resp)
	fields["status"] = resp.StatusCode
	fields["request_id"] = requestID(resp)
	s.client.config.Log(req.Context(), "Streamkap API request", fields)
	return resp, nil
}

func readWhole(resp *http.Response) error {
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return fmt.Errorf("read the answer: %w", err)
	}
	if len(body) > maxAnswer {
		return fmt.Errorf("the answer is longer than %d MiB", maxAnswer>>20)
	}
	secret.AddMembers(body)
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

// requestID is empty for what is no word, and so no id.
func requestID(resp *http.Response) string {
	id := strings.TrimSpace(resp.Header.Get("X-Request-Id"))
	if strings.ContainsFunc(id, unicode.IsSpace) {
		return ""
	}
	return secret.Show(id, secret.MaxName)
}

// noteClock learns the service's clock from the Date of its answers, which is
// cut to whole seconds.
func (c *Client) noteClock(resp *http.Response) {
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		c.clockSkew.Store(int64(time.Until(date)))
	}
}

// serverTime is an instant of our clock by the service's, as far as its answers
// have shown it by now.
func (c *Client) serverTime(instant time.Time) time.Time {
	return instant.Add(time.Duration(c.clockSkew.Load()))
}
