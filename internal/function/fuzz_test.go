// SPDX-License-Identifier: MPL-2.0

package function_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/readback"
)

// FuzzProperties writes any user name and password. A client that reads the
// file as Java does gets the same, and nothing else.
func FuzzProperties(f *testing.F) {
	for _, text := range awkward {
		f.Add(text, "x"+text)
	}
	f.Fuzz(func(t *testing.T, username, password string) {
		if !utf8.ValidString(username) || !utf8.ValidString(password) {
			return
		}
		file, failed := call(servers, username, password)
		if failed != nil {
			if username != "" && password != "" && !strings.Contains(username+password, "\x00") {
				t.Errorf("%q, %q: %v", username, password, failed)
			}
			return
		}
		properties, err := readback.Properties(file)
		if err != nil {
			t.Fatalf("%q, %q: %v", username, password, err)
		}
		login, err := readback.JAAS(properties["sasl.jaas.config"])
		if err != nil || len(properties) != 4 || len(login.Options) != 2 || login.Options["username"] != username || login.Options["password"] != password {
			t.Errorf("%q, %q are read back as %+v, %v, among %d properties", username, password, login, err, len(properties))
		}
	})
}
