// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// Origins says where a part of the configuration came from, such as `the argument
// host`. An empty one is not shown.
type Origins struct {
	Host        string
	Credentials string
}

var (
	errProjectOfThing       = &CallError{Kind: KindUnknownProject, Text: "it is not known which project it belongs to"}
	errProjectOfCredentials = &CallError{Kind: KindUntoldProject, Text: "Streamkap does not say which project the credentials belong to"}
)

// identify says which host is asked and as whom, and where that came from.
func (c *Client) identify() string {
	return "host " + c.host + from(c.config.Origins.Host) +
		", client id " + cmp.Or(secret.Show(c.config.ClientID, secret.MaxName), "(none)") + from(c.config.Origins.Credentials)
}

func from(origin string) string {
	if origin == "" {
		return ""
	}
	return " (from " + origin + ")"
}

// Identity says whom the credentials belong to. Unlike [Client.WhoAmI] it asks the
// service once: that does not change while a client lives.
func (c *Client) Identity(ctx context.Context) (*WhoAmI, error) {
	flight := ""
	if c.optional {
		flight = "optional"
	}
	who, err := c.identity.get(ctx, flight, func(*WhoAmI) bool { return true }, func(asking context.Context) (*WhoAmI, error) {
		// An optional call ends when its caller says so, and nobody else shares its
		// failure.
		if c.optional {
			asking = ctx
		}
		return c.askWhoAmI(asking)
	})
	return who, c.shared(err)
}

// Project is the service id of the credentials' own project.
func (c *Client) Project(ctx context.Context) (string, error) {
	who, err := c.Identity(ctx)
	if err == nil && who.ServiceID == "" {
		err = errProjectOfCredentials
	}
	if err != nil {
		return "", err
	}
	return who.ServiceID, nil
}

// CheckProject returns nil where the credentials are certainly of the project
// with this service id. It returns an error of [KindOtherProject] where they are of
// another one, and of [KindUnknownProject] or [KindUntoldProject] where that can't
// be told. It asks once a run.
func (c *Client) CheckProject(ctx context.Context, serviceID string) error {
	if serviceID == "" {
		return errProjectOfThing
	}
	who, err := c.Identity(ctx)
	if err != nil {
		return err
	}
	return c.compareProject(who, serviceID)
}

func (c *Client) compareProject(who *WhoAmI, serviceID string) error {
	switch who.ServiceID {
	case serviceID:
		return nil
	case "":
		return errProjectOfCredentials
	}
	return &CallError{Kind: KindOtherProject, Text: fmt.Sprintf("the credentials belong to project %s, not to project %s: %s",
		secret.Show(who.ServiceID, secret.MaxName), secret.Show(serviceID, secret.MaxName), c.identify())}
}

// SharedError is a failure that every request of the run meets: the service is out
// of reach, or refuses the credentials.
type SharedError struct {
	Err error
	// Asked says which host was asked and as whom, and where that came from. It is
	// empty where the client has no credentials.
	Asked  string
	report *reporter
}

func (e *SharedError) Error() string { return e.Err.Error() }

// Unwrap returns the failure.
func (e *SharedError) Unwrap() error { return e.Err }

// ReportsAll reports whether this error is the one of its run that should say
// everything. The first one to be asked is. The others can refer to it.
func (e *SharedError) ReportsAll() bool {
	return e.report.first.CompareAndSwap(nil, e) || e.report.first.Load() == e
}

// reporter remembers which error reports a failure.
type reporter struct {
	first atomic.Pointer[SharedError]
}

// shared marks a failure that every other request of the run meets, too.
func (c *Client) shared(err error) error {
	var (
		given  *SharedError
		auth   *AuthenticationError
		open   *transport.OpenError
		report *reporter
	)
	outOfReach := func() bool {
		switch KindOf(err) {
		case KindOutOfReach, KindUnresolved, KindNotListening, KindClosed, KindTimeout, KindTransient:
			return c.transport.IsOpen() || errors.As(err, &open)
		}
		return false
	}
	switch kind := KindOf(err); {
	case err == nil, kind == KindUnknownOutcome, kind == KindUnknownPassword:
		return err
	case errors.As(err, &given):
		// Several calls may share the error of one request. One of them reports it.
		report = given.report
	case kind == KindUnusable, kind == KindOtherProject, errors.As(err, &auth) && !IsTransient(err):
		report = &c.refused
	case outOfReach():
		report = c.outage.Load()
	default:
		return err
	}
	asked := ""
	if c.config.ClientID != "" {
		asked = c.identify()
	}
	return &SharedError{Err: err, Asked: asked, report: report}
}
