// SPDX-License-Identifier: MPL-2.0

package projectkey

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// privateValues is the private state of a key.
type privateValues map[string]string

func (m privateValues) GetKey(_ context.Context, name string) ([]byte, diag.Diagnostics) {
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

func (m privateValues) SetKey(_ context.Context, name string, value []byte) diag.Diagnostics {
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

func TestPrivate_ClearedValueIsAbsent(t *testing.T) {
	var diags diag.Diagnostics
	m := privateValues{}
	setPrivate(t.Context(), m, privateLastUsed, "", &diags)
	if mark, ok := getPrivate(t.Context(), m, privateLastUsed, &diags); mark != "" || !ok {
		t.Errorf("an empty mark is %q, there %t", mark, ok)
	}
	clearPrivate(t.Context(), m, privateLastUsed, &diags)
	if _, ok := getPrivate(t.Context(), m, privateLastUsed, &diags); ok {
		t.Error("a mark that was taken back is there")
	}
}
