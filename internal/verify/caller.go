// SPDX-License-Identifier: MPL-2.0

package verify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	pace           = time.Second / RequestsPerSecond
	requestTimeout = time.Minute
	maxBody        = 16 << 20
	attempts       = 5
)

// question is a request that is about to be sent.
type question struct {
	step   string
	key    string
	method string
	path   string // with {id} where the id stands
	id     string
	body   any
	// token is whose token it carries: the run's own where it is empty.
	token string
	// bare has no token at all.
	bare bool
	// risky must not be repeated after an answer that leaves open whether it
	// was worked on, nor be cut off by an interrupt.
	risky bool
}

// caller sends requests, slowly, and keeps what comes back.
type caller struct {
	host     string
	clientID string
	secret   string
	client   *http.Client
	seen     *sight
	token    string
	next     time.Time // when the next request may go out
	// serviceTime is the service's own clock, as the last answer showed it.
	serviceTime time.Time
}

func newCaller(o Options, seen *sight) *caller {
	return &caller{
		host:     strings.TrimRight(o.Host, "/"),
		clientID: o.ClientID,
		secret:   o.Secret,
		seen:     seen,
		client: &http.Client{
			Transport: o.Transport,
			// A redirect could carry a secret elsewhere.
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// ask sends a request until there is a clear answer, or none is to be had.
func (c *caller) ask(ctx context.Context, q question) answer {
	renewed := false
	for attempt := 1; ; attempt++ {
		a := c.send(ctx, q)
		again, renew := c.again(ctx, q, a, attempt, renewed)
		a.repeated = again
		c.seen.add(a)
		if !again {
			return a
		}
		if renew {
			renewed = true
			c.exchange(ctx)
			continue
		}
		if sleep(ctx, pauseAfter(a, attempt)) != nil {
			return a
		}
	}
}

// again tells whether the same request is to be sent once more, and whether a
// new token has to be fetched for that.
func (c *caller) again(ctx context.Context, q question, a answer, attempt int, renewed bool) (again, renew bool) {
	switch {
	case ctx.Err() != nil || attempt >= attempts:
		return false, false
	case a.status == http.StatusUnauthorized:
		own := !q.bare && q.token == "" && !renewed
		return own, own
	case a.status == http.StatusTooManyRequests:
		return true, false
	default:
		return a.unclear() && !q.risky, false
	}
}

// pauseAfter is what the service asks for, within reason, or grows.
func pauseAfter(a answer, attempt int) time.Duration {
	if seconds, err := strconv.Atoi(a.header.Get("Retry-After")); err == nil && seconds > 0 {
		return min(time.Duration(seconds)*time.Second, requestTimeout)
	}
	return time.Second << (attempt - 1)
}

// exchange fetches a token for the run itself.
func (c *caller) exchange(ctx context.Context) answer {
	a := c.ask(ctx, question{
		step: stepExchange, method: http.MethodPost, path: "/auth/access-token", bare: true,
		body: map[string]any{"client_id": c.clientID, "secret": c.secret},
	})
	c.token = tokenIn(a)
	return a
}

// tokenIn finds the token in either spelling of an answer.
func tokenIn(a answer) string {
	if token := a.body.at("accessToken").text(); token != "" {
		return token
	}
	return a.body.at("access_token").text()
}

// send sends a request once.
func (c *caller) send(ctx context.Context, q question) answer {
	a := answer{step: q.step, key: q.key, method: q.method, path: q.path, sent: q.body}
	if a.err = sleep(ctx, time.Until(c.next)); a.err != nil {
		return a
	}
	if q.risky {
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	defer cancel()
	a.began = time.Now()
	c.next = a.began.Add(pace)
	a.err = c.carry(ctx, q, &a)
	a.ended = time.Now()
	if date, err := http.ParseTime(a.header.Get("Date")); err == nil {
		c.serviceTime = date
	}
	a.decode()
	return a
}

func (c *caller) carry(ctx context.Context, q question, a *answer) error {
	var body io.Reader
	if q.body != nil {
		encoded, err := json.Marshal(q.body)
		if err != nil {
			return err
		}
		body = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, q.method, c.host+strings.ReplaceAll(q.path, "{id}", q.id), body)
	if err != nil {
		return errors.New("the host is not a URL")
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	request.Header.Set("User-Agent", "terraform-provider-streamkap-verify")
	if token := c.tokenFor(q); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := c.client.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	a.status, a.header = response.StatusCode, response.Header
	a.raw, err = io.ReadAll(io.LimitReader(response.Body, maxBody))
	return err
}

func (c *caller) tokenFor(q question) string {
	switch {
	case q.bare:
		return ""
	case q.token != "":
		return q.token
	default:
		return c.token
	}
}

// sleep waits, or says that there is no more to wait for.
func sleep(ctx context.Context, pause time.Duration) error {
	if ctx.Err() != nil || pause <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
