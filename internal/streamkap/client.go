// SPDX-License-Identifier: MPL-2.0

// Package streamkap is a client for the part of the Streamkap API that deals
// with Project Keys. It knows nothing of Terraform.
//
// What the API is known to do, and where it may differ, is written down in
// CONTRACT.md beside this file. Every tolerance in this package names the
// section it comes from.
package streamkap

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// DefaultHost is the address of the real service.
const DefaultHost = "https://api.streamkap.com"

// DefaultMaxRetries is how often a request is repeated by default.
const DefaultMaxRetries = 5

// APIURLOfFile is an origin of a host.
const APIURLOfFile = "the api_url of the credential file"

// Config says which service to talk to, and as whom.
type Config struct {
	// Host is the base URL. Empty means the default one. A trailing slash is tolerated.
	Host string
	// ClientID and Secret are the credentials, of a project key or of a
	// standalone API token.
	ClientID string
	Secret   string
	// Origins says where host and credentials came from.
	Origins Origins
	// ServiceID, where set, is the project that the credentials have to be of.
	// The first call fails with [KindOtherProject] where they are not.
	ServiceID string
	// Unusable, where set, is why no request can be made. Every call returns it, so
	// that a client can exist before the credentials are known.
	Unusable error
	// MaxRetries is how often a request is repeated: n retries are n+1
	// attempts. 0 turns retrying off.
	MaxRetries int
	// UserAgent is sent with every request.
	UserAgent string
	// Transport carries the requests. Nil means a pool of connections that
	// honours the proxy settings of the environment.
	Transport http.RoundTripper
	// Log gets every request, but never a body, a header or a secret. Nil turns
	// logging off.
	Log func(ctx context.Context, message string, fields map[string]any)
}

// Client talks to the Streamkap API. It may be used by many goroutines at
// once, and makes no request before the first call that needs one.
type Client struct {
	*session
	optional bool
}

// session is what a client and its [Client.Optional] have in common.
type session struct {
	config Config
	// host is the base URL, without a slash at its end.
	host      string
	transport *transport.Client
	tokens    *tokenSource
	identity  remembered[WhoAmI]
	keys      listReader[ProjectKeySummary]
	// underWay counts the calls in progress.
	underWay atomic.Int64
	// refusal is how the service refused the credentials, and refused which error
	// reports it.
	refusal atomic.Pointer[AuthenticationError]
	refused reporter
	// outage is which error reports that the service is out of reach.
	outage atomic.Pointer[reporter]
}

// New makes a client. It makes no request.
func New(config Config) *Client {
	secret.Add(config.Secret)
	client := &Client{session: &session{config: config, host: strings.TrimRight(cmp.Or(config.Host, DefaultHost), "/")}}
	client.outage.Store(new(reporter))
	client.keys.turn = make(chan struct{}, 1)
	client.tokens = &tokenSource{fetch: client.exchange}
	client.transport = transport.New(transport.Config{
		Host: client.host, UserAgent: config.UserAgent, MaxRetries: config.MaxRetries, Base: config.Transport, Log: config.Log,
		Tokens: client.tokens, OnReset: func() { client.outage.Store(new(reporter)) },
	})
	return client
}

// Optional is the same client for calls that may fail: each is attempted once, and
// neither waits for others nor delays them. The exchange of credentials is repeated
// as usual, since others may wait for the same token.
func (c *Client) Optional() *Client { return &Client{session: c.session, optional: true} }

// ForFile is a client with the credentials of a credential file. The file says where its
// secret may be sent. One that does not say it is for where this client's requests go,
// if that is known. The error completes "The credential file can't be used: …".
func (c *Client) ForFile(text string) (*Client, error) {
	config := c.config
	// Such a file may well be for another project.
	config.ServiceID = ""
	apiURL, err := config.UseFile(text)
	if err != nil {
		return nil, err
	}
	if apiURL != "" {
		if reason := RefuseHost(apiURL); reason != "" {
			return nil, fmt.Errorf("its api_url %s", reason)
		}
		config.Host, config.Origins.Host = apiURL, APIURLOfFile
	}
	if config.Host != "" {
		config.Unusable = nil
	}
	config.Origins.Credentials = "the credential file"
	return New(config), nil
}

// RefuseHost says why a base URL can't be used, or returns "". A secret must not cross a
// network in the clear, so plain http is for loopback only.
func RefuseHost(host string) string {
	base, err := url.Parse(host)
	switch {
	case !strings.Contains(host, "://"):
		return "is not a URL: it does not begin with https://. Give all of it, such as " + DefaultHost
	case err != nil || base.Host == "" || (base.Scheme != "https" && base.Scheme != "http"):
		return "is not a URL such as " + DefaultHost
	case base.User != nil || strings.ContainsAny(host, "?#"):
		return "may hold a scheme, a host, a port and a path, and nothing else"
	case base.Scheme == "http" && !isLoopback(base.Hostname()):
		return "uses plain http, which is accepted for a loopback address only: the client secret would be readable on the network. Use https"
	}
	return ""
}

func isLoopback(hostname string) bool {
	address, err := netip.ParseAddr(hostname)
	return strings.EqualFold(hostname, "localhost") || err == nil && address.IsLoopback()
}

// Host is the base URL that requests go to, without a trailing slash.
func (c *Client) Host() string { return c.host }

// Log writes a message to the log of the requests.
func (c *Client) Log(ctx context.Context, message string, fields map[string]any) {
	if c.config.Log != nil {
		c.config.Log(ctx, message, fields)
	}
}

// ClientID is the id of the client's credentials, or empty.
func (c *Client) ClientID() string { return c.config.ClientID }
