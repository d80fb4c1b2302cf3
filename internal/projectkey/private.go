package projectkey

import (
	"context"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What is remembered of a key beside its state. None of it is secret.
const (
	// importedMark is there until an imported key's description is changed.
	importedMark = "imported"
	// heldDescriptionMark holds the description as the service last showed
	// it, which need not be what was sent (contract, dialect 14).
	heldDescriptionMark = "held_description"
	// unseenMark holds when a key was created, until it is first seen in a
	// read: until then a 404 does not mean that it is gone (dialect 4).
	unseenMark = "unseen_since"
)

type markReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
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
	data, err := json.Marshal(value)
	if err != nil {
		diags.AddError("Private state not written", "This is a defect of the provider: please report it. "+err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, mark, data)...)
}

// clearMark takes a mark back. Private state can't be removed, only nulled.
func clearMark(ctx context.Context, private markWriter, mark string, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, mark, []byte("null"))...)
}
