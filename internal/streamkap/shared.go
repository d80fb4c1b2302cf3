// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"errors"
	"sync/atomic"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap/transport"
)

// SharedError is a failure that is not about the one request: the service is out
// of reach, or refuses the credentials. Every other request of the run meets it
// too. It says what has to be looked at.
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

// ReportsAll reports whether this error is the one of its run that should tell all.
// The first one to be asked is; the others can refer to it.
func (e *SharedError) ReportsAll() bool {
	return e.report.first.CompareAndSwap(nil, e) || e.report.first.Load() == e
}

// reporter remembers which error told of a failure.
type reporter struct {
	first atomic.Pointer[SharedError]
}

// shared marks a failure that every other request of the run meets too.
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
		// Several may share the error of one request, and one of them tells all.
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
