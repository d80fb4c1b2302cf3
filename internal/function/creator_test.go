// SPDX-License-Identifier: MPL-2.0

package function

import (
	"encoding/json"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/streamkap"
)

func TestCreatorIsPassedOnInWhateverShape(t *testing.T) {
	for raw, want := range map[string]string{
		"": "", `""`: "", "null": "", `"ada@example.com"`: "ada@example.com", `{"id": 7}`: `{"id": 7}`,
	} {
		got := modelOf(&streamkap.CredentialFile{CreatedBy: json.RawMessage(raw)}).CreatedBy
		if (got == nil) != (want == "") || got != nil && *got != want {
			t.Errorf("%s: got %v", raw, got)
		}
	}
}
