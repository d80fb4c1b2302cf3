// SPDX-License-Identifier: MPL-2.0

package transport

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

// The five pauses of the default are a quarter of a minute together: enough for a
// service that restarts, and short for one that is down.
const (
	retryWaitMin = 500 * time.Millisecond
	retryWaitMax = 30 * time.Second
)

// checkRetry is the retry policy, and notes how the attempt ended.
func (c *Client) checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	call := callOf(ctx)
	retry := c.shouldRetry(ctx, call, resp, err)
	call.acted = call.acted || mayHaveActed(resp, err)
	if retry {
		call.failed++
		call.before = ending(resp, err)
	}
	return retry, nil
}

func (c *Client) shouldRetry(ctx context.Context, call *call, resp *http.Response, err error) bool {
	var unsent *unsentError
	neverSent := errors.As(err, &unsent)
	switch {
	case ctx.Err() != nil, call.Optional, neverSent && unsent.final, errors.Is(err, errTooLong), isHopeless(err):
		return false
	case isOutOfReach(resp, err) && c.breaker.isOpen():
		return false
	case err == nil && !endsBeforeDeadline(ctx, resp):
		return false
	case err == nil && resp.StatusCode == http.StatusTooManyRequests:
		return true
	case call.Once:
		return neverSent
	default:
		retry, _ := retryablehttp.DefaultRetryPolicy(ctx, resp, err)
		return retry
	}
}

// mayHaveActed reports whether the service may have done what it was asked to
// do, in an attempt that ended so.
func mayHaveActed(resp *http.Response, err error) bool {
	if err != nil {
		var unsent *unsentError
		return !errors.As(err, &unsent)
	}
	return resp.StatusCode >= 500 || resp.StatusCode == http.StatusRequestTimeout || resp.StatusCode < 400
}

// ending says how an attempt ended.
func ending(resp *http.Response, err error) string {
	if err != nil {
		return Quote(cause(err))
	}
	text := fmt.Sprintf("HTTP %d", resp.StatusCode)
	if id := requestID(resp); id != "" {
		text += ", request id " + id
	}
	return text
}

// endsBeforeDeadline reports whether the pause that the service asks for ends in
// time.
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
