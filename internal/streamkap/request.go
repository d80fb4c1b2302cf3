// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// call is one request, however many attempts it takes.
type call struct {
	method string
	// path may have an {id} in it, which is then checked and put in.
	path string
	id   string
	body any
	// once marks a request whose repetition could make a second key or lose a secret.
	// It is repeated only where the service certainly did nothing.
	once bool
	// anonymous marks the token exchange, the one request without a token.
	anonymous bool
	// password says that the body sets a new Kafka password.
	password bool
	// secrets are those in the body, which a refusal may echo.
	secrets []string
}

// do makes a request with credentials of the right project, and decodes the answer.
func (c *Client) do(ctx context.Context, call call, decode func([]byte) error) error {
	if strings.Contains(call.path, "{id}") {
		if !PlausibleID(call.id) {
			return &CallError{Kind: KindImplausibleID, Text: "this is not the id of a " + thing(call.path) +
				": an id is at most 128 letters, digits, hyphens, underscores, dots, colons, tildes and at signs"}
		}
		call.path = strings.Replace(call.path, "{id}", url.PathEscape(call.id), 1)
	}
	if c.config.ServiceID != "" && c.config.Unusable == nil {
		if err := c.CheckProject(ctx, c.config.ServiceID); err != nil {
			return c.shared(err)
		}
	}
	c.underWay.Add(1)
	defer c.underWay.Add(-1)
	return c.shared(c.send(ctx, call, decode))
}

// fetch makes a request and returns what its answer is decoded to.
func fetch[T any](ctx context.Context, do func(context.Context, call, func([]byte) error) error, call call, decode func([]byte, *T) error) (*T, error) {
	answer := new(T)
	if err := do(ctx, call, func(body []byte) error { return decode(body, answer) }); err != nil {
		return nil, err
	}
	return answer, nil
}

func (c *Client) send(ctx context.Context, call call, decode func([]byte) error) error {
	if c.config.Unusable != nil {
		return c.config.Unusable
	}
	request := transport.Request{
		Method: call.method, Path: call.path, Once: call.once, Anonymous: call.anonymous, Optional: c.optional && !call.anonymous,
		Read: func(response *transport.Response) error { return c.read(call, response, decode) },
	}
	if call.body != nil {
		body, err := json.Marshal(call.body)
		if err != nil {
			return fmt.Errorf("encode the body of %s %s: %w", call.method, call.path, err)
		}
		request.Body = body
	}
	acted, err := c.transport.Do(ctx, request)
	switch {
	case err != nil && acted && call.once:
		return &CallError{Kind: KindUnknownOutcome, Text: "the answer was lost", Err: err}
	case err != nil && acted && call.password:
		return &CallError{Kind: KindUnknownPassword, Text: "the new password may be in force", Err: err}
	}
	return err
}

// read reads an answer of any status.
func (c *Client) read(call call, response *transport.Response, decode func([]byte) error) error {
	if !response.Succeeded() {
		refusal := newError(call, response, append(call.secrets, c.config.Secret))
		if KindOf(refusal) == KindPermission {
			refusal.Asked = c.identify()
		}
		return refusal
	}
	if decode == nil {
		return nil
	}
	// Some servers put a byte order mark before JSON.
	if err := decode(bytes.TrimPrefix(response.Body, []byte("\ufeff"))); err != nil {
		return &Error{Method: call.method, Path: call.path, Status: response.Status, RequestID: response.RequestID, Invalid: err}
	}
	return nil
}

var (
	idCharacters = regexp.MustCompile(`^[0-9A-Za-z._:~@-]{1,128}$`)
	dotsAlone    = regexp.MustCompile(`^\.+$`)
)

// PlausibleID reports whether a thing can have this id: it is no longer than 128
// characters, which are letters, digits and - _ . : ~ @ alone, and it is not made of
// dots. Anything else, such as a credential file, must get into no URL, which proxies
// and servers log, and into no error. A path that ends with no id is that of the list.
func PlausibleID(id string) bool { return idCharacters.MatchString(id) && !dotsAlone.MatchString(id) }
