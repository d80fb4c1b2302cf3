// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
)

// UnconfirmedError is a key that one answer called missing, and of which no
// second answer could tell whether it is gone.
type UnconfirmedError struct {
	// List is why the list could not tell, and Read what another read of the
	// key was answered.
	List, Read error
}

func (e *UnconfirmedError) Error() string {
	return fmt.Sprintf("it could not be confirmed that the key is gone: the list of keys may not be read (%v), "+
		"and a second read of the key was not answered by the API itself (%v)", e.List, e.Read)
}

// Unwrap returns both causes.
func (e *UnconfirmedError) Unwrap() []error { return []error{e.List, e.Read} }

// ConfirmGone gets the second, independent answer after a read or a deletion of
// the key was answered as missing: whether the list has the key, or, where the
// credentials may not read the list, whether a second read is answered as
// missing by the API itself (contract, "Errors"). serviceID is the key's project,
// which the credentials have to be of.
//
// It returns false where the answers disagree. An error means that it could not
// be told; it is an [OtherProjectError] or an [UnknownProjectError] where the
// credentials are not certainly of the key's project. The key then counts as
// there.
func (c *Client) ConfirmGone(ctx context.Context, id, serviceID string) (bool, error) {
	if err := c.CheckProject(ctx, serviceID); err != nil {
		return false, err
	}
	listed, err := c.lists.has(ctx, c, id)
	var refusal *Error
	if err == nil || !errors.As(err, &refusal) || refusal.Status != http.StatusForbidden || refusal.HTML {
		return err == nil && !listed, err
	}
	_, readErr := c.ProjectKey(ctx, id)
	var answer *Error
	switch {
	case readErr == nil:
		return false, nil
	case !IsMissing(readErr):
		return false, readErr
	case errors.As(readErr, &answer) && answer.Own:
		return true, nil
	}
	return false, &UnconfirmedError{List: err, Read: readErr}
}

// listReader reads the list of keys for many that ask at the same time. A list
// serves only those that asked before its request began: an earlier one says
// nothing of what became of a key since.
type listReader struct {
	mu      sync.Mutex
	running bool
	// waiting is the reading that begins when the one under way has ended.
	waiting *listing
}

// listing is one reading of the list. It is done when done is closed.
type listing struct {
	done chan struct{}
	ids  map[string]bool
	err  error
}

// has reports whether a list that is read from now on has a key.
func (l *listReader) has(ctx context.Context, client *Client, id string) (bool, error) {
	joined := l.join(ctx, client)
	select {
	case <-ctx.Done():
		return false, ctx.Err()
	case <-joined.done:
		return joined.ids[id], client.shared(joined.err)
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

// read reads the list until nobody waits for another one.
func (l *listReader) read(ctx context.Context, client *Client) {
	for {
		l.mu.Lock()
		current := l.waiting
		l.waiting = nil
		l.running = current != nil
		l.mu.Unlock()
		if current == nil {
			return
		}
		keys, err := client.ProjectKeys(ctx)
		current.ids, current.err = make(map[string]bool, len(keys)), err
		for _, key := range keys {
			current.ids[key.ID] = true
		}
		close(current.done)
	}
}
