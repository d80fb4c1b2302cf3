// SPDX-License-Identifier: MPL-2.0

package lifecycle

import (
	"slices"
	"strings"
	"testing"
)

// everyAttribute gives all attributes that go together.
func everyAttribute(number int) *configuration {
	c := scoped(writeOnly(1))
	for _, f := range fields {
		f.sample(c, number)
	}
	return c
}

// TestFields_EveryAttributeOfTheSchema fails for an attribute that no lifecycle
// configures, changes, or has someone else change.
func TestFields_EveryAttributeOfTheSchema(t *testing.T) {
	full, changed := everyAttribute(0), everyAttribute(1)
	other := &configuration{Name: "orders", PermissionIDs: permissions, Kafka: stored(1)}
	lacking := mayBeUnknown(full)
	for _, f := range fields {
		about := f.about()
		lacking = slices.DeleteFunc(lacking, func(path string) bool { return path == about.path })
		if !full.gives(about.path) && !other.gives(about.path) {
			t.Errorf("no configuration gives %s", about.path)
		}
		if about.patch != "" && !f.differs(full, changed) {
			t.Errorf("both samples of %s are the same", about.path)
		}
		if drifts := drifts[about.path+" changed"] != nil; drifts == (about.fixed != "") {
			t.Errorf("someone else changes %s: %t; why nobody can: %q", about.path, drifts, about.fixed)
		}
	}
	if blocks := []string{"kafka", "mcp", "timeouts"}; !slices.Equal(lacking, blocks) {
		t.Errorf("%v have no row, and only %v need none", lacking, blocks)
	}
}

// gives reports whether a configuration has something at a path.
func (c *configuration) gives(path string) bool {
	value := c.value()
	for name := range strings.SplitSeq(path, ".") {
		if value.IsNull() {
			return false
		}
		value = value.GetAttr(name)
	}
	return !value.IsNull() && (!value.Type().IsListType() || value.LengthInt() > 0)
}
