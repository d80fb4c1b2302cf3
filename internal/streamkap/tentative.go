// SPDX-License-Identifier: MPL-2.0

package streamkap

import "context"

type tentativeContextKey struct{}

// Tentative is a context for calls that their caller can do without: each is
// attempted once, and its failure begins no outage that would hold up others.
// An exchange of credentials on the way is repeated as ever, since others may
// wait for the same token.
func Tentative(ctx context.Context) context.Context {
	return context.WithValue(ctx, tentativeContextKey{}, true)
}

func isTentative(ctx context.Context) bool { return ctx.Value(tentativeContextKey{}) == true }

func notTentative(ctx context.Context) context.Context {
	return context.WithValue(ctx, tentativeContextKey{}, false)
}
