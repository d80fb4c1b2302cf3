// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What is remembered of a key beside its state. None of it is secret.
const (
	// importedMark is on an imported key: no import has a client secret, and so
	// none is missed.
	importedMark = "imported"
	// heldDescriptionMark holds the description as the service last showed
	// it, which need not be what was sent (contract, dialect 14).
	heldDescriptionMark = "held_description"
	// unseenMark holds when a key was created, until it is first seen in a
	// read: until then a 404 does not mean that it is gone (dialect 4).
	unseenMark = "unseen_since"
	// lastUsedMark holds when the key was last used, as the last read told. It
	// is no attribute, because it would change with every plan.
	lastUsedMark = "last_used_at"
	// plannedMark holds the id of the key that a plan was made for. Terraform
	// plans a replacement a second time, as a new key, and hands over the marks
	// of the first.
	plannedMark = "planned_id"
)

type markReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

type marker interface {
	markReader
	markWriter
}

type markWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// getMark reads a mark. It reports false where there is none.
func getMark(ctx context.Context, private markReader, mark string, diags *diag.Diagnostics) (string, bool) {
	data, getDiags := private.GetKey(ctx, mark)
	diags.Append(getDiags...)
	var value *string
	if len(data) == 0 || json.Unmarshal(data, &value) != nil || value == nil {
		return "", false
	}
	return *value, true
}

func setMark(ctx context.Context, private markWriter, mark, value string, diags *diag.Diagnostics) {
	data, _ := json.Marshal(value) // a text always can be
	diags.Append(private.SetKey(ctx, mark, data)...)
}

// clearMark takes a mark back. Private state can't be removed, only nulled.
func clearMark(ctx context.Context, private markWriter, mark string, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, mark, []byte("null"))...)
}
