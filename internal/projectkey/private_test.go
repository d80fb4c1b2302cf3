// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// marks are what is remembered of a key.
type marks map[string]string

func (m marks) GetKey(_ context.Context, name string) ([]byte, diag.Diagnostics) {
	mark, ok := m[name]
	if !ok {
		return nil, nil
	}
	encoded, err := json.Marshal(mark)
	if err != nil {
		panic(err)
	}
	return encoded, nil
}

func (m marks) SetKey(_ context.Context, name string, value []byte) diag.Diagnostics {
	var mark *string
	if err := json.Unmarshal(value, &mark); err != nil {
		panic(err)
	}
	delete(m, name)
	if mark != nil {
		m[name] = *mark
	}
	return nil
}

// TestLooksAfterAnImportAreCounted counts no further than to the last that
// matters, and nothing of a key that was not imported.
func TestLooksAfterAnImportAreCounted(t *testing.T) {
	for mark, test := range map[string]struct {
		first bool
		next  string
	}{
		"0": {true, "1"}, "1": {true, "2"}, "2": {true, "3"}, "3": {false, "3"}, "many": {false, "many"},
	} {
		var diags diag.Diagnostics
		m := marks{importedMark: mark}
		if first := isFirstLook(t.Context(), m, &diags); first != test.first {
			t.Errorf("after %s looks the next one is one of the first: %t", mark, first)
		}
		countLook(t.Context(), m, m, &diags)
		if m[importedMark] != test.next {
			t.Errorf("%s looks are followed by %s", mark, m[importedMark])
		}
		endFirstLook(t.Context(), m, m, &diags)
		if m[importedMark] != "3" || diags.HasError() {
			t.Errorf("after a description was sent %s looks are remembered, %v", m[importedMark], diags)
		}
	}
	var diags diag.Diagnostics
	own := marks{}
	if isFirstLook(t.Context(), own, &diags) {
		t.Error("there is a first look at a key that was not imported")
	}
	countLook(t.Context(), own, own, &diags)
	endFirstLook(t.Context(), own, own, &diags)
	if len(own) != 0 {
		t.Errorf("of a key that was not imported %v is remembered", own)
	}
}

func TestMarksThatAreTakenBackAreNotThere(t *testing.T) {
	var diags diag.Diagnostics
	m := marks{}
	setMark(t.Context(), m, lastUsedMark, "", &diags)
	if mark, ok := getMark(t.Context(), m, lastUsedMark, &diags); mark != "" || !ok {
		t.Errorf("an empty mark is %q, there %t", mark, ok)
	}
	clearMark(t.Context(), m, lastUsedMark, &diags)
	if _, ok := getMark(t.Context(), m, lastUsedMark, &diags); ok {
		t.Error("a mark that was taken back is there")
	}
}
