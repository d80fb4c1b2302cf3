package streamkap

import "context"

// NewToken trades the client's credentials for a token of its own, for someone
// who is to use it apart from this client.
func (c *Client) NewToken(ctx context.Context) (*Token, error) {
	if err := c.CheckProject(ctx, c.config.ServiceID); err != nil {
		return nil, err
	}
	return c.exchangeOwnCredentials(ctx)
}
