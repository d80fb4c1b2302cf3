// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// ConfirmGone gets the second, independent answer after a read or a deletion of
// the key was answered as missing: whether the list has the key, or, where the
// credentials may not read the list, whether a second read is answered as
// missing by the API itself (contract, "Errors"). serviceID is the key's project,
// which the credentials have to be of.
//
// It returns false where the answers disagree. An error means that nobody knows,
// for example because the credentials may be of another project. The key then
// counts as there.
func (c *Client) ConfirmGone(ctx context.Context, id, serviceID string) (bool, error) {
	if err := c.CheckProject(ctx, serviceID); err != nil {
		return false, err
	}
	keys, err := c.lists.next(ctx, c)
	if err == nil {
		return !slices.ContainsFunc(keys, func(key ProjectKeySummary) bool { return key.ID == id }), nil
	}
	if KindOf(err) != KindPermission {
		return false, err
	}
	_, readErr := c.ProjectKey(ctx, id)
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
		Text: fmt.Sprintf("it could not be confirmed that the key is gone: the list of keys may not be read (%v), "+
			"and a second read of the key was not answered by the API itself", err),
	}
}

// gatherFor is how long a reading of the list waits for other callers, while other
// calls are in progress. Terraform deletes ten keys at a time: with this pause they
// share one list. Without it, each of them would begin its own.
const gatherFor = 100 * time.Millisecond

// listReader reads the list of keys for all who ask at about the same time. A list
// serves only those who asked before its request began: it says nothing about what
// happened to a key later.
type listReader struct {
	mu      sync.Mutex
	running bool
	// waiting is the reading that begins when the one under way has ended.
	waiting *listing
}

// listing is one reading of the list. It ends when done is closed.
type listing struct {
	done chan struct{}
	keys []ProjectKeySummary
	err  error
}

// next returns a list that is read from now on. The rows are shared.
func (l *listReader) next(ctx context.Context, client *Client) ([]ProjectKeySummary, error) {
	joined := l.join(ctx, client)
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-joined.done:
		return joined.keys, client.shared(joined.err)
	}
}

func (l *listReader) join(ctx context.Context, client *Client) *listing {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = &listing{done: make(chan struct{})}
	}
	joined := l.waiting
	if !l.running {
		l.running = true
		// Whoever asked first may be interrupted while others wait.
		go l.read(context.WithoutCancel(ctx), client)
	}
	return joined
}

// read reads the list until nobody waits for another reading.
func (l *listReader) read(ctx context.Context, client *Client) {
	for {
		if client.underWay.Load() > 0 {
			time.Sleep(gatherFor)
		}
		l.mu.Lock()
		current := l.waiting
		l.waiting = nil
		l.mu.Unlock()
		current.keys, current.err = client.ProjectKeys(ctx)
		l.mu.Lock()
		close(current.done)
		l.running = l.waiting != nil
		more := l.running
		l.mu.Unlock()
		if !more {
			return
		}
	}
}

// ProjectKeysNamed lists the keys of the credentials' own project that have this
// name, the newest first. Keys of unknown age come last. Where the service does not
// say which project that is, it lists the keys of every project.
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
