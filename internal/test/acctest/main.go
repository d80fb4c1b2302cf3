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
// they leave behind, in CI with the logs at TRACE, looks for secrets in all of it
// at the end, and removes it.
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
	environment := map[string]string{
		"TMPDIR":                     dir,
		"TF_ACC_PERSIST_WORKING_DIR": "1",
		// A third of a CLI's processor time is garbage collection. Its processes
		// end before they need any.
		"GOGC":       "off",
		"GOMEMLIMIT": "1GiB",
	}
	if logging() {
		environment["TF_LOG"], environment["TF_LOG_PATH_MASK"] = "TRACE", filepath.Join(dir, "%s.log")
	}
	for name, value := range environment {
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

// logging reports whether every CLI logs all it can. That costs a sixth of the
// tests' time, and so is done in CI, where CI is set, and by the tests that are
// about logs.
func logging() bool { return os.Getenv("CI") != "" }

func failed(err error) int {
	fmt.Println(err)
	return 1
}
