// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// probeEvery is how often one request tries whether an outage is over.
const probeEvery = time.Second

// OutageError is a request that was not sent, because another one has just used
// up its retries and found the service out of reach.
type OutageError struct {
	// Err is what that other request ended with.
	Err error
}

func (e *OutageError) Error() string {
	return "not sent, because the service was out of reach: " + e.Err.Error()
}

// WholeError is a failure that is not about the one request: the service is out
// of reach, or refuses the credentials. Every other request of the run meets it
// too. It says what has to be looked at.
type WholeError struct {
	Err      error
	Host     string
	ClientID string
	Origins  Origins
	told     *telling
}

func (e *WholeError) Error() string { return e.Err.Error() }

// Unwrap returns the failure.
func (e *WholeError) Unwrap() error { return e.Err }

// Identify says which host was asked and as whom, and where that came from.
func (e *WholeError) Identify() string { return identify(e.Host, e.ClientID, e.Origins) }

// Tell reports whether this error is the one of its run that should tell all.
// The first one to be asked is; the others can refer to it.
func (e *WholeError) Tell() bool {
	return e.told.first.CompareAndSwap(nil, e) || e.told.first.Load() == e
}

// telling remembers which error told of a failure.
type telling struct {
	first atomic.Pointer[WholeError]
}

// outage keeps the requests of a run from waiting, each by itself, for a service
// that is out of reach. It begins when a request has used up its retries. From
// then on one request a second is sent, without retries, and the others fail at
// once. It ends when one is answered.
type outage struct {
	mu    sync.Mutex
	err   error
	probe time.Time
	told  *telling
}

func newOutage() *outage { return &outage{told: new(telling)} }

// admit returns an error for a request that should not be sent.
func (o *outage) admit() error {
	o.mu.Lock()
	defer o.mu.Unlock()
	now := time.Now()
	if o.err != nil && now.Before(o.probe) {
		return &OutageError{Err: o.err}
	}
	o.probe = now.Add(probeEvery)
	return nil
}

// under reports whether there is an outage.
func (o *outage) under() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.err != nil
}

func (o *outage) telling() *telling {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.told
}

// begin notes what a request met that has used up its retries.
func (o *outage) begin(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err == nil {
		o.err, o.probe = err, time.Time{}
	}
}

// end notes that the service has answered.
func (o *outage) end() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		o.err, o.told = nil, new(telling)
	}
}

// isOutage reports whether an attempt found the service out of reach: nobody
// listening, no such host, or a gateway that says so. A host name or a port
// concerns all requests; a connection that broke may concern the one.
func isOutage(resp *http.Response, err error) bool {
	if err != nil {
		var dns *net.DNSError
		return neverConnected(err) || errors.As(err, &dns)
	}
	return isGatewayStatus(resp.StatusCode)
}

func isGatewayStatus(status int) bool {
	return status == http.StatusBadGateway || status == http.StatusServiceUnavailable || status == http.StatusGatewayTimeout
}

// whole marks a failure that every other request of the run meets too.
func (c *Client) whole(err error) error {
	var (
		auth       *AuthenticationError
		connection *ConnectionError
		over       *OutageError
		apiError   *Error
		lost       *LostAnswerError
		given      *WholeError
		unusable   *UnusableError
		other      *OtherProjectError
		told       *telling
	)
	switch {
	case err == nil, errors.As(err, &lost):
		return err
	case errors.As(err, &given):
		// Several may share the error of one request, and one of them tells all.
		told = given.told
	case errors.As(err, &unusable), errors.As(err, &other), errors.As(err, &auth) && !IsPassing(err):
		told = &c.refused
	case errors.As(err, &over), c.outage.under() && (errors.As(err, &auth) || errors.As(err, &connection) && !connection.GivenUp ||
		errors.As(err, &apiError) && isGatewayStatus(apiError.Status)):
		told = c.outage.telling()
	default:
		return err
	}
	return &WholeError{Err: err, Host: c.config.Host, ClientID: c.config.ClientID, Origins: c.config.Origins, told: told}
}
