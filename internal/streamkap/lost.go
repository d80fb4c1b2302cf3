// SPDX-License-Identifier: MPL-2.0

package streamkap

import (
	"context"
	"html"
	"strings"
	"time"
)

const (
	// clockTolerance is how much older than its request a key may look: the
	// service's clock is known to a second, and its machines may disagree.
	clockTolerance = 5 * time.Second
	// zoneTolerance is how far a time without a zone may be from UTC.
	zoneTolerance = 14 * time.Hour
)

// LostSearch is what a look for the key came to whose create lost its answer.
type LostSearch struct {
	// Found are the keys that are probably the one, and Possible those that may
	// be: their age can't be told.
	Found, Possible []ProjectKeySummary
	// Blind says, in whole clauses, why the look may not have seen the key. Where
	// there is any, no key found does not mean that none was made.
	Blind []string
}

// FindLostKey looks for the key that a lost create may have made: one of this
// name, in the credentials' own project, that is not older than the request. The
// name may have been stored in another form, as HTML escapes it. sentAt is the
// SentAt of the [LostAnswerError].
func (c *Client) FindLostKey(ctx context.Context, name string, sentAt time.Time) (*LostSearch, error) {
	who, err := c.Identity(ctx)
	if err != nil {
		return nil, err
	}
	keys, err := c.ProjectKeys(ctx)
	if err != nil {
		return nil, err
	}
	tolerance, observed := c.clock.tolerance()
	search := new(LostSearch)
	if who.ServiceID == "" {
		search.Blind = append(search.Blind, "Streamkap does not say which project the credentials are of")
	}
	if !observed {
		search.Blind = append(search.Blind, "Streamkap's answers do not tell its time")
	}
	for _, key := range keys {
		if !SameName(key.Name, name) || who.ServiceID != "" && key.ServiceID != who.ServiceID {
			continue
		}
		switch createdSince(string(key.CreatedAt), sentAt.Add(-tolerance)) {
		case yes:
			search.Found = append(search.Found, key)
		case perhaps:
			search.Possible = append(search.Possible, key)
		}
	}
	return search, nil
}

// SameName reports whether a name may be stored as the other.
func SameName(stored, given string) bool {
	plain := func(name string) string { return strings.TrimSpace(html.UnescapeString(name)) }
	return stored == given || plain(stored) == plain(given)
}

type answer int

const (
	no answer = iota
	perhaps
	yes
)

// createdSince tells whether a key that says it was created then is not older.
// A time without a zone is taken for UTC, but by so little older or younger that
// a zone could make the difference it decides nothing.
func createdSince(createdAt string, instant time.Time) answer {
	if created, err := time.Parse(time.RFC3339Nano, createdAt); err == nil {
		if created.Before(instant) {
			return no
		}
		return yes
	}
	created, err := time.Parse("2006-01-02T15:04:05.999999999", createdAt)
	switch {
	case err != nil:
		return perhaps
	case !created.Before(instant) && created.Before(instant.Add(zoneTolerance)):
		return yes
	case created.Before(instant.Add(-zoneTolerance)):
		return no
	}
	return perhaps
}
