// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What is remembered of a key beside its state. None of it is secret.
const (
	// importedMark is on an imported key, and holds how often it was read since
	// (see isFirstLook).
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

// firstLooks are the reads after an import in which a description may be
// another form of the configured one: the import's own, and that of the plan
// after it.
const firstLooks = 2

// isFirstLook reports whether the key was imported and no apply has been since.
// What is configured for it then need not be what a person has just written: it
// may be how the key was described when it was made (contract, dialect 14).
func isFirstLook(ctx context.Context, private markReader, diags *diag.Diagnostics) bool {
	mark, _ := getMark(ctx, private, importedMark, diags)
	reads, err := strconv.Atoi(mark)
	return err == nil && reads <= firstLooks
}

// countLook notes a read of an imported key.
func countLook(ctx context.Context, reader markReader, writer markWriter, diags *diag.Diagnostics) {
	mark, _ := getMark(ctx, reader, importedMark, diags)
	if reads, err := strconv.Atoi(mark); err == nil && reads <= firstLooks {
		setMark(ctx, writer, importedMark, strconv.Itoa(reads+1), diags)
	}
}

// endFirstLook is called when a description is sent.
func endFirstLook(ctx context.Context, reader markReader, writer markWriter, diags *diag.Diagnostics) {
	if _, imported := getMark(ctx, reader, importedMark, diags); imported {
		setMark(ctx, writer, importedMark, strconv.Itoa(firstLooks+1), diags)
	}
}

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
	data, _ := json.Marshal(value) // a text always can be
	diags.Append(private.SetKey(ctx, mark, data)...)
}

// clearMark takes a mark back. Private state can't be removed, only nulled.
func clearMark(ctx context.Context, private markWriter, mark string, diags *diag.Diagnostics) {
	diags.Append(private.SetKey(ctx, mark, []byte("null"))...)
}
