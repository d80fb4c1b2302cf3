// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What is remembered of a key beside its state, and why no attribute holds it.
// None of it is secret.
const (
	// privateImported is set for an imported key, which has no client secret. Nothing else
	// distinguishes it from a key whose secret was lost.
	privateImported = "imported"
	// privateHeldDescription is the description as the service last showed it. It
	// need not be what was sent, which the state holds (contract, dialect 14).
	privateHeldDescription = "held_description"
	// privateUnseenSince is when a key was created, until a read shows it: until then
	// a 404 does not mean that it is gone (dialect 4). It is soon of no use.
	privateUnseenSince = "unseen_since"
	// privateLastUsed is when the key was last used. As an attribute it would change
	// with every plan.
	privateLastUsed = "last_used_at"
	// privatePlannedID is the id of the key that a plan was made for. Terraform plans
	// a replacement a second time, as a new key, and hands over no more than this.
	privatePlannedID = "planned_id"
)

type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// getPrivate reads a value, and reports whether there is one.
func getPrivate(ctx context.Context, private privateState, name string, diags *diag.Diagnostics) (string, bool) {
	data, getDiags := private.GetKey(ctx, name)
	diags.Append(getDiags...)
	var value *string
	if len(data) == 0 || json.Unmarshal(data, &value) != nil || value == nil {
		return "", false
	}
	return *value, true
}

func setPrivate(ctx context.Context, private privateState, name, value string, diags *diag.Diagnostics) {
	data, _ := json.Marshal(value) // a text always can be
	diags.Append(private.SetKey(ctx, name, data)...)
}

// clearPrivate sets a value to null. Private state can't be removed.
func clearPrivate(ctx context.Context, private privateState, name string, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, name, []byte("null"))...)
}
