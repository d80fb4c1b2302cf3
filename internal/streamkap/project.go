// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"cmp"
	"context"
	"fmt"
	"sync/atomic"

	"golang.org/x/sync/singleflight"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/secret"
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
	// Has is the project of the credentials, by its service id, and Wants the one
	// that they should be of.
	Has, Wants string
}

func (e *OtherProjectError) Error() string {
	return fmt.Sprintf("the credentials are of project %s, not of project %s: %s",
		secret.Show(e.Has, secret.MaxName), secret.Show(e.Wants, secret.MaxName), identify(e.Host, e.ClientID, e.Origins))
}

// identify says who asks whom, and where that came from.
func identify(host, clientID string, origins Origins) string {
	return "host " + host + from(origins.Host) + ", client id " + cmp.Or(secret.Show(clientID, secret.MaxName), "(none)") + from(origins.Credentials)
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
	// share the failure of an optional call, which ends when its caller says.
	flight, asking := "", context.WithoutCancel(ctx)
	if c.optional {
		flight, asking = "optional", ctx
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
		return who, c.shared(r.Err)
	}
}

// UnknownProjectError is a key of which nobody can say whether it belongs to
// the project of the credentials, because one of the two is not known.
type UnknownProjectError struct {
	// Credentials says that the unknown project is that of the credentials, and
	// not that of the key.
	Credentials bool
}

func (e *UnknownProjectError) Error() string {
	if e.Credentials {
		return "Streamkap does not say which project the credentials belong to"
	}
	return "it is not known which project the key belongs to"
}

// Project is the service id of the credentials' own project.
func (c *Client) Project(ctx context.Context) (string, error) {
	who, err := c.Identity(ctx)
	if err == nil && who.ServiceID == "" {
		err = &UnknownProjectError{Credentials: true}
	}
	if err != nil {
		return "", err
	}
	return who.ServiceID, nil
}

// CheckProject returns nil where the credentials are certainly of the project
// with this service id. It returns an [OtherProjectError] where they are of
// another one, and an [UnknownProjectError] where either is not known. It asks
// once a run.
func (c *Client) CheckProject(ctx context.Context, serviceID string) error {
	if serviceID == "" {
		return &UnknownProjectError{}
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
		return &UnknownProjectError{Credentials: true}
	}
	return &OtherProjectError{
		Host: c.config.Host, ClientID: c.config.ClientID, Origins: c.config.Origins, Has: who.ServiceID, Wants: serviceID,
	}
}
