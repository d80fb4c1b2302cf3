package streamkap

import (
	"context"
	"time"
)

// clockTolerance is how much older than its request a key may look: the
// service's clock is known to a second, and its machines may disagree.
const clockTolerance = 5 * time.Second

// ProjectKeysCreatedSince finds the keys of the credentials' own project that
// have exactly this name and are not older than since, by the service's clock.
// It is how a key is found whose create lost its answer. Keys whose age can't
// be told are among them.
func (c *Client) ProjectKeysCreatedSince(ctx context.Context, name string, since time.Time) ([]ProjectKeySummary, error) {
	who, err := c.WhoAmI(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := c.ProjectKeys(ctx)
	if err != nil {
		return nil, err
	}
	var found []ProjectKeySummary
	for _, key := range keys {
		if key.Name == name && key.ServiceID == who.ServiceID && !createdBefore(key, since.Add(-clockTolerance)) {
			found = append(found, key)
		}
	}
	return found, nil
}

func createdBefore(key ProjectKeySummary, instant time.Time) bool {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999"} {
		if created, err := time.Parse(layout, string(key.CreatedAt)); err == nil {
			return created.Before(instant)
		}
	}
	return false
}
