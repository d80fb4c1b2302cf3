// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/singleflight"
)

// Origins says where a part of the configuration came from, for whoever has to
// put it right, such as `the argument host`. An empty one is not told.
type Origins struct {
	Host        string
	Credentials string
}

// OtherProjectError is credentials of another project than the one that a
// request is about.
type OtherProjectError struct {
	Host     string
	ClientID string
	Origins  Origins
	// Has is the project of the credentials, by its service id, or empty where
	// they are of none. Wants is the one that they should be of.
	Has, Wants string
}

func (e *OtherProjectError) Error() string {
	return fmt.Sprintf("the credentials are of project %s, not of project %s: %s",
		cmp.Or(e.Has, "(none)"), e.Wants, identify(e.Host, e.ClientID, e.Origins))
}

// identify says who asks whom, and where that came from.
func identify(host, clientID string, origins Origins) string {
	return "host " + host + from(origins.Host) + ", client id " + cmp.Or(clientID, "(none)") + from(origins.Credentials)
}

func from(origin string) string {
	if origin == "" {
		return ""
	}
	return " (from " + origin + ")"
}

// identity is what whoami says of the credentials, which does not change while
// a client lives. Only an answer is remembered, no failure.
type identity struct {
	known atomic.Pointer[WhoAmI]
	group singleflight.Group
}

// Identity says whom the credentials belong to. Unlike [Client.WhoAmI] it asks
// once.
func (c *Client) Identity(ctx context.Context) (*WhoAmI, error) {
	if who := c.identity.known.Load(); who != nil {
		return who, nil
	}
	// Whoever asked first may be interrupted while others wait. Nobody else is to
	// share the failure of a tentative call, which ends when its caller says.
	flight, asking := "", context.WithoutCancel(ctx)
	if isTentative(ctx) {
		flight, asking = "tentative", ctx
	}
	result := c.identity.group.DoChan(flight, func() (any, error) {
		if who := c.identity.known.Load(); who != nil {
			return who, nil
		}
		who, err := c.askWhoAmI(asking)
		if err == nil {
			c.identity.known.Store(who)
		}
		return who, err
	})
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case r := <-result:
		who, _ := r.Val.(*WhoAmI)
		return who, c.whole(r.Err)
	}
}

// CheckProject returns an [OtherProjectError] where the credentials are of
// another project than the one with this service id. It asks once a run. An
// empty service id checks nothing.
func (c *Client) CheckProject(ctx context.Context, serviceID string) error {
	if serviceID == "" {
		return nil
	}
	who, err := c.Identity(ctx)
	if err != nil {
		return err
	}
	return c.compareProject(who, serviceID)
}

func (c *Client) compareProject(who *WhoAmI, serviceID string) error {
	if serviceID == "" || who.ServiceID == serviceID {
		return nil
	}
	return &OtherProjectError{
		Host: c.config.Host, ClientID: c.config.ClientID, Origins: c.config.Origins, Has: who.ServiceID, Wants: serviceID,
	}
}
