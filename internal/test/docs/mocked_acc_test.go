// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// Without what the guide says, the test fails, and its teardown too.
func TestAccExampleOfMockedSecrets(t *testing.T) {
	const folder, begins = "guides/mocked-secrets", "encrypted_password = <<"
	for name, test := range map[string]struct {
		change func(string) string
		passes bool
		says   string
	}{
		"as it is":            {func(text string) string { return text }, true, "1 passed, 0 failed"},
		"without ciphertext":  {func(text string) string { return strings.Replace(text, begins, "bootstrap_servers = <<", 1) }, false, "The ciphertext is not an armored age file"},
		"with another's pair": {func(text string) string { return strings.Replace(text, `"AGE-SECRET-KEY-1`, `"AGE-SECRET-KEY-2`, 1) }, false, "because the identity has an unknown form"},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRun(t)
			r.skipBefore(t, 11)
			r.mirror(t)
			for _, file := range []string{"main.tf", "mocked.tftest.hcl"} {
				r.Write(file, test.change(read(t, "examples/"+folder+"/"+file)))
			}
			r.Run("init", "-no-color")
			printed, err := r.Try("test", "-no-color")
			if printed = acctest.OneLine(printed); (err == nil) != test.passes || !strings.Contains(printed, test.says) {
				t.Errorf("it ends with %v and prints %s", err, printed)
			}
			if made := r.service.Requests(); len(made) > 0 {
				t.Errorf("%d requests were made", len(made))
			}
		})
	}
}
