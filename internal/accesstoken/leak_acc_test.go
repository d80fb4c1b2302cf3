// SPDX-License-Identifier: MPL-2.0

package accesstoken_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/simulator"
	"github.com/streamkap-com/terraform-provider-streamkap/internal/test/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestAccAccessTokenIsInNoFile(t *testing.T) {
	s := acctest.Start(t, simulator.Config{})
	w := acctest.NewWorkspace(t, s)
	w.Setenv("TF_LOG", "TRACE")
	w.Setenv("TF_LOG_PATH", filepath.Join(w.Dir, "trace.log"))
	// Somebody has to use the token, and a write-only password is one of the
	// few that may.
	w.Write("main.tf", acctest.Required+`
ephemeral "streamkap_access_token" "test" {
  use_provider_credentials = true
}

resource "streamkap_project_key" "test" {
  name = "orders"

  kafka {
    username            = "orders-consumer"
    password_wo         = "Aa1!${ephemeral.streamkap_access_token.test.access_token}"
    password_wo_version = 1
  }
}
`)
	printed := w.Run("plan", "-out=saved.plan", "-no-color")
	printed += w.Run("show", "-json", "saved.plan")
	printed += w.Run("apply", "-no-color", "saved.plan")
	printed += w.Run("show", "-json")

	password := s.Keys()[0].KafkaPassword
	if !strings.Contains(password, "simulated-access-") {
		t.Fatal("the token was not used")
	}
	written := files(t, w.Dir)
	if len(written["terraform.tfstate"]) == 0 || len(written["saved.plan"]) == 0 || len(written["trace.log"]) == 0 {
		t.Fatal("there is no state, no plan or no log to look into")
	}
	written["what was printed"] = printed
	for name, content := range written {
		if strings.Contains(content, "simulated-access-") {
			t.Errorf("%s holds the token", name)
		}
	}
}

// files reads all files of a folder; plan files are archives.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	contents := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		contents[name] = string(data) + unpacked(t, data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return contents
}

func unpacked(t *testing.T, data []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return ""
	}
	var all bytes.Buffer
	for _, file := range archive.File {
		content, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, content); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
