// SPDX-License-Identifier: MPL-2.0

package docs

import (
	"errors"
	"log"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

// TestMain lets the test's program be what it is called by: age, or another
// provider.
func TestMain(m *testing.M) {
	name := filepath.Base(os.Args[0])
	provider, _, _ := strings.Cut(strings.TrimPrefix(name, "terraform-provider-"), "_")
	var err error
	switch {
	case name == "age":
		err = decryptAsAge()
	case provider != name:
		err = serveStandIn(provider)
	default:
		acctest.Hide(passwords...)
		acctest.Main(m)
	}
	if err != nil {
		log.Fatal(err)
	}
}

// programs is a folder with the CLI under both of its names, and the names by
// which the test's program is something else.
var programs = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "programs")
	self, selfErr := os.Executable()
	err = errors.Join(err, selfErr)
	for _, name := range []string{"age", "terraform-provider-aws", "terraform-provider-kubernetes", "terraform-provider-streamkap", "terraform-provider-vault"} {
		err = errors.Join(err, os.Symlink(self, filepath.Join(dir, name)))
	}
	return dir, err
})
