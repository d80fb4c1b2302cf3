// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"slices"
)

// ProjectKeysNamed lists the keys of the credentials' own project that have this
// name, the newest first. Keys of no known age come last. Where the service does
// not say which project that is, the keys of every project are listed.
func (c *Client) ProjectKeysNamed(ctx context.Context, name string) ([]ProjectKeySummary, error) {
	who, err := c.Identity(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := c.lists.next(ctx, c)
	if err != nil {
		return nil, err
	}
	keys = slices.DeleteFunc(slices.Clone(keys), func(key ProjectKeySummary) bool {
		return !SameName(key.Name, name) || who.ServiceID != "" && key.ServiceID != who.ServiceID
	})
	slices.SortStableFunc(keys, func(a, b ProjectKeySummary) int {
		created, _ := a.CreatedAt.Time()
		other, _ := b.CreatedAt.Time()
		return other.Compare(created)
	})
	return keys, nil
}
