// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/streamkap-com/terraform-provider-streamkap/internal/provider"
)

// Main runs the tests of a package. Where acceptance tests run, it keeps what
// they leave behind, the logs at the most talkative level among it, looks for
// secrets in all of it at the end, and removes it.
func Main(m *testing.M) {
	if os.Getenv("TF_ACC") == "" {
		os.Exit(m.Run())
	}
	provider.SilenceStdLog(os.Stderr)
	os.Exit(runAndScan(m))
}

func runAndScan(m *testing.M) int {
	dir, err := os.MkdirTemp("", "acceptance")
	if err != nil {
		return failed(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	for name, value := range map[string]string{
		"TMPDIR":                     dir,
		"TF_ACC_PERSIST_WORKING_DIR": "1",
		"TF_LOG":                     "TRACE",
		"TF_LOG_PATH_MASK":           filepath.Join(dir, "%s.log"),
	} {
		if err := os.Setenv(name, value); err != nil {
			return failed(err)
		}
	}
	code := m.Run()
	findings, err := NewScanner().Files(dir)
	if err != nil {
		return failed(err)
	}
	for _, finding := range findings {
		fmt.Println("LEAK:", finding)
		code = 1
	}
	return code
}

func failed(err error) int {
	fmt.Println(err)
	return 1
}
