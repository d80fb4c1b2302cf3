// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/singleflight"
)

// confirmGone gets the second, independent answer after a read or a deletion of a thing
// was answered as missing: whether the list has it, or, where the credentials may not
// read the list, whether a second read is answered as missing by the API itself
// (contract, "Errors"). serviceID is the thing's project, which the credentials have to
// be of.
//
// It returns false where the answers disagree. An error means that nobody knows, for
// example because the credentials may be of another project. The thing then counts as
// there.
func (c *Client) confirmGone(ctx context.Context, serviceID string, isListed func() (bool, error), read func() error) (bool, error) {
	if err := c.CheckProject(ctx, serviceID); err != nil {
		return false, err
	}
	listed, err := isListed()
	if KindOf(err) != KindPermission {
		return err == nil && !listed, err
	}
	readErr := read()
	var answer *Error
	switch {
	case readErr == nil:
		return false, nil
	case !IsNotFound(readErr):
		return false, readErr
	case errors.As(readErr, &answer) && answer.Own:
		return true, nil
	}
	return false, &CallError{
		Kind: KindUnconfirmed, Err: readErr,
		Text: fmt.Sprintf("it could not be confirmed that the %s is gone: the list may not be read (%v), "+
			"and a second read was not answered by the API itself", Thing(readErr), err),
	}
}

// gatherFor is how long a reading of the list waits for other callers, while other
// calls are in progress. Terraform deletes ten keys at a time: with this pause they
// share one list. Without it, each of them would begin its own.
const gatherFor = 100 * time.Millisecond

// listReader reads a list for all who ask at about the same time. It serves only those
// who asked before its request began: it says nothing about what happened later.
type listReader[T any] struct {
	group singleflight.Group
	// turn is held by the reading under way.
	turn chan struct{}
}

// next returns a list that is read from now on. The rows are shared.
func (l *listReader[T]) next(ctx context.Context, client *Client, read func(context.Context) ([]T, error)) ([]T, error) {
	rows, err := share(ctx, &l.group, "", func(ctx context.Context) ([]T, error) {
		l.turn <- struct{}{}
		defer func() { <-l.turn }()
		if client.underWay.Load() > 0 {
			time.Sleep(gatherFor)
		}
		l.group.Forget("")
		return read(ctx)
	})
	return rows, client.shared(err)
}

// ProjectKeysNamed lists the keys of the credentials' own project that have this
// name, the newest first. Keys of unknown age come last. Where the service does not
// say which project that is, it lists the keys of every project.
func (c *Client) ProjectKeysNamed(ctx context.Context, name string) ([]ProjectKeySummary, error) {
	who, err := c.Identity(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := c.keys.next(ctx, c, c.ProjectKeys)
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
