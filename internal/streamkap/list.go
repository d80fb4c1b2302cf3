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
	mu      sync.Mutex
	running bool
	// waiting is the reading that begins when the one under way has ended.
	waiting *listing[T]
}

// listing is one reading of the list. It ends when done is closed.
type listing[T any] struct {
	done chan struct{}
	rows []T
	err  error
}

// next returns a list that is read from now on. The rows are shared.
func (l *listReader[T]) next(ctx context.Context, client *Client, read func(context.Context) ([]T, error)) ([]T, error) {
	joined := l.join(ctx, client, read)
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-joined.done:
		return joined.rows, client.shared(joined.err)
	}
}

func (l *listReader[T]) join(ctx context.Context, client *Client, read func(context.Context) ([]T, error)) *listing[T] {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = &listing[T]{done: make(chan struct{})}
	}
	joined := l.waiting
	if !l.running {
		l.running = true
		// Whoever asked first may be interrupted while others wait.
		go l.read(context.WithoutCancel(ctx), client, read)
	}
	return joined
}

// read reads the list until nobody waits for another reading.
func (l *listReader[T]) read(ctx context.Context, client *Client, read func(context.Context) ([]T, error)) {
	for {
		if client.underWay.Load() > 0 {
			time.Sleep(gatherFor)
		}
		l.mu.Lock()
		current := l.waiting
		l.waiting = nil
		l.mu.Unlock()
		current.rows, current.err = read(ctx)
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
